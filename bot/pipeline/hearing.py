"""What is remembered of a message a person wrote: the platform's id of it, so that it can be deleted there."""

from collections.abc import Iterable
from datetime import datetime

from bot.engine.effect import Effect, Say, Show, ShowCard
from bot.engine.flow import Book
from bot.engine.session import Session
from bot.model.incoming import Command, Edited, Incoming, Media, Text
from bot.model.limit import LIMITS
from bot.model.person import Address
from bot.model.queue import Keep, MessageRef


def is_sensitive(book: Book, *, before: Session | None, effects: Iterable[Effect]) -> bool:
    """Whether what was written is: it answers a sensitive step, or is answered by one."""
    top = before.top if before else None
    asked = book.step(top.flow, top.step) if top else None
    said = any(effect.sensitive for effect in effects if isinstance(effect, (Say, Show, ShowCard)))
    return said or (asked is not None and asked.sensitive)


def heard(
    incoming: Incoming, address: Address, *, received_at: datetime, sensitive: bool
) -> MessageRef | None:
    """The reference to the message of an update; an edited one is known already, unless it became sensitive."""
    match incoming.happening:
        case Text() | Command() | Media():
            pass
        case Edited() if sensitive:
            pass
        case _:
            return None
    if not LIMITS[address.platform].deletes_theirs:
        return None
    return MessageRef(
        address_id=address.id,
        person_id=address.person_id,
        platform=address.platform,
        message_id=incoming.happening.message_id,
        keep=Keep.SENSITIVE if sensitive else Keep.CHAT,
        sent_at=min(received_at, incoming.written_at or received_at),
    )
