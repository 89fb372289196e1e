"""In whatever order people move, delete, undo and write: nobody to whom something is owed is without an address.

The real questions of the store on a real SQLite file, each in a transaction of its own, as turns take them.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import select
from typing_extensions import override

from bot.model.outgoing import Priority
from bot.model.person import Platform
from bot.store import moves, outbox, people, sides
from bot.store.people import Known
from bot.store.tables import address
from bot.store.tables import outbox as outbox_table
from tests.properties.living import Living, lived
from tests.store.shelf import NOW, Shelf, call
from tests.store.shelf import sqlite_template as sqlite_template

PHONES: Final = (
    (Platform.TELEGRAM, "1"),
    (Platform.TELEGRAM, "2"),
    (Platform.SIGNAL, "s1"),
    (Platform.SIGNAL, "s2"),
)
OTHER: Final = {Platform.TELEGRAM: Platform.SIGNAL, Platform.SIGNAL: Platform.TELEGRAM}
phones = st.integers(0, len(PHONES) - 1)


class Moving(Living):
    """Four phones, and everything that can be done with codes."""

    @override
    async def begin(self, shelf: Shelf) -> None:
        """Nobody is known."""
        self.db = await self.stack.enter_async_context(shelf.opened())
        self.now = NOW
        self.made: dict[int, str] = {}  # codes by their number
        self.ids: set[int] = set()  # moves that were begun
        self.taken: Counter[int] = Counter()

    async def _known(self, phone: int) -> Known:
        platform, routing_id = PHONES[phone]
        async with self.db.unit() as unit:
            found = await people.resolve(unit, platform, [routing_id], today=NOW.date())
            known = await people.load(unit, found.values())
            await unit.commit()
        return known[found[routing_id]]

    @rule(phone=phones)
    def somebody_writes(self, phone: int) -> None:
        """A stranger is met."""
        self.run(self._known(phone))

    @rule(phone=phones)
    def somebody_makes_a_code(self, phone: int) -> None:
        """For the other app, where they have one only."""
        self.run(self._make(phone))

    async def _make(self, phone: int) -> None:
        known = await self._known(phone)
        if len(known.addresses) > 1:
            return
        async with self.db.unit() as unit:
            code = self.made[len(self.made)] = moves.new_code(unit)
            to = OTHER[PHONES[phone][0]]
            await moves.make(unit, known.person.id, code=code, to=to, now=self.now)
            await unit.commit()

    @rule(phone=phones, back=st.integers(0, 2))
    def somebody_writes_a_code(self, phone: int, back: int) -> None:
        """The newest, or an older one."""
        self.run(self._write(phone, back))

    async def _write(self, phone: int, back: int) -> None:
        known = await self._known(phone)
        code = self.made.get(len(self.made) - 1 - back)
        if code is None or len(known.addresses) > 1:
            return
        async with self.db.unit() as unit:
            who, here = known.person.id, PHONES[phone][0]
            found = await moves.find(unit, code, by=who, here=here, now=self.now)
            if found is not None and await moves.claim(unit, found, by=who, now=self.now):
                self.ids.add(found)
            await unit.commit()

    @rule(phone=phones, yes=st.booleans())
    def somebody_is_asked(self, phone: int, yes: bool) -> None:
        """And says yes, or no."""
        self.run(self._answer(phone, yes=yes))

    async def _answer(self, phone: int, *, yes: bool) -> None:
        known = await self._known(phone)
        async with self.db.unit() as unit:
            for one in sorted(self.ids) if yes else ():
                await moves.agree(unit, one, person_id=known.person.id, now=self.now)
            if not yes:
                await moves.drop(unit, known.person.id)
            await unit.commit()

    @rule(phone=phones)
    def a_side_arrives(self, phone: int) -> None:
        """As the action does it, twice over."""
        for _ in range(2):
            self.run(self._arrive(phone))

    async def _arrive(self, phone: int) -> None:
        known = await self._known(phone)
        if len(known.addresses) > 1:
            return
        for one in sorted(self.ids):
            async with self.db.unit() as unit:
                to = await moves.take(unit, one, by=known.person.id)
                if to is not None:
                    self.taken[one] += 1
                    await sides.hand_over(unit, known.addresses[0], to=to)
                    await people.forget(unit, known.person.id)
                    await unit.commit()
                    return

    @rule(phone=phones, to=phones)
    def somebody_moves(self, phone: int, to: int) -> None:
        """All of it in a row, which chance would hardly bring about."""
        for done in (self._make(phone), self._write(to, 0), self._answer(phone, yes=True), self._arrive(to)):
            self.run(done)

    @rule(phone=phones)
    def a_side_is_taken_off(self, phone: int) -> None:
        """Where that may be."""
        self.run(self._take_off(phone))

    async def _take_off(self, phone: int) -> None:
        known = await self._known(phone)
        side = next(one for one in known.addresses if one.routing_id == PHONES[phone][1])
        async with self.db.unit() as unit:
            if await sides.can_go(unit, side):
                await sides.take_off(unit, [side])
                await unit.commit()

    @rule(phone=phones)
    def somebody_deletes_everything(self, phone: int) -> None:
        """From whichever side."""
        self.run(self._delete(phone))

    async def _delete(self, phone: int) -> None:
        known = await self._known(phone)
        async with self.db.unit() as unit:
            await people.forget(unit, known.person.id)
            await unit.commit()

    @rule(phone=phones)
    def words_are_owed(self, phone: int) -> None:
        """Somebody writes to them on a line; it goes to the side they are written to."""
        self.run(self._owe(phone))

    async def _owe(self, phone: int) -> None:
        known = await self._known(phone)
        async with self.db.unit() as unit:
            await outbox.add(unit, [call(known, priority=Priority.RELAY)], now=self.now)
            await unit.commit()

    @rule(minutes=st.sampled_from([1, 14, 61]))
    def time_goes_by(self, minutes: int) -> None:
        """Codes end."""
        self.now += timedelta(minutes=minutes)
        self.run(self._sweep())

    async def _sweep(self) -> None:
        async with self.db.unit() as unit:
            await moves.sweep(unit, now=self.now)
            await unit.commit()

    @invariant()
    def what_is_owed_can_arrive(self) -> None:
        """At an address of its own person; nobody has two in one app, and no code worked twice."""
        self.run(self._look())

    async def _look(self) -> None:
        async with self.db.reading() as reading:
            sides_of = {row.id: row for row in await reading.fetch(select(address))}
            owed = await reading.fetch(select(outbox_table).where(outbox_table.c.owed.is_(False)))
        for row in owed:
            assert row.address_id in sides_of, "words are owed to nowhere"
            assert sides_of[row.address_id].person_id == row.person_id
        in_apps = Counter((row.person_id, row.platform) for row in sides_of.values())
        assert max(in_apps.values(), default=1) == 1
        later = Counter(row.person_id for row in sides_of.values() if row.later)
        assert max(later.values(), default=1) == 1
        assert max(self.taken.values(), default=1) == 1


@pytest.mark.timeout(300)
def test_no_order_of_moves_leaves_anybody_out_of_reach(sqlite_template: Path, tmp_path: Path) -> None:
    """Whoever moves, deletes, undoes, refuses or waits too long, in whatever order."""
    lived(Moving, sqlite_template, at=tmp_path, examples=15, steps=30)
