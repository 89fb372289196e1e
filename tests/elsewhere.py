"""What is said on Signal in the place of what holds on Telegram alone, by the flows of the product."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from bot.engine.flow import Phrase
from bot.i18n.catalog import Catalogs
from bot.i18n.render import VOICES, Renderer
from bot.model.person import Platform, Voice
from tests.engine.real import real_book
from tests.happening import MARKS

VALUE = re.compile(r"\{(\w+)\}")
LOCALES = Path(__file__).parents[1] / "locales"


def said_there(lines: Iterable[str]) -> Iterator[str]:
    """The lines as a phone with Signal shows them, without direction marks."""
    for line in lines:
        yield from _swaps().get(line, (line,))


@cache
def everywhere() -> frozenset[str]:
    """The labels of what holds everywhere, in every voice."""
    book, renderer = real_book(), Renderer(Catalogs.load(LOCALES))
    labels = (label for one in book.commands.values() for label in (one.safety, one.menu, one.card) if label)
    return frozenset(wording for label in labels for wording in renderer.labels(label))


@cache
def _swaps() -> Mapping[str, tuple[str, ...]]:
    """By each line for Telegram what stands there instead, in every voice; it has to be one paragraph."""
    book, renderer = real_book(), Renderer(Catalogs.load(LOCALES))
    said = [step.say for flow in book.flows.values() for step in flow.steps.values()]
    pairs = [pair for one in said for pair in pairwise(one) if pair[0].on is Platform.TELEGRAM]
    return {
        "".join(_lines(_label(renderer, voice, here))): tuple(_lines(_label(renderer, voice, there)))
        for here, there in pairs
        for voice in VOICES
    }


def _label(renderer: Renderer, voice: Voice, phrase: Phrase) -> str:
    """The words, with what stands in them by its name, as in a story."""
    return renderer.label(voice, phrase, {name: f"<{name}>" for name in VALUE.findall(phrase.text)})


def _lines(text: str) -> Iterator[str]:
    for mark in MARKS:
        text = text.replace(mark, "")
    return filter(None, text.split("\n"))
