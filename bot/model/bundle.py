"""What the letter keeper gets at a freeze: one file with the letter, the sealed entries, and what was withdrawn.

Its first line names the format and the SHA-256 of the rest, which organizers approve. Entries stand in the order of
their bytes, so that a file tells nothing of who signed when, and the same contents make the same file. Pure: `pack`
is for the server, which can't open an entry; `unpack` is for the keeper.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from bot.model.exit import ExpectedError
from bot.model.letter import Letter, LetterStatus
from bot.model.person import Language

MAGIC: Final = b"letter-bundle"
FORMAT: Final = b"1"


class BundleDamaged(ExpectedError):
    """This is no bundle of a letter, or it was changed after it was made."""

    advice: ClassVar[str] = "Get it again from whoever made it. Nothing was written."


class BundleUnknown(ExpectedError):
    """This bundle has a format that this version of the bot does not know."""

    advice: ClassVar[str] = "Open it with the version of the bot that made it. Nothing was written."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle as read. `withdrawn` are ids of entries that must not appear, whether they are still in it or not."""

    letter: Letter
    sealed: tuple[bytes, ...]
    withdrawn: frozenset[str]


def pack(letter: Letter, *, sealed: Iterable[bytes], withdrawn: Iterable[str] = ()) -> bytes:
    """The file. `sealed` is every entry whose person said yes to this text at the final call, each once."""
    content = {
        "letter": {
            "id": letter.id,
            "version": letter.version,
            "status": letter.status.value,
            "titles": {language.value: letter.titles[language] for language in Language},
            "paragraphs": {language.value: list(letter.paragraphs[language]) for language in Language},
        },
        "sealed": [base64.b64encode(entry).decode() for entry in sorted(sealed)],
        "withdrawn": sorted(set(withdrawn)),
    }
    body = json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    return b" ".join((MAGIC, FORMAT, _digest(body).encode())) + b"\n" + body


def bundle_hash(data: bytes) -> str:
    """What organizers approve and the keeper compares: SHA-256 (hex) over all that follows the first line."""
    return _digest(data.partition(b"\n")[2])


def unpack(data: bytes) -> Bundle:
    """What a file holds. Raises BundleDamaged, BundleUnknown."""
    head, _, body = data.partition(b"\n")
    magic, _, rest = head.partition(b" ")
    version, _, digest = rest.partition(b" ")
    if magic != MAGIC:
        raise BundleDamaged
    if version != FORMAT:
        raise BundleUnknown
    if digest != _digest(body).encode():
        raise BundleDamaged
    try:
        return _bundle(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BundleDamaged from None


def _bundle(content: Any) -> Bundle:
    letter = content["letter"]
    return Bundle(
        letter=Letter(
            id=str(letter["id"]),
            version=int(letter["version"]),
            status=LetterStatus(letter["status"]),
            titles={language: str(letter["titles"][language.value]) for language in Language},
            paragraphs={
                language: tuple(map(str, letter["paragraphs"][language.value])) for language in Language
            },
        ),
        sealed=tuple(base64.b64decode(entry, validate=True) for entry in content["sealed"]),
        withdrawn=frozenset(map(str, content["withdrawn"])),
    )


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
