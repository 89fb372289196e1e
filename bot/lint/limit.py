"""Rules of size: the longest wording of every language fits every platform, and a screen stays readable."""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Choice, Phrase, Step
from bot.engine.graph import nodes
from bot.engine.need import NOTICE
from bot.engine.parse import Problem
from bot.i18n.template import Slot, parse
from bot.lint.card import LONGEST_PARAGRAPH as PARAGRAPH
from bot.lint.material import Material, Use, problem
from bot.model.limit import LIMITS, Limits
from bot.model.person import Language, Platform
from bot.model.text import utf16_length
from bot.model.topic import TOPICS

VALUE: Final = 40  # the room a value may take that is known only later
BYTES: Final = 2  # of a Hebrew letter
NUMBER: Final = 10  # "12. " before a choice on a numbered list, its direction mark, and what binds its words
HINT: Final = "answer_number"  # below the list
PARTS: Final = 5  # the line breaks around it
WAYS_OUT: Final = 3  # the menu, a person, and what stands below facts
MANY: Final = 5  # beside the safety row
UNDER_A_NOTICE: Final = 6  # each only where it has a use
LISTED: Final = 6  # topics or areas, which are data, and a way back
NONCE: Final = 8
NAME: Final = 40  # `pipeline.understand` reads no longer id

LABEL: Final = min(limits.label for limits in LIMITS.values())
BUTTONS: Final = min(limits.buttons for limits in LIMITS.values() if limits.has_buttons)
DATA: Final = min(limits.callback_bytes for limits in LIMITS.values() if limits.has_buttons)


def texts_fit(material: Material) -> Iterator[Problem]:
    """No text is longer than a message, and a question fits one together with its numbered choices."""
    for platform, limits in LIMITS.items():
        yield from _texts_fit(material, platform, limits)


def _texts_fit(material: Material, platform: Platform, limits: Limits) -> Iterator[Problem]:
    lengths = _lengths(material, limits)
    hint = material.book.phrases.get(HINT)
    for node, step in nodes(material.book):
        place = material.draft.place(".".join(node))
        for language in Language:
            said = [lengths[phrase, language] for phrase in step.say if phrase.on in (None, platform)]
            choices = sum(
                lengths[choice.label, language] + NUMBER + 1 for choice in material.book.choices(step)
            )
            choices += lengths[hint, language] + PARTS if hint else 0
            longest = max([*said[:-1], (said[-1] if said else 0) + (choices if step.waits else 0)])
            if longest > limits.text:
                unit = "bytes" if limits.in_bytes else "characters"
                taken = f"takes {longest} of {limits.text} {unit} in `{language}` on {platform}"
                message = f"`{'.'.join(node)}` {taken}."
                yield problem(
                    "limit", place, message=message, advice="Say it in fewer words, or in two messages."
                )


def _lengths(material: Material, limits: Limits) -> dict[tuple[Phrase, Language], int]:
    """The longest wording of every phrase in each language."""
    return {
        (saying.phrase, language): max(
            (_length(wording.text, limits) for wording in saying.of(language)), default=0
        )
        for saying in material.sayings
        for language in Language
    }


def _length(text: str, limits: Limits = LIMITS[Platform.TELEGRAM]) -> int:
    """The length of a text as it may be sent, as this platform counts."""
    value = VALUE * (BYTES if limits.in_bytes else 1)
    return sum(value if isinstance(piece, Slot) else limits.length(piece) for piece in parse(text).pieces)


def labels_fit(material: Material) -> Iterator[Problem]:
    """No label is longer than a button shows."""
    for saying in material.sayings:
        for wording in saying.wordings if saying.use is Use.LABEL else ():
            if (length := utf16_length(wording.text)) > LABEL:
                message = f"The label {wording.text!r} takes {length} of {LABEL} characters."
                yield problem("limit", wording.place, message=message, advice="Find shorter words.")


def buttons_fit(material: Material) -> Iterator[Problem]:
    """A screen has no more buttons, and a button no more data, than a platform carries."""
    for node, step in nodes(material.book):
        place = material.draft.place(".".join(node))
        buttons = len(material.book.choices(step)) + WAYS_OUT
        if step.waits and buttons > BUTTONS:
            message = f"`{'.'.join(node)}` can show {buttons} choices; {BUTTONS} fit."
            yield problem("limit", place, message=message, advice="Part the question in two.")
        for choice in step.choices:
            if len(choice.id) > NAME or _data_length(choice.id) > DATA:
                advice = f"Use at most {NAME} letters."
                yield problem(
                    "limit", place, message=f"The id `{choice.id}` is too long for a button.", advice=advice
                )


def _data_length(choice_id: str) -> int:
    return len(f"v1:{'n' * NONCE}:{choice_id}".encode())


def choices_are_few(material: Material) -> Iterator[Problem]:
    """A question has at most five choices of its own, beside the safety row; a list, and a notice, one more."""
    for node, step in nodes(material.book):
        if len(step.choices) > _most(node[0], step):
            message = f"`{'.'.join(node)}` has {len(step.choices)} choices of its own."
            advice = "Ask in two steps: a person in distress reads five choices, not ten."
            yield problem("choices", material.draft.place(".".join(node)), message=message, advice=advice)


def _most(flow: str, step: Step) -> int:
    if flow == NOTICE:
        return UNDER_A_NOTICE
    return LISTED if any(map(_is_listed, step.choices)) else MANY


def _is_listed(choice: Choice) -> bool:
    return choice.label.context.startswith(f"{TOPICS}.")


def paragraphs_are_short(material: Material) -> Iterator[Problem]:
    """No paragraph of a flow is too long for a glance at a phone, in any language or form."""
    for saying in material.sayings:
        for wording in saying.wordings if saying.use is not Use.WORDS else ():
            for paragraph in wording.text.split("\n\n"):
                if (length := _length(paragraph)) > PARAGRAPH:
                    message = f"A paragraph of {length} characters, {PARAGRAPH} at most: {paragraph[:40]!r}."
                    advice = "Say it in fewer words, or in two paragraphs."
                    yield problem("limit", wording.place, message=message, advice=advice)
