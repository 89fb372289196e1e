"""The words a consent is given to, as one hash over all their languages and forms.

They are found in the flows: each `consent.give` and `signature.sign` names the purpose and the step that was shown. A
step that asks about a topic of notices is one text for each of its purposes, the words of the topic and area included.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Book, Phrase, Step
from bot.engine.need import WORDS
from bot.i18n.catalog import Catalogs
from bot.i18n.render import VOICES
from bot.model.consent import ConsentText, text_hash
from bot.model.person import Voice
from bot.model.topic import area_of, purpose, shown_for, topic_of

GIVE: Final = ("consent.give", "signature.sign")
GIVE_TOPIC: Final = ("topic.give", "topic.undo")
COUNTED: Final = ("1", "2", "5")  # one of each plural form


def consent_texts(book: Book, catalogs: Catalogs) -> tuple[ConsentText, ...]:
    """The words of every purpose that a flow asks for."""
    found = {(of, shown): phrases for of, shown, phrases in (*_asked(book), *_asked_of_topics(book))}
    return tuple(
        ConsentText(purpose=of, shown=shown, text=text_hash([[*_wordings(one, catalogs)] for one in phrases]))
        for (of, shown), phrases in sorted(found.items(), key=lambda pair: pair[0])
    )


Asked = Iterator[tuple[str, str, tuple[Phrase, ...]]]


def _asked(book: Book) -> Asked:
    for shown, step in _shown(book, GIVE):
        if asking := book.step(*shown.partition(".")[::2]):
            yield step.do.inputs.get("purpose", "") if step.do else "", shown, _said(asking)


def _asked_of_topics(book: Book) -> Asked:
    for shown, _ in _shown(book, GIVE_TOPIC):
        if asking := book.step(*shown.partition(".")[::2]):
            for one in book.topics.purposes:
                yield one, shown_for(shown, one), (*_said(asking), *_of_topic(book, one))


def _shown(book: Book, actions: tuple[str, ...]) -> Iterator[tuple[str, Step]]:
    """The steps with one of these actions, each behind the name of the step whose words were shown."""
    for flow in book.flows.values():
        for step in flow.steps.values():
            if step.do and step.do.action in actions:
                yield step.do.inputs.get("shown", ""), step


def _said(step: Step) -> tuple[Phrase, ...]:
    """What a step says and what its own buttons say: both are what somebody agrees to."""
    return (*step.say, *(choice.label for choice in step.choices))


def _of_topic(book: Book, of: str) -> Iterator[Phrase]:
    """The words that a topic, and an area, put into the question."""
    topic, area = topic_of(of), area_of(of)
    for name in (purpose(topic), f"about_{topic}", *([f"area_{area}"] if area else ())):
        yield book.phrases[f"{WORDS}.{name}"]


def _wordings(phrase: Phrase, catalogs: Catalogs) -> Iterator[str]:
    for voice in VOICES:
        yield from _forms(voice, phrase, catalogs)


def _forms(voice: Voice, phrase: Phrase, catalogs: Catalogs) -> Iterator[str]:
    if phrase.count is None:
        yield catalogs.text(voice, phrase)
    else:
        yield from (catalogs.text(voice, phrase, {phrase.count: number}) for number in COUNTED)
