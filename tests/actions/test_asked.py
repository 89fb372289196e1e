"""A notice that waits for its second yes, and what may happen to it, its author and whoever says yes meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.actions import ACTIONS
from bot.actions.scene import Scene
from bot.engine.event import Raised
from bot.engine.parse import read_book, read_words
from bot.model.notice import Stage
from bot.model.person import Platform, Role
from bot.model.proposal import Deed
from bot.store import audit, codec, inbox, notice_drafts, notices, people, proof, proposals, roles
from bot.store.crypto import TOTP_PERIOD
from bot.store.proof import Enrolment
from tests.organizer import OTHER, SECRET, shown
from tests.store.shelf import NOW

FLOWS: Final = Path(__file__).parents[2] / "flows"
TOPICS: Final = read_book(FLOWS).topics
WORDS: Final = "The meeting is on Thursday."


@pytest.fixture
async def team(scene: Scene) -> tuple[Scene, ...]:
    """Three organizers who have just proven a code; the first has written a draft."""
    unit = scene.unit
    numbers = ["2002", "3003"]
    others = await people.resolve(unit, Platform.TELEGRAM, numbers, today=NOW.date())
    found = []
    for person_id, secret in zip([scene.person.id, *others.values()], (SECRET, OTHER, SECRET), strict=True):
        await roles.grant(unit, person_id, Role.ORGANIZER, today=NOW.date())
        step = int(NOW.timestamp()) // TOTP_PERIOD - 2
        await proof.enrol(unit, person_id, Enrolment(secret=secret, step=step))
        await proof.prove(unit, person_id, code=shown(NOW, secret=secret), now=NOW)
        one = replace(scene, person=replace(scene.person, id=person_id))
        one.roles, one.topics = frozenset({Role.ORGANIZER}), TOPICS
        one.blocked = read_words(FLOWS / "wording.yaml")
        found.append(one)
    await _do(found[0], "announce.begin", corrects="")
    await _do(found[0], "announce.aim", topic="newsletter", area="")
    await _write(found[0], WORDS)
    return tuple(found)


async def _do(scene: Scene, action: str, **inputs: str) -> tuple[str, Mapping[str, str]]:
    outcome = await ACTIONS[action](scene, inputs)
    return outcome.name, outcome.values


async def _write(scene: Scene, words: str) -> str:
    return (await _do(scene, "announce.write", **{"part": "text", "in": "en", "written": words}))[0]


async def _draft(scene: Scene) -> str:
    mine = await audit.alias_of(scene.unit, scene.person.id)
    draft = await notice_drafts.draft_of(scene.unit, mine)
    assert draft
    return str(draft.id)


async def _ask(scene: Scene) -> str:
    notice = await _draft(scene)
    await _do(scene, "announce.ready", notice=notice)
    inputs = {"wish": "propose", "deed": Deed.NOTICE_SEND.value, "notice": notice}
    return (await _do(scene, "proposal.act", **inputs))[0]


async def _look(scene: Scene) -> tuple[str, Mapping[str, str]]:
    return await _do(scene, "proposal.next", id="")


async def _say(scene: Scene, wish: str, seen: Mapping[str, str]) -> str:
    return (await _do(scene, "proposal.act", **{**seen, "wish": wish}))[0]


async def _told(scene: Scene) -> list[tuple[int, str, str]]:
    """Who was raised which prompt, and about what."""
    rows = await inbox.claim(scene.unit, now=NOW, limit=9)
    await inbox.finish(scene.unit, [row.id for row in rows], now=NOW)
    events = [(row.lane.id, codec.event_from_bytes(row.body or b"")) for row in rows]
    return [(who, event.flow, event.subject) for who, event in events if isinstance(event, Raised)]


async def _stage(scene: Scene, notice: str) -> Stage | None:
    one = await notices.load(scene.unit, int(notice))
    return one.stage if one else None


async def test_whoever_asked_and_whoever_said_yes_are_led_to_how_it_goes(team: tuple[Scene, ...]) -> None:
    """By its own number; the third one hears of its end only."""
    first, second, _ = team
    notice = await _draft(first)
    assert await _ask(first) == "proposed"
    await _told(first)
    kind, seen = await _look(second)

    assert (kind, await _say(second, "approve", seen)) == ("notice_send", "sent")
    assert (first.person.id, "notice_begun", notice) in await _told(first)
    assert (await _do(second, "sending.here", notice=seen["notice"], since=""))[0] == "sending"


async def test_of_two_who_say_yes_at_once_one_does(team: tuple[Scene, ...]) -> None:
    """The other one hears that it can't be decided any more, and so does whoever presses twice."""
    first, second, third = team
    await _ask(first)
    looks = [await _look(one) for one in (second, third)]
    said = [await _say(one, "approve", seen) for one, (_, seen) in zip((second, third), looks, strict=True)]
    again = await _say(second, "approve", looks[0][1])

    assert (said, again) == (["sent", "gone"], "gone")
    acts = [f"{one.act} {one.thing}" for one in await audit.entries(first.unit)]
    assert acts.count("send notice") == 1


