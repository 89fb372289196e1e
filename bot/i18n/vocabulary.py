"""Everything a typed message can mean, in one place: what `pipeline.understand` asks of the languages.

Built once from the flows and their translations. It looks at both languages at once, whatever a person's own is.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.engine.flow import Book, Choice, Phrase
from bot.engine.need import COURTESY
from bot.i18n.command import Coded, code_of, command_of, command_words
from bot.i18n.courtesy import Courtesy
from bot.i18n.dates import parse_date
from bot.i18n.distress import CrisisWords
from bot.i18n.loose import readings, relaid
from bot.i18n.match import Match, Option, is_yes, match, nodded, worded
from bot.i18n.normal import normalise
from bot.i18n.render import Renderer


class Vocabulary:
    """The words of a book of flows, the crisis phrases, and those of what can't wait."""

    def __init__(
        self, book: Book, renderer: Renderer, crisis: CrisisWords, *, urgent: CrisisWords | None = None
    ) -> None:
        self._renderer = renderer
        self._crisis = crisis
        self._urgent = urgent or CrisisWords(())
        self._commands: Mapping[str, str] = command_words(book, renderer)
        thanks, assent = (renderer.labels(book.phrases[name]) for name in COURTESY)
        self._thanks, self._assent = Courtesy(thanks), Courtesy(assent)
        self._courtesy = Courtesy((*thanks, *assent))
        self._labels = lru_cache(maxsize=None)(self._all_labels)

    def is_distress(self, text: str) -> bool:
        """Whether a crisis phrase is in `text`, also typed on a keyboard of the other language."""
        return any(map(self._crisis.found_in, (text, relaid(text))))

    def is_urgent(self, text: str) -> bool:
        """Whether `text` tells of what can't wait: an arrest, a summons, a threat."""
        return any(map(self._urgent.found_in, (text, relaid(text))))

    def command(self, text: str, *, among: Container[str]) -> str | None:
        """The global command that `text` as a whole asks for, `among` those there are for the person."""
        return command_of(text, self._commands, among=among)

    def guessed_command(self, text: str, *, among: Container[str]) -> str | None:
        """The global command that `text` asks for, if it is read less strictly."""
        return next(filter(None, (self.command(one, among=among) for one in readings(text))), None)

    def code(self, text: str) -> Coded | None:
        """The answer to a prompt that `text` as a whole names by its code."""
        return code_of(text)

    def day(self, text: str, today: date) -> date | None:
        """The day that `text` names."""
        return parse_date(text, today)

    def choice(self, text: str, offered: Sequence[Choice | None]) -> Match | None:
        """The choice that `text` means; one that is None keeps its number and can't be meant."""
        return match(text, tuple(self._options(offered)))

    def guess(self, text: str, offered: Sequence[Choice | None]) -> Match | None:
        """The choice that `text` means if it is read less strictly, which is never an exact answer."""
        found = next(filter(None, (self.choice(one, offered) for one in readings(text))), None)
        return replace(found, exact=False) if found else None

    def worded(self, text: str, offered: Sequence[Choice]) -> str | None:
        """The choice whose words `text` is, or nearly, whatever its number would be."""
        found = worded(text, tuple(self._options(offered)))
        return found.choice if found else None

    def labelled(self, text: str, offered: Sequence[Choice]) -> str | None:
        """The choice whose own words `text` is, in any language."""
        found = worded(text, tuple(self._options(offered)))
        return found.choice if found and found.exact else None

    def nodded(self, sign: str, offered: Sequence[Choice]) -> str | None:
        """The choice that a sign on their question means, if they are a plain yes and no."""
        return nodded(sign, tuple(self._options(offered)))

    def is_courtesy(self, text: str, *, may_agree: bool) -> bool:
        """Whether `text` is thanks alone; with a plain "ok" in it only where that can't be meant to agree."""
        return (self._thanks if may_agree else self._courtesy).is_all_of(text)

    def has_yes(self, offered: Sequence[Choice]) -> bool:
        """Whether the words of one of these begin with a yes, or as an "ok" does, in any language."""
        return any(
            is_yes(label) or self._assent.begins(label)
            for choice in offered
            for label in self._labels(choice.label)
        )

    def stands_in(self, words: str, answer: Phrase, *, sign: str) -> bool:
        """Whether a list that was sent has this answer after this number or code, in any language."""
        plain = f" {normalise(words)} "
        return any(f" {normalise(f'{sign} {label}')} " in plain for label in self._labels(answer))

    def _options(self, offered: Sequence[Choice | None]) -> Iterable[Option]:
        for choice in offered:
            yield (
                Option(id=choice.id, labels=self._labels(choice.label))
                if choice
                else Option(id="", labels=())
            )

    def _all_labels(self, label: Phrase) -> tuple[str, ...]:
        return self._renderer.labels(label)
