"""Notices on their way and sent, for organizers: what became of the copies, pausing, going on, cancelling.

Stopping is the safe direction: any one of them does it, at once. Going on, with what two approved, takes a code.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.actions import note
from bot.actions.pace import pace
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.notice import Fate, Notice, NoticeContent, Report, Stage
from bot.model.person import Language
from bot.store import copies, copy_counts, notice_answers, notices, proof

LATEST: Final = 10
FIRST_WORDS: Final = 80
BAR: Final = 10  # signs
FULL: Final = "\u25b0"
EMPTY: Final = "\u25b1"
CROSS: Final = "\u2715"
NONE: Final = "\u2013"
RESTS: Final = timedelta(minutes=1)  # without a copy that may leave, it waits for the end of a quiet time
GONE: Final = Outcome(name="gone")


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The notice after `notice`, in a circle, the newest first.

    Outcomes: its stage; `resting`, `stopping`; `nobody` where it is done and nobody got it; `none`.
    """
    there = await notices.latest(scene.unit, limit=LATEST)
    ids = [str(one.id) for one in there]
    place = ids.index(inputs["notice"]) + 1 if inputs["notice"] in ids else 0
    return await _told(scene, there[place % len(there)]) if there else Outcome(name="none")


async def here(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The notice `notice` as it is by now; `since`: what was seen last.

    Outcomes: as of `look`.
    """
    one = await _named(scene, inputs)
    return await _told(scene, one, since=inputs["since"]) if one else Outcome(name="none")


async def pause(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Hold it; what is not being sent at this moment stays here. Outcomes: `done`, `gone`."""
    return await _moved(scene, inputs, Stage.PAUSED, Act.PAUSE)


async def cancel(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Send no more of it, ever. Outcomes: `done`, `gone`."""
    return await _moved(scene, inputs, Stage.CANCELLED, Act.CALL_OFF)


async def resume(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Go on with a paused one. Outcomes: `done`, `gone`, `unproven`."""
    if not await proof.is_elevated(scene.unit, scene.person.id, now=scene.now):
        return Outcome(name="unproven")
    return await _moved(scene, inputs, Stage.APPROVED, Act.RESUME)


async def _moved(scene: Scene, inputs: Mapping[str, str], stage: Stage, act: Act) -> Outcome:
    one = await _named(scene, inputs)
    if (
        one is None
        or one.stage is Stage.DRAFT
        or not await notices.move(scene.unit, one, stage, now=scene.now)
    ):
        return GONE
    await note.act(scene, act, thing=Thing.NOTICE)
    return Outcome(name="done")


async def _named(scene: Scene, inputs: Mapping[str, str]) -> Notice | None:
    return await notices.load(scene.unit, int(inputs["notice"] or 0))


async def _told(scene: Scene, one: Notice, *, since: str = "") -> Outcome:
    content = await notices.content_of(scene.unit, one.id)
    words = await _words(scene, one, content) if content else ""
    report = await copy_counts.report(scene.unit, one.id)
    counted = await notice_answers.counts(scene.unit, one.id)
    values = {
        "notice": str(one.id),
        "words": _beginning(words),
        "bar": bar(report),
        "fates": tally(report),
        "reasons": reasons(report),
        "until": one.useless_after.isoformat() if one.useless_after else "",
        "answers": " ".join(f"answer_{answer}={people}" for answer, people in counted.items()),
    }
    if not _goes(one, scene.now):
        return Outcome(name=_standing(one, report), values=values | {"since": ""})
    values |= pace(report, since, now=scene.now)
    return Outcome(name="resting" if await _rests(scene, one) else "sending", values=values)


def _standing(one: Notice, report: Report) -> str:
    """Its stage where it does not leave: cancelled, it may still be stopping; done, it may have come to nobody."""
    if one.stage is Stage.CANCELLED and one.ended_at is None:
        return "stopping"
    if one.stage is Stage.DONE and not report.fates.get(Fate.DELIVERED):
        return "nobody"
    return one.stage.value


async def _words(scene: Scene, one: Notice, content: NoticeContent) -> str:
    """What it says; where it only calls off another one, that one's, crossed out by a sign."""
    words = content.text_in(scene.person.language or Language.HEBREW)
    first = await notices.content_of(scene.unit, one.corrects) if one.corrects and not words else None
    return f"{CROSS} {first.text_in(scene.person.language or Language.HEBREW)}" if first else words


def _goes(one: Notice, now: datetime) -> bool:
    """Whether it leaves, or does in a moment."""
    is_due = one.stage is Stage.APPROVED and (one.send_at is None or one.send_at <= now)
    return is_due or one.stage is Stage.SENDING


async def _rests(scene: Scene, one: Notice) -> bool:
    """Whether all that is left waits for a later hour of its readers."""
    if await copies.in_outbox(scene.unit, one.id, now=scene.now):
        return False
    later = await copies.next_due(scene.unit, one.id)
    return later is not None and later > scene.now + RESTS


def tally(report: Report) -> str:
    """What became of the copies: all of them, then every fate that some have. The fates together are all of them.

    Last, how many of those delivered came without the picture.
    """
    fates = {fate: report.fates.get(fate, 0) for fate in Fate}
    told = {f"fate_{fate}": count for fate, count in fates.items() if count or fate is Fate.DELIVERED}
    bare = {"fate_bare": report.bare} if report.bare else {}
    return " ".join(f"{name}={count}" for name, count in ({"fate_all": report.total} | told | bare).items())


def reasons(report: Report) -> str:
    """Why the platform did not take those that failed: its short fixed words, with their numbers."""
    told = (f"{reason}: {count}" for reason, count in sorted(report.failures.items()))
    return ", ".join(told) or NONE


def bar(report: Report) -> str:
    """How far it is, as a picture."""
    done = report.settled / report.total if report.total else 0.0
    full = int(done * BAR)
    return f"{FULL * full}{EMPTY * (BAR - full)} {int(done * 100)}%"


def _beginning(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= FIRST_WORDS else line[: FIRST_WORDS - 1].rstrip() + "\u2026"
