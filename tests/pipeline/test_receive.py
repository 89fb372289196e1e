"""Receiving: on disk before the platform may forget it, once, and then the spinner stops."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from bot.pipeline.receive import SPINNERS, Receiver
from bot.store.errors import StorageTroubled
from tests.pipeline.works import DAN, NOA, Works, garbage, membership, pressed, said

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
    other = Receiver(replace(works.ground))
    update = said("hello")
    await asyncio.gather(works.receive(update), other(works.transport.platform, [update]))

    assert works.number("SELECT count(*) FROM inbox") == 1
