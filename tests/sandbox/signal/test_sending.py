"""What the bot sends, and how signal-cli answers: results, refusals, troubles."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import NotSeen
from bot.sandbox.signal import Daemon, Network, Quote, SignalPerson, Style, Trouble, TroubleKind, Turn
from tests.sandbox.signal.conftest import Client

MS = 1_795_411_041_380


async def test_what_was_edited_is_quoted_by_when_it_was_edited(client: Client, noa: SignalPerson) -> None:
    """As apps look it up: by the moment of its newest words or of its first; of what is not there nothing is shown."""
    await client.call("subscribeReceive")
    mine = await noa.send("what?")
    await noa.edit(mine.timestamp, "what now?")
    _, edit = [(await client.event())["envelope"] for _ in range(2)]
    edited = edit["editMessage"]["dataMessage"]["timestamp"]

    shown = []
    for moment in (mine.timestamp, edited, mine.timestamp - 1):
        await client.call(
            "send",
            recipient=noa.id,
            message="this",
            quoteTimestamp=moment,
            quoteAuthor=noa.id,
            quoteMessage="",
        )
        shown.append(noa.last.quote)

    assert [quote and quote.text for quote in shown] == ["what now?", "what now?", ""]


async def test_a_message_arrives_with_all_that_is_on_it(client: Client, noa: SignalPerson) -> None:
    """Styles, a quote and a file, and the answer names the moment."""
    mine = await noa.send("what?")

    answer = await client.call(
        "send",
        recipient=noa.id,
        message="this 🙂",
        textStyle=["0:4:BOLD"],
        attachment="data:image/png;filename=p.png;base64,aGk=",
        quoteTimestamp=mine.timestamp,
        quoteAuthor=noa.id,
    )

    shown = noa.last
    address = {"uuid": noa.id, "number": None, "username": None}
    assert answer["results"] == [{"recipientAddress": address, "type": "SUCCESS"}]
    assert (shown.timestamp, shown.text) == (answer["timestamp"], "this 🙂")
    assert shown.styles == (Style(style="BOLD", start=0, length=4),)
    assert shown.quote == Quote(timestamp=mine.timestamp, mine=True, text="what?")
    assert [(file.kind, file.name, file.size) for file in shown.files] == [("image/png", "p.png", 2)]


async def test_a_file_can_be_named_by_its_place(client: Client, noa: SignalPerson, tmp_path: Path) -> None:
    """On the daemon's own disk."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"hi")
    await client.call("send", recipient=noa.id, attachments=[str(file)])

    assert noa.last.files[0].size == 2
    assert (await client.error("send", recipient=noa.id, attachment=str(tmp_path / "b")))["code"] == -1
    broken = "data:text/plain;base64,%%"
    assert (await client.error("send", recipient=noa.id, attachment=broken))["code"] == -1


async def test_the_bot_changes_its_own_messages(client: Client, noa: SignalPerson) -> None:
    """Edits say so, deletions leave a place, reactions come and go; somebody else's words stay."""
    mine = await noa.send("mine")
    sent = await client.call("send", recipient=noa.id, message="one")
    await client.call("send", recipient=noa.id, message="two", editTimestamp=sent["timestamp"])
    assert (noa.last.text, noa.last.edited, noa.last.timestamp) == ("two", True, sent["timestamp"])

    about = {"recipient": noa.id, "targetAuthor": noa.id, "targetTimestamp": mine.timestamp, "emoji": "👌"}
    await client.call("sendReaction", **about)
    assert noa.note(mine.timestamp).reaction == "👌"
    await client.call("sendReaction", **about, remove=True)
    assert noa.note(mine.timestamp).reaction is None

    for timestamp in (sent["timestamp"], mine.timestamp, MS):
        await client.call("remoteDelete", recipient=noa.id, targetTimestamp=timestamp)
    assert [(note.mine, note.deleted, note.text) for note in noa.history] == [
        (True, False, "mine"),
        (False, True, ""),
    ]


