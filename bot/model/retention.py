"""The one table of what is kept and for how long; everything that promises or enforces a lifetime reads it.

The sweep of the store executes it, metrics export the age of the oldest row per class, and the privacy text the bot
prints is rendered from it (`i18n.lifetime`). Sources: SECURITY §3, DESIGN §6. To keep something new, name it in `kept`,
add a line here first, and its words in `flows/system.yaml`.
"""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Group, Kept, Since
from bot.model.kept_flyer import FLYER
from bot.model.kept_letter import LETTER
from bot.model.kept_move import MOVE
from bot.model.kept_notice import NOTICE
from bot.model.kept_signal import SIGNAL
from bot.model.kept_support import SUPPORT

RETENTION: Final = (
    Kept(
        data=DataClass.EVENT_BODY,
        words="retention.event_body",
        group=Group.WORDS,
        table="inbox",
        since=Since.RECEIVED,
        ttl=timedelta(hours=24),
        sooner="it is handled",
    ),
    Kept(
        data=DataClass.EVENT_TAG,
        words="retention.event_tag",
        group=Group.CHAT,
        table="inbox",
        since=Since.HANDLED,
        ttl=timedelta(hours=48),
    ),
    Kept(
        data=DataClass.CALL_BODY,
        words="retention.call_body",
        group=Group.CHAT,
        table="outbox",
        since=Since.WRITTEN,
        ttl=timedelta(hours=24),
        sooner="it is delivered or given up",
    ),
    Kept(
        data=DataClass.MESSAGE_REF,
        words="retention.message_ref",
        group=Group.CHAT,
        table="message_ref",
        since=Since.SENT,
        ttl=timedelta(hours=48),
        sooner="the message is deleted on the platform",
    ),
    Kept(
        data=DataClass.LINE_MESSAGE,
        words="retention.line_message",
        group=Group.CHAT,
        table="line_message",
        since=Since.SENT,
        ttl=timedelta(hours=48),
    ),
    Kept(
        data=DataClass.SESSION,
        words="retention.session",
        group=Group.PERSON,
        table="session",
        since=Since.WRITTEN,
        ttl=timedelta(days=14),
    ),
    Kept(
        data=DataClass.PERSON,
        words="retention.person",
        group=Group.PERSON,
        table="person",
        since=Since.SEEN,
        ttl=timedelta(days=90),
        sooner="they ask for it",
        unless="an open case, a timer, a live consent or a role needs the routing id",
    ),
    Kept(
        data=DataClass.ROLE,
        words="retention.role",
        group=Group.PERSON,
        table="role",
        since=Since.CREATED,
        ttl=None,
        sooner="it is taken back, or its person is forgotten",
    ),
    Kept(
        data=DataClass.VOLUNTEER,
        words="retention.volunteer",
        group=Group.PERSON,
        table="volunteer",
        since=Since.CREATED,
        ttl=None,
        sooner="they leave, are revoked or forgotten",
    ),
    Kept(
        data=DataClass.NEWCOMER,
        words="retention.newcomer",
        group=Group.PERSON,
        table="volunteer",
        since=Since.CREATED,
        ttl=timedelta(days=14),
        sooner="they turn back",
        unless="somebody vouches for them",
    ),
    Kept(
        data=DataClass.ON_CALL,
        words="retention.on_call",
        group=Group.PERSON,
        table="on_call",
        since=Since.CREATED,
        ttl=None,
        sooner="their role is taken back, or they are forgotten",
    ),
    Kept(
        data=DataClass.INVITE,
        words="retention.invite",
        table="invite",
        since=Since.CREATED,
        ttl=timedelta(days=7),
        sooner="it is used, or three wrong codes burn it",
    ),
    Kept(
        data=DataClass.AUDIT,
        words="retention.audit",
        table="audit",
        since=Since.WRITTEN,
        ttl=None,
    ),
    Kept(
        data=DataClass.TIMER,
        words="retention.timer",
        group=Group.PERSON,
        table="timer",
        since=Since.DUE,
        ttl=None,
        sooner="it fires or is cancelled",
    ),
    Kept(
        data=DataClass.DEAD_BODY,
        words="retention.dead_body",
        group=Group.WORDS,
        table="dead_letter",
        since=Since.DIED,
        ttl=timedelta(hours=24),
        sooner="messages in their chat disappear sooner",
    ),
    Kept(
        data=DataClass.DEAD_LETTER,
        words="retention.dead_letter",
        group=Group.WORDS,
        table="dead_letter",
        since=Since.DIED,
        ttl=timedelta(days=30),
    ),
    Kept(
        data=DataClass.DAY_KEY,
        words="retention.day_key",
        table="wrapped_key",
        since=Since.DAY_ENDED,
        ttl=timedelta(hours=48),
    ),
    Kept(
        data=DataClass.PERSON_KEY,
        words="retention.person_key",
        table="wrapped_key",
        since=Since.CREATED,
        ttl=timedelta(hours=48),
        unless="there is a person for it",
    ),
    Kept(
        data=DataClass.MESSAGE_KEY,
        words="retention.message_key",
        table="wrapped_key",
        since=Since.CREATED,
        ttl=timedelta(hours=48),
        sooner="its message is delivered or given up",
    ),
    Kept(
        data=DataClass.COUNTER,
        words="retention.counter",
        table="counter",
        since=Since.CREATED,
        ttl=None,
    ),
    Kept(
        data=DataClass.CARD_PULL,
        words="retention.card_pull",
        table="card_pull",
        since=Since.CREATED,
        ttl=None,
        sooner="it is taken back",
    ),
    Kept(
        data=DataClass.CONSENT,
        words="retention.consent",
        group=Group.PERSON,
        table="consent",
        since=Since.WITHDRAWN,
        ttl=timedelta(days=30),
        sooner="its person is forgotten",
        unless="it was not taken back",
    ),
    Kept(
        data=DataClass.PROPOSAL,
        words="retention.proposal",
        table="proposal",
        since=Since.CREATED,
        ttl=timedelta(days=1),
    ),
    Kept(
        data=DataClass.CASE,
        words="retention.case",
        group=Group.PERSON,
        table="case",
        since=Since.CLOSED,
        ttl=timedelta(days=30),
    ),
    Kept(
        data=DataClass.OFFER,
        words="retention.offer",
        table="offer",
        since=Since.CREATED,
        ttl=timedelta(days=30),
        sooner="the case ends",
    ),
    *MOVE,
    *LETTER,
    *NOTICE,
    *FLYER,
    *SUPPORT,
    *SIGNAL,
)

BY_CLASS: Final = {kept.data: kept for kept in RETENTION}


def lifetime(data: DataClass) -> timedelta:
    """How long this class lives. Raises ValueError for one that has no lifetime."""
    ttl = BY_CLASS[data].ttl
    if ttl is None:
        raise ValueError(f"{data} has no lifetime")
    return ttl
