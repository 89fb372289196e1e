"""What stands against a notice before it is asked for: words the bot never says, and what readers would miss. Pure.

Blocked wording, and times that leave it no use, stop a notice. All else is a word of warning, and its author decides.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.almanac import next_allowed
from bot.i18n.blocked import blocked_in
from bot.i18n.hidden import hidden_in
from bot.model.limit import LIMITS
from bot.model.notice import Notice, NoticeContent
from bot.model.person import Language, Platform
from bot.model.text import utf16_length

Blocked = Mapping[Language, tuple[str, ...]]

LONG: Final = 700  # more than a phone shows at once
LONGEST: Final[Mapping[str, int]] = {
    "text": 1500,
    "place": 120,
    "link": 300,
}  # with all that stands around it, one message
USEFUL: Final = timedelta(hours=12)  # a notice that has no time of its own
LATECOMERS: Final = timedelta(hours=2)  # while people still come to what has begun
CLOSE: Final = timedelta(hours=6)  # what begins so soon after the quiet is called off in the quiet
CAPTION: Final = LIMITS[Platform.TELEGRAM].caption
AROUND: Final = 300  # the fixed sentences of a notice at their longest
_LINK: Final = re.compile(r"https://[\w.-]+\.[\w-]+(?:[/?#][^\s<>\"()]*)?")
_NUMBER: Final = re.compile(r"\d+")
_SENTENCE: Final = re.compile(r"(?<=[.!?\n])")
_SHOWN: Final = 100


class Doubt(StrEnum):
    """What is said of a draft, as a word of the flows."""

    NONE = "warn_none"
    NO_HEBREW = "warn_no_hebrew"
    NO_ENGLISH = "warn_no_english"
    BLOCKED = "warn_blocked"
    LONG = "warn_long"
    NUMBERS = "warn_numbers"
    SHOUTED = "warn_shouted"
    LATE = "warn_late"
    QUIET = "warn_quiet"
    PRESSING = "warn_pressing"
    PICTURE = "warn_picture"


class Fault(StrEnum):
    """Why something typed can't be a part of a notice; the value is an outcome."""

    LONG = "long"
    UNREADABLE = "unreadable"


def fault_in(part: str, written: str) -> Fault | None:
    """What is wrong with a text, a place or a link as it was typed, if anything."""
    if utf16_length(written) > LONGEST[part]:
        return Fault.LONG
    if hidden_in(written) or (part == "place" and "\n" in written):
        return Fault.UNREADABLE
    if part == "link" and written and not _LINK.fullmatch(written):
        return Fault.UNREADABLE
    return None


def doubts(notice: Notice, content: NoticeContent, *, blocked: Blocked, now: datetime) -> list[Doubt]:
    """What its author should look at, the gravest first."""
    texts = content.texts
    says_itself = content.called_off and not any(texts.values())
    numbers = [Counter(_NUMBER.findall(text)) for text in texts.values() if text]
    found = {
        Doubt.BLOCKED: blocked_sentence(content, blocked) is not None,
        Doubt.LATE: is_late(notice, content, now=now),
        Doubt.QUIET: leaving(notice, content, now=now) > max(notice.send_at or now, now),
        Doubt.PRESSING: is_pressing(content, now=now),
        Doubt.NO_HEBREW: not says_itself and not texts.get(Language.HEBREW),
        Doubt.NO_ENGLISH: not says_itself and not texts.get(Language.ENGLISH),
        Doubt.NUMBERS: any(one != numbers[0] for one in numbers),
        Doubt.LONG: any(utf16_length(text) > LONG for text in texts.values()),
        Doubt.PICTURE: content.picture is not None and not _fits_a_caption(content),
        Doubt.SHOUTED: any("!" in text for text in texts.values()),
    }
    return [doubt for doubt, is_so in found.items() if is_so] or [Doubt.NONE]


def _fits_a_caption(content: NoticeContent) -> bool:
    """Whether the words surely fit under a picture, with all that stands around them."""
    around = utf16_length(content.place) + utf16_length(content.link) + AROUND
    return all(utf16_length(text) + around <= CAPTION for text in content.texts.values())


def blocked_sentence(content: NoticeContent, blocked: Blocked) -> str | None:
    """The first sentence that says what the bot never says, in whichever language it is written."""
    for text in content.texts.values():
        for sentence in _SENTENCE.split(text):
            if any(
                list(blocked_in(sentence, blocked.get(language, ()), language=language))
                for language in Language
            ):
                return sentence.strip()[:_SHOWN]
    return None


def is_late(notice: Notice, content: NoticeContent, *, now: datetime) -> bool:
    """Whether it would leave when it is of no use any more."""
    return use_ends(notice, content, now=now) <= leaving(notice, content, now=now)


def use_ends(notice: Notice, content: NoticeContent, *, now: datetime) -> datetime:
    """From when on it is not sent any more: as was chosen, else when it begins, or half a day after it leaves."""
    if content.until:
        return content.until
    usual = timedelta() if content.starts_at else USEFUL
    begins = content.starts_at or leaving(notice, content, now=now)
    return begins + (usual if content.lasts is None else content.lasts)


def is_pressing(content: NoticeContent, *, now: datetime) -> bool:
    """Whether it is called off so late that whoever would come has to know at once, also at night."""
    if not content.called_off or content.starts_at is None:
        return False
    return content.starts_at - next_allowed(now, zone=content.zone) < CLOSE


def leaving(notice: Notice, content: NoticeContent, *, now: datetime) -> datetime:
    """When it leaves for who lives by its clocks: not at night or on a day of rest, but in an emergency."""
    leaves = max(notice.send_at or now, now)
    return leaves if notice.is_emergency else next_allowed(leaves, zone=content.zone)