async def test_apps_do_not_delete_what_is_a_day_old(client: Client, network: Network) -> None:
    """The daemon says yes all the same."""
    noa = network.person()
    began = network.now()
    sent = await client.call("send", recipient=noa.id, message="one")
    network.now = lambda: began + 24 * 60 * 60 + 60
    answer = await client.call("remoteDelete", recipient=noa.id, targetTimestamp=sent["timestamp"])

    assert answer["results"][0]["type"] == "SUCCESS"
    assert [note.text for note in noa.chat] == ["one"]


async def test_the_timer_of_a_chat(client: Client, noa: SignalPerson) -> None:
    """What is sent from then on goes by itself."""
    assert await client.call("updateContact", recipient=noa.id, expiration=3600) == {}
    await client.call("send", recipient=noa.id, message="hi")

    assert (noa.timer, noa.last.expires) == (3600, 3600)
    assert [note.turn for note in noa.history] == [Turn.TIMER, None]
    assert (await client.call("listContacts", recipient=noa.id))[0]["messageExpirationTime"] == 3600


async def test_a_timer_that_holds_already_is_no_news(client: Client, noa: SignalPerson) -> None:
    """Nor does somebody who blocks the bot see one."""
    await client.call("updateContact", recipient=noa.id, expiration=3600)
    await client.call("updateContact", recipient=[noa.id, "nobody"], expiration=3600)
    await noa.block()
    await client.call("updateContact", recipient=noa.id, expiration=0)
    await client.call("updateContact", recipient=noa.id, givenName="Noa")

    assert (noa.timer, [note.turn for note in noa.history]) == (3600, [Turn.TIMER])


async def test_whoever_blocks_sees_nothing_and_nobody_is_told(client: Client, noa: SignalPerson) -> None:
    """Signal calls it sent."""
    await noa.block()

    assert (await client.call("send", recipient=noa.id, message="hi"))["results"][0]["type"] == "SUCCESS"
    assert noa.chat == []
    await noa.unblock()
    await client.call("send", recipient=noa.id, message="hi")
    assert len(noa.chat) == 1


@pytest.mark.parametrize(
    ("method", "params", "code", "words"),
    [
        ("send", {"message": "hi"}, -1, "No recipients given"),
        ("send", {"recipient": "x"}, -1, "Sending empty message"),
        (
            "send",
            {"recipient": "x", "message": "a", "textStyle": "bad"},
            -1,
            "Invalid textStyle syntax (bad)",
        ),
        ("send", {"recipient": "x", "message": "a", "editTimestamp": 7}, -32603, "ClassCastException"),
        ("sendReaction", {"recipient": "x", "emoji": "👍"}, -1, "targetTimestamp"),
        ("receive", {}, -32600, "Receive command cannot be used"),
        ("sing", {}, -32601, "Method not implemented"),
        ("", {}, -32600, "method field must be set"),
        (
            "send",
            {"account": "+1", "recipient": "x", "message": "a"},
            -32602,
            "Specified account does not exist",
        ),
        ("getAttachment", {"id": "none"}, -1, "Could not find attachment"),
    ],
)
async def test_what_is_wrong_is_refused(
    client: Client, method: str, params: dict[str, Any], code: int, words: str
) -> None:
    """With the code and the words of signal-cli."""
    error = await client.error(method, **params)

    assert error["code"] == code
    assert words in error["message"]
    assert error["data"] is None


@pytest.mark.parametrize("line", [b"", b"{", b"[]"])
async def test_lines_that_are_no_request(client: Client, line: bytes) -> None:
    """Empty and broken ones are refused, an empty batch gets an empty answer."""
    client.raw(line)

    answer = await client.line()

    assert answer == [] if line == b"[]" else answer["error"]["code"] == -32700


async def test_a_batch_is_one_line_and_a_notification_gets_none(client: Client, noa: SignalPerson) -> None:
    """As JSON-RPC has it."""
    client.raw(b'{"jsonrpc":"2.0","method":"version"}')
    client.raw(b'[{"jsonrpc":"2.0","id":7,"method":"version"},{"jsonrpc":"2.0","method":"version"}]')

    assert await client.line() == [{"jsonrpc": "2.0", "result": {"version": "0.14.6"}, "id": 7}]


