"""Every table of the data file: ciphertext, blind indexes, and as little else as the work needs.

Times are milliseconds since 1970 (UTC), days are ordinal numbers, ids are ours and known before the insert.
What a column holds sealed is named `*_sealed` or `body`; under whose key is said beside it. Migrations follow this.
"""

from bot.store.tables.answer import notice_answer, notice_reply
from bot.store.tables.case import case, offer
from bot.store.tables.consent import consent, consent_text
from bot.store.tables.desk import alert, audit, card_doubt, card_pull, counter, invite, memo, pause
from bot.store.tables.flyer import flyer
from bot.store.tables.letter import signature
from bot.store.tables.line import line_message
from bot.store.tables.notice import notice, notice_copy, notice_count, notice_purpose
from bot.store.tables.proposal import proposal
from bot.store.tables.publication import publication, removal
from bot.store.tables.queue import SCREEN_ONLY, dead_letter, inbox, message_ref, outbox, timer
from bot.store.tables.shape import Flag, metadata
from bot.store.tables.support import addressee, support
from bot.store.tables.volunteer import on_call, volunteer
from bot.store.tables.who import address, move, person, role, session

__all__ = [
    "SCREEN_ONLY",
    "Flag",
    "address",
    "addressee",
    "alert",
    "audit",
    "card_doubt",
    "card_pull",
    "case",
    "consent",
    "consent_text",
    "counter",
    "dead_letter",
    "flyer",
    "inbox",
    "invite",
    "line_message",
    "memo",
    "message_ref",
    "metadata",
    "move",
    "notice",
    "notice_answer",
    "notice_copy",
    "notice_count",
    "notice_purpose",
    "notice_reply",
    "offer",
    "on_call",
    "outbox",
    "pause",
    "person",
    "proposal",
    "publication",
    "removal",
    "role",
    "session",
    "signature",
    "support",
    "timer",
    "volunteer",
]
