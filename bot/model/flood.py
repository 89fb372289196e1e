"""When many messages are too many: the thresholds as one table, from which the turnstile acts and operators read.

Within a rule each message beyond `more_than` in `within` is handled `pace` after the one before it, or not stored at
all where there is no pace. A factor given by an operator raises every count and shortens every pace.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final


class Flow(StrEnum):
    """What is counted: the name of a rule."""

    BURST = "burst"
    QUICK = "quick"
    MANY = "many"
    TOO_MANY = "too_many"
    SAME_WORDS = "same_words"
    URGENT = "urgent"
    NEWCOMERS = "newcomers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One threshold. `counted` says in operators' words what is counted, `then` what becomes of what is beyond it."""

    counted: str
    more_than: int
    within: timedelta
    pace: timedelta | None
    then: str


RULES: Final[Mapping[Flow, Rule]] = {
    Flow.BURST: Rule(
        counted="messages and presses of one person",
        more_than=1,
        within=timedelta(milliseconds=500),
        pace=timedelta(milliseconds=500),
        then="one is handled each half second, so that others come between",
    ),
    Flow.QUICK: Rule(
        counted="messages and presses of one person",
        more_than=12,
        within=timedelta(minutes=1),
        pace=timedelta(seconds=1),
        then="one is handled each second",
    ),
    Flow.MANY: Rule(
        counted="messages and presses of one person",
        more_than=40,
        within=timedelta(minutes=1),
        pace=timedelta(seconds=3),
        then="the person is told once, with the time three minutes on; until then one is handled each 3 seconds",
    ),
    Flow.TOO_MANY: Rule(
        counted="more of a person who was told",
        more_than=20,
        within=timedelta(minutes=3),
        pace=None,
        then="not stored until the time they were told, counted in `bot_updates_held_total`; "
        "whoever is on an open line is handled slowly, and nothing is dropped",
    ),
    Flow.SAME_WORDS: Rule(
        counted="the same urgent words, press or command of a person who was told",
        more_than=3,
        within=timedelta(minutes=1),
        pace=None,
        then="not stored: the same was answered just before",
    ),
    Flow.URGENT: Rule(
        counted="urgent words, presses and commands of a person who was told",
        more_than=20,
        within=timedelta(minutes=1),
        pace=None,
        then="not stored: the numbers were given just before",
    ),
    Flow.NEWCOMERS: Rule(
        counted="what is not held already of everybody who came in the last ten minutes, together",
        more_than=300,
        within=timedelta(seconds=10),
        pace=timedelta(milliseconds=20),
        then="50 of them are handled each second; who is known goes first",
    ),
}
NEW_FOR: Final = timedelta(minutes=10)


def raised(factor: int) -> Mapping[Flow, Rule]:
    """The table with every threshold `factor` times as high."""
    return {
        flow: replace(rule, more_than=rule.more_than * factor, pace=rule.pace / factor if rule.pace else None)
        for flow, rule in RULES.items()
    }