async def test_nobody_there(client: Client, network: Network, noa: SignalPerson) -> None:
    """An account that is not registered, or not any more; who is reached beside them still is."""
    noa.has_left = True
    for name in ("nobody", noa.id):
        error = await client.error("send", recipient=name, message="hi")
        assert error["code"] == -1
        assert error["data"]["response"]["results"][0]["type"] == "UNREGISTERED_FAILURE"
    amit = network.person()
    answer = await client.call("send", recipient=[noa.id, amit.id], message="hi")
    assert [one["type"] for one in answer["results"]] == ["UNREGISTERED_FAILURE", "SUCCESS"]


async def test_signal_out_of_reach(client: Client, network: Network, noa: SignalPerson) -> None:
    """Sends end in NETWORK_FAILURE, other calls in -3."""
    network.is_online = False

    error = await client.error("send", recipient=noa.id, message="hi")
    assert (error["code"], error["data"]["response"]["results"][0]["type"]) == (-1, "NETWORK_FAILURE")
    other = await client.error("updateProfile", givenName="Bot")
    assert (other["code"], other["data"]) == (-3, None)


async def test_a_captcha_that_is_wanted_stops_everything(
    client: Client, network: Network, noa: SignalPerson
) -> None:
    """Until somebody solved it for the token that was named."""
    network.challenge = "tok-9"
    error = await client.error("send", recipient=noa.id, message="hi")
    (result,) = error["data"]["response"]["results"]
    assert (error["code"], result["token"], result["retryAfterSeconds"]) == (-5, "tok-9", 86400)

    wrong = await client.error("submitRateLimitChallenge", challenge="tok-9", captcha="hi")
    assert wrong["code"] == -6
    network.version = "0.13.19"
    wrong = await client.error("submitRateLimitChallenge", challenge="tok-8", captcha="signalcaptcha://x")
    assert wrong["code"] == -3
    await client.call("submitRateLimitChallenge", challenge="tok-9", captcha="signalcaptcha://x")

    assert await client.call("send", recipient=noa.id, message="hi")


@pytest.mark.parametrize(
    ("trouble", "code", "kind"),
    [
        (Trouble(kind=TroubleKind.NETWORK), -1, "NETWORK_FAILURE"),
        (Trouble(kind=TroubleKind.NETWORK, processed=True), -1, "NETWORK_FAILURE"),
        (Trouble(kind=TroubleKind.FLOOD), -5, "RATE_LIMIT_FAILURE"),
        (Trouble(kind=TroubleKind.FLOOD, retry_after=60), -5, "RATE_LIMIT_FAILURE"),
        (Trouble(kind=TroubleKind.CHALLENGE), -5, "RATE_LIMIT_FAILURE"),
        (Trouble(kind=TroubleKind.UNREGISTERED), -1, "UNREGISTERED_FAILURE"),
        (Trouble(kind=TroubleKind.UNTRUSTED), -4, "IDENTITY_FAILURE"),
        (Trouble(kind=TroubleKind.PRE_KEY), -1, "INVALID_PRE_KEY_FAILURE"),
        (Trouble(kind=TroubleKind.REFUSED), -1, None),
        (Trouble(kind=TroubleKind.NO_ACCOUNT), -32602, None),
        (Trouble(kind=TroubleKind.BROKEN), -32603, None),
    ],
)
async def test_troubles_answer_as_signal_cli_does(
    client: Client, daemon: Daemon, noa: SignalPerson, trouble: Trouble, code: int, kind: str | None
) -> None:
    """Each with its code and result, once; what was processed all the same is seen."""
    daemon.network.troubles.add(trouble)

    error = await client.error("send", recipient=noa.id, message="hi")

    assert error["code"] == code
    results = error["data"]["response"]["results"] if error["data"] else [{}]
    assert results[0].get("type") == kind
    assert len(noa.replies) == trouble.processed
    assert await client.call("send", recipient=noa.id, message="hi")
    assert [call.outcome for call in daemon.methods.calls] == [str(code), "ok"]


