"""The platforms' limits as data; transports and the linter read them, nobody repeats them.

Sources: Telegram's Bot API description 10.0, its bot FAQ, and python-telegram-bot 22.8's constants; Signal's apps and
signal-cli. What a platform can't do is never asked of it: no row is written for it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from bot.model.incoming import FileRef
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    LeaveChat,
    MarkDelivered,
    Payload,
    RemoveKeyboard,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
    Tidying,
    TrustIdentity,
)
from bot.model.person import Platform
from bot.model.text import utf8_length, utf16_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one message on a platform may hold, and what may be done with it later.

    Lengths are UTF-16 units; with `in_bytes`, of UTF-8. Where there are no buttons, choices are a numbered list.
    `deletable`: for how long apps take the bot's messages out of a chat, and with `deletes_theirs` what the person
    wrote; a sensitive one goes after `sensitive`, at a moment nobody can tell within the `spread`. `marks`: a message
    can be given a small sign. `expires`: messages can disappear by themselves. `media`: photos and voice can be taken
    over and sent, with a caption. `trusts`: an address can come to be another phone, which has to be trusted.
    """

    text: int
    in_bytes: bool = False
    label: int = 64
    buttons: int = 0
    callback_bytes: int = 0
    edits: bool = False
    deletable: timedelta = timedelta()
    sensitive: timedelta = timedelta()
    spread: timedelta = timedelta()
    deletes_theirs: bool = False
    files: bool = False
    marks: bool = False
    trusts: bool = False
    expires: bool = False
    media: bool = False
    caption: int = 0

    @property
    def has_buttons(self) -> bool:
        """Whether choices stand under a message as a keyboard."""
        return self.buttons > 0

    @property
    def deletes(self) -> bool:
        """Whether messages can be taken out of a chat at all."""
        return self.deletable > timedelta()

    @property
    def renews(self) -> bool:
        """Whether a message can change again and again. Signal's apps take ten edits of one, and show each."""
        return self.edits and self.has_buttons

    def length(self, text: str) -> int:
        """How long a text is here."""
        return utf8_length(text) if self.in_bytes else utf16_length(text)


DELETABLE: Final = timedelta(hours=48)  # at most, anywhere
LIMITS: Final = {
    Platform.TELEGRAM: Limits(
        text=4096,
        buttons=100,
        callback_bytes=64,
        edits=True,
        deletable=DELETABLE,
        sensitive=timedelta(hours=24),
        spread=timedelta(hours=12),
        deletes_theirs=True,
        files=True,
        marks=True,
        media=True,
        caption=1024,
    ),
    Platform.SIGNAL: Limits(
        text=2000,  # beyond that apps show the beginning and "read more"
        in_bytes=True,
        edits=True,
        deletable=timedelta(hours=24),  # later the daemon still says yes, and the apps do nothing
        sensitive=timedelta(hours=16),
        spread=timedelta(hours=4),
        files=True,
        marks=True,
        expires=True,
        media=True,
        caption=2000,
        trusts=True,
    ),
}

DELETED_AT_ONCE: Final = 100  # ids in one call

# What is carried of a photo or a voice message: enough for any of them, and little enough to make anew in seconds.
MEDIA_BYTES: Final = 10 * 2**20
MEDIA_SECONDS: Final = 10 * 60


def takes(limits: Limits, payload: Payload) -> bool:
    """Whether a platform with these limits can do what is asked for."""
    match payload:
        case SendMessage():
            return limits.has_buttons or not payload.rows
        case SendFile():
            return limits.files
        case SendChart():
            return limits.media and limits.length(payload.caption.text) <= limits.caption
        case SendMedia():
            return limits.media and (limits.has_buttons or not payload.rows)
        case EditMessage():
            return limits.edits and (limits.has_buttons or not payload.rows)
        case _:
            return _tidies(limits, payload)


def _tidies(limits: Limits, payload: Tidying) -> bool:
    match payload:
        case RemoveKeyboard():
            return limits.has_buttons
        case MarkDelivered():
            return limits.marks
        case DeleteMessages():
            return limits.deletes
        case SetExpiry():
            return limits.expires
        case LeaveChat():
            return True
        case TrustIdentity():
            return limits.trusts
        case _:
            assert_never(payload)


def is_carried(file: FileRef) -> bool:
    """Whether a photo or a voice message is small enough to be passed on."""
    return file.size <= MEDIA_BYTES and file.seconds <= MEDIA_SECONDS
