"""What a transport read out of one raw update: a fact about a private chat, in no language.

A raw update becomes an `Envelope` when it is received (whose it is, how to tell a redelivery) and an
`Incoming` when it is processed (what was said or done). The words in it live only as long as the turn.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from bot.model.person import Platform
from bot.model.text import Rich


class MediaKind(StrEnum):
    """Kinds of content the bot cannot take; each has a kind sentence in `flows/system.yaml`."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    STICKER = "sticker"
    FILE = "file"
    CONTACT = "contact"
    LOCATION = "location"
    FORWARD = "forward"
    OTHER = "other"


AND: Final = "+"  # between the ids of what a platform shows as two messages and we know as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The outside of a raw update.

    `external_id` is unique per bot (Telegram: update_id); `routing_id` is the chat's, a person's or that of a group to
    be left, None where there is none; `press_id` is what to acknowledge so that a button stops spinning.
    """

    external_id: str
    routing_id: str | None
    press_id: str | None = None


class By(StrEnum):
    """How words came to be: typed, or a sign put on a message, or a vote in a poll by the number of its answer."""

    HAND = "hand"
    SIGN = "sign"
    VOTE = "vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words a person typed; `reply_to` is the message they quote. Example: Text(text="2", message_id="17").

    `quoted` is what the first button under that message sends, if it is a notice; where there are no buttons, the
    bot's own words that are quoted: not trusted either. With a sign or a vote, `reply_to` is what it is put on.
    """

    text: str
    message_id: str
    reply_to: str | None = None
    quoted: str | None = None
    by: By = By.HAND
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command without its slash. Example: /start flyer7 is Command(name="start", argument="flyer7")."""

    name: str
    argument: str
    message_id: str
    kind: Literal["command"] = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button was pressed. `data` is not trusted; `shown` is the message's text, None if it is too old to see."""

    data: str
    message_id: str
    shown: Rich | None
    kind: Literal["press"] = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file as its platform knows it: what to fetch it by. Where `size` (bytes) is 0, nobody said.

    Never shown to anybody, and of no use outside the bot. Example: FileRef(file_id="AgAC", size=90000, seconds=0).
    """

    file_id: str
    size: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRef:
    """A photo or a voice message that somebody passes on, and the platform that has it."""

    media: Literal[MediaKind.PHOTO, MediaKind.VOICE]
    source: Platform
    file: FileRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Something other than words; `album` is what was sent together with it, if anything.

    `file` is there for a photo and a voice message. `caption` is plain text, for a line and for crisis phrases.
    """

    media: MediaKind
    message_id: str
    album: str | None = None
    file: FileRef | None = None
    caption: str = ""
    reply_to: str | None = None
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A person edited a message they had sent: its words, or the caption of its photo or voice.

    Outside a line the new words are read for crisis phrases only. `media` says that they stand under something;
    another photo in the place of the first looks the same. `renamed` is what the message is called from now on, where
    an edit has a name of its own, by which the next edit knows it.
    """

    text: str
    message_id: str
    media: MediaKind | None = None
    reply_to: str | None = None
    renamed: str | None = None
    kind: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A person deleted for everyone a message they had sent; of one that was edited, `message_id` is any of its names.

    What went as several (a file each) is named by the first, and goes whole.
    """

    message_id: str
    kind: Literal["deleted"] = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachability:
    """A person blocked the bot (False) or took it back (True)."""

    reachable: bool
    kind: Literal["reachability"] = "reachability"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """Another phone answers at this address; what it sends can't be read before it is trusted."""

    kind: Literal["identity_changed"] = "identity_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupContact:
    """The bot was put or written to in a group; it answers nothing there and leaves."""

    chat_id: str
    kind: Literal["group"] = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryChanged:
    """A person set after how many seconds messages of the chat disappear; 0: they stay."""

    seconds: int
    kind: Literal["expiry"] = "expiry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """An update that asks for nothing (the bot's own leaving, a kind we did not ask for)."""

    kind: Literal["ignored"] = "ignored"


Happening = (
    Text
    | Command
    | Press
    | Media
    | Edited
    | Deleted
    | Reachability
    | IdentityChanged
    | GroupContact
    | ExpiryChanged
    | Ignored
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One understood update: what happened, and the language the person's app speaks (BCP 47, may be absent).

    `written_at` is when the platform got it, where it says so: an outage lies between that and the receiving.
    `expiry`: after how many seconds it disappears from the chat, 0 if it stays, where messages can.
    """

    happening: Happening
    language_code: str | None = None
    written_at: datetime | None = None
    expiry: int | None = None
