"""The last day of an appeal, as a date. The day of the verdict is an answer of the conversation; nothing is kept."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bot.actions.card import may_say
from bot.actions.day import today_of
from bot.actions.scene import Scene
from bot.almanac import is_holy
from bot.engine.event import Outcome
from bot.model.appeal import clock

RULE: Final = "A34"  # the card that says how it is counted
_AGO: Final = {"today": 0, "yesterday": 1, "two_days_ago": 2, "three_days_ago": 3}


async def last_day(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The last day for an appeal against a `verdict` (ISO 8601, or how long ago).

    Outcomes: `open`, `rest` where the third day is one of rest, `passed`, all with `third` and `day`; `ahead`, and
    `unverified` while the card with the rule may not be shown: then no day is said either.
    """
    today = today_of(scene)
    if not may_say(scene, RULE, today=today):
        return Outcome(name="unverified")
    verdict = _verdict(inputs["verdict"], today)
    if verdict > today:
        return Outcome(name="ahead")
    found = clock(verdict, is_rest=is_holy)
    values = {"third": found.third.isoformat(), "day": found.last.isoformat()}
    if found.last < today:
        return Outcome(name="passed", values=values)
    return Outcome(name="open" if found.last == found.third else "rest", values=values)


def _verdict(said: str, today: date) -> date:
    return today - timedelta(days=_AGO[said]) if said in _AGO else date.fromisoformat(said)
