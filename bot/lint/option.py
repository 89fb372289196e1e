"""Rules of options: serving and requests stand beside refusal, and every option ends with the decision line.

What a page of options is about is its `option` in the flow. Pages of law may be anywhere; the crisis lane and the
lines show no law, so nothing of this holds them up (CONTENT, wording rules 2 and 3).
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from bot.engine.flow import Choice, Move, Option, Step, Tone
from bot.engine.graph import Node, goal, nodes, onward, routes
from bot.engine.parse import Problem
from bot.lint.material import Material, problem
from bot.model.card import CardKind
from bot.model.person import Language

DECISION: Final = "The decision is yours. Before you act, speak with a lawyer."
LAWFUL: Final = (Option.SERVING, Option.REQUEST)


def options_end_with_the_decision(material: Material) -> Iterator[Problem]:
    """Where law, a number or a page of options was shown, the last words of the turn are the decision line."""
    for node, step in nodes(material.book):
        if _is_held(material, node, step):
            for last, there in _lasts(material, node):
                if not there.say or there.say[-1].text != DECISION:
                    message = f"`{_name(last)}` ends what `{_name(node)}` began, without the decision line."
                    advice = f"Make its last words: {DECISION}"
                    yield problem(
                        "decision", material.draft.place(_name(last)), message=message, advice=advice
                    )


def _is_held(material: Material, node: Node, step: Step) -> bool:
    """Whether a step is of the kind that is never the last word; a list of options is no page of one."""
    if material.book.flows[node[0]].tone is not Tone.INFORMATION:
        return False
    cards = (material.cards.cards.get(name) for name in step.cards)
    law = any(card and card.kind in (CardKind.LAW, CardKind.NUMBER) for card in cards)
    return law or (step.option is not None and not step.waits)


def _lasts(material: Material, node: Node) -> Iterator[tuple[Node, Step]]:
    """The steps at which the turn that begins at `node` can come to rest."""
    for there in sorted({node, *onward(material.book, node)}):
        found = material.book.step(*there)
        if found and (found.waits or any(route.move is Move.END for _, route in routes(found))):
            yield there, found


def the_decision_reads_one_way(material: Material) -> Iterator[Problem]:
    """The decision line is the same sentence wherever it stands, in each form of Hebrew."""
    first: dict[str, str] = {}
    for saying in material.sayings:
        for wording in saying.of(Language.HEBREW) if saying.phrase.text == DECISION else ():
            if first.setdefault(wording.place.file, wording.text) != wording.text:
                message = f"The decision line of `{saying.phrase.context}` differs: {wording.text!r}."
                yield problem(
                    "decision", wording.place, message=message, advice="Let it read the same everywhere."
                )


def refusal_never_stands_alone(material: Material) -> Iterator[Problem]:
    """A question one press away from refusal is at most two away from serving and from a request."""
    for node, step in nodes(material.book):
        if Option.REFUSAL in _kinds(material, step):
            near = set(
                chain(_kinds(material, step), *(_kinds(material, two) for two in _screens(material, step)))
            )
            if missing := [kind for kind in LAWFUL if kind not in near]:
                message = f"`{_name(node)}` leads to refusal, and not to: {', '.join(missing)}."
                advice = (
                    "List serving and the lawful requests there too, or a way back to where they are listed."
                )
                yield problem("option", material.draft.place(_name(node)), message=message, advice=advice)


def serving_comes_first(material: Material) -> Iterator[Problem]:
    """Where serving and refusal are answers to one question, serving is offered before refusal."""
    for node, step in nodes(material.book):
        kinds = _kinds(material, step)
        if {Option.SERVING, Option.REFUSAL} <= set(kinds) and _is_before(kinds):
            message = f"`{_name(node)}` offers refusal before serving."
            yield problem(
                "option", material.draft.place(_name(node)), message=message, advice="Put serving first."
            )


def _is_before(kinds: tuple[Option, ...]) -> bool:
    return kinds.index(Option.REFUSAL) < kinds.index(Option.SERVING)


def _kinds(material: Material, step: Step) -> tuple[Option, ...]:
    """What the choices of a step lead to pages of, in their order."""
    marked = (there.option for choice in step.choices for there in _after(material, choice))
    return tuple(option for option in marked if option)


def _screens(material: Material, step: Step) -> Iterator[Step]:
    """The questions that are one press away."""
    return (there for choice in step.choices for there in _after(material, choice) if there.waits)


def _after(material: Material, choice: Choice) -> Iterator[Step]:
    """The steps of the turn that a choice begins."""
    if door := goal(material.book, choice.route):
        turn = (door, *sorted(onward(material.book, door)))
        yield from (step for node in turn if (step := material.book.step(*node)))


def _name(node: Node) -> str:
    return ".".join(node)