async def test_nobody_approves_their_own_notice(team: tuple[Scene, ...]) -> None:
    """Not even with what the others were shown."""
    first, second, _ = team
    notice = await _draft(first)
    await _ask(first)
    _, seen = await _look(second)

    assert await _say(first, "approve", seen) == "gone"
    assert await _stage(first, notice) is Stage.DRAFT


async def test_what_was_changed_since_is_shown_as_such(team: tuple[Scene, ...]) -> None:
    """A yes to what was asked for counts for nothing; whoever asks again takes the place of what they asked before."""
    first, second, third = team
    await _ask(first)
    _, before = await _look(second)
    await _write(first, "The meeting is on Friday.")
    kinds = [(await _look(one))[0] for one in (first, second)]
    stale = await _say(second, "approve", before)
    asked = await _ask(first)
    (waits,) = await proposals.all_open(first.unit, now=NOW)
    kind, seen = await _look(third)

    assert (kinds, stale, asked) == (["own_changed", "changed"], "gone", "proposed")
    assert (str(waits.id), kind) == (seen["id"], "notice_send")
    assert await _say(second, "approve", before) == "gone"
    assert await _say(third, "approve", seen) == "sent"


async def test_looking_once_more_changes_nothing(team: tuple[Scene, ...]) -> None:
    """Whom it would reach is looked at again a minute later, and a yes to what was shown still counts."""
    first, second, _ = team
    notice = await _draft(first)
    await _ask(first)
    _, seen = await _look(second)
    later = replace(first, now=NOW + timedelta(minutes=1))

    assert (await _do(later, "announce.ready", notice=notice))[0] == "now"
    assert await _say(second, "approve", seen) == "sent"


async def test_what_somebody_else_asked_for_gives_way_to_nobody(team: tuple[Scene, ...]) -> None:
    """Though it can't be approved any more: a no, or the end of its half hour, makes room."""
    first, second, _ = team
    await _ask(first)
    await _write(first, "The meeting is on Friday.")
    asked = await _do(second, "proposal.act", wish="propose", deed=Deed.ADD_ORGANIZER.value)

    assert asked[0] == "already"
    _, seen = await _look(second)
    assert await _say(second, "refuse", seen) == "refused"


async def test_who_lost_the_role_has_asked_for_nothing(team: tuple[Scene, ...]) -> None:
    """Revoked, or gone for good, between the asking and the yes: nobody can say it."""
    first, second, third = team
    notice = await _draft(first)
    await _ask(first)
    _, seen = await _look(second)
    await roles.revoke(first.unit, first.person.id, Role.ORGANIZER)

    assert await _say(second, "approve", seen) == "gone"
    assert (await _look(third))[0] == "none"
    assert await _stage(second, notice) is Stage.DRAFT


async def test_who_lost_the_role_says_no_yes(team: tuple[Scene, ...]) -> None:
    """Whatever they were shown before."""
    first, second, _ = team
    notice = await _draft(first)
    await _ask(first)
    _, seen = await _look(second)
    await roles.revoke(first.unit, second.person.id, Role.ORGANIZER)
    with pytest.raises(LookupError):
        await _say(second, "approve", seen)

    assert await _stage(first, notice) is Stage.DRAFT


async def test_a_preview_stops_nothing(team: tuple[Scene, ...]) -> None:
    """Of its buttons none counts, and that one neither; somebody's number for a notice is not trusted."""
    first, *_ = team

    assert (await _do(first, "notice.off", notice=await _draft(first)))[0] == "preview"
    assert (await _do(first, "notice.off", notice="5"))[0] == "gone"
