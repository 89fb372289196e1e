"""A line on which nobody writes: what its timer does in the case's own lane. Stages and lengths: `model.silence`."""

from datetime import datetime
from typing import assert_never

from bot.almanac import next_allowed
from bot.engine.event import Led
from bot.engine.need import LINE
from bot.model.case import CaseState, Need, Side
from bot.model.queue import Timer
from bot.model.silence import SILENCE, Stage, after_stage, after_word
from bot.pipeline.searching import Search
from bot.store import cases, lanes, offers, timers


async def passes(search: Search, stage: Stage) -> None:
    """What this stage of silence does, and the timer of the next. During a break nobody is reminded."""
    if (later := _may_speak(search, stage)) > search.now:
        await _put(search, stage, later)
        return
    is_paused = search.case.state is CaseState.PAUSED
    match stage:
        case Stage.REMIND if not is_paused:
            await _tell(search, "line_waits", Side.VOLUNTEER)
        case Stage.ASK if not is_paused:
            await _tell(search, "line_silent", Side.PERSON)
        case Stage.NOTE:
            await _tell(search, "line_quiet", Side.PERSON)
        case Stage.CLOSE:
            await _close(search)
        case Stage.REMIND | Stage.ASK:
            pass
        case _:
            assert_never(stage)
    search.counts[f"case.silence.{stage}"] += 1
    if following := after_stage(stage, search.case.need):
        await _put(search, following.stage, search.now + following.after)


async def begins(search: Search) -> None:
    """The person knows of the line: its volunteer is waited for."""
    first = after_word(Side.PERSON, search.case.need)
    await _put(search, first.stage, search.now + first.after)


async def ends_for_volunteer(search: Search) -> None:
    """Whoever has it is told that somebody else goes on."""
    led = Led(flow=LINE, step="changed_volunteer", answers=_answers(search, Side.VOLUNTEER))
    there = [who for who in (search.case.volunteer_id,) if who is not None]
    await lanes.to_people(search.unit, [(who, led) for who in there], now=search.now)


def _may_speak(search: Search, stage: Stage) -> datetime:
    """When the person may be spoken to: not at night and not on days of rest, except about what is urgent."""
    if stage not in (Stage.ASK, Stage.NOTE) or search.case.need is Need.URGENT:
        return search.now
    return next_allowed(search.now, zone=search.person.person.zone or search.on.zone)


async def _put(search: Search, stage: Stage, at: datetime) -> None:
    version = f"{search.case.epoch}.{stage}"
    timer = Timer(lane=search.lane, kind=SILENCE, due_at=at, version=version)
    await timers.put(search.unit, [timer], now=search.now)


async def _tell(search: Search, flow: str, side: Side) -> None:
    there = [who for who in (search.case.who(side),) if who is not None]
    await search.tell(flow, there, values={"who": search.case.name_for(side)})


async def _close(search: Search) -> None:
    """End it; both sides are led out of the line."""
    await cases.close(search.unit, search.case, now=search.now)
    await offers.forget(search.unit, search.case.id)
    led = [
        (who, Led(flow=LINE, step=f"quiet_{side}", answers=_answers(search, side)))
        for side in Side
        if (who := search.case.who(side)) is not None
    ]
    await lanes.to_people(search.unit, led, now=search.now)


def _answers(search: Search, side: Side) -> dict[str, str]:
    return {"case": str(search.case.id), "who": search.case.name_for(side)}
