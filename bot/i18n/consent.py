"""The words a consent is given to, as one hash over all their languages and forms.

They are found in the flows: each `consent.give` and `signature.sign` names the purpose and the step that was shown.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Book, Phrase, Step
from bot.i18n.catalog import Catalogs
from bot.i18n.render import VOICES
from bot.model.consent import ConsentText, text_hash
from bot.model.person import Voice

GIVE: Final = ("consent.give", "signature.sign")
COUNTED: Final = ("1", "2", "5")  # one of each plural form


def consent_texts(book: Book, catalogs: Catalogs) -> tuple[ConsentText, ...]:
    """The words of every purpose that a flow asks for."""
    found = {(purpose, shown): step for purpose, shown, step in _asked(book)}
    return tuple(
        ConsentText(purpose=purpose, shown=shown, text=_hash(step, catalogs))
        for (purpose, shown), step in sorted(found.items(), key=lambda pair: pair[0])
    )


def _asked(book: Book) -> Iterator[tuple[str, str, Step]]:
    for flow in book.flows.values():
        for step in flow.steps.values():
            if step.do and step.do.action in GIVE:
                shown = step.do.inputs.get("shown", "")
                asking = book.step(*shown.partition(".")[::2])
                if asking:
                    yield step.do.inputs.get("purpose", ""), shown, asking


def _hash(step: Step, catalogs: Catalogs) -> str:
    """What a step says and what its own buttons say: both are what somebody agrees to."""
    phrases = (*step.say, *(choice.label for choice in step.choices))
    return text_hash([[*_wordings(phrase, catalogs)] for phrase in phrases])


def _wordings(phrase: Phrase, catalogs: Catalogs) -> Iterator[str]:
    for voice in VOICES:
        yield from _forms(voice, phrase, catalogs)


def _forms(voice: Voice, phrase: Phrase, catalogs: Catalogs) -> Iterator[str]:
    if phrase.count is None:
        yield catalogs.text(voice, phrase)
    else:
        yield from (catalogs.text(voice, phrase, {phrase.count: number}) for number in COUNTED)
