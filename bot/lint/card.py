"""Rules of cards: what flows show is there, says the same in both languages, and may be served at all."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.engine.graph import nodes
from bot.engine.parse import Place, Problem
from bot.i18n.hidden import hidden_in
from bot.lint.material import Material, problem
from bot.model.card import Card, CardKind
from bot.model.person import Language

EMERGENCY: Final = {"1201", "101", "100"}
LONGEST_PARAGRAPH: Final = 350
DAY: Final = timedelta(days=1)
_NUMBER: Final = re.compile(r"\d+")
_PHONE: Final = re.compile(r"\*\d{3,}|(?<![\d.])\+?\d(?:[\d -]*\d)?(?![\d.]*\d)")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FEWEST_DIGITS: Final = 7


def cards_exist(material: Material) -> Iterator[Problem]:
    """Every card that a step shows is there."""
    for node, step in nodes(material.book):
        for name in step.cards:
            if name not in material.cards.cards and not name.startswith("$"):
                message = f"`{'.'.join(node)}` shows the card `{name}`, which is not there."
                yield problem(
                    "card",
                    material.draft.place(".".join(node)),
                    message=message,
                    advice="Write it in flows/cards/.",
                )


def languages_agree(material: Material) -> Iterator[Problem]:
    """Both languages of a card name the same numbers, as often."""
    for name, card in material.cards.cards.items():
        english = Counter(_NUMBER.findall(card.texts[Language.ENGLISH]))
        for _, text in card.wordings():
            numbers = Counter(_NUMBER.findall(text))
            other = sorted(((english - numbers) + (numbers - english)).elements())
            if not other:
                continue
            message = f"The languages of `{name}` differ in: {', '.join(other)}."
            yield problem(
                "card", _place(material, name), message=message, advice="Write the same numbers in both."
            )


def always_is_for_emergencies(material: Material) -> Iterator[Problem]:
    """Only a card of the emergency lines may show unapproved."""
    for name, card in material.cards.cards.items():
        numbers = {number for _, text in card.wordings() for number in _NUMBER.findall(text)}
        if card.always and (card.kind is not CardKind.PHONE or not set() < numbers <= EMERGENCY):
            message = f"`{name}` is always shown, and is not only about {', '.join(sorted(EMERGENCY))}."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Take `always` away, or the other numbers.",
            )


def review_is_after_source(material: Material) -> Iterator[Problem]:
    """A card is fetched and reviewed after its source was written."""
    for name, card in material.cards.cards.items():
        if min(card.review_by, card.provenance.fetched_on + DAY) <= card.source_date:
            message = f"`{name}` is fetched or to be reviewed before its source was written."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Look at `review_by`, `fetched_on` and `source_date`.",
            )


def doubts_name_cards(material: Material) -> Iterator[Problem]:
    """What counts that a fact is wrong names the fact: `count: card.ID.wrong`."""
    for node, step in nodes(material.book):
        name = (step.count or "").removeprefix("card.").removesuffix(".wrong")
        if step.count == f"card.{name}.wrong" and name not in material.cards.cards:
            message = f"`{'.'.join(node)}` counts doubts of `{name}`, which is not there."
            yield problem(
                "card",
                material.draft.place(".".join(node)),
                message=message,
                advice="Name one of the cards in flows/cards/.",
            )


def phones_are_registered(material: Material) -> Iterator[Problem]:
    """A phone number on any card stands on a card of kind `phone` too: those are dialled every month."""
    cards = material.cards.cards
    known = {phone for card in cards.values() if card.kind is CardKind.PHONE for phone in phones_of(card)}
    for name, card in cards.items():
        for phone in sorted(phones_of(card) - known):
            message = f"`{name}` names {phone}, which stands on no card of kind phone."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Give the number a card of its own, or take it away.",
            )


def phones_of(card: Card) -> set[str]:
    """The phone numbers of a card, as digits: seven digits or more, or any after a star."""
    found = {
        "".join(letter for letter in match if letter in "*0123456789")
        for _, text in card.wordings()
        for match in _PHONE.findall(_DATE.sub("", text))
    }
    return {phone for phone in found if phone.startswith("*") or len(phone) >= _FEWEST_DIGITS}


def nothing_is_hidden(material: Material) -> Iterator[Problem]:
    """A card has no letter that its reviewers can't see."""
    for name, card in material.cards.cards.items():
        texts = [*(text for _, text in card.wordings()), *card.sources.values(), card.source_url]
        if hidden := sorted({letter for text in texts for letter in hidden_in(text)}):
            message = f"`{name}` has letters nobody sees: {', '.join(hidden)}."
            yield problem(
                "card",
                _place(material, name),
                message=message,
                advice="Type the line anew; the bot puts direction marks where they are needed.",
            )


def paragraphs_are_short(material: Material) -> Iterator[Problem]:
    """No paragraph of a card is longer than can be read at a glance."""
    for name, card in material.cards.cards.items():
        for _, text in card.wordings():
            for paragraph in text.split("\n"):
                if len(paragraph) > LONGEST_PARAGRAPH:
                    message = f"`{name}` has a paragraph of {len(paragraph)} characters: {paragraph[:40]!r}."
                    yield problem(
                        "card",
                        _place(material, name),
                        message=message,
                        advice=f"Part it: {LONGEST_PARAGRAPH} at most.",
                    )


def superseded_cards_are_gone(material: Material) -> Iterator[Problem]:
    """A card that another one took the place of is no longer there."""
    cards = material.cards.cards
    for name, card in cards.items():
        if card.provenance.supersedes in cards:
            message = f"`{name}` supersedes `{card.provenance.supersedes}`, which is still there."
            yield problem("card", _place(material, name), message=message, advice="Remove one of the two.")


def _place(material: Material, name: str) -> Place:
    file, line = material.cards.places[name]
    return Place(file=file, line=line)
