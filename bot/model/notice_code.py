"""The code of a notice: what is typed for its answers where there are no buttons. Example: "UK2" is the second one.

It follows from the number a notice has in their order, so that copies hold nothing for it. It begins with a letter that
no code of a prompt has, and comes back after `CODES` other notices, when the words of the first are long gone.
"""

import re
from typing import Final

_FIRST: Final = "UVWXYZ"
_SECOND: Final = "ABCDEFGHJKMNPQRSTUVWXYZ"  # without those that look like figures
CODES: Final = len(_FIRST) * len(_SECOND)
_ANSWER: Final = re.compile(rf"(?<![A-Z])([{_FIRST}][{_SECOND}])(?=\d\b)")


def code_of(serial: int) -> str:
    """The code of the notice of that number, from 1."""
    first, second = divmod(serial % CODES, len(_SECOND))
    return _FIRST[first] + _SECOND[second]


def remainder_of(code: str) -> int | None:
    """What is left of the number of every notice with this code when divided by `CODES`; None if it is none."""
    if len(code) != 2 or code[0] not in _FIRST or code[1] not in _SECOND:
        return None
    return _FIRST.index(code[0]) * len(_SECOND) + _SECOND.index(code[1])


def shown_in(words: str) -> str | None:
    """The one code that stands in words as they were sent, before a figure; None if there is none, or more."""
    found = set(_ANSWER.findall(words))
    return found.pop() if len(found) == 1 else None
