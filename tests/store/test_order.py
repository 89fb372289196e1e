"""Order and once-ness under any history: properties of the inbox and the outbox, and what workers share."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.outgoing import Priority
from bot.model.queue import Ending, InboxRow, Settlement
from bot.store import inbox, outbox, tables
from bot.store.db import Database
from bot.store.people import Known
from tests.store.shelf import MINUTE, NOW, Shelf, call, enqueue, event, meet, receive, take, texts

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


async def _clear(db: Database) -> None:
    async with db.unit() as unit:
        for table in (tables.inbox, tables.outbox):
            await unit.change(table.delete())
        await unit.commit()


@FEW
@given(batches=st.lists(st.lists(st.sampled_from("abcdef"), max_size=5), max_size=6))
async def test_dedupe_is_idempotent(db: Database, batches: list[list[str]]) -> None:
    """However events are repeated and batched, each is stored once, and what is reported new is new."""
    await _clear(db)
    new = [
        (batch[position], external_ids)
        for external_ids, batch in enumerate(batches)
        for position in await receive(db, *(event(1, one) for one in batch))
    ]

    assert sorted(one for one, _ in new) == sorted({one for batch in batches for one in batch})


@FEW
@given(
    lanes=st.lists(st.integers(1, 4), min_size=1, max_size=14),
    choices=st.lists(st.tuples(st.integers(1, 5), st.booleans()), max_size=20),
)
async def test_a_lane_is_handled_in_order(
    db: Database, lanes: list[int], choices: list[tuple[int, bool]]
) -> None:
    """Whatever is claimed, finished or put off: never two rows of a lane at once, never out of order."""
    await _clear(db)
    await receive(db, *(event(lane, str(number), str(number).encode()) for number, lane in enumerate(lanes)))
    handled: list[InboxRow] = []
    now = NOW
    for limit, finish in [*choices, *[(100, True)] * len(lanes)]:
        async with db.unit() as unit:
            rows = await inbox.claim(unit, now=now, limit=limit)
            assert len({row.lane for row in rows}) == len(rows)
            if finish:
                await inbox.finish(unit, [row.id for row in rows], now=now)
                handled += rows
            elif rows:
                await inbox.postpone(unit, rows[0].id, attempts=1, until=now + MINUTE)
            await unit.commit()
        now += MINUTE

    for lane in set(lanes):
        numbers = [int(row.body or b"") for row in handled if row.lane.id == lane]
        assert numbers == [number for number, one in enumerate(lanes) if one == lane]


@FEW
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Priority)), min_size=1, max_size=12),
    choices=st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=12),
)
async def test_an_address_hears_in_order(
    db: Database, rows: list[tuple[int, Priority]], choices: list[tuple[int, bool]]
) -> None:
    """Within an address and a priority messages arrive in order, through any backoff, each at least once."""
    await _clear(db)
    everyone = await meet(db, "0", "1", "2")
    await enqueue(
        db, *(call(everyone[to], str(number), priority=how) for number, (to, how) in enumerate(rows))
    )
    sent: list[int] = []
    now = NOW
    for limit, succeeds in [*choices, *[(100, True)] * (2 * len(rows))]:
        claim = await take(db, at=now, limit=limit)
        first, *rest = claim.deliveries or (None,)
        if first is None:
            now += MINUTE
            continue
        ending = Ending.SENT if succeeds else Ending.RETRY
        tried = [first, *rest] if succeeds else [first]
        sent += [int(number) for number in texts(claim)][: len(tried) if succeeds else 0]
        async with db.unit() as unit:
            done = [Settlement(delivery=one, ending=ending, at=now + MINUTE) for one in tried]
            await outbox.settle(unit, done, now=now)
            await outbox.put_back(unit, [one.id for one in rest if one not in tried], now=now)
            await unit.commit()
        now += MINUTE / 2

    for address in range(3):
        for priority in Priority:
            wanted = [number for number, row in enumerate(rows) if row == (address, priority)]
            assert [number for number in sent if number in wanted] == wanted


class TestWorkers:
    """Several processes on one PostgreSQL."""

    async def test_two_workers_never_share_a_lane(self, postgres_shelf: Shelf) -> None:
        """What one is handling, the other passes over; when it is done, the next row is free."""
        async with postgres_shelf.opened() as one, postgres_shelf.opened() as two:
            await receive(one, event(1, "a"), event(1, "b"), event(2, "c"))
            async with one.unit() as first, two.unit() as second:
                mine = await inbox.claim(first, now=NOW, limit=1)
                theirs = await inbox.claim(second, now=NOW, limit=9)
                await inbox.finish(first, [row.id for row in mine], now=NOW)
                await first.commit()
                later = await inbox.claim(second, now=NOW, limit=9)

        assert [[row.lane.id for row in rows] for rows in (mine, theirs, later)] == [[1], [2], [1, 2]]

    async def test_a_row_that_appears_below_a_claimed_one_waits(self, postgres_shelf: Shelf) -> None:
        """The lane is locked, not only the row: two turns of a person never run side by side."""
        async with postgres_shelf.opened() as one, postgres_shelf.opened() as two:
            await receive(one, event(1, "late"))
            async with one.unit() as first, two.unit() as second:
                assert len(await inbox.claim(first, now=NOW, limit=9)) == 1
                await receive(two, event(1, "early"), at=NOW - timedelta(hours=1))

                assert await inbox.claim(second, now=NOW, limit=9) == []

    async def test_two_workers_never_send_to_one_address_at_once(self, postgres_shelf: Shelf) -> None:
        """Many claims side by side: every row once, and per address only one claim at a time."""
        async with postgres_shelf.opened() as one, postgres_shelf.opened() as two:
            everyone = await meet(one, *map(str, range(5)))
            await enqueue(one, *(call(known, str(n)) for n in range(8) for known in everyone))

            claims = await asyncio.gather(*(take(db, limit=7) for db in (one, two) * 6))

        ids = [delivery.id for claim in claims for delivery in claim.deliveries]
        holders: dict[int, set[int]] = {}
        for number, claim in enumerate(claims):
            for delivery in claim.deliveries:
                holders.setdefault(delivery.address_id, set()).add(number)
        assert len(ids) == len(set(ids))
        assert all(len(who) == 1 for who in holders.values())

    async def test_a_stranger_known_to_two_receivers_is_one_person(self, postgres_shelf: Shelf) -> None:
        """Both store the same newcomer at once; one of the two people is kept."""
        async with postgres_shelf.opened() as one, postgres_shelf.opened() as two:
            met: list[list[Known]] = await asyncio.gather(*(meet(db, "1") for db in (one, two)))

        assert len({known.person.id for (known,) in met}) == 1

    @pytest.mark.parametrize("workers", [4])
    async def test_side_by_side_workers_handle_everything_once(
        self, postgres_shelf: Shelf, workers: int
    ) -> None:
        """No row is lost, none handled twice, and each lane stays in order."""
        handled: list[InboxRow] = []

        async def work(db: Database) -> None:
            idle = 0
            while idle < 3:
                async with db.unit() as unit:
                    rows = await inbox.claim(unit, now=NOW, limit=3)
                    await inbox.finish(unit, [row.id for row in rows], now=NOW)
                    await unit.commit()
                handled.extend(rows)
                idle = 0 if rows else idle + 1

        async with postgres_shelf.opened() as one, postgres_shelf.opened() as two:
            await receive(one, *(event(n % 7, str(n), str(n).encode()) for n in range(100)))
            await asyncio.gather(*(work(db) for db in (one, two) * (workers // 2)))

        numbers = [int(row.body or b"") for row in handled]
        assert sorted(numbers) == list(range(100))
        for lane in range(7):
            in_lane = [number for number in numbers if number % 7 == lane]
            assert in_lane == sorted(in_lane)
