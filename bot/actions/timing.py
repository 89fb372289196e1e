"""The times of a notice that is prepared: when it takes place, when it leaves, and until when it is of use.

They are told by the clocks of where it takes place. What is understood is shown in the preview; what is not surely
one time is asked for again.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.actions.announce import GONE, Draft, draft_of, save
from bot.actions.proofread import LATECOMERS, use_ends
from bot.actions.scene import Scene
from bot.almanac import local
from bot.engine.event import Outcome
from bot.i18n.clock import parse_time
from bot.i18n.zone import zone_named
from bot.model.notice import Answer

LONGER: Final = timedelta(days=2)  # for what has no time


async def clock(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """By which clocks its times are told; by those of `zone` from now on, if it names one.

    Outcomes: `shown` with `zone`, `unknown`, `none`.
    """
    one = await draft_of(scene)
    if one is None:
        return GONE
    found = zone_named(inputs["zone"]) if inputs["zone"] else one.content.zone
    if found is None:
        return Outcome(name="unknown", values={"zone": ""})
    if found != one.content.zone:
        await save(scene, replace(one, content=replace(one.content, zone=found)))
    return Outcome(name="shown", values={"zone": found})


async def moment(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """When it `starts` or `leaves`, or its use `ends`; no `day` takes that away.

    Outcomes: `written`, `unclear`, `past`, `none`.
    """
    one = await draft_of(scene)
    if one is None:
        return GONE
    at = None
    if inputs["day"]:
        time = parse_time(inputs["hour"])
        if time is None:
            return Outcome(name="unclear", values={"hour": ""})
        at = local(date.fromisoformat(inputs["day"]), time, zone=one.content.zone)
        if at <= scene.now:
            return Outcome(name="past", values={"day": "", "hour": ""})
    await save(scene, _timed(one, inputs["which"], at))
    return Outcome(name="written", values={"day": "", "hour": ""})


async def use(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """How long it `lasts`: as `usual`, or `longer`; without that, until when it is of use as it is.

    Outcomes: `dated`, `undated`, both with `until`; `written`, `none`.
    """
    one = await draft_of(scene)
    if one is None:
        return GONE
    is_dated = one.content.starts_at is not None
    if not inputs["lasts"]:
        until = use_ends(one.notice, one.content, now=scene.now)
        return Outcome(name="dated" if is_dated else "undated", values={"until": until.isoformat()})
    longer = LATECOMERS if is_dated else LONGER
    lasts = longer if inputs["lasts"] == "longer" else None
    await save(scene, replace(one, content=replace(one.content, lasts=lasts, until=None)))
    return Outcome(name="written")


def _timed(one: Draft, which: str, at: datetime | None) -> Draft:
    """The draft with that time. How long it lasts is another question where it gets a time, or has none any more."""
    match which:
        case "leaves":
            return replace(one, notice=replace(one.notice, send_at=at))
        case "ends":
            return replace(one, content=replace(one.content, until=at, lasts=None))
        case _:
            answers = frozenset(Answer) if at else frozenset[Answer]()
            lasts = one.content.lasts if at and one.content.starts_at else None
            return replace(one, content=replace(one.content, starts_at=at, answers=answers, lasts=lasts))
