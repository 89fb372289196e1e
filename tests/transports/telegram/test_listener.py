"""Polling: nothing is confirmed before it is kept, and nothing ends it but cancellation."""

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from typing_extensions import override

from bot.model.outgoing import Failure, FailureKind
from bot.ports import Listener
from bot.transports.telegram.api import Api
from bot.transports.telegram.listener import TelegramPoller, next_offset, pause_after
from tests.transports.telegram.double import (
    TOKEN,
    Answer,
    RecordingRequest,
    Shelf,
    StepClock,
    fine,
    message,
    refused,
)

REFUSED = refused(500, "Internal Server Error: restart")


def update(number: int) -> dict[str, Any]:
    """One update with this id."""
    return {"update_id": number, "message": message(text="שלום")}


class Enough(BaseException):
    """Ends a test's poller from within its sleep or its request."""


class Bounded(RecordingRequest):
    """A recorder that stops the poller when its answers are used up."""

    @override
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        if not self.answers:
            raise Enough
        return await super().do_request(*args, **kwargs)


class Poll:
    """A poller that runs until its answers are used up, with what it did."""

    def __init__(self, *answers: Answer, step: float = 2.0) -> None:
        self.request = Bounded(*answers)
        self.pauses: list[float] = []
        self.poller = TelegramPoller(
            Api(TOKEN, request=self.request), StepClock(step), poll_seconds=50, sleep=self._sleep
        )

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def run(self, shelf: Shelf) -> None:
        """Listen until the answers are used up."""
        with pytest.raises(Enough):
            await self.poller.listen(shelf)

    @property
    def offsets(self) -> list[int]:
        """The offset of each poll."""
        return [parameters["offset"] for method, parameters in self.request.calls if method == "getUpdates"]


def test_it_is_a_listener() -> None:
    """It has the shape of the port."""
    listener: Listener = Poll().poller
    assert callable(listener.listen)


async def test_the_offset_goes_on_only_after_ingest_returned() -> None:
    """A batch is kept whole and as sent, then the next poll confirms it."""
    poll, shelf = Poll(fine(True), fine([update(900), update(901)]), fine([])), Shelf()
    await poll.run(shelf)
    assert [orjson.loads(data) for data in shelf.raws] == [update(900), update(901)]
    assert poll.offsets == [0, 902]


async def test_a_poll_says_all_it_wants() -> None:
    """Kinds of updates are always named, and the answer may take longer than the poll itself."""
    poll = Poll(fine(True), fine([]))
    await poll.run(Shelf())
    method, parameters = poll.request.calls[1]
    assert method == "getUpdates"
    assert parameters == {
        "offset": 0,
        "limit": 100,
        "timeout": 50,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert poll.request.read_timeouts[1] == 65.0


async def test_a_failed_ingest_confirms_nothing_and_waits() -> None:
    """The same offset is asked again, not sooner than a second later."""
    poll, shelf = Poll(fine(True), fine([update(900)]), fine([update(900)])), Shelf(failures=1)
    await poll.run(shelf)
    assert poll.offsets == [0, 0]
    assert len(shelf.raws) == 1
    assert poll.pauses == [1.0]


async def test_the_webhook_is_taken_away_first_until_that_works() -> None:
    """And what waits there is kept: no drop_pending_updates."""
    poll = Poll(REFUSED, fine(True), fine([]), fine([]))
    await poll.run(Shelf())
    assert poll.request.methods == ["deleteWebhook", "deleteWebhook", "getUpdates", "getUpdates"]
    assert poll.request.calls[0][1] == {}


async def test_pauses_grow_and_start_over_after_a_success() -> None:
    """1, 2, 4 ... and 1 again."""
    poll = Poll(fine(True), REFUSED, REFUSED, REFUSED, fine([update(900)]), REFUSED)
    await poll.run(Shelf())
    assert poll.pauses == [1.0, 2.0, 4.0, 1.0]


async def test_a_later_webhook_is_left_alone() -> None:
    """It may be a newer process that took over: only an alert and slow tries."""
    active = refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
    poll = Poll(fine(True), active, active)
    await poll.run(Shelf())
    assert poll.request.methods == ["deleteWebhook", "getUpdates", "getUpdates"]
    assert poll.poller.trouble == "webhook_active"


async def test_an_empty_answer_at_once_does_not_spin() -> None:
    """A server that does not hold the poll is asked once a second."""
    poll = Poll(fine(True), fine([]), fine([]), step=0.01)
    await poll.run(Shelf())
    assert poll.pauses == [1.0, 1.0]


async def test_an_answer_that_is_no_list_is_a_failure() -> None:
    """Something else answered."""
    poll = Poll(fine(True), fine(True))
    await poll.run(Shelf())
    assert poll.poller.trouble == "unreadable_answer"


async def test_health_is_the_last_success_and_the_present_trouble() -> None:
    """Both for whoever watches the poller."""
    poll = Poll(fine(True), REFUSED)
    await poll.run(Shelf())
    assert poll.poller.last_success is None
    assert poll.poller.trouble == "server_error"
    poll = Poll(fine(True), fine([]))
    await poll.run(Shelf())
    assert poll.poller.last_success is not None
    assert poll.poller.trouble is None


async def test_cancellation_passes_through() -> None:
    """The TaskGroup of the app ends it."""
    kept: list[bytes] = []
    entered = asyncio.Event()

    async def ingest(platform: object, raws: Sequence[bytes]) -> None:
        kept.extend(raws)
        entered.set()
        await asyncio.Event().wait()

    poll = Poll(fine(True), fine([update(900)]))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(poll.poller.listen(ingest))
        await entered.wait()
        task.cancel()
    assert task.cancelled()
    assert poll.offsets == [0]


@pytest.mark.parametrize(
    ("failure", "failures", "pause"),
    [
        (Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out"), 1, 1.0),
        (Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out"), 5, 16.0),
        (Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out"), 6, 30.0),
        (Failure(kind=FailureKind.AMBIGUOUS, reason="timed_out"), 5000, 30.0),
        (Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=40.0), 1, 40.0),
        (Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=0.0), 1, 1.0),
        (Failure(kind=FailureKind.RATE_LIMITED, reason="flood"), 2, 2.0),
        (Failure(kind=FailureKind.PLATFORM_DOWN, reason="bad_token"), 1, 60.0),
        (Failure(kind=FailureKind.PLATFORM_DOWN, reason="other_poller"), 3, 4.0),
    ],
)
def test_a_pause_is_a_value(failure: Failure, failures: int, pause: float) -> None:
    """Exponential to 30 s, a flood as long as asked, a refused token a minute."""
    assert pause_after(failure, failures) == pause


@pytest.mark.parametrize(
    ("updates", "offset"),
    [([], 5), ([update(7), update(6)], 8), ([5, {}, {"update_id": "x"}], 5)],
)
def test_the_next_offset_is_past_the_highest_id(updates: list[object], offset: int) -> None:
    """What has no id can't be confirmed."""
    assert next_offset(updates, 5) == offset
