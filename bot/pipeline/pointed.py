"""What is said by pointing at a message of the bot: a quote of it, a sign put on it, a vote. Pure; for `understand`.

A number or a label beside a quote is an answer to what is quoted, never to another question: where that is not open any
more, it is stale. Signs and votes are never exact, so that they agree to nothing, sign nothing and delete nothing.
"""

import re
from dataclasses import replace
from typing import Final

from bot.engine.event import Event, Pressed, PromptPressed, Spoken, Typed
from bot.i18n.vocabulary import Vocabulary
from bot.model.incoming import By, Text
from bot.pipeline.standing import Standing

NOWHERE: Final = Pressed(nonce="", choice="")
CLOSED: Final = PromptPressed(id="", choice="")
_LIST: Final = re.compile(r"(?m)^\W{0,4}1\. ")
_CODED: Final = re.compile(r"(?m)^\W{0,4}[A-T]1\W{0,2}\. ")


def quoting(text: Text, event: Typed | Spoken, *, standing: Standing, vocabulary: Vocabulary) -> Event:
    """`event`, or what it means beside the words that are quoted."""
    quoted = text.quoted or ""
    if _CODED.search(quoted):
        return _to_prompt(text, event, standing, vocabulary)
    is_answer = isinstance(event, Typed) and event.choice is not None
    if is_answer and not standing.is_screen(text.reply_to) and _LIST.search(quoted):
        return NOWHERE
    return event


def _to_prompt(text: Text, event: Typed | Spoken, standing: Standing, vocabulary: Vocabulary) -> Event:
    """An answer to the prompt that is quoted; one that is gone takes none, and nothing else does for it."""
    for prompt in standing.session.prompts:
        offered = standing.choices_of(prompt)
        if offered and vocabulary.stands_in(text.quoted or "", offered[0].label, sign=f"{prompt.code}1"):
            found = vocabulary.choice(text.text, offered)
            return PromptPressed(id=prompt.id, choice=found.choice) if found else _no_answer(event)
    return CLOSED if isinstance(event, Typed) and event.choice else event


def _no_answer(event: Typed | Spoken) -> Event:
    """The same words, which are no answer to the open question although they could be one."""
    return replace(event, choice=None, exact=False) if isinstance(event, Typed) else event


def signed(text: Text, *, standing: Standing, vocabulary: Vocabulary) -> Event | None:
    """The answer that a sign or a vote on the open question is; a sign on anything else says nothing to the bot."""
    step = standing.step
    is_open = step is not None and not step.is_line and standing.is_screen(text.reply_to)
    if text.by is By.VOTE:
        found = vocabulary.choice(text.text, standing.offered) if is_open else None
        return Typed(text=text.text, choice=found.choice if found else None) if is_open else NOWHERE
    meant = vocabulary.nodded(text.text, standing.own) if is_open and step and not step.exact else None
    return Typed(text=text.text, choice=meant) if meant else None
