"""The rule of the crisis tone: whoever is in danger meets no letter, no notice and nothing to pass on.

These speak in the voice of members or supporters. Held on the graph: in all steps of a flow in the crisis tone, and of
what such a flow calls, no answer leads into those voices.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Move, Route, Tone
from bot.engine.graph import Node, goal, nodes, routes
from bot.engine.parse import Problem
from bot.lint.material import Material, problem
from bot.lint.voice import CHOSEN

MEMBERS: Final = ("letter.", "signature.", "topic.")


def no_letter_in_crisis(material: Material) -> Iterator[Problem]:
    """From the crisis tone nothing leads into the voice of members or supporters, before it is left."""
    for node in sorted(_inside(material)):
        step = material.book.step(*node)
        for name, route in routes(step) if step else ():
            there = goal(material.book, route)
            if there and (_tone(material, there) in CHOSEN or _is_for_members(material, there)):
                what = ".".join(node)
                yield problem(
                    "crisis",
                    material.draft.place(what),
                    message=f"`{name}` of `{what}` leads to `{route.flow}`, and people come there in a crisis.",
                    advice="No letter, notice or share button stands in the crisis tone: lead there from elsewhere.",
                )


def _inside(material: Material) -> set[Node]:
    """The steps of the flows in the crisis tone, and of what is called on top of them."""
    busy = [node for node, _ in nodes(material.book) if _tone(material, node) is Tone.CRISIS]
    seen: set[Node] = set()
    while busy:
        node = busy.pop()
        step = material.book.step(*node)
        if step and node not in seen:
            seen.add(node)
            busy += [found for _, route in routes(step) if (found := _stays(material, node, route))]
    return seen


def _stays(material: Material, node: Node, route: Route) -> Node | None:
    """Where a route leads without leaving: to what is called, or on within one flow."""
    within = route.move is Move.GO and route.flow == node[0]
    return goal(material.book, route) if within or route.move is Move.CALL else None


def _is_for_members(material: Material, node: Node) -> bool:
    """Whether a step belongs to joining a letter or to notices, in whichever voice it is told."""
    flow = material.book.flows.get(node[0])
    steps = flow.steps.values() if flow else ()
    return any(step.do and step.do.action.startswith(MEMBERS) for step in steps)


def _tone(material: Material, node: Node) -> Tone | None:
    flow = material.book.flows.get(node[0])
    return flow.tone if flow else None
