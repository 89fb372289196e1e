"""One end of a line: who acts, who is at the other end, and the timer that every word sets anew."""

from dataclasses import dataclass

from bot.actions.scene import Scene
from bot.model.case import HELD, Case, Need, Side
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.silence import SILENCE, after_word
from bot.store import cases, timers


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a line: the case, the side that acts, and who is at the other end."""

    case: Case
    side: Side
    other: int

    @property
    def who(self) -> str:
        """What this side calls the other one."""
        return self.case.name_for(self.side)

    @property
    def is_talk(self) -> bool:
        """Whether the letter team talks here with somebody who signed."""
        return self.case.need is Need.VERIFY

    @property
    def lane(self) -> Lane:
        """The case's own lane."""
        return Lane(kind=LaneKind.CASE, id=self.case.id)


async def end_of(scene: Scene, case_id: str, *, who: str = "") -> End | None:
    """This person's end of an open line; None where they have none, or nobody is at the other.

    With `who`, also None where somebody else than that is at the other by now.
    """
    case = await cases.load(scene.unit, int(case_id or 0))
    side = case.side(scene.person.id) if case and case.state in HELD else None
    other = case.who(side.other) if case and side else None
    end = End(case=case, side=side, other=other) if case and side and other is not None else None
    return end if end and who in ("", end.who) else None


async def await_word(scene: Scene, end: End, *, of: Side) -> None:
    """Set the timer of silence, as after a word of one side."""
    silence = after_word(of, end.case.need)
    version = f"{end.case.epoch}.{silence.stage}"
    timer = Timer(lane=end.lane, kind=SILENCE, due_at=scene.now + silence.after, version=version)
    await timers.put(scene.unit, [timer], now=scene.now)
