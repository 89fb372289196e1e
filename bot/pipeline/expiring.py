"""Disappearing messages: a turn notes what its person's app says of the chat, and sets it right before its own words.

What is wanted follows from what is kept (the person's own choice, a line that is open), so nothing has to be undone: a
restart sets nothing, and whoever comes off a line gets the usual time with their next turn. Called by `turn`.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.engine.effect import Effect, Say
from bot.engine.flow import Book
from bot.model.expiry import Expiry
from bot.model.incoming import ExpiryChanged, Incoming
from bot.model.limit import LIMITS
from bot.model.outgoing import SetExpiry
from bot.model.person import Address
from bot.model.queue import NewOutbox
from bot.store import caseload, expiries
from bot.store.people import Known
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """The chat of a turn, in which messages disappear; `heard` is what its person wrote, if anything."""

    unit: Unit
    address: Address
    kept: Expiry
    heard: Incoming | None
    usual: timedelta

    @property
    def is_change(self) -> bool:
        """Whether its person set it."""
        return self.heard is not None and isinstance(self.heard.happening, ExpiryChanged)

    async def remark(self, book: Book) -> tuple[Effect, ...]:
        """The line that says why, to whoever set a longer time or none; a shorter one is left without a word."""
        if not self.is_change:
            return ()
        after = self._after()
        is_put_back = after != self.kept and after.now != await self._wanted(after)
        return (Say(phrase=book.phrases["expiry_kept"]),) if is_put_back else ()

    async def told(self) -> list[NewOutbox]:
        """The same where the turn says nothing: a change that may stay is noted."""
        return await self.calls() if self.is_change else []

    async def calls(self) -> list[NewOutbox]:
        """What sets it right, if anything does, after the turn: it may have opened a line, or ended one."""
        after = self._after()
        wanted = await self._wanted(after)
        found = Expiry(now=wanted, own=after.own)
        if found != self.kept:
            await expiries.keep(self.unit, self.address.id, found)
        if after.now == wanted:
            return []
        return [
            NewOutbox(
                address_id=self.address.id,
                person_id=self.address.person_id,
                payload=SetExpiry(seconds=wanted),
            )
        ]

    def _after(self) -> Expiry:
        """What holds, by what the person's app says."""
        match self.heard:
            case Incoming(happening=ExpiryChanged(seconds=seconds)):
                return self.kept.changed(seconds, usual=self.usual)
            case Incoming(expiry=int(seconds)):
                return self.kept.shown(seconds, usual=self.usual)
            case _:
                return self.kept

    async def _wanted(self, after: Expiry) -> int:
        who = self.address.person_id
        talking = await caseload.on_a_line(self.unit, [who])
        return after.wanted(usual=self.usual, on_a_line=who in talking)


def expiring(
    unit: Unit, known: Known, *, here: Address | None, heard: Incoming | None, usual: timedelta
) -> Expiring | None:
    """The chat of a turn; None where messages stay, and of a stranger who set a time and wrote nothing."""
    if here is None or not LIMITS[here.platform].expires:
        return None
    kept = known.expiries.get(here.id, Expiry())
    chat = Expiring(unit=unit, address=here, kept=kept, heard=heard, usual=usual)
    return None if chat.is_change and known.person.language is None else chat
