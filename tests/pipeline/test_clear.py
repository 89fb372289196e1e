"""Messages leave the chat when they should: a sensitive one after a day, all of it when its person asks."""

import asyncio
from datetime import timedelta
from typing import Final

import pytest

from bot.model.limit import LIMITS
from bot.model.outgoing import DeleteMessages, FailureKind, Priority
from bot.model.person import Platform, Role
from bot.model.queue import Ending, Settlement
from bot.pipeline import clear
from bot.pipeline.clear import AGAIN
from bot.store import invites, outbox, pauses, people
from tests.organizer import SECRET, shown
from tests.pipeline.works import DAN, NOA, Works, failure, raw, said

SENSITIVE: Final = LIMITS[Platform.TELEGRAM].sensitive
SENSITIVE_SPREAD: Final = LIMITS[Platform.TELEGRAM].spread
HOUR: Final = timedelta(hours=1)
SECOND: Final = timedelta(seconds=1)
DISTRESS: Final = "I want to die"
HIDDEN: Final = "The last two days of this chat are cleared"
REFUSED: Final = failure(FailureKind.REJECTED, "not_deletable")
NOT_SENT: Final = failure(FailureKind.NOT_SENT)
SENSITIVE_REFS: Final = "SELECT count(*) FROM message_ref WHERE delete_at IS NOT NULL"


def deleted(works: Works, number: int = NOA) -> list[tuple[str, ...]]:
    """The deletions in one person's chat, those that failed too."""
    return [
        payload.message_ids
        for who, payload in works.transport.sent
        if isinstance(payload, DeleteMessages) and who == str(number)
    ]


async def later(works: Works, span: timedelta) -> None:
    """Let time go by, and what is due happen."""
    works.clock.pass_time(span)
    await works.retention.sweep()
    await works.ticker.fire()
    await works.settle()


async def in_distress(works: Works, *, message: int = 17) -> None:
    """Somebody says a crisis phrase, and is answered."""
    await works.receive(said(DISTRESS, message=message))
    await works.settle()


async def test_clearing_takes_both_sides_a_hundred_at_a_time(works: Works) -> None:
    """What the person wrote, what the bot wrote, and the command itself; nobody else's chat."""
    await works.receive(*(said("/start", by=DAN, message=n) for n in (1, 2)))
    await works.receive(*(said("menu", message=1000 + n) for n in range(120)))
    await works.settle()
    sent = len(works.transport.texts)
    await works.receive(said("/hide", message=2000))
    await works.settle()
    calls = deleted(works)

    assert sent > 100
    assert [len(ids) for ids in calls[:-1]] == [100] * (len(calls) - 1)
    gone = {id_ for ids in calls for id_ in ids}
    assert {str(1000 + n) for n in range(120)} | {"2000"} <= gone
    assert deleted(works, DAN) == []
    assert works.transport.texts[-1].startswith(HIDDEN)
    assert works.number("SELECT count(*) FROM message_ref WHERE keep = 'sensitive'") == 0


async def test_what_is_on_its_way_when_a_chat_is_cleared_goes_as_soon_as_it_is_there(works: Works) -> None:
    """A reply under way and one behind it are no leftovers."""
    hold = asyncio.Event()
    await works.receive(said("/start"))
    await works.handle()
    works.transport.ends = [hold]
    await works.deliverer.round()
    await asyncio.sleep(0)
    await works.receive(said("/hide", message=18))
    await works.handle()
    hold.set()
    await works.deliver()
    shown = works.transport.texts
    await later(works, SECOND)

    ids = {id_ for ids in deleted(works) for id_ in ids}
    numbers = {str(at + 1) for at, (_, call) in enumerate(works.transport.sent) if hasattr(call, "protect")}
    assert numbers - ids == {str(len(works.transport.sent) - 1)}, "only the last line is left"
    assert shown[-1].startswith(HIDDEN)
    assert {"17", "18"} <= ids


async def test_what_nobody_has_seen_yet_is_not_cleared(works: Works) -> None:
    """A check-in that waits while the bot is paused comes afterwards, and stays."""
    known = await works.meet()
    async with works.db.unit() as unit:
        await pauses.hold(unit, pauses.EVERYTHING, reason="organizer")
        await unit.commit()
    await works.post(known, "how are you?", priority=Priority.CHECK_IN)
    await works.receive(said("/hide"))
    await works.settle()
    async with works.db.unit() as unit:
        await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()
    await later(works, SECOND)
    came = str(len(works.transport.sent))
    await later(works, SECOND)

    assert works.transport.texts[-1] == "how are you?"
    assert came not in {id_ for ids in deleted(works) for id_ in ids}


