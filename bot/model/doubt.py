"""What people say is wrong with a fact: that they said so, a sentence if they wrote one, and never who they are."""

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 300  # characters of a sentence
MOST: Final = 30  # that wait about one fact; what is said beyond that is counted only


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Somebody said that this content of a card is wrong. `words` are empty where they left it at that."""

    id: int
    content: str
    words: str
