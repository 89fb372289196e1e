"""Rules of shape: every way leads somewhere, every step is reached, nothing runs in circles, nobody is held."""

import difflib
from collections.abc import Iterator

from bot.engine.flow import Flow, Move, Route, Step
from bot.engine.graph import Node, depth, ending, loops, nodes, reached, routes
from bot.engine.parse import Problem
from bot.engine.parse.book import needs
from bot.engine.session import DEPTH
from bot.lint.material import Material, problem


def system_is_whole(material: Material) -> Iterator[Problem]:
    """The machinery has every sentence, question and command it uses."""
    yield from needs(material.draft)


def targets_exist(material: Material) -> Iterator[Problem]:
    """Every way leads to a step or command that is there."""
    for node, step in nodes(material.book):
        for name, route in routes(step):
            if lost := _lost(material, route):
                what = f"`{name}` of " if name else ""
                message = f"{what}`{_name(node)}` leads to `{lost}`, which is not there."
                yield problem(
                    "target", material.draft.place(_name(node)), message=message, advice=_near(material, lost)
                )


def _lost(material: Material, route: Route) -> str | None:
    """What a route names and the book lacks."""
    if route.move is Move.END:
        return None
    if route.move is Move.RUN:
        return None if route.flow in material.book.commands else route.flow
    there = material.book.step(route.flow, route.step)
    return None if there else _name((route.flow, route.step)).rstrip(".")


def _near(material: Material, name: str) -> str:
    known = [_name(node) for node, _ in nodes(material.book)]
    known += [*material.book.flows, *material.book.commands]
    near = difflib.get_close_matches(name, known, n=1)
    return f"Do you mean `{near[0]}`?" if near else "Add it, or lead somewhere else."


def _name(node: Node) -> str:
    return ".".join(node)


def actions_exist(material: Material) -> Iterator[Problem]:
    """Every action a step does is one the bot has."""
    for node, step in nodes(material.book):
        if step.do and material.actions and step.do.action not in material.actions:
            near = difflib.get_close_matches(step.do.action, material.actions, n=1)
            advice = f"Do you mean `{near[0]}`?" if near else "Write the action, or do another."
            message = f"`{_name(node)}` does `{step.do.action}`, which no action is called."
            yield problem("action", material.draft.place(_name(node)), message=message, advice=advice)


def calls_hand_on_what_is_kept(material: Material) -> Iterator[Problem]:
    """A call hands on what its flow keeps or works with, under a name that the flow it begins reads."""
    for node, step in nodes(material.book):
        for choice in step.choices:
            there = material.book.flows.get(choice.route.flow)
            for name, said in choice.route.hands.items():
                ours = material.book.flows[node[0]]
                kept = not said.startswith("$") or said[1:] in _kept(ours) or said in _read(ours)
                if kept and (there is None or f"${name}" in _read(there)):
                    continue
                what = (
                    f"`{name}` that `{choice.route.flow}` does not read"
                    if kept
                    else f"`{said}`, not kept here"
                )
                message = f"`{choice.id}` of `{_name(node)}` hands on {what}."
                advice = "Hand on what an `ask` or a choice here keeps, as an action there reads it."
                yield problem("hand", material.draft.place(_name(node)), message=message, advice=advice)


def _kept(flow: Flow) -> frozenset[str]:
    """The names under which a flow's questions keep answers; a prompt comes with its subject."""
    given = {"subject"} if flow.prompt else set[str]()
    asked = {step.ask.keep for step in flow.steps.values() if step.ask and step.ask.keep}
    return frozenset(
        given.union(asked, *(choice.keep for step in flow.steps.values() for choice in step.choices))
    )


def _read(flow: Flow) -> frozenset[str]:
    """What the actions of a flow read of its answers, each with its `$`."""
    return frozenset(value for step in flow.steps.values() if step.do for value in step.do.inputs.values())


def steps_are_reached(material: Material) -> Iterator[Problem]:
    """Every step can be come to from a command, a prompt or the machinery."""
    there = reached(material.book)
    for node, _ in nodes(material.book):
        if node not in there:
            message = f"Nothing leads to `{_name(node)}`."
            yield problem(
                "reach",
                material.draft.place(_name(node)),
                message=message,
                advice="Lead to it, or take it away.",
            )


def nothing_is_endless(material: Material) -> Iterator[Problem]:
    """From every step a person can get to an end, home or a command."""
    good = ending(material.book)
    for node, _ in nodes(material.book):
        if node not in good:
            message = f"From `{_name(node)}` there is no way to an end."
            yield problem(
                "endless",
                material.draft.place(_name(node)),
                message=message,
                advice="Add `end: true` or `home: menu`.",
            )


def no_loop_without_wait(material: Material) -> Iterator[Problem]:
    """No circle of steps in which nothing is asked."""
    for circle in loops(material.book):
        message = (
            f"Nothing is asked in the circle {' → '.join(_name(node) for node in (*circle, circle[0]))}."
        )
        yield problem(
            "loop",
            material.draft.place(_name(circle[0])),
            message=message,
            advice="Ask something on the way.",
        )


def waits_have_a_way_out(material: Material) -> Iterator[Problem]:
    """Where the safety row is left away, there is something to press; a timeout comes before the expiry."""
    for node, step in nodes(material.book):
        place = material.draft.place(_name(node))
        if step.waits and not step.choices and not step.safety:
            message = f"`{_name(node)}` asks for words and offers no way out."
            yield problem(
                "wait", place, message=message, advice="Add a choice, or leave the safety row there."
            )
        expires = material.book.flows[node[0]].expires
        if step.timeout and step.timeout.after >= expires:
            message = f"The timeout of `{_name(node)}` comes when the question is over already."
            yield problem(
                "wait", place, message=message, advice="Make `after` shorter than the flow's `expires`."
            )


def calls_leave_room(material: Material) -> Iterator[Problem]:
    """Calls are at most two deep, so that a question and the crisis lane on top of it fit the stack of four."""
    for name in material.book.flows:
        if (frames := 1 + depth(material.book, name)) >= DEPTH:
            message = f"Calls from `{name}` pile up {frames} frames of the {DEPTH} there are."
            yield problem(
                "depth",
                material.draft.place(name),
                message=message,
                advice="Go on with `goto` somewhere on the way.",
            )


def prompts_ask_once(material: Material) -> Iterator[Problem]:
    """A prompt asks in its first step only, by choices only, and never calls."""
    for flow in material.book.flows.values():
        for step in flow.steps.values() if flow.prompt else ():
            for message in _prompt_faults(step, first=step.id == flow.start):
                place = material.draft.place(f"{flow.name}.{step.id}")
                advice = "Only the first step of a prompt asks, by choices; `goto: flow.step` begins a real question."
                yield problem("prompt", place, message=f"`{flow.name}.{step.id}` {message}", advice=advice)


def _prompt_faults(step: Step, *, first: bool) -> Iterator[str]:
    if step.ask or (step.waits and not first):
        yield "waits for an answer inside a prompt."
    if any(route.move is Move.CALL for _, route in routes(step)):
        yield "calls out of a prompt, which has nothing to come back to."