async def test_after_a_chat_was_cleared_the_conversation_goes_on_and_nothing_kept_is_gone(
    works: Works,
) -> None:
    """Clearing is not deleting: person and session are as they were."""
    await works.receive(said("/start"))
    await works.settle()
    before = await works.meet()
    await works.receive(said("hide", message=18))
    await works.settle()
    after = await works.meet()

    assert after.person == before.person
    assert before.session is not None
    assert after.session is not None
    assert after.session.frames[:-1] == before.session.frames


async def test_a_sensitive_message_is_deleted_on_both_sides_between_one_day_and_one_and_a_half(
    works: Works,
) -> None:
    """Not a minute before a day, all by a day and a half, in one call a chat."""
    await in_distress(works)
    answers = works.number(SENSITIVE_REFS) - 1
    await later(works, SENSITIVE - SECOND)
    too_early = deleted(works)
    await later(works, SENSITIVE_SPREAD + SECOND)

    assert too_early == []
    assert [len(ids) for ids in deleted(works)] == [answers + 1]
    assert "17" in deleted(works)[0]
    assert works.number(SENSITIVE_REFS) == 0


async def test_after_a_day_an_organizers_chat_says_nothing_of_it(works: Works) -> None:
    """The invitation, the code, the desk and a note from it: a phone that is taken away is an ordinary person's."""
    async with works.db.unit() as unit:
        await invites.make(unit, Role.ORGANIZER, payload="a" * 26, secret=SECRET, now=works.clock.now())
        await unit.commit()
    await works.receive(said(f"/start {'a' * 26}", message=901))
    await works.settle()
    await works.receive(said(shown(works.clock.now()), message=902))
    await works.receive(said("/desk", message=903), said("nonsense", message=904))
    works.db.keyring.unreadable += 1
    await works.watch.look()
    await works.settle()
    written = {str(at + 1) for at, (_, call) in enumerate(works.transport.sent) if hasattr(call, "protect")}
    alerts = works.number("SELECT count(*) FROM alert")
    await later(works, SENSITIVE + SENSITIVE_SPREAD)

    assert alerts == 1
    assert {"901", "902", "903", "904"} | written <= {id_ for ids in deleted(works) for id_ in ids}


async def test_when_messages_go_is_left_to_chance(works: Works) -> None:
    """Two people who said the same at once do not have it deleted at once."""
    await works.receive(*(said(DISTRESS, by=number) for number in range(NOA, NOA + 12)))
    await works.settle()
    hours = {
        row[0] // 3_600_000 for row in works.ask("SELECT delete_at FROM message_ref WHERE delete_at > 0")
    }

    assert len(hours) > 3


async def test_no_sensitive_message_is_older_than_forty_hours(works: Works) -> None:
    """Three days of people in distress, hour by hour, while a third of the calls fail."""
    failing = [None, None, NOT_SENT, None, failure(FailureKind.AMBIGUOUS), None] * 500
    oldest = 0.0
    for hour in range(72):
        works.transport.ends = list(failing)
        await works.receive(said(DISTRESS, by=NOA + hour % 5, message=100 + hour))
        await works.settle()
        for _ in range(6):
            await later(works, HOUR / 6)
        now = works.clock.now().timestamp() * 1000
        (first,) = works.ask("SELECT min(sent_at) FROM message_ref WHERE delete_at IS NOT NULL")[0]
        oldest = max(oldest, now - (first or now))

    assert SENSITIVE < timedelta(milliseconds=oldest) < timedelta(hours=40)


async def test_an_outage_piles_nothing_up(works: Works) -> None:
    """A deletion that cannot leave is written anew every two hours, and the one before is dropped."""
    await in_distress(works)
    works.transport.ends = [NOT_SENT] * 10_000
    await later(works, timedelta(hours=36))
    waiting = []
    for _ in range(5):
        await later(works, AGAIN)
        waiting.append(works.number("SELECT count(*) FROM outbox"))
    works.transport.ends = []
    await later(works, HOUR)

    assert max(waiting) == 1
    assert works.number(SENSITIVE_REFS) == 0


