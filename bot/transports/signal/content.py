"""What is in a message of Signal: its words, a command, the file beside them. Pure; for `envelope`.

Only what is named here is read. Who is mentioned, whose other words were quoted, what a file was called: none of it
gets further.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.model.incoming import Command, FileRef, MediaKind, Text

Fields = Mapping[str, object]

# The names of commands are Telegram's: a Hebrew word after a slash is just text.
COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+(.*))?", re.DOTALL)
AROUND: Final = (
    " \t\n\r\u200e\u200f\u061c"  # blanks, and the marks of direction that keyboards for Hebrew put in
)
MENTION: Final = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands in the text where somebody is named
LONG_TEXT: Final = "text/x-signal-plain"
PART: Final = "part"  # the number of a line that was made of a message with several files (`parts`)
CUT: Final = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """The first file of a message; `ref` where it is of a kind that can be passed on."""

    media: MediaKind
    ref: FileRef | None = None


def theirs(timestamp: int) -> str:
    """The name of a message of the person's, sent at that moment (ms)."""
    return f"t{timestamp}"


def ours(timestamp: int) -> str:
    """The name of a message of the bot's own."""
    return f"o{timestamp}"


def is_ours(name: str) -> bool:
    """Whether a message is the bot's own."""
    return name.startswith("o")


def is_file(one: object) -> bool:
    """Whether an attachment is something that somebody sent, and not the rest of a long text."""
    return isinstance(one, dict) and one.get("contentType") != LONG_TEXT


def words(data: Fields) -> str:
    """The words of a message. A daemon before 0.14 cuts long ones, which shows."""
    found = data.get("message")
    text = found.replace(MENTION, "@") if isinstance(found, str) else ""
    whole = max((_size(one) for one in _files(data) if one.get("contentType") == LONG_TEXT), default=0)
    return text + CUT if isinstance(found, str) and whole > len(found.encode()) else text


def typed(text: str, message_id: str, *, reply_to: str | None, quoted: str | None) -> Text | Command:
    """What somebody typed: a command, or words; `quoted` are the bot's own."""
    found = COMMAND.fullmatch(text.strip(AROUND))
    if found is None:
        return Text(text=text, message_id=message_id, reply_to=reply_to, quoted=quoted)
    return Command(name=found[1].lower(), argument=(found[2] or "").strip(), message_id=message_id)


def attached(data: Fields) -> Attached | None:
    """The file beside the words; what was meant to be seen once is not passed on."""
    file = next((one for one in _files(data) if is_file(one)), None)
    if file is None:
        return None
    media = _kind(str(file.get("contentType")))
    match file:
        case {"id": str(name)} if media in (MediaKind.PHOTO, MediaKind.VOICE) and not data.get("viewOnce"):
            return Attached(media=media, ref=FileRef(file_id=name, size=_size(file)))
        case _:
            return Attached(media=media)


def _files(data: Fields) -> list[Fields]:
    found = data.get("attachments")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _size(file: Fields) -> int:
    found = file.get("size")
    return found if type(found) is int and found > 0 else 0


def _kind(content_type: str) -> MediaKind:
    match content_type.partition("/")[0]:
        case "image":
            return MediaKind.PHOTO
        case "audio":
            return MediaKind.VOICE
        case "video":
            return MediaKind.VIDEO
        case _:
            return MediaKind.FILE
