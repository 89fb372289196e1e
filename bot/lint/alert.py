"""Rules of alerts: what calls a volunteer or an organizer to a case says its need and language, and nothing else.

An alert stands on a locked screen. So nothing a person wrote or is called can get into it, and its length says nothing.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.flow import Flow
from bot.engine.parse import Problem
from bot.i18n.template import Format, Slot, parse
from bot.lint.material import Material, Use, problem

ACCEPT: Final = "offer.accept"
SAID: Final = frozenset(Slot(name=name, format=Format.EVEN) for name in ("need", "language"))


def alerts_say_nothing_of_anybody(material: Material) -> Iterator[Problem]:
    """In a prompt that can be accepted every text has the need and the language at most, always as long."""
    alerts = {flow.name: flow for flow in material.book.flows.values() if is_alert(flow)}
    for saying in material.sayings:
        if saying.use is not Use.SAY or saying.phrase.context.partition(".")[0] not in alerts:
            continue
        extra = {slot.name for wording in saying.wordings for slot in parse(wording.text).slots - SAID}
        if extra:
            message = f"An alert says {', '.join(sorted(extra))}."
            advice = "Only {need:even} and {language:even} may stand in it."
            yield problem("alert", saying.place, message=message, advice=advice)
    for flow in alerts.values():
        for step in flow.steps.values():
            if step.say and not step.sensitive:
                place = material.draft.place(f"{flow.name}.{step.id}")
                message = f"`{flow.name}.{step.id}` stays in the chat."
                yield problem("alert", place, message=message, advice="Add `sensitive: true`.")


def is_alert(flow: Flow) -> bool:
    """Whether a case can be accepted in it."""
    return flow.prompt and any(step.do and step.do.action == ACCEPT for step in flow.steps.values())
