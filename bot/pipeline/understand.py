"""From what a transport read to what it means where this person is: an event of the engine, or nothing.

This is where words become choices (`i18n.match`), before the engine, which knows no language. Crisis phrases come
first, then commands and global words, then prompts by their code, then an answer to the open question in its own
words, then what can't wait, then anything else for the open question, courtesy alone last.
"""

import re
from dataclasses import replace
from typing import Final, assert_never

from bot.engine.event import (
    Asked,
    Corrected,
    Distress,
    Event,
    Pressed,
    PromptPressed,
    Raised,
    Spoken,
    Started,
    Typed,
    Unsupported,
)
from bot.engine.flow import AskKind
from bot.engine.need import MOVE, NOTICE_WORD, STOP, URGENT
from bot.engine.session import Session
from bot.i18n.vocabulary import Vocabulary
from bot.model.incoming import (
    By,
    Command,
    Deleted,
    Edited,
    ExpiryChanged,
    GroupContact,
    Happening,
    IdentityChanged,
    Ignored,
    Media,
    MediaKind,
    Press,
    Reachability,
    Text,
)
from bot.model.notice import pressed
from bot.pipeline import moving
from bot.pipeline.courteous import courteous
from bot.pipeline.pointed import NOWHERE, quoting, signed
from bot.pipeline.standing import Standing

BUTTON: Final = re.compile(r"v1:([0-9a-z]{8}):(~?[a-z0-9_]{1,40})")
PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def understand(happening: Happening, standing: Standing, *, vocabulary: Vocabulary) -> Event | None:
    """What `happening` means to the engine; None for what is no part of the conversation."""
    match happening:
        case Text():
            return _said(happening, standing, vocabulary)
        case Command():
            return _command(happening, vocabulary)
        case Press():
            return _press(happening.data, standing.session)
        case Media():
            return _media(happening, standing, vocabulary)
        case Edited() if standing.is_on_a_line:
            return _heard(happening.text, vocabulary)
        case Edited():
            return _alarm(happening.text, vocabulary) or Corrected()
        case Deleted() | Reachability() | IdentityChanged() | GroupContact() | ExpiryChanged() | Ignored():
            return None
        case _:
            assert_never(happening)


def _said(text: Text, standing: Standing, vocabulary: Vocabulary) -> Event | None:
    """What words mean beside what they quote; those that quote a notice are about that, and nobody reads them."""
    if text.by is not By.HAND:
        return signed(text, standing=standing, vocabulary=vocabulary)
    event = _text(text.text, standing, vocabulary)
    if isinstance(event, Typed) and (of_notice := pressed(text.quoted or "")):
        return Raised(flow=NOTICE_WORD, subject=str(of_notice[0]))
    if isinstance(event, Typed | Spoken):
        event = quoting(text, event, standing=standing, vocabulary=vocabulary)
    return replace(event, reply_to=text.reply_to) if isinstance(event, Typed | Asked) else event


def _media(media: Media, standing: Standing, vocabulary: Vocabulary) -> Event:
    """A photo and a voice message can be for the other end of a line, a photo what is asked for; no more is taken."""
    if media.file and standing.is_on_a_line:
        return _heard(media.caption, vocabulary)
    if alarm := _alarm(media.caption, vocabulary):
        return alarm
    is_asked_for = media.media is MediaKind.PHOTO and media.file is not None and _asks_for_a_picture(standing)
    return Typed(text="", picture=True) if is_asked_for else Unsupported(media=media.media, album=media.album)


def _asks_for_a_picture(standing: Standing) -> bool:
    step = standing.step
    return step is not None and step.ask is not None and step.ask.kind is AskKind.PICTURE


def _command(command: Command, vocabulary: Vocabulary) -> Event:
    if alarm := _alarm(command.argument, vocabulary):
        return alarm
    if command.name == MOVE and (code := moving.code_in(command.argument)):
        return Started(payload=moving.LINK + code[1])
    if command.name == "start":
        return Started(payload=command.argument if PAYLOAD.fullmatch(command.argument) else "")
    return Asked(command=command.name)


def _alarm(text: str, vocabulary: Vocabulary) -> Event | None:
    """What is answered before everything else. Urgent words ask for the urgent lane, wherever they stand."""
    if vocabulary.is_distress(text):
        return Distress()
    return Asked(command=URGENT) if vocabulary.is_urgent(text) else None


