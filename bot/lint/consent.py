"""Rules of consent: what is agreed to has a name, and was read by whoever agrees, just before, on one screen."""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Book
from bot.engine.graph import Node, goal, nodes, routes
from bot.engine.parse import Problem
from bot.i18n.consent import GIVE, GIVE_TOPIC
from bot.lint.material import Material, problem
from bot.model.consent import is_purpose

WORD: Final = "consent."
_GIVING: Final = (*GIVE, *GIVE_TOPIC)


def purposes_are_known(material: Material) -> Iterator[Problem]:
    """Every purpose that a flow speaks of is written out, and is one that there is."""
    for (flow, name), step in nodes(material.book):
        speaks = step.do is not None and (step.do.action.startswith(WORD) or step.do.action in GIVE)
        purpose = step.do.inputs.get("purpose") if step.do and speaks else None
        if purpose is not None and not is_purpose(purpose):
            place = material.draft.place(f"{flow}.{name}")
            message = f"`{flow}.{name}` is about `{purpose}`, which nobody can agree to."
            yield problem("consent", place, message=message, advice="bot/model/consent.py has the purposes.")


def consent_is_given_to_what_was_read(material: Material) -> Iterator[Problem]:
    """Every way to a consent comes from the step it names as shown, and there only the exact words count."""
    book = material.book
    for (flow, name), step in nodes(book):
        if step.do is None or step.do.action not in _GIVING:
            continue
        place = material.draft.place(f"{flow}.{name}")
        shown = step.do.inputs.get("shown", "")
        asking = book.step(*shown.partition(".")[::2])
        if asking is None or not asking.choices or not asking.exact:
            message = f"`{flow}.{name}` writes down a consent to `{shown}`, which is no question with `exact: true`."
            yield problem(
                "consent", place, message=message, advice="Name the step whose words were agreed to."
            )
        elif strangers := _asked_before(book, (flow, name)) - {shown}:
            message = (
                f"`{flow}.{name}` writes down a consent to `{shown}`, and is reached from {_list(strangers)}."
            )
            yield problem("consent", place, message=message, advice="Lead through the question.")


def consent_is_to_the_same_words_everywhere(material: Material) -> Iterator[Problem]:
    """What is agreed to has one wording: a yes on one platform must not count for words that another showed."""
    book = material.book
    shown = {
        step.do.inputs.get("shown", "") for _, step in nodes(book) if step.do and step.do.action in _GIVING
    }
    for node, step in nodes(book):
        name = ".".join(node)
        if name in shown and any(phrase.on for phrase in step.say):
            message = f"`{name}` asks for a consent in other words on another platform."
            yield problem(
                "consent",
                material.draft.place(name),
                message=message,
                advice="Say it in words that hold on all.",
            )


def _list(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _asked_before(book: Book, node: Node) -> set[str]:
    """The questions from which a turn comes to `node`; whatever else a conversation begins with counts as one."""
    seen: set[Node] = set()
    found: set[str] = set()
    behind = [node]
    while behind:
        there = behind.pop()
        for before, step in nodes(book):
            if before in seen or not any(goal(book, route) == there for _, route in routes(step)):
                continue
            if step.waits:
                found.add(".".join(before))
            else:
                seen.add(before)
                behind.append(before)
    return found
