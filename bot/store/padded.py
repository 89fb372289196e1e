"""Lists for IN (...) in a few lengths only, so that databases meet few different statements and reuse their plans."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def padded(items: Sequence[Item]) -> list[Item]:
    """The items, the last one repeated up to the next power of two; an empty list stays empty."""
    if not items:
        return []
    missing = (1 << (len(items) - 1).bit_length()) - len(items)
    return [*items, *([items[-1]] * missing)]