async def test_a_deletion_that_is_refused_is_tried_one_by_one(works: Works) -> None:
    """One message that cannot go does not keep the others in the chat."""
    await in_distress(works)
    count = works.number(SENSITIVE_REFS)
    works.transport.ends = [REFUSED, REFUSED]
    await later(works, timedelta(hours=36))

    assert [len(ids) for ids in deleted(works)] == [count, *[1] * count]
    assert works.number(SENSITIVE_REFS) == 1


async def test_who_was_promised_a_deletion_is_told_when_it_never_worked(works: Works) -> None:
    """Once, when it is too late for it, in words."""
    await in_distress(works)
    for hours in (36, 6, 5, 2):
        works.transport.ends = [REFUSED] * 50
        await works.ticker.fire()
        await works.settle()
        works.transport.ends = []
        works.clock.pass_time(timedelta(hours=hours))
    await works.retention.sweep()
    await works.settle()
    told = [text for text in works.transport.texts if "were to be deleted by now" in text]
    await later(works, HOUR)

    assert len(told) == 1
    assert works.number("SELECT count(*) FROM outbox") == 0


async def test_a_message_that_waited_at_telegram_is_deleted_by_its_own_age(works: Works) -> None:
    """After an outage of the bot of twenty hours, four more are left until the day is over."""
    works.clock.pass_time(timedelta(hours=20))
    await in_distress(works)
    await later(works, timedelta(hours=16))

    assert "17" in {id_ for ids in deleted(works) for id_ in ids}


async def test_deleting_everything_takes_what_was_sensitive_along(works: Works) -> None:
    """Nobody would know of it any more, so it goes at once."""
    await in_distress(works)
    count = works.number(SENSITIVE_REFS)
    await works.receive(said("delete me", message=18))
    await works.settle()
    await works.receive(said("Delete everything now", message=19))
    await works.settle()

    assert [len(ids) for ids in deleted(works)] == [count + 1], "the words that asked for it, too"
    assert works.rows("message_ref", "person", "outbox") == 0


async def test_a_refused_deletion_of_somebody_who_is_gone_is_over(works: Works) -> None:
    """There is nobody to try it for again."""
    await in_distress(works)
    await works.receive(said("delete me", message=18))
    await works.settle()
    works.transport.ends = [REFUSED]
    await works.receive(said("Delete everything now", message=19))
    await works.settle()

    assert works.rows("message_ref", "person", "outbox") == 0


async def test_a_deletion_refused_while_its_person_is_deleted_is_over(works: Works) -> None:
    """The call was under way; what it says afterwards is about nobody."""
    await in_distress(works)
    await works.receive(said("delete me", message=18))
    await works.settle()
    works.clock.pass_time(timedelta(hours=36))
    await works.ticker.fire()
    async with works.db.unit() as unit:
        (delivery,) = (await outbox.claim(unit, now=works.clock.now(), lease=HOUR, limit=9)).deliveries
        await unit.commit()
    async with works.db.unit() as unit:
        await people.forget(unit, delivery.person_id)
        await unit.commit()
    async with works.db.unit() as unit:
        refused = Settlement(delivery=delivery, ending=Ending.FAILED, reason="not_deletable")
        await clear.one_by_one(unit, [refused], now=works.clock.now())
        await unit.commit()

    assert works.rows("outbox", "person") == 0


async def test_an_edited_message_is_sensitive_if_its_new_words_are(works: Works) -> None:
    """A crisis phrase that was edited in is deleted as one that was written."""
    edited = {"message_id": 33, "text": DISTRESS, "edit_date": 1}
    private = {"from": {"id": NOA, "is_bot": False}, "chat": {"id": NOA, "type": "private"}, "date": 1}
    await works.receive(raw("edited_message", {**private, **edited}, None))
    await works.settle()
    await later(works, timedelta(hours=36))

    assert "33" in {id_ for ids in deleted(works) for id_ in ids}


@pytest.mark.parametrize("people", [1, 50])
async def test_remembering_what_people_wrote_costs_a_batch_one_statement(works: Works, people: int) -> None:
    """However many turns it has."""
    await works.receive(*(said("/start", by=NOA + number) for number in range(people)))
    await works.handle()
    before = works.db.statements
    await works.receive(*(said("hello", by=NOA + number) for number in range(people)))
    received = works.db.statements
    await works.processor.batch()

    assert received - before == 2
    assert works.db.statements - received == 8
