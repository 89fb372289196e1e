"""A book without one of its flows: what a bot cannot do where it runs is not offered there at all."""

from dataclasses import replace

from bot.engine.flow import Book, Flow, Step


def without(book: Book, flow: str) -> Book:
    """The book as if nobody had written that flow: no command and no choice leads there."""
    flows = {name: _flow_without(one, flow) for name, one in book.flows.items() if name != flow}
    commands = {name: one for name, one in book.commands.items() if one.route.flow != flow}
    return replace(book, flows=flows, commands=commands)


def _flow_without(one: Flow, flow: str) -> Flow:
    return replace(one, steps={name: _step_without(step, flow) for name, step in one.steps.items()})


def _step_without(step: Step, flow: str) -> Step:
    kept = tuple(choice for choice in step.choices if choice.route.flow != flow)
    return step if kept == step.choices else replace(step, choices=kept)
