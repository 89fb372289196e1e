"""Rules of cards: what flows show is there, says the same in both languages, and may be served at all."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.engine.graph import nodes
from bot.engine.parse import Place, Problem
from bot.lint.material import Material, problem
from bot.model.card import CardKind, CardStatus, Confidence
from bot.model.person import Language

EMERGENCY: Final = {"1201", "101", "100"}
_NUMBER: Final = re.compile(r"\d+")


def cards_exist(material: Material) -> Iterator[Problem]:
    """Every card that a step shows is there."""
    for node, step in nodes(material.book):
        for name in step.cards:
            if name not in material.cards.cards:
                message = f"`{'.'.join(node)}` shows the card `{name}`, which is not there."
                yield problem(
                    "card",
                    material.draft.place(".".join(node)),
                    message=message,
                    advice="Write it in flows/cards/.",
                )


def low_confidence_is_not_approved(material: Material) -> Iterator[Problem]:
    """A card whose source is weak is never approved."""
    for name, card in material.cards.cards.items():
        if card.confidence is Confidence.LOW and card.status is CardStatus.APPROVED:
            message = f"`{name}` is approved with low confidence."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Find a better source, or make it a draft.",
            )


def languages_agree(material: Material) -> Iterator[Problem]:
    """Both languages of a card name the same numbers, as often."""
    for name, card in material.cards.cards.items():
        numbers = [Counter(_NUMBER.findall(card.texts[language])) for language in Language]
        if numbers[0] != numbers[1]:
            other = sorted(((numbers[0] - numbers[1]) + (numbers[1] - numbers[0])).elements())
            message = f"The languages of `{name}` differ in: {', '.join(other)}."
            yield problem(
                "card", _place(material, name), message=message, advice="Write the same numbers in both."
            )


def always_is_for_emergencies(material: Material) -> Iterator[Problem]:
    """Only a card of the emergency lines may show unapproved."""
    for name, card in material.cards.cards.items():
        numbers = {number for text in card.texts.values() for number in _NUMBER.findall(text)}
        if card.always and (card.kind is not CardKind.PHONE or not numbers <= EMERGENCY):
            message = f"`{name}` is always shown, and is not only about {', '.join(sorted(EMERGENCY))}."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Take `always` away, or the other numbers.",
            )


def review_is_after_source(material: Material) -> Iterator[Problem]:
    """A card is reviewed after its source was written."""
    for name, card in material.cards.cards.items():
        if card.review_by <= card.source_date:
            message = f"`{name}` is to be reviewed before its source was written."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Look at `review_by` and `source_date`.",
            )


def _place(material: Material, name: str) -> Place:
    file, line = material.cards.places[name]
    return Place(file=file, line=line)
