"""Everything a batch of turns wants written, gathered so that each table is written once."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.engine.effect import Fault
from bot.engine.session import Session
from bot.model.incoming import MediaRef
from bot.model.person import Address, Person
from bot.model.queue import DeadLetter, MessageRef, NewInbox, NewOutbox, Timer
from bot.pipeline import clear, reach
from bot.store import counters, inbox, outbox, people, refs, sessions, sides, timers
from bot.store.unit import Unit

LISTS: Final = (
    "done",
    "letters",
    "persons",
    "forgotten",
    "strangers",
    "outbox",
    "heard",
    "cleared",
    "left",
    "timers",
    "events",
    "faults",
    "unneeded",
)


@dataclass(slots=True, kw_only=True)
class Changes:
    """What a batch writes; `save` does it in a fixed number of statements.

    `strangers` are forgotten only where nothing more of theirs waits: whoever takes a block back writes next.
    `heard` are the messages people wrote, by the platform's ids; `cleared` the addresses whose chat is to be emptied,
    `left` those that are taken off somebody who has another; `unneeded` the files that nobody asks for any more, which
    is done by whoever wrote all of this.
    """

    done: list[int] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    sessions: dict[int, Session] = field(default_factory=dict)
    persons: list[Person] = field(default_factory=list)
    reachable: dict[int, bool] = field(default_factory=dict)
    forgotten: list[int] = field(default_factory=list)
    strangers: list[int] = field(default_factory=list)
    outbox: list[NewOutbox] = field(default_factory=list)
    heard: list[MessageRef] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)
    left: list[Address] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    events: list[NewInbox] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    unneeded: list[MediaRef] = field(default_factory=list)

    def add(self, other: "Changes") -> None:
        """Take in what another turn of the same batch wants."""
        for name in LISTS:
            getattr(self, name).extend(getattr(other, name))
        self.sessions.update(other.sessions)
        self.reachable.update(other.reachable)
        self.counts.update(other.counts)

    async def save(self, unit: Unit, *, now: datetime) -> None:
        """Write all of it inside `unit`; nothing is committed here."""
        await inbox.finish(unit, self.done, now=now)
        await self._forget(unit)
        await self._leave(unit)  # before anything is said: what is still said to them is sealed apart
        await inbox.bury(unit, self.letters)
        await inbox.add(unit, self.events, now=now)
        await people.save(unit, self.persons)
        await reach.note(unit, self.reachable, now=now)
        await sessions.save(unit, self.sessions, today=now.date())
        await refs.remember(unit, self.heard)
        await clear.whole_chats(unit, self.cleared, now=now)  # before what is said next, which stays
        await outbox.add(unit, self.outbox, now=now)
        await timers.put(unit, self.timers, now=now)
        await counters.count(unit, self.counts, today=now.date())

    async def _forget(self, unit: Unit) -> None:
        waiting = await inbox.waiting(unit, self.strangers)
        gone = [person_id for person_id in self.strangers if person_id not in waiting]
        owed = await clear.before_forgetting(unit, self.forgotten)
        await people.forget_all(unit, self.forgotten + gone)
        self.outbox[:0] = owed

    async def _leave(self, unit: Unit) -> None:
        owed = await clear.before_leaving(unit, self.left, heard=self.heard)
        await sides.take_off(unit, self.left)
        self.outbox[:0] = owed
