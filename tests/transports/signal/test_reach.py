"""Whether signal-cli reaches Signal: what its answers mean, and that nobody tries with words while it does not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Final

import pytest

from bot.model.incoming import FileRef
from bot.model.outgoing import Failure, FailureKind, SendFailed, SendMessage
from bot.model.text import Rich
from bot.sandbox.signal import Daemon, Network, Trouble, TroubleKind, signal_running
from bot.transports.signal import reach as module
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.reach import ASKED, Reach, reach
from bot.transports.signal.rpc import Rpc
from tests.transports.signal import daemon as small

HELLO: Final = SendMessage(text=Rich("hello"))
AWAY: Final = Failure(kind=FailureKind.UNREACHED, reason="no_network")


@pytest.fixture
async def daemon() -> AsyncIterator[Daemon]:
    async with signal_running(Network(lambda: datetime.now(UTC).timestamp())) as daemon:
        yield daemon


@pytest.fixture
async def rpc(daemon: Daemon) -> AsyncIterator[Rpc]:
    async with Rpc(daemon.network.rpc, account=daemon.network.account.number) as rpc:
        yield rpc


@pytest.fixture
def transport(daemon: Daemon, rpc: Rpc) -> SignalTransport:
    return SignalTransport(rpc, account=daemon.network.account.number)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([{"id": 1}], Reach.REACHED),
        ({"error": {"code": -3, "message": "Failed to get linked devices: Closed unexpectedly"}}, Reach.AWAY),
        ({"error": {"code": -3, "message": "Failed to get linked devices: [499] "}}, Reach.TOO_OLD),
        ({"error": {"code": -3, "message": "Failed: [403] Authorization failed!"}}, Reach.GONE),
        ({"error": {"code": -3, "message": "Failed: [429] Rate Limited"}}, Reach.REACHED),
        ({"error": {"code": -32601, "message": "Method not implemented"}}, Reach.UNKNOWN),
        (None, Reach.AWAY),
    ],
)
async def test_what_signal_cli_says_of_it(answer: object, found: Reach) -> None:
    """In the words of a real one; one that does not hear from Signal in time does not reach it."""
    async with small.running(small.Daemon()) as daemon, Rpc(daemon.endpoint) as rpc:
        daemon.answers[ASKED] = answer
        assert await reach(rpc, within=0.2) is found


async def test_of_a_daemon_that_is_down_nothing_is_known(daemon: Daemon, rpc: Rpc) -> None:
    """Neither where it has gone, nor where it goes while it is asked."""
    daemon.network.troubles.add(Trouble(kind=TroubleKind.HANG_UP, method=ASKED))
    while_asked = await reach(rpc, within=5.0)
    await daemon.go_down()

    assert (while_asked, await reach(rpc, within=5.0)) == (Reach.UNKNOWN, Reach.UNKNOWN)


async def failing(transport: SignalTransport, person: str) -> Failure | None:
    """How a message ends."""
    try:
        await transport.send(person, HELLO)
    except SendFailed as failed:
        return failed.failure
    return None


def counted(daemon: Daemon, methods: Sequence[str]) -> list[int]:
    """How often each was called."""
    return [sum(call.method == method for call in daemon.methods.calls) for method in methods]


async def test_into_a_network_that_is_away_words_go_once(
    daemon: Daemon, transport: SignalTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it is asked for without any; so words that arrive after all, hours later, arrive once."""
    monkeypatch.setattr(module, "FRESH", 0.0)
    noa = daemon.network.person()
    swallowed = Trouble(kind=TroubleKind.NETWORK, method="send", seconds=1.1, processed=True)
    daemon.network.troubles.add(swallowed)
    first = await failing(transport, noa.id)
    daemon.network.is_online = False
    found = [await failing(transport, noa.id) for _ in range(3)]
    calls = counted(daemon, ("send", ASKED))
    daemon.network.is_online = True
    after = await failing(transport, noa.id)

    assert first == Failure(kind=FailureKind.AMBIGUOUS, reason="network")
    assert (found, after) == ([AWAY] * 3, None)
    assert (calls, counted(daemon, ("send", ASKED))) == ([1, 3], [2, 4])
    assert len(noa.replies) == 2


async def test_one_asks_for_all(daemon: Daemon, transport: SignalTransport) -> None:
    """However many wait for the same answer, which may take its time; when it is there, so does everybody else's."""
    people = [daemon.network.person() for _ in range(20)]
    daemon.network.is_online = False
    await failing(transport, people[0].id)
    found = await asyncio.gather(*(failing(transport, one.id) for one in people))
    calls = counted(daemon, ("send", ASKED))
    daemon.network.is_online = True
    await asyncio.sleep(module.FRESH)
    after = await asyncio.gather(*(failing(transport, one.id) for one in people))

    assert (found, calls) == ([AWAY] * 20, [1, 1])
    assert (after, counted(daemon, ("send", ASKED))) == ([None] * 20, [21, 2])


async def test_who_alone_cant_be_sent_to_holds_up_nobody(daemon: Daemon, transport: SignalTransport) -> None:
    """Their message is tried as before: Signal itself is there."""
    noa, dan = daemon.network.person(), daemon.network.person()
    daemon.network.troubles.add(
        Trouble(kind=TroubleKind.NETWORK, method="send", recipient=noa.id, times=None)
    )
    found = [await failing(transport, one.id) for one in (noa, dan, noa, noa, dan)]
    network = Failure(kind=FailureKind.NOT_SENT, reason="network")

    assert found == [network, None, network, network, None]


@pytest.mark.parametrize(("said", "reason"), [("[499]", "too_old"), ("[403]", "gone")])
async def test_signals_own_refusal_holds_the_platform(said: str, reason: str) -> None:
    """What a send calls a failure of the network is more than that: somebody has to look."""
    async with small.running(small.Daemon()) as daemon, Rpc(daemon.endpoint) as rpc:
        transport = SignalTransport(rpc, account="+15550100001")
        failed = {"code": -1, "data": {"response": {"results": [{"type": "NETWORK_FAILURE"}]}}}
        daemon.answers |= {"send": {"error": failed}, ASKED: {"error": {"code": -3, "message": said}}}
        found = [await failing(transport, "u"), await failing(transport, "u")]

    assert found[1] == Failure(kind=FailureKind.PLATFORM_DOWN, reason=reason)


async def test_what_signal_cli_does_by_itself_needs_no_network(
    daemon: Daemon, transport: SignalTransport
) -> None:
    """A file that lies on its disk comes while Signal is away, and says nothing of it."""
    noa = daemon.network.person()
    note = await noa.attach(b"picture", kind="image/png")
    daemon.network.is_online = False
    await failing(transport, noa.id)
    file = FileRef(file_id=note.files[0].id, size=7)

    assert await transport.fetch(file) == b"picture"
    assert await failing(transport, noa.id) == AWAY
