"""Preparing a notice, for organizers: whom it is for, what it says, when and where, and how it will look.

A draft is its author's alone, and is found again. Its times are in `timing`; what stands against it is said by
`proofread`, and what a second organizer approves by `dispatch`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.actions.proofread import (
    LATECOMERS,
    blocked_sentence,
    doubts,
    fault_in,
    is_late,
    is_pressing,
    use_ends,
)
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.notice import Answer, Audience, Notice, NoticeContent, content_hash
from bot.model.person import Language
from bot.model.topic import EVERYWHERE, Topic, area_of, audience_of, purpose
from bot.store import audit, copy_counts, notice_drafts, notices, proposals

GONE: Final = Outcome(name="none")
NOBODY: Final = "none"
CALLS_OFF: Final = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft with its words."""

    notice: Notice
    content: NoticeContent


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether a draft of this organizer's is here. Outcomes: `draft`, `none`, with how many are `running`."""
    running = await notices.running(scene.unit)
    left = await draft_of(scene)
    return Outcome(
        name="draft" if left else "none",
        values={"running": str(len(running)), "corrects": "", "calls_off": ""},
    )


async def begin(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A new draft, of a correction where it `corrects` a notice, which it may call off.

    Outcomes: `begun`, `correcting`, `left`.
    """
    mine = await audit.alias_of(scene.unit, scene.person.id)
    if await notice_drafts.draft_of(scene.unit, mine):
        return Outcome(name="left")
    first = await notices.load(scene.unit, int(inputs["corrects"] or 0))
    said = await notices.content_of(scene.unit, first.id) if first else None
    made = await notice_drafts.open_draft(scene.unit, mine, now=scene.now, corrects=first if said else None)
    content = _later_than(said, calls_off=inputs["calls_off"] == CALLS_OFF) if said else None
    await save(scene, Draft(notice=made, content=content or NoticeContent(zone=scene.zone)))
    return Outcome(name="correcting" if said else "begun")


async def draft(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The draft as it will look, shown. Outcomes: `shown`; `empty` while it has no text; `none`."""
    one = await draft_of(scene)
    if one is None:
        return GONE
    values = {"notice": str(one.notice.id), "whom": whom(scene, one.notice)}
    if not any(one.content.texts.values()) and not one.content.called_off:
        return Outcome(name="empty", values=values)
    scene.shown_notice = one.notice, one.content
    return Outcome(name="shown", values=values)


async def terms(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """For whom it is, when it leaves and what to look at.

    Outcomes: `now`, `later` with `send_at`, both with `until`; `none`.
    """
    one = await draft_of(scene)
    if one is None:
        return GONE
    timed = _timed(scene, one)
    found = doubts(timed, one.content, blocked=scene.blocked, now=scene.now)
    clocks = scene.person.zone or scene.zone  # by which every moment is told to its author
    return _told(timed, {"whom": whom(scene, timed), "warnings": " ".join(found), "clocks": clocks})


async def aim(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Choose a `topic`, or add or take out an `area`. Outcomes: `written`, `parted`, `fixed`, `none`."""
    one = await draft_of(scene)
    if one is None:
        return GONE
    if one.notice.corrects:
        return Outcome(name="fixed")
    topic = scene.topics.topics.get(inputs["topic"] or one.notice.topic)
    if topic is None:
        return GONE
    areas = set[str]() if inputs["topic"] else _toggled(_areas(topic, one.notice), inputs["area"])
    purposes = audience_of(topic, areas) if areas or not topic.areas else frozenset[str]()
    aimed = replace(one.notice, topic=topic.id, is_emergency=topic.is_emergency, purposes=purposes)
    await save(scene, replace(one, notice=aimed))
    return Outcome(name="parted" if topic.areas else "written", values={"whom": whom(scene, aimed)})


async def write(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Write a `part`: `text` (in the language `in`), `place` or `link`.

    Outcomes: `written`, `long`, `unreadable`, `none`.
    """
    one = await draft_of(scene)
    if one is None:
        return GONE
    part, written = inputs["part"], inputs["written"].strip()
    if fault := fault_in(part, written):
        return Outcome(name=fault, values={"written": ""})
    match part:
        case "text":
            content = replace(one.content, texts={**one.content.texts, Language(inputs["in"]): written})
        case "place":
            content = replace(one.content, place=written)
        case _:
            content = replace(one.content, link=written)
    await save(scene, replace(one, content=content))
    return Outcome(name="written", values={"written": ""})


async def ready(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whether it can be asked for, and whom it would reach.

    Outcomes: `now`, `later` with `send_at`, both with `until` and `audience`; `blocked`, `late`, `nobody`, `none`.
    """
    one = await draft_of(scene)
    if one is None or inputs["notice"] != str(one.notice.id):
        return GONE
    if not one.notice.purposes:
        return Outcome(name="nobody")
    if found := blocked_sentence(one.content, scene.blocked):
        return Outcome(name="blocked", values={"found": found})
    timed = one.notice if await _is_asked_for(scene, one) else _timed(scene, one)
    if is_late(timed, one.content, now=scene.now):
        return Outcome(name="late")
    await save(scene, replace(one, notice=timed))
    return _told(timed, {"audience": await audience(scene, timed), "notice": str(timed.id)})


async def _is_asked_for(scene: Scene, one: Draft) -> bool:
    """Whether it waits for a second yes just as it is: looking at it once more must not make it something else."""
    asked = {"notice": str(one.notice.id), "words": content_hash(one.notice, one.content)}
    return any(each.inputs == asked for each in await proposals.all_open(scene.unit, now=scene.now))


async def drop(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Throw the draft away. Outcome: `dropped`."""
    if one := await draft_of(scene):
        await notice_drafts.drop(scene.unit, one.notice)
    return Outcome(name="dropped")


async def draft_of(scene: Scene) -> Draft | None:
    """The draft of this organizer."""
    mine = await audit.alias_of(scene.unit, scene.person.id)
    found = await notice_drafts.draft_of(scene.unit, mine)
    content = await notices.content_of(scene.unit, found.id) if found else None
    return Draft(notice=found, content=content or NoticeContent(zone=scene.zone)) if found else None


def whom(scene: Scene, one: Notice) -> str:
    """Whom it is for, as words: a topic, or its areas, without those who get it in any case."""
    topic = scene.topics.topics.get(one.topic)
    if topic is None or not one.purposes:
        return NOBODY
    if not topic.areas:
        return purpose(topic.id)
    areas = _areas(topic, one)
    return " ".join(purpose(topic.id, area) for area in topic.areas if area in areas)


async def audience(scene: Scene, one: Notice) -> str:
    """Whom it would reach now, as counts by language and by what they asked for."""
    found: Audience = await copy_counts.audience(scene.unit, one.purposes, corrects=one.corrects)
    people = {language.value: found.languages.get(language, 0) for language in Language}
    wishes = {wish: found.purposes.get(wish, 0) for wish in sorted(one.purposes)}
    return " ".join(f"{name}={count}" for name, count in (people | wishes).items())


def _timed(scene: Scene, one: Draft) -> Notice:
    """How it would leave now: with the end of its use, and at once where it calls off what begins soon."""
    topic = scene.topics.topics.get(one.notice.topic)
    is_emergency = is_pressing(one.content, now=scene.now) or (topic is not None and topic.is_emergency)
    leaves = replace(one.notice, is_emergency=is_emergency)
    return replace(leaves, useless_after=use_ends(leaves, one.content, now=scene.now))


def _told(one: Notice, values: dict[str, str]) -> Outcome:
    values |= {"until": one.useless_after.isoformat()} if one.useless_after else {}
    if one.send_at is None:
        return Outcome(name="now", values=values)
    return Outcome(name="later", values=values | {"send_at": one.send_at.isoformat()})


def _later_than(said: NoticeContent, *, calls_off: bool) -> NoticeContent:
    """What a correction begins with: what it corrects, or that this does not take place, in fixed words."""
    is_dated = said.starts_at is not None
    if calls_off:
        lasts = LATECOMERS if is_dated else None
        return NoticeContent(
            place=said.place, starts_at=said.starts_at, zone=said.zone, lasts=lasts, called_off=True
        )
    answers = frozenset(Answer) if is_dated else frozenset[Answer]()
    return replace(said, until=None, called_off=False, answers=answers)


def _areas(topic: Topic, one: Notice) -> set[str]:
    """The areas that were chosen: all of them is one choice."""
    areas = {area for aimed in one.purposes if (area := area_of(aimed))}
    return {EVERYWHERE} if areas == set(topic.areas) else areas - {EVERYWHERE}


def _toggled(areas: set[str], area: str) -> set[str]:
    """The areas with one more or one less; all of them stand for themselves."""
    if area == EVERYWHERE:
        return set() if EVERYWHERE in areas else {EVERYWHERE}
    return (areas - {EVERYWHERE}) ^ {area}


async def save(scene: Scene, one: Draft) -> None:
    """Write the draft as it is now."""
    await notice_drafts.change(scene.unit, one.notice, content=one.content, now=scene.now)