def _press(data: str, session: Session) -> Event:
    """Callback data is not trusted: what is not ours is a press of no screen, which is stale.

    Under a notice it means the same whatever became of the session: its choices are those of the flow of notices.
    """
    if of_notice := pressed(data):
        return PromptPressed(id=str(of_notice[0]), choice=of_notice[1], notice=True)
    parts = BUTTON.fullmatch(data)
    if parts is None:
        return NOWHERE
    nonce, choice = parts.groups()
    if any(prompt.id == nonce for prompt in session.prompts):
        return PromptPressed(id=nonce, choice=choice)
    return Pressed(nonce=nonce, choice=choice)


def _text(text: str, standing: Standing, vocabulary: Vocabulary) -> Event:
    if standing.is_on_a_line:
        return _prompt_code(text, standing, vocabulary) or _spoken(text, standing, vocabulary)
    if vocabulary.is_distress(text):
        return Distress()
    if command := vocabulary.command(text, among=standing.book.commands):
        return Asked(command=command)
    code = moving.code_in(text)
    if code and vocabulary.command(code[0], among=standing.book.commands) == MOVE:
        return Started(payload=moving.LINK + code[1])
    return _prompt_code(text, standing, vocabulary) or _answer(text, standing, vocabulary)


def _answer(text: str, standing: Standing, vocabulary: Vocabulary) -> Event:
    """The exact words of an answer are that answer, also where they name something urgent."""
    typed = _typed(text, standing, vocabulary)
    if typed.exact:
        return typed
    asked = _prompt_words(text, standing, vocabulary) or _alarm(text, vocabulary)
    return asked or (typed if typed.choice else _guessed(typed, standing, vocabulary))


def _guessed(typed: Typed, standing: Standing, vocabulary: Vocabulary) -> Event:
    """What words that mean nothing as they stand are near to; where words are asked for, they are those."""
    polite = courteous(typed, standing=standing, vocabulary=vocabulary)
    if standing.step and standing.step.ask:
        return polite
    if found := vocabulary.guess(typed.text, standing.offered):
        return replace(typed, choice=found.choice)
    command = vocabulary.guessed_command(typed.text, among=standing.book.commands)
    return Asked(command=command) if command else polite


def _prompt_words(text: str, standing: Standing, vocabulary: Vocabulary) -> Event | None:
    """The exact words of an answer to a prompt, if it is the only one that has them and nothing open asks for words."""
    if standing.step and standing.step.ask:
        return None
    found = [
        PromptPressed(id=prompt.id, choice=choice)
        for prompt in standing.session.prompts
        if (choice := vocabulary.labelled(text, standing.choices_of(prompt)))
    ]
    return found[0] if len(found) == 1 else None


def _spoken(text: str, standing: Standing, vocabulary: Vocabulary) -> Spoken:
    """What is written on a line is for the other end, whatever it means elsewhere; a bare stop word is asked about."""
    command = vocabulary.command(text, among=standing.book.commands)
    return replace(_heard(text, vocabulary), word=text.strip() if command == STOP else None)


def _heard(text: str, vocabulary: Vocabulary) -> Spoken:
    """What brings up numbers beside the line; crisis words win over urgent ones."""
    crisis = vocabulary.is_distress(text)
    return Spoken(crisis=crisis, urgent=not crisis and vocabulary.is_urgent(text))


def _prompt_code(text: str, standing: Standing, vocabulary: Vocabulary) -> Event | None:
    """A prompt's own short code, "A1": its letter and the number of the answer; or a line of its list, with both."""
    code, words = vocabulary.code(text), ""
    if code is None:
        sign, _, words = text.partition(". ")
        code = vocabulary.code(sign)
    for prompt in standing.session.prompts:
        if code and prompt.code == code.code and 1 <= code.number <= len(prompt.choices):
            choice = prompt.choices[code.number - 1]
            if not words or vocabulary.labelled(words, standing.choices_of(prompt)) == choice:
                return PromptPressed(id=prompt.id, choice=choice)
    return None


def _typed(text: str, standing: Standing, vocabulary: Vocabulary) -> Typed:
    step = standing.step
    dated = step and step.ask and step.ask.kind is AskKind.DATE
    day = vocabulary.day(text, standing.today) if dated else None
    found = vocabulary.choice(text, standing.offered)
    if found and step and step.asks_a_number and not step.choice(found.choice):
        found = found if vocabulary.worded(text, [one for one in standing.offered if one]) else None
    return Typed(
        text=text,
        date=day.isoformat() if day else None,
        choice=found.choice if found else None,
        exact=found.exact if found else False,
    )
