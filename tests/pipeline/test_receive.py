"""Receiving: on disk before the platform may forget it, once, and then the spinner stops."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from typing import Final

import pytest

from bot.model.outgoing import SendMessage
from bot.pipeline.receive import SPINNERS
from bot.store.errors import StorageTroubled
from tests.pipeline.works import DAN, NOA, Words, Works, garbage, membership, photo, pressed, said, working
from tests.store.shelf import Shelf

OPEN = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"


async def test_an_update_is_on_disk_when_it_is_taken(works: Works) -> None:
    """Another connection sees it as soon as the platform may forget it."""
    await works.receive(said("hello"), said("again"))

    assert works.number(OPEN) == 2
    assert works.metric('bot_updates_received_total{platform="telegram"} 2.0')


async def test_a_redelivered_update_is_one_row(works: Works) -> None:
    """In the same batch, in a later one, and after it was handled."""
    update = said("hello", number=7)
    await works.receive(update, update)
    await works.receive(update)
    await works.settle()
    answers = len(works.transport.sent)
    await works.receive(update)
    await works.settle()

    assert works.number("SELECT count(*) FROM inbox") == 1
    assert len(works.transport.sent) == answers


async def test_a_press_is_acknowledged_once_and_after_the_commit(works: Works) -> None:
    """A redelivered press does not spin twice, and what is acknowledged is on disk."""
    seen: list[int] = []
    works.transport.before_acknowledging = lambda: seen.append(works.number(OPEN))
    press = pressed("v1:n0000001:tea", press="q7")
    await works.receive(press)
    await works.receive(press)
    await asyncio.sleep(0)

    assert works.transport.acknowledged == ["q7"]
    assert seen == [1]


async def test_what_cannot_be_stored_is_not_confirmed(works: Works) -> None:
    """With the file locked nothing is acknowledged, and the transport hears of it."""
    with closing(sqlite3.connect(works.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageTroubled):
            await works.receive(pressed("v1:n0000001:tea"))

    assert works.transport.acknowledged == []


async def test_spinners_are_not_stopped_without_end(works: Works) -> None:
    """Beyond so many at once they stop by themselves; when some have ended, the next are stopped again."""
    works.transport.spinning = asyncio.Event()
    await works.receive(*(pressed("v1:n0000001:tea", press=f"q{number}") for number in range(SPINNERS + 1)))
    await asyncio.sleep(0)
    at_most = len(works.transport.acknowledged)
    works.transport.spinning.set()
    await asyncio.sleep(0)
    await works.receive(pressed("v1:n0000001:tea", press="next"))
    await asyncio.sleep(0)

    assert at_most == SPINNERS
    assert works.transport.acknowledged[-1] == "next"


async def test_a_spinner_that_breaks_harms_nobody(works: Works, caplog: pytest.LogCaptureFixture) -> None:
    """A defect there is logged; the update is stored, and the process lives."""

    def break_down() -> None:
        raise RuntimeError("a defect")

    works.transport.before_acknowledging = break_down
    with caplog.at_level(logging.WARNING, logger="bot"):
        await works.receive(pressed("v1:n0000001:tea"))
        await asyncio.sleep(0)

    assert [record.getMessage() for record in caplog.records] == ["spinner_failed"]
    assert works.number(OPEN) == 1


async def test_each_person_has_one_lane(works: Works) -> None:
    """What belongs to nobody waits for nobody."""
    await works.receive(
        said("a"), said("b"), said("c", by=DAN), garbage(of=None), garbage(of=None), membership("member")
    )

    assert works.ask(
        "SELECT lane_kind, count(DISTINCT lane_id), count(*) FROM inbox GROUP BY 1 ORDER BY 1"
    ) == [
        ("nobody", 2, 2),
        ("person", 2, 4),
    ]


async def test_the_next_stage_is_woken(works: Works) -> None:
    """Nobody waits for the clock's next second."""
    await works.receive(said("hello", by=NOA))
    async with asyncio.timeout(0.5):
        await works.ground.process.wait()


async def test_two_processes_store_an_update_once(works: Works) -> None:
    """Both receive it, one keeps it."""
    other = works.another_receiver()
    update = said("hello")
    await asyncio.gather(works.receive(update), other(works.transport.platform, [update]))

    assert works.number("SELECT count(*) FROM inbox") == 1


HOSTILE: Final = range(5000, 5100)
CRISIS: Final = "I want to kill myself"


