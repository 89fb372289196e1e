"""Letters nobody sees: controls, overrides, joiners, tags. On a card they could make a reviewer sign what is not shown.

What the bot itself puts around values and numbers (`bidi`) is added later, when a card is said.
"""

import unicodedata
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def hidden_in(text: str) -> list[str]:
    """The letters of `text` that nobody sees, as `U+202E`; a line break is seen."""
    return [_name(letter) for letter in text if _is_hidden(letter)]


def unhidden(text: str) -> str:
    """`text` for a terminal, with whatever is hidden written out as `<U+202E>`."""
    return "".join(f"<{_name(letter)}>" if _is_hidden(letter) else letter for letter in text)


def _is_hidden(letter: str) -> bool:
    return letter != "\n" and unicodedata.category(letter) in _HIDDEN


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X}"
