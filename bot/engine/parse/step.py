"""One step and one flow out of their trees. A step does exactly one of: wait, act, move."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from bot.engine.flow import DEFAULT_EXPIRY, Audience, Flow, Option, Phrase, Shown, Step, Tone
from bot.engine.parse.field import ID, Fields
from bot.engine.parse.route import (
    MOVES,
    Here,
    read_ask,
    read_choices,
    read_do,
    read_route,
    read_timeout,
    refuse_call,
)
from bot.engine.parse.tree import Items, Table, Tree
from bot.model.person import Platform
from bot.model.topic import Topics

_WAITING: Final = ("unclear", "timeout", "exact", "safety")


def read_flow(fields: Fields, *, starts: Mapping[str, str], topics: Topics) -> Flow:
    """A flow with its steps; keys of other readers (the system flow's) are left to them."""
    name = fields.name("flow")
    steps = {
        id: read_step(tree, Here(flow=name, step=id, starts=starts, notes=fields.notes, topics=topics))
        for id, tree in fields.entries("steps").items()
    }
    if not steps:
        fields.note(
            "steps", f"{fields.what} has no steps.", advice="Add `steps:` with at least one step under it."
        )
    return Flow(
        name=name,
        audience=fields.member("audience", Audience.PERSON),
        tone=fields.member("tone", Tone.INFORMATION),
        steps=steps,
        expires=fields.span("expires", DEFAULT_EXPIRY),
        prompt=fields.flag("prompt"),
    )


def read_step(tree: Tree, here: Here) -> Step:
    """A step of a flow."""
    fields = Fields(tree, here.notes, what=f"step `{here.context}`")
    ask, timeout = fields.tree("ask"), fields.tree("timeout")
    step = Step(
        id=_step_id(fields, here),
        say=read_say(fields.tree("say"), here),
        cards=fields.words("cards"),
        show=fields.member("show", Shown.RETENTION) if fields.has("show") else None,
        choices=tuple(chain(*(read_choices(item, here) for item in fields.items("choices")))),
        ask=read_ask(ask, here) if ask else None,
        do=read_do(fields, here),
        route=read_route(fields, here),
        unclear=Phrase(context=here.context, text=fields.word("unclear")) if fields.has("unclear") else None,
        timeout=read_timeout(timeout, here) if timeout else None,
        count=fields.word("count") or None,
        option=fields.member("option", Option.SERVING) if fields.has("option") else None,
        sensitive=fields.flag("sensitive"),
        exact=fields.flag("exact"),
        safety=fields.flag("safety", default=True),
    )
    fields.close()
    _judge(step, fields)
    return step


def _step_id(fields: Fields, here: Here) -> str:
    if not ID.fullmatch(here.step):
        fields.note(
            "", f"`{here.step}` is no id.", advice="Use small Latin letters, digits and _, a letter first."
        )
    return here.step


def _judge(step: Step, fields: Fields) -> None:
    """A step does one thing, and says nothing about answers where it takes none."""
    does = [name for name, there in (("wait", step.waits), ("do", step.do), ("move", step.route)) if there]
    if not does:
        advice = f"Add choices, ask, do, or a move ({', '.join(MOVES)}); `end: true` where the flow is over."
        fields.note("", f"{fields.what} is a dead end.", advice=advice)
    if len(does) > 1:
        fields.note(
            "",
            f"{fields.what} does {' and '.join(does)}.",
            advice="Keep one, and put the other in a step of its own.",
        )
    for key in _WAITING:
        if fields.has(key) and not step.waits:
            fields.note(
                key, f"`{key}` means nothing in {fields.what}, which asks nothing.", advice="Take it away."
            )
    refuse_call(step.route, fields)
    ids = [choice.id for choice in step.choices]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        fields.note("choices", f"{fields.what} has two choices `{id}`.", advice="Give each its own id.")


def read_say(tree: Tree | None, here: Here) -> tuple[Phrase, ...]:
    """`say`: a text, a text that a number decides, one for each platform, or a list of these."""
    if tree is None:
        return ()
    if isinstance(tree, Items):
        return tuple(phrase for item in tree.items for phrase in read_say(item, here))
    if isinstance(tree, Table):
        platforms = tree.entries.keys() & set(Platform)
        return _for_each_platform(tree, here) if platforms else (_counted(tree, here),)
    if not tree.text:
        here.notes.add(
            tree.line, f"`{here.context}` says nothing.", advice="Write the words, or take `say` away."
        )
    return (Phrase(context=here.context, text=tree.text),)


def _for_each_platform(tree: Table, here: Here) -> tuple[Phrase, ...]:
    """Words that are true on one platform alone, and what is true on the others: none is forgotten."""
    fields = Fields(tree, here.notes, what=f"the text for each platform of `{here.context}`")
    said = tuple(Phrase(context=here.context, text=fields.need(one.value), on=one) for one in Platform)
    fields.close()
    return said


def _counted(tree: Table, here: Here) -> Phrase:
    fields = Fields(tree, here.notes, what=f"the counted text of `{here.context}`")
    phrase = Phrase(
        context=here.context, text=fields.need("one"), plural=fields.need("other"), count=fields.need("count")
    )
    fields.close()
    return phrase
