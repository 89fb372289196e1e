"""What the rules judge: the book, the cards, and every text a person may get, in every language and form.

Read once per check. A `Saying` is one phrase where it is used; its `wordings` are all the shapes it can take.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.engine.flow import Book, Phrase, Step, Tone
from bot.engine.need import COURTESY
from bot.engine.parse import (
    CRISIS_EXCEPTIONS,
    CRISIS_WORDS,
    LETTER_WORDING,
    URGENT_WORDS,
    WORDING,
    CardDraft,
    Draft,
    FlowsRefused,
    Place,
    Problem,
    RegisterDraft,
    read_words,
)
from bot.i18n.catalog import key_of, messages_of, po_path, read_catalog, strings_of
from bot.model.person import Form, Language


class Use(StrEnum):
    """What a phrase is for."""

    SAY = "say"
    UNCLEAR = "unclear"
    LABEL = "label"
    PHRASE = "phrase"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text as a person may get it."""

    text: str
    language: Language
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A phrase in its place. `wordings` are its English and Hebrew texts, every plural form of them."""

    phrase: Phrase
    use: Use
    tone: Tone
    place: Place
    wordings: tuple[Wording, ...]

    def of(self, language: Language) -> tuple[Wording, ...]:
        """The wordings in one language."""
        return tuple(wording for wording in self.wordings if wording.language is language)


Words = tuple[Mapping[Language, tuple[str, ...]], tuple[Problem, ...]]
NO_WORDS: Final[Words] = (dict.fromkeys(Language, ()), ())
Translations = Mapping[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What was read of a directory of flows, and on which day."""

    draft: Draft
    cards: CardDraft
    register: RegisterDraft
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a rule may look at."""

    draft: Draft
    cards: CardDraft
    register: RegisterDraft
    today: date
    sayings: tuple[Saying, ...]
    locales: Path
    blocked: Mapping[Language, tuple[str, ...]]
    blocked_in_letters: Mapping[Language, tuple[str, ...]]
    crisis: Mapping[Language, tuple[str, ...]]
    urgent: Mapping[Language, tuple[str, ...]]
    actions: frozenset[str]

    @property
    def book(self) -> Book:
        """The book under judgement."""
        return self.draft.book


def read_material(
    sources: Sources, *, flows_dir: Path, locales_dir: Path, actions: Collection[str]
) -> tuple[Material, tuple[Problem, ...]]:
    """The material, and what could not be read of the word lists."""
    draft = sources.draft
    translations = {form: _translations(locales_dir, form) for form in Form}
    blocked, unread_blocked = _words(flows_dir / WORDING)
    of_letters, unread_of_letters = _words(flows_dir / LETTER_WORDING) if draft.book.letters else NO_WORDS
    crisis, unread_crisis = _words(flows_dir / CRISIS_WORDS)
    urgent, unread_urgent = _words(flows_dir / URGENT_WORDS)
    _, unread_exceptions = _words(flows_dir / CRISIS_EXCEPTIONS)
    material = Material(
        draft=draft,
        cards=sources.cards,
        register=sources.register,
        today=sources.today,
        sayings=tuple(_saying(*found, draft, translations) for found in _phrases(draft.book)),
        locales=locales_dir,
        blocked=blocked,
        blocked_in_letters=of_letters,
        crisis=crisis,
        urgent=urgent,
        actions=frozenset(actions),
    )
    return material, unread_blocked + unread_of_letters + unread_crisis + unread_urgent + unread_exceptions


def _words(path: Path) -> Words:
    try:
        return read_words(path), ()
    except FlowsRefused as refused:
        return NO_WORDS[0], refused.problems


def _translations(locales_dir: Path, form: Form) -> Translations:
    return {key_of(message): strings_of(message) for message in messages_of(read_catalog(locales_dir, form))}


def _phrases(book: Book) -> Iterator[tuple[Phrase, Use, Tone]]:
    """Every phrase of the book, with what it is for and whose voice it is in."""
    for flow in book.flows.values():
        for step in flow.steps.values():
            yield from ((phrase, use, flow.tone) for phrase, use in _of_step(step))
    for name, phrase in book.phrases.items():
        yield phrase, Use.WORDS if name in COURTESY else Use.PHRASE, Tone.INFORMATION
    for command in book.commands.values():
        yield command.words, Use.WORDS, Tone.INFORMATION
        labels = (label for label in (command.menu, command.safety, command.card) if label)
        yield from ((label, Use.LABEL, Tone.INFORMATION) for label in labels)


def _of_step(step: Step) -> Iterator[tuple[Phrase, Use]]:
    yield from ((phrase, Use.SAY) for phrase in step.say)
    yield from ((choice.label, Use.LABEL) for choice in step.choices)
    if step.unclear:
        yield step.unclear, Use.UNCLEAR


def _saying(
    phrase: Phrase, use: Use, tone: Tone, draft: Draft, translations: Mapping[Form, Translations]
) -> Saying:
    place = draft.place(phrase.context)
    english = (Wording(text=text, language=Language.ENGLISH, place=place) for text in _english(phrase))
    hebrew = (
        Wording(text=text, language=Language.HEBREW, place=Place(file=po_name(form), line=0))
        for form, catalog in translations.items()
        for text in filter(None, catalog.get((phrase.context, phrase.text), ()))
    )
    return Saying(phrase=phrase, use=use, tone=tone, place=place, wordings=(*english, *hebrew))


def _english(phrase: Phrase) -> tuple[str, ...]:
    return (phrase.text,) if phrase.plural is None else (phrase.text, phrase.plural)


def po_name(form: Form) -> str:
    """How problems call the catalog of `form`, as in `he@f/LC_MESSAGES/messages.po`."""
    return str(po_path(Path(), form))


def problem(rule: str, place: Place, *, message: str, advice: str) -> Problem:
    """A problem of a rule at a place."""
    return Problem(file=place.file, line=place.line, rule=rule, message=message, advice=advice)
