"""The way a visitor takes through the flows: by choice ids, over the menu, its parts and the weighing.

A round begins and ends at the menu, so that everybody can go on for ever.
"""

from collections.abc import Iterator
from itertools import chain, cycle, islice
from typing import Final

HOME: Final = "order"  # a choice that only the menu has: seeing it means to be there
ONBOARDING: Final = ("go_on", "none")
ROUNDS: Final = (
    ("order", "back"),
    ("others", "back"),
    ("think", "time", "facts", "back", "menu"),
    ("more", "back"),
    ("urgent", "back"),
)
WORDS_OF_ALL: Final = tuple(dict.fromkeys(chain(*ROUNDS)))


def walk(first: int) -> Iterator[str]:
    """Choices for ever, beginning with round number `first`."""
    return chain.from_iterable(islice(cycle(ROUNDS), first % len(ROUNDS), None))
