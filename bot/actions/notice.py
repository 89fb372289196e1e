"""What a press under a notice does: being counted, a reminder, a date for a calendar. Only numbers leave this place.

Every act is safe to repeat and can be changed until what the notice is about begins. Who has no copy is told so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.actions import topic
from bot.actions.scene import Dated, Scene
from bot.engine.event import Outcome
from bot.model.limit import LIMITS
from bot.model.notice import Answer, Notice, NoticeContent, Stage
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import consents, notice_answers, notices, timers

REMINDER: Final = "notice_reminder"  # the prompt, and with the notice's number the kind of the timer
REMINDER_THERE: Final = "notice_reminder_there"  # the same with a place
BEFORE: Final = timedelta(hours=2)  # a reminder comes, or else so early that there is still time to get there
LATEST: Final = timedelta(minutes=30)
PREVIEW: Final = Outcome(name="preview")
GONE: Final = Outcome(name="gone")
OVER: Final = Outcome(name="over")
CALLED_OFF: Final = Outcome(name="called_off")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A notice this person got, that something can still be done about."""

    notice: Notice
    content: NoticeContent
    at: datetime | None


async def answer(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Count `answer` in place of the one before.

    Outcomes: `coming`, `cant`; `over`, `called_off`, `gone`, `preview`.
    """
    one = await _asked(scene, inputs)
    if isinstance(one, Outcome):
        return one
    if one.at is None:
        return GONE
    said = Answer(inputs["answer"])
    await notice_answers.say(scene.unit, one.notice.id, scene.person.id, answer=said, until=one.at)
    return Outcome(name=said.value)


async def remind(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Set a reminder, once.

    Outcomes: `set`, `already`, with `remind_at`; `soon`; `off`, `over`, `called_off`, `gone`, `preview`.
    """
    one = await _asked(scene, inputs)
    if isinstance(one, Outcome):
        return one
    if one.at is None:
        return GONE
    lane, kind = Lane(kind=LaneKind.PERSON, id=scene.person.id), f"{REMINDER}:{one.notice.id}"
    set_for = (await timers.of_lane(scene.unit, lane)).get(kind)
    due_at = set_for or one.at - BEFORE
    if set_for is None and due_at < scene.now + LATEST:
        due_at = one.at - LATEST
    if due_at <= scene.now:
        return Outcome(name="soon", values={"at": one.at.isoformat()})
    purpose = await _purpose(scene, one.notice)
    if purpose is None:
        return Outcome(name="off")
    timer = Timer(
        lane=lane,
        kind=kind,
        due_at=due_at,
        version=kind,
        values={"notice": inputs["notice"], "purpose": purpose},
        purpose=purpose,
    )
    await timers.put(scene.unit, [timer], now=scene.now)  # anew, bound to what is still wanted
    return Outcome(name="already" if set_for else "set", values={"remind_at": due_at.isoformat()})


async def calendar(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A file for a calendar: `file`, or `words` where none can be sent, with `at`; else as `answer`."""
    one = await _asked(scene, inputs)
    if isinstance(one, Outcome):
        return one
    if one.at is None:
        return GONE
    if scene.here and not LIMITS[scene.here.platform].files:
        return Outcome(name="words", values={"at": one.at.isoformat()})
    uid = f"{scene.unit.ids.random():x}"
    scene.dated = Dated(at=one.at, place=one.content.place, uid=uid, now=scene.now)
    return Outcome(name="file", values={"at": one.at.isoformat()})


async def off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """End the kind that a notice is of, in all its areas.

    Outcomes: `off` with what there `was`, `absent`, `gone`; `preview`, where nothing ends.
    """
    one = await notices.load(scene.unit, int(inputs["notice"]))
    if one is None:
        return GONE
    return PREVIEW if one.stage is Stage.DRAFT else await topic.off(scene, {"topic": one.topic})


async def _asked(scene: Scene, inputs: Mapping[str, str]) -> _Asked | Outcome:
    """The notice that was pressed, or why nothing comes of it. What a button sends is not trusted."""
    notice = await notices.load(scene.unit, int(inputs["notice"]))
    content = await notices.content_of(scene.unit, notice.id) if notice else None
    if notice is None or content is None:
        return GONE
    if notice.stage is Stage.DRAFT:
        return PREVIEW
    if not await notice_answers.has_copy(scene.unit, notice.id, scene.person.id):
        return GONE
    if content.starts_at and content.starts_at <= scene.now:
        return OVER
    newest = await notice_answers.newest(scene.unit, notice.id)
    later = await notices.content_of(scene.unit, newest) if newest != notice.id else content
    if later and later.called_off:
        return CALLED_OFF
    return _Asked(notice=notice, content=content, at=content.starts_at)


async def _purpose(scene: Scene, notice: Notice) -> str | None:
    """What of this notice the person still wants: the reminder comes only while that is so."""
    for purpose in sorted(notice.purposes):
        if await consents.may(scene.unit, scene.person.id, purpose):
            return purpose
    return None
