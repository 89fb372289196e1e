"""What a turn does about whoever the bot does not talk with: groups, strangers nobody spoke to, a chat that is left."""

from itertools import takewhile

from bot.engine.effect import Effect, Say
from bot.model.incoming import GroupContact, Incoming
from bot.model.outgoing import LeaveChat
from bot.model.person import Address
from bot.model.queue import NewOutbox
from bot.pipeline.changes import Changes
from bot.store.people import Known


def leave(changes: Changes, incoming: Incoming | None, *, known: Known, address: Address | None) -> Changes:
    """Nothing to answer. The bot speaks in private only: a group it was put into is left without a word.

    Who was never spoken to (a group, a stranger who blocks the bot) is not remembered either.
    """
    happening = incoming.happening if incoming else None
    if address and isinstance(happening, GroupContact):
        gone = LeaveChat(chat_id=happening.chat_id)
        changes.outbox.append(NewOutbox(address_id=address.id, person_id=address.person_id, payload=gone))
    if known.person.language is None and known.session is None:
        changes.strangers.append(known.person.id)
    return changes


def parting(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What is still said in a chat that is left: the first words, and not the question that is open elsewhere."""
    before = tuple(takewhile(lambda effect: not isinstance(effect, Say), effects))
    return effects[: len(before) + 1]