@pytest.fixture
async def watchful(sqlite_shelf: Shelf, words: Words) -> AsyncIterator[Works]:
    """The stages with the real thresholds."""
    async with working(sqlite_shelf, words, floods=1) as found:
        yield found


def answers_to(works: Works, who: int) -> list[str]:
    """The words that were sent to somebody."""
    sent = [payload for to, payload in works.transport.sent if to == str(who)]
    return [payload.text.text for payload in sent if isinstance(payload, SendMessage)]


async def test_a_newcomer_is_answered_within_two_batches_of_a_flood(watchful: Works) -> None:
    """A hundred accounts have sent a hundred messages each, all of it before the newcomer came."""
    for known in HOSTILE:
        await watchful.receive(said("hello", by=known))
    await watchful.settle()
    await watchful.receive(*(said(f"{n} abuse", by=one) for n in range(100) for one in HOSTILE))
    await watchful.receive(said("/start", by=DAN))
    for _ in range(2):
        await watchful.processor.batch()
    await watchful.deliver()

    assert len(answers_to(watchful, DAN)) == 3


async def test_every_crisis_phrase_in_a_flood_is_answered(watchful: Works) -> None:
    """Of each hostile account too, in silence too, before anything else that waits."""
    await watchful.receive(*(said(f"{n} abuse", by=one) for n in range(100) for one in HOSTILE[:10]))
    await watchful.receive(*(said(CRISIS, by=one) for one in HOSTILE[:10]))
    await watchful.settle()

    assert [any("1201" in text for text in answers_to(watchful, one)) for one in HOSTILE[:10]] == [True] * 10


async def test_too_many_are_told_once_and_what_is_more_is_not_stored(watchful: Works) -> None:
    """The sentence comes in their own language, with the time; the metrics count it all and name nobody."""
    await watchful.receive(*(said(f"{n}?", by=DAN) for n in range(100)))
    stored = watchful.number("SELECT count(*) FROM inbox")
    for _ in range(60):
        watchful.clock.pass_time(timedelta(seconds=2))
        await watchful.settle()

    told = [text for text in answers_to(watchful, DAN) if text.startswith("Many messages came at once.")]
    assert stored == 41 + 20 + 1
    assert len(told) == 1
    assert "\u206811:03\u2069" in told[0]
    assert watchful.metric('bot_updates_held_total{how="told"} 1.0')
    assert watchful.metric('bot_updates_held_total{how="not_stored"} 39.0')
    assert watchful.metric('bot_updates_held_total{how="later"} 60.0')


async def test_nothing_of_somebody_who_types_fast_is_lost(watchful: Works) -> None:
    """Ten messages in twenty seconds and an album of ten photos: all are handled, and the album is answered once."""
    for number in range(10):
        await watchful.receive(said(f"what about {number}", by=DAN))
        watchful.clock.pass_time(timedelta(seconds=2))
    await watchful.receive(*(photo(album="7", by=DAN) for _ in range(10)))
    for _ in range(10):
        watchful.clock.pass_time(timedelta(seconds=1))
        await watchful.settle()

    assert watchful.number(OPEN) == 0
    assert watchful.number("SELECT count(*) FROM inbox WHERE handled_at IS NOT NULL") == 20
    assert sum("Photos are not opened here" in text for text in answers_to(watchful, DAN)) == 1


async def test_what_nobody_can_read_is_not_urgent(watchful: Works) -> None:
    """It is held like the rest."""
    await watchful.receive(*(said(f"{n}", by=NOA) for n in range(70)))
    before = watchful.number("SELECT count(*) FROM inbox")
    await watchful.receive(garbage(of=NOA))

    assert watchful.number("SELECT count(*) FROM inbox") == before


async def test_a_batch_that_is_not_stored_counts_for_nothing(watchful: Works) -> None:
    """It comes again as often as the storage needs, and nobody is taken for a flood."""
    updates = [said("hello", by=DAN) for _ in range(5)]
    with closing(sqlite3.connect(watchful.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(3):
            with pytest.raises(StorageTroubled):
                await watchful.receive(*updates)
    await watchful.receive(*updates)

    assert watchful.number("SELECT max(due_at - received_at) FROM inbox") == 2000


async def test_what_is_held_for_a_moment_is_woken_for(watchful: Works) -> None:
    """The second of two messages does not wait for the tick of the next second."""
    await watchful.receive(said("hello"), said("again"))
    await watchful.ground.process.wait()
    async with asyncio.timeout(0.9):
        await watchful.ground.process.wait()
