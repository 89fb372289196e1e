"""What was counted, to look at: the way from a flyer to help, and by week who asked and who heard from somebody.

Events are counted, by day, and never people; what is fewer than five is not told as a number. Called by organizers.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Final

from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.case import Need
from bot.model.chart import Figures, Row, told, told_parts
from bot.model.search import WAITS
from bot.store import counters

MONTH: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)
WEEKS: Final = 8
SUNDAY: Final = 6  # as `date.weekday` counts; a week in Israel begins with it

ASKED: Final = [f"case.opened.{need}" for need in Need if need is not Need.VERIFY]
HEARD: Final = ["case.first_word.*"]
SOON: Final = [f"case.first_word.{name}" for name, wait in WAITS.items() if wait <= timedelta(hours=1)]

# Each stage of the way, and the counters that add up to it, as patterns.
WAY: Final[Mapping[str, Sequence[str]]] = {
    "flyers": ["flyer.scanned"],
    "started": ["start", "start.link"],
    "options": ["options.opened"],
    "person": ASKED,
    "letter": ["consent.letter_name.given", "consent.letter_count.given"],
    "notices": ["consent.notice:*.given"],
}


async def way(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The last thirty days, stage by stage. Outcome: `seen`."""
    counted = await counters.since(scene.unit, (scene.now - MONTH).date())
    rows = [
        Row(phrase=f"words.way_{name}", numbers=(told(_sum(counted, names)),)) for name, names in WAY.items()
    ]
    scene.figures = Figures(title="words.way", series=("words.times",), rows=tuple(rows))
    return Outcome(name="seen")


async def weeks(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The last eight weeks, this one as far as it has gone: who asked, and who heard. Outcome: `seen`."""
    this_week = week_of(scene.now.date())
    begins = [this_week - WEEK * back for back in reversed(range(WEEKS))]
    counted: dict[date, Counter[str]] = {begin: Counter() for begin in begins}
    for day, name, value in await counters.by_day(scene.unit, begins[0]):
        counted[week_of(day)][name] += value
    rows = tuple(
        Row(phrase="week_of", values={"week": begin.isoformat()}, numbers=_answers(counted[begin]))
        for begin in begins
    )
    series = ("words.weeks_asked", "words.weeks_heard", "words.weeks_soon")
    scene.figures = Figures(title="words.weeks", series=series, rows=rows)
    return Outcome(name="seen")


def week_of(day: date) -> date:
    """The Sunday that a day's week begins with."""
    return day - timedelta(days=(day.weekday() - SUNDAY) % 7)


def _answers(counted: Mapping[str, int]) -> tuple[int | None, ...]:
    heard, soon = told_parts(_sum(counted, HEARD), [_sum(counted, SOON)])
    return told(_sum(counted, ASKED)), heard, soon


def _sum(counted: Mapping[str, int], names: Sequence[str]) -> int:
    """What the counters of these names add up to."""
    return sum(value for name, value in counted.items() if any(fnmatchcase(name, one) for one in names))
