"""Typed words in one plain shape, so that what people type can be compared: no points, quotes, case or marks.

Hebrew loses its vowel points and final letters, and every spelling of geresh and gershayim (ולת״ם, ולת"ם and
ולתם are one word); Latin loses accents. For comparing only: nothing normalised is ever shown.
"""

import re
import unicodedata
from typing import Final

PREFIXES: Final = "ושהכלבמ"

_FINALS: Final = str.maketrans("ךםןףץ", "כמנפצ")
_JOINED: Final = re.compile("['\"`\u00b4\u02bc\u05f3\u05f4\u2018-\u201f\u2032\u2033]")
_INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_FOREIGN: Final = re.compile("[^\x00-\x7fא-ת]")
_APART: Final = re.compile(r"[\W_]+")
_FACES: Final = re.compile(r"(?<!\w)[<:;=]-?3+(?!\w)")  # <3 and :3 are no numbers
_HEARTS: Final = re.compile(r"(?<!\w)<3+(?!\w)")


def normalise(text: str) -> str:
    """`text` as lower-case words parted by single spaces; "" if nothing of it can be read. Idempotent."""
    text = _INVISIBLE.sub("", _JOINED.sub("", _FACES.sub(" ", text)))
    folded = _stripped(_stripped(text).casefold()).translate(_FINALS)
    return _APART.sub(" ", _JOINED.sub("", folded)).strip()


def with_hearts(text: str) -> str:
    """`text` with hearts for those that were typed as signs. Example: "thanks <3"."""
    return _HEARTS.sub("\N{HEAVY BLACK HEART}", text)


def _stripped(text: str) -> str:
    """`text` decomposed by compatibility, without points and accents, every digit an ASCII one."""
    if text.isascii():
        return text
    return _FOREIGN.sub(_plain, unicodedata.normalize("NFKD", text))


def _plain(found: re.Match[str]) -> str:
    category = unicodedata.category(found[0])
    if category == "Nd":
        return str(unicodedata.decimal(found[0]))
    return "" if category in ("Mn", "Me") else found[0]


def without_prefix(word: str) -> tuple[str, ...]:
    """A normalised Hebrew word as it may read without an attached ו ש ה כ ל ב מ; at least three letters stay.

    Example: without_prefix("למכתב") is ("מכתב", "כתב"): which of them is meant, only the context knows.
    """
    bare = (word[cut:] for cut in (1, 2) if set(word[:cut]) <= set(PREFIXES))
    return tuple(rest for rest in bare if len(rest) >= 3)