@pytest.mark.parametrize(
    ("kind", "shown"), [(TroubleKind.HANG_UP, 0), (TroubleKind.HANG_UP_AFTER, 1), (TroubleKind.LOSE, 0)]
)
async def test_calls_that_end_in_doubt(
    client: Client, network: Network, noa: SignalPerson, kind: TroubleKind, shown: int
) -> None:
    """The connection closes before or after; or all looks well and nothing arrives."""
    network.troubles.add(Trouble(kind=kind, method="send", recipient=noa.id))
    client.ask("send", recipient=noa.id, message="hi")

    assert kind is TroubleKind.LOSE or await client.ended()
    assert len(noa.replies) == shown


async def test_troubles_hit_whom_they_are_for(client: Client, network: Network, noa: SignalPerson) -> None:
    """By method and recipient, as often as they say; `clear` ends them."""
    network.troubles.add(Trouble(kind=TroubleKind.NETWORK, method="updateProfile", times=None))
    network.troubles.add(Trouble(kind=TroubleKind.FLOOD, recipient=network.person("amit").id))

    assert await client.call("send", recipient=noa.id, message="hi")
    assert (await client.error("updateProfile"))["code"] == -3
    assert (await client.error("send", recipient="amit", message="hi"))["code"] == -5
    network.troubles.clear()
    assert await client.call("updateProfile", givenName="Bot") == {}
    assert network.account.name == "Bot"


async def test_a_slow_call_is_overtaken(client: Client, network: Network, noa: SignalPerson) -> None:
    """Requests of one connection run side by side."""
    network.troubles.add(Trouble(kind=TroubleKind.SLOW, method="send", seconds=0.05))
    slow, quick = client.ask("send", recipient=noa.id, message="hi"), client.ask("version")

    assert [(await client.line())["id"] for _ in range(2)] == [quick, slow]


async def test_the_account_sets_itself_up(client: Client, network: Network, noa: SignalPerson) -> None:
    """Register, verify, link, take a username, and ask who is there."""
    network.account.registered = False
    assert await client.call("listAccounts") == []
    assert (await client.error("send", recipient=noa.id, message="hi"))["code"] == -32602
    assert "Captcha required" in (await client.error("register", account="+1555"))["message"]
    await client.call("register", account="+1555", captcha="signalcaptcha://x")
    assert (await client.error("verify", account="+1555", verificationCode="1"))["code"] == -3
    await client.call("verify", account="+1555", verificationCode="123-456")
    assert await client.call("listAccounts") == [{"number": "+1555"}]

    answer = await client.call("updateAccount", username="hello")
    assert answer == {"username": "hello.01", "usernameLink": "https://signal.me/#eu/sandbox"}
    assert await client.call("updateAccount", deleteUsername=True, discoverableByNumber=False) == {}
    await client.call("updateConfiguration", readReceipts=False)
    assert network.account.settings["discoverableByNumber"] is False
    assert [one["isRegistered"] for one in await client.call("getUserStatus", recipient=[noa.id, "x"])] == [
        True,
        False,
    ]
    assert (await client.call("startLink"))["deviceLinkUri"].startswith("sgnl://linkdevice")
    assert (await client.error("finishLink"))["code"] == -1
    assert await client.call("finishLink", deviceLinkUri="sgnl://x") == "+1555"
    assert await client.call("sendTyping", recipient=noa.id)
    assert await client.call("block", recipient=noa.id) == {}
    assert (await client.error("trust", recipient=noa.id))["code"] == -1


async def test_what_is_not_seen_is_told_with_what_is(client: Client, noa: SignalPerson) -> None:
    """A test that waits in vain says what the chat shows."""
    note = await noa.send("hi")
    with pytest.raises(NotSeen, match="nothing"):
        await noa.wait_for("nothing", timeout=0.01)
    client.ask("send", recipient=noa.id, message="ho")
    assert (await noa.wait_reply()).text == "ho"
    with pytest.raises(NotSeen):
        await noa.wait_for("ho", timeout=0.01, after=noa.last.timestamp)
    assert noa.chat[0] is note


async def test_two_messages_never_have_one_name() -> None:
    """Even when the clock stands still, or goes back."""
    moments = iter([2000.0, 2000.0, 1999.0])
    network = Network(lambda: next(moments))

    assert [network.stamp() for _ in range(3)] == [2_000_000, 2_000_001, 2_000_002]
    await asyncio.sleep(0)
