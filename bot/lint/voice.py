"""Rules of voices: information, member, supporter and crisis never speak in one turn (CONTENT, wording rules 6 and 7).

The voice of a step is the tone of its flow. What a call returns to is judged where a flow calls it by name; a
global command can be given anywhere, and comes back to whatever question was open.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Move, Route, Step, Tone
from bot.engine.graph import Node, goal, nodes, onward, routes
from bot.engine.parse import Problem
from bot.lint.material import Material, problem

CHOSEN: Final = (Tone.MEMBER, Tone.SUPPORTER)


def voices_do_not_mix(material: Material) -> Iterator[Problem]:
    """What is said in one turn is said in one voice."""
    for node, step in nodes(material.book):
        voice = _tone(material, node)
        for there in sorted(_same_turn(material, node)) if _speaks(step) else ():
            heard = material.book.step(*there)
            if heard and _speaks(heard) and _tone(material, there) is not voice:
                message = (
                    f"`{_name(node)}` ({voice}) is followed by `{_name(there)}` ({_tone(material, there)})."
                )
                yield problem(
                    "voice",
                    material.draft.place(_name(node)),
                    message=message,
                    advice="Ask something between them.",
                )


def _same_turn(material: Material, node: Node) -> frozenset[Node]:
    """The steps that can speak after `node` before anything is asked, the question a call returns to included."""
    turn = {node, *onward(material.book, node)}
    ended = {there[0] for there in turn if _ends(material.book.step(*there))}
    back = {caller for flow in ended for caller in _callers(material, flow)}
    return frozenset((turn | back) - {node})


def _ends(step: Step | None) -> bool:
    return step is not None and not step.waits and any(route.move is Move.END for _, route in routes(step))


def _callers(material: Material, flow: str) -> Iterator[Node]:
    """The questions that call `flow`. To the crisis lane people come from everywhere, and it leads back."""
    if material.book.flows[flow].tone is Tone.CRISIS:
        return
    for node, step in nodes(material.book):
        if any(route.move is Move.CALL and route.flow == flow for _, route in routes(step)):
            yield node


def members_are_asked_for(material: Material) -> Iterator[Problem]:
    """Into the voice of members or supporters leads only what a person chose, or a command they gave."""
    for node, step in nodes(material.book):
        chosen = {choice.id for choice in step.choices}
        for name, route in routes(step):
            if name not in chosen and _enters(material, node, route):
                message = f"`{_name(node)}` leads to `{route.flow}` without being asked to."
                advice = "Let a choice lead there: nobody hears these voices unasked."
                yield problem("voice", material.draft.place(_name(node)), message=message, advice=advice)


def _enters(material: Material, node: Node, route: Route) -> bool:
    there = goal(material.book, route)
    if there is None or there[0] == node[0] or there[0] not in material.book.flows:
        return False
    return _tone(material, there) in CHOSEN


def _tone(material: Material, node: Node) -> Tone:
    return material.book.flows[node[0]].tone


def _speaks(step: Step) -> bool:
    return bool(step.say or step.cards)


def _name(node: Node) -> str:
    return ".".join(node)
