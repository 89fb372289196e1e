"""The book as a graph: which steps can be reached, which lead nowhere, where a turn could run in circles.

Nodes are (flow, step). Nothing here judges: `bot.lint` turns what is found into problems.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from bot.engine.flow import SYSTEM, Book, Flow, Move, Route, Step
from bot.engine.need import INVITED, LED, LINE, MOVE_IN, MOVE_STEPS, MOVED, QUESTIONS

Node = tuple[str, str]


def routes(step: Step) -> Iterator[tuple[str, Route]]:
    """Every way out of a step and what takes it: a choice's id, `ask`, an outcome's name, `timeout`, or ""."""
    yield from ((choice.id, choice.route) for choice in step.choices)
    if step.ask:
        yield "ask", step.ask.route
        if step.ask.stop:
            yield "stop", step.ask.stop
    if step.do:
        yield from step.do.outcomes.items()
    if step.route:
        yield "", step.route
    if step.timeout:
        yield "timeout", step.timeout.route


def nodes(book: Book) -> Iterator[tuple[Node, Step]]:
    """Every step of the book."""
    for flow in book.flows.values():
        yield from (((flow.name, step.id), step) for step in flow.steps.values())


def goal(book: Book, route: Route) -> Node | None:
    """The step a route leads to, whether it exists or not; None where it ends, or runs an unknown command."""
    if route.move is Move.END:
        return None
    if route.move is not Move.RUN:
        return route.flow, route.step
    command = book.commands.get(route.flow)
    return (command.route.flow, command.route.step) if command else None


def reached(book: Book) -> frozenset[Node]:
    """The steps a person can come to: from a global command, a prompt, an invitation, or the machinery's questions."""
    seen: set[Node] = set()
    open_nodes = list(roots(book))
    while open_nodes:
        node = open_nodes.pop()
        step = book.step(*node)
        if step and node not in seen:
            seen.add(node)
            open_nodes += (found for _, route in routes(step) if (found := goal(book, route)))
    return frozenset(seen)


def roots(book: Book) -> Iterator[Node]:
    """Where conversations begin."""
    yield from ((command.route.flow, command.route.step) for command in book.commands.values())
    yield from ((flow.name, flow.start) for flow in book.flows.values() if flow.prompt and flow.steps)
    yield from ((SYSTEM, name) for name in QUESTIONS)
    led = (*INVITED.values(), LINE, MOVE_IN, MOVED)
    yield from ((name, flow.start) for name, flow in book.flows.items() if name in led and flow.steps)
    others = ((LINE, LED), (MOVE_IN, MOVE_STEPS))
    yield from ((flow, step) for flow, steps in others for step in steps if book.step(flow, step))


def onward(book: Book, node: Node) -> frozenset[Node]:
    """The steps that can be taken after `node` in the same turn, up to and with the questions it comes to rest at.

    What a call returns to is not known here: it is whatever question was open.
    """
    seen: set[Node] = set()
    busy = [node]
    while busy:
        step = book.step(*busy.pop())
        for there in _at_once(book, step) if step and not step.waits else ():
            if there not in seen and book.step(*there):
                seen.add(there)
                busy.append(there)
    return frozenset(seen)


def ending(book: Book) -> frozenset[Node]:
    """The steps from which a person can get out: to an end, home, a command, or a screen with the safety row."""
    good = {node for node, step in nodes(book) if _leaves(book, step)}
    while True:
        more = {node for node, step in nodes(book) if node not in good and good & set(_next(step))}
        if not more:
            return frozenset(good)
        good |= more


def _leaves(book: Book, step: Step) -> bool:
    out = any(route.move in (Move.END, Move.HOME, Move.RUN) for _, route in routes(step))
    return out or (step.waits and step.safety and bool(book.safety))


def _next(step: Step) -> Iterator[Node]:
    """Where a step goes on in the same frame."""
    return ((route.flow, route.step) for _, route in routes(step) if route.move in (Move.GO, Move.STAY))


def loops(book: Book) -> tuple[tuple[Node, ...], ...]:
    """Every circle of steps in which nothing is asked, each beginning with its first node in order."""
    busy = {node: tuple(_at_once(book, step)) for node, step in nodes(book) if not step.waits}
    found = (_circle(node, busy) for node in sorted(busy))
    return tuple(sorted({circle for circle in found if circle}))


def _at_once(book: Book, step: Step) -> Iterator[Node]:
    return (found for _, route in routes(step) if (found := goal(book, route)))


def _circle(start: Node, edges: Mapping[Node, tuple[Node, ...]]) -> tuple[Node, ...]:
    """The shortest way from `start` back to it, turned so that its first node in order leads."""
    ways: list[tuple[Node, ...]] = [(start,)]
    seen: set[Node] = set()
    for way in ways:
        for node in edges[way[-1]]:
            if node == start:
                first = way.index(min(way))
                return way[first:] + way[:first]
            if node in edges and node not in seen:
                seen.add(node)
                ways.append((*way, node))
    return ()


def depth(book: Book, flow: str) -> int:
    """The most frames that calls can put on top of a flow, each flow taken once."""
    calls = {name: tuple(_calls(found)) for name, found in book.flows.items()}
    return _depth(flow, calls, frozenset())


def _calls(flow: Flow) -> Iterator[tuple[str, int]]:
    """The flows this one leads to without giving way, and how many frames that takes."""
    for _, route in chain.from_iterable(routes(step) for step in flow.steps.values()):
        if route.move is Move.CALL:
            yield route.flow, 1
        elif route.move is Move.GO and route.flow != flow.name:
            yield route.flow, 0


def _depth(flow: str, calls: Mapping[str, tuple[tuple[str, int], ...]], above: frozenset[str]) -> int:
    seen = above | {flow}
    ways = (
        frames + (0 if called in seen else _depth(called, calls, seen))
        for called, frames in calls.get(flow, ())
    )
    return max(ways, default=0)
