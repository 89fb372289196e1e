"""Where a turn is answered, and as which rows: where the person wrote from, else the first place that reaches them."""

from bot.engine.effect import SetTimer
from bot.engine.event import Event
from bot.model.outgoing import Priority
from bot.model.person import Address
from bot.model.queue import Guard, Lane, LaneKind, NewOutbox, Origin, Timer
from bot.pipeline.alerting import is_about
from bot.pipeline.draft import Utterance
from bot.store.people import Known


def reply_address(to: Origin | Event | None, known: Known) -> Address | None:
    """Where the reply to a message from there goes, or what the bot says of an event; None if nowhere.

    A platform that something is wrong with comes last, and an address where another phone answers: there it would wait.
    """
    if isinstance(to, Origin):
        found = [address for address in known.addresses if address.platform.value == to.value]
    else:
        found = [address for address in known.addresses if address.id not in known.unreachable]
    return min(found, key=lambda one: (is_about(to, one), one.id in known.rekeyed), default=None)


def row_of(
    utterance: Utterance, address: Address, *, priority: Priority, guard: Guard, draft: int | None = None
) -> NewOutbox:
    """A call to make; what the bot says by itself, because time has passed, can wait as a check-in can.

    `draft`: it may show the name that is typed under that key.
    """
    if carried := utterance.carries:
        return NewOutbox(
            priority=Priority.RELAY,
            address_id=address.id,
            person_id=address.person_id,
            payload=utterance.payload,
            guard=Guard(case_id=int(carried.case), epoch=carried.epoch),
            sender_id=int(carried.sender),
            line_id=int(carried.line),
        )
    return NewOutbox(
        priority=priority,
        guard=guard,
        address_id=address.id,
        person_id=address.person_id,
        payload=utterance.payload,
        keep=utterance.keep,
        draft=draft,
    )


def timer_of(effect: SetTimer, person_id: int) -> Timer:
    """The timer of a wait, in its person's lane."""
    lane = Lane(kind=LaneKind.PERSON, id=person_id)
    return Timer(lane=lane, kind=effect.timer, due_at=effect.due_at, version=effect.version)
