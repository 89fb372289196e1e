"""Rules of direction: isolates belong together line by line, and nothing overrides the reading order.

Embeddings and overrides (U+202A..U+202E) are deleted by Telegram; isolates end with their paragraph.
"""

from collections.abc import Iterator

from bot.engine.parse import Place, Problem
from bot.i18n.bidi import EMBEDDINGS, FSI, LRI, PDI
from bot.lint.material import Material, problem

RLI = "\u2067"


def isolates_are_balanced(material: Material) -> Iterator[Problem]:
    """Every isolate ends on its own line, and nothing ends that did not begin."""
    for place, text in _texts(material):
        if not all(_is_balanced(line) for line in text.split("\n")):
            message = f"{text!r} opens a direction it does not close."
            yield problem(
                "direction",
                place,
                message=message,
                advice="Take U+2066..U+2069 away: the bot puts them where needed.",
            )


def _is_balanced(line: str) -> bool:
    depth = 0
    for letter in line:
        if letter in (FSI, LRI, RLI):
            depth += 1
        elif letter == PDI:
            depth -= 1
        if depth < 0:
            return False
    return depth == 0


def no_overrides(material: Material) -> Iterator[Problem]:
    """No text has an embedding or an override in it."""
    for place, text in _texts(material):
        if set(text) & set(EMBEDDINGS):
            message = f"{text!r} overrides the reading order."
            yield problem("direction", place, message=message, advice="Take U+202A..U+202E away.")


def _texts(material: Material) -> Iterator[tuple[Place, str]]:
    """Every text a person may get, flows and cards."""
    for saying in material.sayings:
        yield from ((wording.place, wording.text) for wording in saying.wordings)
    for name, card in material.cards.cards.items():
        file, line = material.cards.places[name]
        yield from ((Place(file=file, line=line), text) for _, text in card.wordings())
