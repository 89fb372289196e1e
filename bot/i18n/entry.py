"""Every text of a book that wants a translation, in the order of the flows, with a comment on where it is said.

The template, the update of the catalogs and their proof-reading all start from these entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.engine.flow import SYSTEM, Book, Flow, GlobalCommand, Phrase, Step
from bot.engine.need import COURTESY
from bot.model.topic import TOPICS

Key = tuple[str, str]
TYPED: Final = ", typed words, parted by commas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message: a phrase, and where it stands, one line for each place."""

    phrase: Phrase
    comments: tuple[str, ...]

    @property
    def key(self) -> Key:
        """What gettext finds it by: context and English text."""
        return self.phrase.context, self.phrase.text


def entries(book: Book) -> tuple[Entry, ...]:
    """The messages of `book`; one that stands twice in the same context is listed once."""
    found: dict[Key, Entry] = {}
    for phrase, comment in _said(book):
        new = Entry(phrase=phrase, comments=(comment,))
        old = found.setdefault(new.key, new)
        if comment not in old.comments:
            found[new.key] = replace(old, comments=(*old.comments, comment))
    return tuple(found.values())


def _said(book: Book) -> Iterator[tuple[Phrase, str]]:
    for flow in book.flows.values():
        yield from _in_flow(flow)
    for name, phrase in book.phrases.items():
        file, what = (TOPICS, "words of") if phrase.context.startswith(f"{TOPICS}.") else (SYSTEM, "phrase")
        yield phrase, f"flows/{file}.yaml: {what} {name}{TYPED if name in COURTESY else ''}"
    for command in book.commands.values():
        yield from _in_command(command)


def _in_flow(flow: Flow) -> Iterator[tuple[Phrase, str]]:
    for step in flow.steps.values():
        for phrase, what in _in_step(step):
            yield phrase, f"flows/{flow.name}.yaml: {step.id}, {what}"


def _in_step(step: Step) -> Iterator[tuple[Phrase, str]]:
    for phrase in step.say:
        yield phrase, "say"
    for choice in step.choices:
        yield choice.label, f"button {choice.id}"
    if step.unclear is not None:
        yield step.unclear, "unclear"


def _in_command(command: GlobalCommand) -> Iterator[tuple[Phrase, str]]:
    place = f"flows/{SYSTEM}.yaml: command {command.name}"
    yield command.words, f"{place}{TYPED}"
    if command.menu is not None:
        yield command.menu, f"{place}, line of the menu"
    if command.safety is not None:
        yield command.safety, f"{place}, button of the safety row"
    if command.card is not None:
        yield command.card, f"{place}, button below facts"
