"""Rules of audience: what is for a role is met by nobody else, not by a button, a word or a line of the safety row."""

from collections.abc import Iterator

from bot.engine.flow import Audience, Flow
from bot.engine.graph import goal, nodes, routes
from bot.engine.parse import Problem
from bot.lint.material import Material, problem


def roles_keep_to_themselves(material: Material) -> Iterator[Problem]:
    """No way leads from a flow to one that whoever is in the first may not be in."""
    book = material.book
    for (name, step_id), step in nodes(book):
        for _, route in routes(step):
            there = book.flows.get(found[0]) if (found := goal(book, route)) else None
            if there and not _may(book.flows[name], there):
                place = f"{name}.{step_id}"
                message = f"`{place}` leads to `{there.name}`, which is for the role {there.audience}."
                advice = "Lead somewhere that is for everybody: a role's flow begins with its own command."
                yield problem("audience", material.draft.place(place), message=message, advice=advice)


def _may(here: Flow, there: Flow) -> bool:
    if there.audience is Audience.TEAM:
        return here.audience is not Audience.PERSON
    return there.audience in (Audience.PERSON, here.audience)


def roles_are_not_on_every_screen(material: Material) -> Iterator[Problem]:
    """A command of a role is in nobody's safety row and in no list of commands."""
    for command in material.book.commands.values():
        flow = material.book.flows.get(command.route.flow)
        if flow and flow.audience is not Audience.PERSON and (command.menu or command.safety or command.card):
            message = (
                f"The command `{command.name}` is for the role {flow.audience} and has a label for everybody."
            )
            place = material.draft.place(command.words.context)
            yield problem("audience", place, message=message, advice="Take `menu` and `safety` away.")
