"""The language that somebody's words are written in, by their letters: all there is to go by where no app tells it."""

import re
from typing import Final

from bot.model.person import Language

_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER: Final = re.compile(r"[^\W\d_]")


def written_in(text: str) -> Language | None:
    """Hebrew if any letter is Hebrew, or of another script: Hebrew is read where Arabic, Russian and Amharic are.

    English if all letters are Latin; None where there is no letter.
    """
    if _OTHER.search(_LATIN.sub("", text)):
        return Language.HEBREW
    return Language.ENGLISH if _LATIN.search(text) else None
