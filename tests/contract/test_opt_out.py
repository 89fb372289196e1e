"""Whoever opts out of notices before a claim gets none, on SQLite and on PostgreSQL, where both happen at once."""

import asyncio
from datetime import timedelta
from typing import Final

import pytest

from bot.model.notice import Notice, Stage
from bot.store import copies, notices, outbox
from bot.store.db import Database
from tests.notices import approved, crowd, drafted, opt_out
from tests.store.shelf import MINUTE, NOW

PEOPLE: Final = 1_400
HONOURED: Final = 1_000
AT_ONCE: Final = 8  # who opt out in the same moment
A_CLAIM: Final = 2  # rows; slower than people opt out


async def _queued(db: Database, count: int) -> tuple[Notice, list[int]]:
    """A notice for so many people, all of its copies in the outbox."""
    ids = await crowd(db, count)
    one = await approved(db, await drafted(db, useless_after=NOW + timedelta(hours=12)))
    async with db.unit() as unit:
        sending = await notices.move(unit, one, Stage.SENDING, now=NOW)
        assert sending
        while await copies.spread(unit, sending, limit=500, now=NOW):
            pass
        waiting = await copies.waiting(unit, one.id, limit=count, now=NOW)
        there = {found.person_id: found.address_id for found in waiting if found.address_id}
        await copies.enqueue(unit, sending, there, now=NOW)
        await unit.commit()
    return sending, ids


@pytest.mark.timeout(180)
async def test_an_opt_out_before_the_claim_is_honoured_each_time(db: Database) -> None:
    """Of a thousand and more, while copies are claimed beside them; everybody else gets theirs."""
    one, ids = await _queued(db, PEOPLE)
    gone, wrong, got = set[int](), set[int](), set[int]()
    leaving = iter(ids[:-50])

    async def opting_out() -> None:
        for person_id in leaving:
            await opt_out(db, person_id)
            gone.add(person_id)  # its commit has returned

    async def claiming(limit: int) -> int:
        before = set(gone)
        async with db.unit() as unit:
            claim = await outbox.claim(unit, now=NOW, lease=MINUTE, limit=limit)
            await copies.settle(unit, [each.end for each in claim.refused if each.end])
            await unit.commit()
        claimed = {each.person_id for each in claim.deliveries}
        wrong.update(claimed & before)
        got.update(claimed)
        return len(claim.deliveries) + len(claim.refused)

    async with asyncio.TaskGroup() as tasks:
        people = [tasks.create_task(opting_out()) for _ in range(AT_ONCE)]
        while not all(task.done() for task in people):
            await claiming(A_CLAIM)
    while await claiming(500):
        pass

    assert wrong == set()
    assert len(gone - got) >= HONOURED
    assert got >= set(ids[-50:])
    assert one.stage is Stage.SENDING
