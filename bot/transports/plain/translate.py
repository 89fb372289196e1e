"""What a raw message says, and how our text looks without styles. Pure."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

import orjson

from bot.model.incoming import Command, Envelope, Incoming, Text
from bot.model.text import Rich

COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:\s+(.*))?", re.DOTALL)


def envelope(raw: bytes) -> Envelope:
    """The outside of a message; never raises. One that is none gets the hash of its bytes and is nobody's."""
    try:
        number, sender, _ = _fields(raw)
    except ValueError:
        return Envelope(external_id="sha256:" + hashlib.sha256(raw).hexdigest(), routing_id=None)
    return Envelope(external_id=str(number), routing_id=sender)


def read(raw: bytes) -> Incoming:
    """What a message says. Raises ValueError if it is none."""
    number, _, found = _fields(raw)
    text, language = str(found.get("text", "")), found.get("language")
    command = COMMAND.fullmatch(text)
    happening = (
        Command(name=command[1], argument=(command[2] or "").strip(), message_id=str(number))
        if command
        else Text(text=text, message_id=str(number))
    )
    return Incoming(happening=happening, language_code=str(language) if language else None)


def _fields(raw: bytes) -> tuple[int, str, Mapping[str, object]]:
    """Number, sender and what else there is. Raises ValueError."""
    match orjson.loads(raw):
        case {"number": int(number), "sender": str(sender), **rest}:
            return number, sender, {str(name): value for name, value in rest.items()}
        case _:
            raise ValueError("not a message")


def words_of(rich: Rich) -> str:
    """The text without styles; where a link leads stands behind its words."""
    text = rich.text
    for span in reversed(rich.spans):
        if span.url and span.url != rich.text[span.start : span.end]:
            text = f"{text[: span.end]} ({span.url}){text[span.end :]}"
    return text
