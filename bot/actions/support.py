"""Letters of support, for whoever writes one: to whom, the letter itself, taking it back, hearing what became of it.

The letter does not know its writer. The writer's own lane holds a timer whose values, under their key, are the receipts
of their letters; once a day it looks what became of those, and speaks where there is something to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.actions.scene import Scene
from bot.almanac import next_allowed
from bot.engine.event import Outcome, Raised
from bot.i18n.hidden import hidden_in
from bot.model.case import Need
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.support import A_DAY, LONGEST_NAME, MOST, OPEN, Fate
from bot.store import addressees, lanes, supports, timers, volunteers

TIMER: Final = "support_word"  # the prompt that runs it, beside whatever is open
WAITS: Final = "screening_waits"
DAY: Final = timedelta(days=1)
SOON: Final = timedelta(minutes=1)
JOINING: Final = dict.fromkeys(
    map(ord, "\u200c\u200d\u200e\u200f")
)  # nobody sees them; some scripts need them
EMPTY: Final = {"written": "", "signed": ""}
NOTHING: Final = Outcome(name="nothing")


@dataclass(slots=True, kw_only=True)
class Receipts:
    """What a writer's timer holds: each letter with what was told of it last, and how many were written that day.

    `quiet`: they stopped everything; what became of a letter is not told, but it can still be taken back.
    """

    told: dict[str, Fate] = field(default_factory=dict)
    day: str = ""
    written: int = 0
    quiet: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Receipts":
        """From the values of the timer; none where there is none."""
        pairs = (one.split("=") for one in values.get("letters", "").split())
        return cls(
            told={receipt: Fate(fate) for receipt, fate in pairs},
            day=values.get("day", ""),
            written=int(values.get("written") or 0),
            quiet=bool(values.get("quiet")),
        )

    def values(self) -> dict[str, str]:
        """As the timer holds it."""
        letters = " ".join(f"{receipt}={fate}" for receipt, fate in self.told.items())
        return {
            "letters": letters,
            "day": self.day,
            "written": str(self.written),
            "quiet": "yes" if self.quiet else "",
        }


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Who can be written to, after `addressee`, in a circle. Outcomes: `shown` with `called` and `most`; `none`."""
    there = await addressees.live(scene.unit, today=scene.now.date())
    if not there:
        return Outcome(name="none", values={"addressee": ""})
    ids = [str(one.id) for one in there]
    place = ids.index(inputs["addressee"]) + 1 if inputs["addressee"] in ids else 0
    one = there[place % len(there)]
    return Outcome(
        name="shown", values={"addressee": str(one.id), "called": one.name, "most": str(MOST), **EMPTY}
    )


async def check(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The letter as it was `written`, shown. Outcomes: `fit`; `long`; `unreadable`, with signs that nobody sees."""
    text = inputs["written"].strip()
    if len(text) > MOST:
        return Outcome(name="long", values=EMPTY)
    if not text or hidden_in(text.translate(JOINING)):
        return Outcome(name="unreadable", values=EMPTY)
    scene.attached = "\n".join(filter(None, (text, inputs["signed"]))).encode()
    return Outcome(name="fit")


async def signed(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The name under it. Outcomes: `fit`, `unfit`."""
    name = " ".join(inputs["signed"].split())
    if not 0 < len(name) <= LONGEST_NAME or hidden_in(name.translate(JOINING)):
        return Outcome(name="unfit", values={"signed": ""})
    return Outcome(name="fit", values={"signed": name})


async def send(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take in what was `written`, once. Outcomes: `sent`, `too_many` that day, `gone`; `empty` for a second tap."""
    there = await addressees.live(scene.unit, today=scene.now.date())
    one = next((one for one in there if str(one.id) == inputs["addressee"]), None)
    if one is None:
        return Outcome(name="gone", values=EMPTY)
    if not inputs["written"].strip():
        return Outcome(name="empty", values=EMPTY)
    mine, today = await _mine(scene), scene.now.date()
    if mine.day != today.isoformat():
        mine.day, mine.written = today.isoformat(), 0
    if mine.written >= A_DAY:
        return Outcome(name="too_many", values=EMPTY)
    text = inputs["written"].strip()
    receipt = await supports.add(scene.unit, one.id, text=text, signed=inputs["signed"], today=today)
    mine.told[receipt], mine.written, mine.quiet = Fate.WAITING, mine.written + 1, False
    await _look_at(scene, mine, after=DAY)
    await _tell_readers(scene)
    scene.counts["support.written"] += 1
    return Outcome(name="sent", values=EMPTY)


async def drop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Keep nothing of what was written. Outcome: `dropped`."""
    return Outcome(name="dropped", values=EMPTY)


async def withdraw(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take back every letter that is in no file yet. Outcomes: `withdrawn`; `late`, where one is; `none`."""
    mine = await _mine(scene)
    taken = [one for one in mine.told if await supports.withdraw(scene.unit, one)]
    for receipt in taken:
        del mine.told[receipt]
    late = [one for one in mine.told if (await supports.fate(scene.unit, one))[0] is Fate.TAKEN]
    await _look_at(scene, mine, after=DAY)
    if late:
        return Outcome(name="late")
    return Outcome(name="withdrawn" if taken else "none")


async def word(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What became of the letters in the timer, one at a time. Outcomes: a fate, with its `reason`; `nothing`."""
    mine, later = Receipts.read(inputs), await _mine(scene)
    mine.told |= later.told  # written while this was on its way
    if later.day:
        mine.day, mine.written, mine.quiet = later.day, later.written, later.quiet
    said = NOTHING
    for receipt, told in list(mine.told.items()):
        fate, reason = await supports.fate(scene.unit, receipt)
        fate = Fate.ACCEPTED if fate is Fate.TAKEN else fate
        if fate is told:
            continue
        mine.told[receipt] = fate
        if fate not in OPEN:
            del mine.told[receipt]
        if not mine.quiet:
            said = Outcome(name=fate.value, values={"reason": f"reason_{reason}" if reason else ""})
            break
    await _look_at(scene, mine, after=DAY if said is NOTHING else SOON)
    return said


async def hush(scene: Scene) -> None:
    """They stopped everything: nothing is told of their letters any more."""
    mine = await _mine(scene)
    mine.quiet = True
    await _look_at(scene, mine, after=DAY)


async def _mine(scene: Scene) -> Receipts:
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    found = [one for one in await timers.all_of_lane(scene.unit, lane) if one.kind == TIMER]
    return Receipts.read(found[0].values if found else {})


async def _look_at(scene: Scene, mine: Receipts, *, after: timedelta) -> None:
    """Look again at what became of them; not at all where nothing is open."""
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    if not mine.told:
        await timers.cancel(scene.unit, lane, [TIMER])
        return
    due_at = next_allowed(scene.now + after, zone=scene.person.zone or scene.zone)
    timer = Timer(
        lane=lane, kind=TIMER, due_at=due_at, version=str(scene.unit.ids.random()), values=mine.values()
    )
    await timers.put(scene.unit, [timer], now=scene.now)


async def _tell_readers(scene: Scene) -> None:
    """The first letter that waits lets the letter team know; the others wait with it."""
    found = await supports.counts(scene.unit)
    if sum(many for (_, fate), many in found.items() if fate is Fate.WAITING) > 1:
        return
    team = [one for one in await volunteers.everyone(scene.unit) if one.may_help and Need.VERIFY in one.needs]
    asked = Raised(flow=WAITS, subject="")
    await lanes.to_people(
        scene.unit, [(one.id, asked) for one in team if one.id != scene.person.id], now=scene.now
    )
