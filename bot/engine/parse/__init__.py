"""YAML in, flows and cards out. Every problem of every file is gathered before anything is refused.

`book.py` reads a directory of flows, `letter.py` the letters in it, `card.py` a directory of cards, `register.py`
who approved them, `words.py` a list of words per language, `names.py` the names of cases;
`tree.py` is the only place that knows ruamel.yaml.
"""

from bot.engine.parse.book import (
    CRISIS_EXCEPTIONS,
    CRISIS_WORDS,
    LETTER_WORDING,
    NAMES,
    URGENT_WORDS,
    WORDING,
    Draft,
    Place,
    read_book,
    read_draft,
)
from bot.engine.parse.card import CardDraft, read_card_draft, read_cards
from bot.engine.parse.letter import LETTERS
from bot.engine.parse.names import read_names
from bot.engine.parse.problem import FlowsRefused, Problem
from bot.engine.parse.register import (
    APPROVALS,
    REVIEWERS,
    RegisterDraft,
    read_register,
    read_register_draft,
)
from bot.engine.parse.words import read_words

__all__ = [
    "APPROVALS",
    "CRISIS_EXCEPTIONS",
    "CRISIS_WORDS",
    "LETTERS",
    "LETTER_WORDING",
    "NAMES",
    "REVIEWERS",
    "URGENT_WORDS",
    "WORDING",
    "CardDraft",
    "Draft",
    "FlowsRefused",
    "Place",
    "Problem",
    "RegisterDraft",
    "read_book",
    "read_card_draft",
    "read_cards",
    "read_draft",
    "read_names",
    "read_register",
    "read_register_draft",
    "read_words",
]
