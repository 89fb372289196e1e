"""Rules of tone: numbers come from cards with a source, and neither information nor distress is shouted at."""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Tone
from bot.engine.parse import Place, Problem
from bot.i18n.template import parse
from bot.lint.material import Material, Wording, problem

CALM: Final = (Tone.INFORMATION, Tone.CRISIS)


def no_digits(material: Material) -> Iterator[Problem]:
    """No digit stands in a flow's text, in any language: numbers and phones are cards."""
    for saying in material.sayings:
        for wording in saying.wordings:
            if any(letter.isdigit() for letter in _words(wording)):
                message = f"A number stands outside the cards: {wording.text!r}."
                yield problem(
                    "digit",
                    wording.place,
                    message=message,
                    advice="Put the fact on a card, or write it without a digit.",
                )


def _words(wording: Wording) -> str:
    """The text without the names of its values."""
    return "".join(piece for piece in parse(wording.text).pieces if isinstance(piece, str))


def no_shouting(material: Material) -> Iterator[Problem]:
    """No exclamation mark in information, in crisis or on a card."""
    texts = [
        (wording.place, wording.text)
        for saying in material.sayings
        if saying.tone in CALM
        for wording in saying.wordings
    ]
    for name, card in material.cards.cards.items():
        file, line = material.cards.places[name]
        texts += [(Place(file=file, line=line), text) for _, text in card.wordings()]
    for place, text in texts:
        if "!" in text:
            yield problem(
                "tone",
                place,
                message=f"An exclamation mark: {text!r}.",
                advice="End the sentence with a full stop.",
            )
