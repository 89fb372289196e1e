"""Phrases and cards as formatted text: translation, values, markup and direction together.

A text is parsed once per language and form; values are put in anew each time and never kept. Labels of buttons
are the same text without styles. `pipeline.effects` calls this for every word that leaves.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from bot.engine.flow import Phrase
from bot.engine.need import WORDS
from bot.i18n.bidi import clean, isolate, lead, listed, steady
from bot.i18n.catalog import NO_VALUES, Catalogs
from bot.i18n.error import BadValue
from bot.i18n.moment import shown
from bot.i18n.template import Format, parse
from bot.i18n.week import told
from bot.model.card import Card
from bot.model.case import Need
from bot.model.chart import SMALLEST
from bot.model.chart import told as told_number
from bot.model.person import Form, Language, Voice
from bot.model.text import Rich
from bot.model.topic import area_of, purpose, topic_of

NOTHING: Final = "\u2060"  # a letter without width
BULLET: Final = "•"
FEWER: Final = "fewer"  # the word of a number of people that is not told
BETWEEN: Final = " · "  # a topic and its area
VOICES: Final = (
    *(Voice(language=Language.HEBREW, form=form) for form in Form),
    Voice(language=Language.ENGLISH),
)


class Renderer:
    """Makes a voice's words out of phrases."""

    def __init__(
        self,
        catalogs: Catalogs,
        *,
        names: Mapping[str, Mapping[Language, str]] = MappingProxyType({}),
        phrases: Mapping[str, Phrase] = MappingProxyType({}),
    ) -> None:
        """`phrases` are the book's, `names` those of names.yaml: what a value can stand for."""
        self._catalogs = catalogs
        self._names = names
        self._phrases = phrases

    def render(self, voice: Voice, phrase: Phrase, values: Mapping[str, str] = NO_VALUES) -> Rich:
        """`phrase` for `voice`. Raises MissingValue, BadValue or BadTemplate; extra values are ignored."""
        text = self._catalogs.text(voice, phrase, values)
        template = parse(text, rtl=voice.language is Language.HEBREW)
        if template.fixed is not None:
            return template.fixed
        return template.fill(values, lambda value, kind: self._inserted(value, kind, voice))

    def label(self, voice: Voice, phrase: Phrase, values: Mapping[str, str] = NO_VALUES) -> str:
        """The plain words of `phrase`, for a button or a list."""
        return self.render(voice, phrase, values).text

    def item(self, voice: Voice, phrase: Phrase, *, sign: str) -> str:
        """`phrase` as one answer of a list, after the number or code that may be typed for it."""
        return listed(sign, self.label(voice, phrase), rtl=voice.language is Language.HEBREW)

    def labels(self, phrase: Phrase, values: Mapping[str, str] = NO_VALUES) -> tuple[str, ...]:
        """Every wording `phrase` has in any language and form, each once: what a person may type for it."""
        return tuple(dict.fromkeys(self.label(voice, phrase, values) for voice in VOICES))

    def written(self, words: str, language: Language) -> Rich:
        """What somebody wrote for readers of `language`, never read as markup, and steady in its direction."""
        words = clean(words)
        return Rich(steady(lead(words)) if language is Language.HEBREW else words)

    def card(self, voice: Voice, card: Card, source: Phrase) -> Rich:
        """The card's words, and below them the `source` phrase filled with `source` and `date`."""
        words = card.text(voice)
        values = {"source": card.sources[voice.language], "date": card.source_date.isoformat()}
        fact = steady(lead(words)) if voice.language is Language.HEBREW else words
        return Rich(fact + "\n\n") + self.render(voice, source, values)

    def _inserted(self, value: str, kind: Format, voice: Voice) -> str:
        return isolate(self._shown(value, kind, voice), rtl=voice.language is Language.HEBREW)

    def _shown(self, value: str, kind: Format, voice: Voice) -> str:
        """A value that stands for words of ours, or one that is shown as it is."""
        if kind in (Format.WORD, Format.WORDS):
            return ", ".join(self._word(word, voice) for word in value.split() or [value])
        if kind is Format.LIST:
            return "\n".join(f"{BULLET} {self._word(word, voice)}" for word in value.split())
        if kind in (Format.ROUGH, Format.COUNTS, Format.TALLY):
            return self._counted(value, kind, voice)
        if kind is Format.EVEN:
            return self._even(value, voice)
        if kind is Format.HOURS:
            return told(value, voice.language, word=lambda name: self._word(name, voice))
        if kind is Format.NAME:
            name = self._names.get(value)
            if name is None:
                raise BadValue(f"not a {kind}")
            return name[voice.language]
        return shown(value, kind, voice=voice)

    def _counted(self, value: str, kind: Format, voice: Voice) -> str:
        """A number of people, or several by their words, a line each."""
        if kind is Format.ROUGH:
            return self._rough(value, voice)
        pairs = (pair.split("=") for pair in value.split())
        counted = self._in_fives if kind is Format.COUNTS else partial(shown, kind=Format.NUMBER)
        return "\n".join(
            f"{self._word(word, voice)}: {counted(number, voice=voice)}" for word, number in pairs
        )

    def _rough(self, value: str, voice: Voice) -> str:
        """The number, or that it is small: a few people may be told apart by it."""
        number = shown(value, Format.NUMBER, voice=voice)
        return self._word(FEWER, voice) if told_number(int(value)) is None else number

    def _in_fives(self, value: str, voice: Voice) -> str:
        """The same, rounded: what is small can't be found out from the others and their sum either."""
        number = int(value)
        return self._rough(str(number if number < SMALLEST else SMALLEST * round(number / SMALLEST)), voice)

    def _even(self, name: str, voice: Voice) -> str:
        """The word, and behind it nothing that is seen, up to the length of the longest need or language."""
        kind = Need if name in set(Need) else Language
        longest = max(len(self._word(one.value, voice)) for one in kind)
        word = self._word(name, voice)
        return word + NOTHING * (longest - len(word))

    def _word(self, name: str, voice: Voice) -> str:
        """The word of a value; of a topic limited to an area, both."""
        found = self._phrases.get(f"{WORDS}.{name}")
        if found is not None:
            return self.label(voice, found)
        area = area_of(name)
        if area is None:
            raise BadValue(f"not a {Format.WORD}")
        return BETWEEN.join(self._word(one, voice) for one in (purpose(topic_of(name)), f"area_{area}"))
