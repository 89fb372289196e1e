"""A flow as a Mermaid picture, for reading in a pull request: questions are rounded, actions have double sides."""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Flow, Move, Route, Step
from bot.engine.graph import routes

WIDTH: Final = 40
_CODES: Final = {letter: f"#{ord(letter)};" for letter in '#&"<>'}


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for step in flow.steps.values():
        lines.append(f"    s_{step.id}{_shape(step)}")
        lines += [f"    {line}" for line in _arrows(flow, step)]
    return "\n".join(lines) + "\n"


def _shape(step: Step) -> str:
    words = _short(f"{step.id}: {step.say[0].text}" if step.say else step.id)
    if step.waits:
        return f'(["{words}"])'
    if step.do:
        return f'[["{step.do.action}"]]'
    return f'["{words}"]'


def _arrows(flow: Flow, step: Step) -> Iterator[str]:
    labels = {choice.id: choice.label.text for choice in step.choices}
    for name, route in routes(step):
        words = _short(labels.get(name, name))
        arrow = f'-- "{words}" -->' if words else "-->"
        yield f"s_{step.id} {arrow} {_goal(flow, route)}"


def _goal(flow: Flow, route: Route) -> str:
    if route.move is Move.END:
        return "end_(((end)))"
    if route.move is Move.GO and route.flow == flow.name:
        return f"s_{route.step}"
    place = ".".join(part for part in (route.flow, route.step) if part)
    return f'{route.move}_{place.replace(".", "_")}{{{{"{route.move} {place}"}}}}'


def _short(text: str) -> str:
    """The start of a text on one line, without what Mermaid would read as its own."""
    line = " ".join(text.split())
    cut = line if len(line) <= WIDTH else f"{line[: WIDTH - 1].rstrip()}…"
    return "".join(_CODES.get(letter, letter) for letter in cut)
