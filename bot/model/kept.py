"""What can be said of a class of data that is kept: from when its lifetime counts, what ends it, what keeps it.

The one table made of these is `model.retention`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """Every class of data there is."""

    EVENT_BODY = "event_body"
    EVENT_TAG = "event_tag"
    CALL_BODY = "call_body"
    MESSAGE_REF = "message_ref"
    LINE_MESSAGE = "line_message"
    SESSION = "session"
    PERSON = "person"
    ROLE = "role"
    VOLUNTEER = "volunteer"
    NEWCOMER = "newcomer"
    ON_CALL = "on_call"
    INVITE = "invite"
    AUDIT = "audit"
    TIMER = "timer"
    DEAD_BODY = "dead_body"
    DEAD_LETTER = "dead_letter"
    DAY_KEY = "day_key"
    PERSON_KEY = "person_key"
    MESSAGE_KEY = "message_key"
    COUNTER = "counter"
    CARD_PULL = "card_pull"
    CONSENT = "consent"
    PROPOSAL = "proposal"
    CASE = "case"
    OFFER = "offer"
    MOVE = "move"
    THINKING = "thinking"
    SIGNATURE = "signature"
    DRAFT = "draft"
    DRAFT_KEY = "draft_key"
    PUBLICATION = "publication"
    REMOVAL = "removal"
    NOTICE_COPY = "notice_copy"
    NOTICE_ANSWER = "notice_answer"
    NOTICE_REPLY = "notice_reply"
    NOTICE_WORDS = "notice_words"
    NOTICE_DRAFT = "notice_draft"
    NOTICE = "notice"
    NOTICE_AIM = "notice_aim"
    NOTICE_COUNT = "notice_count"
    FLYER = "flyer"
    FLYER_COUNT = "flyer_count"
    ADDRESSEE = "addressee"
    SUPPORT_TEXT = "support_text"
    SUPPORT_FATE = "support_fate"
    CARD_DOUBT = "card_doubt"
    WORDS_KEY = "words_key"
    SPOOL = "spool"


class Since(StrEnum):
    """From when a lifetime counts."""

    RECEIVED = "received"
    HANDLED = "handled"
    WRITTEN = "written"
    SENT = "sent"
    SEEN = "seen"
    DIED = "died"
    CREATED = "created"
    DUE = "due"
    DAY_ENDED = "day_ended"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Group(StrEnum):
    """Under which heading a class is told of; the value names the heading's phrase, in the order of the page."""

    WORDS = "kept_words"
    PERSON = "kept_person"
    CHAT = "kept_chat"
    WORK = "kept_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long one class of data lives at most.

    `words` is the msgctxt of its plain words, for people, in the locales; `sooner` what ends it before its time,
    `unless` what keeps it beyond, both in words for engineers. No `ttl`: it is not about a person, or ends by itself.
    """

    data: DataClass
    words: str
    table: str
    since: Since
    ttl: timedelta | None
    sooner: str = ""
    unless: str = ""
    group: Group = Group.WORK
