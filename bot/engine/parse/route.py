"""Moves, and what carries them: choices, free answers, actions and timeouts.

A target is `step`, `flow` or `flow.step`, as its move says. Whether it exists is for the linter; here it is only
written out in full, which takes the first step of each flow (`Here.starts`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, assert_never

from bot.engine.flow import DEFAULT_EXPIRY, Ask, AskKind, Choice, Do, Move, Phrase, Route, Timeout
from bot.engine.parse.field import Fields
from bot.engine.parse.problem import Notes
from bot.engine.parse.topic import area_label, topic_label
from bot.engine.parse.tree import Tree, Word
from bot.model.topic import Reader, Topics

MOVES: Final = {
    "goto": Move.GO,
    "call": Move.CALL,
    "home": Move.HOME,
    "run": Move.RUN,
    "stay": Move.STAY,
    "end": Move.END,
}
NOWHERE: Final = Route(move=Move.END)


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where in the book something is read: its flow and step, the first step of each flow, the notes, the topics."""

    flow: str
    step: str
    starts: Mapping[str, str]
    notes: Notes
    topics: Topics = field(default_factory=Topics)

    @property
    def context(self) -> str:
        """The gettext context of the words here."""
        return f"{self.flow}.{self.step}"


def read_route(fields: Fields, here: Here) -> Route | None:
    """The one move among the keys of `fields`; None if there is none."""
    found = [key for key in MOVES if fields.has(key)]
    routes = [_route(key, fields, here) for key in found]
    if len(found) > 1:
        fields.note(found[1], f"{fields.what} moves twice: {', '.join(found)}.", advice="Keep one of them.")
    return routes[0] if routes else None


def need_route(fields: Fields, here: Here) -> Route:
    """The one move among the keys of `fields`, which has to be there."""
    route = read_route(fields, here)
    if route is None:
        fields.note("", f"{fields.what} leads nowhere.", advice=f"Add one of: {', '.join(MOVES)}.")
    return route or NOWHERE


def _route(key: str, fields: Fields, here: Here) -> Route:
    word = fields.word(key)
    if key == "end" and word != "true":
        fields.note(key, "`end` has to be true.", advice="Write `end: true`, or another move.")
    return target(MOVES[key], word, here=here)


def target(move: Move, word: str, *, here: Here) -> Route:
    """A move written out: `goto` stays in its flow without a dot, `call` and `home` begin a flow without one."""
    first, _, second = word.partition(".")
    if move is Move.END:
        return Route(move=move)
    if move is Move.RUN:
        return Route(move=move, flow=word)
    if second:
        return Route(move=move, flow=first, step=second)
    if move in (Move.GO, Move.STAY):
        return Route(move=move, flow=here.flow, step=first)
    return Route(move=move, flow=first, step=here.starts.get(first, ""))


class Each(StrEnum):
    """What a choice can be offered for each of; the one chosen is kept as `topic`, or `area`."""

    TOPIC = "topic"
    AREA = "area"


def read_choices(tree: Tree, here: Here) -> Iterator[Choice]:
    """What one entry of `choices` comes to: a choice, or with `each` one for every topic or area."""
    fields = Fields(tree, here.notes, what=f"a choice of `{here.context}`")
    if not fields.has("each"):
        yield _choice(fields, here)
        return
    each, reader = fields.member("each", Each.TOPIC), fields.member("reader", Reader.ALL)
    route, keep = need_route(fields, here), fields.values("keep", may_be_empty=True)
    fields.close()
    for id, label in _listed(each, reader, here.topics):
        yield Choice(id=id, label=label, route=route, keep={**keep, each.value: id})


def _listed(each: Each, reader: Reader, topics: Topics) -> Iterator[tuple[str, Phrase]]:
    match each:
        case Each.TOPIC:
            yield from ((topic.id, topic_label(topic)) for topic in topics.offered(reader))
        case Each.AREA:
            yield from ((id, area_label(topics, id)) for id in topics.areas)
        case _:
            assert_never(each)


def _choice(fields: Fields, here: Here) -> Choice:
    id = fields.name("id")
    fields.what = f"choice `{id}` of `{here.context}`"
    label = Phrase(context=here.context, text=fields.need("label"))
    keep = fields.values("keep", may_be_empty=True)
    choice = Choice(id=id, label=label, route=_handing(need_route(fields, here), fields, here), keep=keep)
    fields.close()
    return choice


def _handing(route: Route, fields: Fields, here: Here) -> Route:
    """A route with what it hands on, where it leads into another flow; inside of one the answers stay anyway."""
    hands = fields.values("with")
    leaves = route.move is Move.CALL or (route.move is Move.GO and route.flow != here.flow)
    if fields.has("with") and not leaves:
        advice = "Keep it for a `call`, or for a `goto` into another flow."
        fields.note("with", f"`with` means nothing in {fields.what}.", advice=advice)
    return replace(route, hands=hands)


def read_ask(tree: Tree, here: Here) -> Ask:
    """What stands under `ask`."""
    fields = Fields(tree, here.notes, what=f"`ask` of `{here.context}`")
    kind = fields.member("kind", AskKind.TEXT)
    keep = fields.name("keep") if fields.has("keep") else None
    stop = target(Move.GO, fields.word("stop"), here=here) if fields.has("stop") else None
    if stop and kind is not AskKind.LINE:
        fields.note("stop", f"`stop` means nothing in {fields.what}.", advice="Keep it for `kind: line`.")
    ask = Ask(kind=kind, keep=keep, route=need_route(fields, here), stop=stop)
    fields.close()
    return ask


def read_do(fields: Fields, here: Here) -> Do | None:
    """The action of a step with its inputs and outcomes; None if it does none."""
    action, inputs = fields.word("do"), fields.values("with")
    outcomes = {name: _outcome(name, tree, here) for name, tree in fields.entries("outcomes").items()}
    if not fields.has("do"):
        for key in ("with", "outcomes"):
            if fields.has(key):
                fields.note(
                    key,
                    f"{fields.what} has `{key}` and no `do`.",
                    advice="Add the action, or take this away.",
                )
        return None
    if not outcomes:
        fields.note(
            "do",
            f"{fields.what} has no outcomes.",
            advice="Add `outcomes: {name: step}`, one for each way it can end.",
        )
    return Do(action=action, inputs=inputs, outcomes=outcomes)


def _outcome(name: str, tree: Tree, here: Here) -> Route:
    """Where an outcome leads: the name of a step, or a mapping with any move."""
    if isinstance(tree, Word):
        return target(Move.GO, tree.text, here=here)
    fields = Fields(tree, here.notes, what=f"outcome `{name}` of `{here.context}`")
    route = need_route(fields, here)
    refuse_call(route, fields)
    fields.close()
    return route


def refuse_call(route: Route | None, fields: Fields) -> None:
    """A call comes back to where it came from, and where nothing is asked it would all happen again."""
    if route and route.move is Move.CALL:
        fields.note(
            "call",
            f"{fields.what} may not call: nothing is asked there to come back to.",
            advice="Use `goto`.",
        )


def read_timeout(tree: Tree, here: Here) -> Timeout:
    """What stands under `timeout`."""
    fields = Fields(tree, here.notes, what=f"`timeout` of `{here.context}`")
    fields.need("after")
    timeout = Timeout(
        after=fields.span("after", DEFAULT_EXPIRY),
        route=need_route(fields, here),
        in_place=fields.flag("in_place"),
    )
    fields.close()
    return timeout
