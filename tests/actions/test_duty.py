"""A volunteer's duty: by hand and by the hours, what begins with it, and what ends with volunteering."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.actions import duty, person, volunteer
from bot.actions.scene import Scene
from bot.model.case import Case, CaseState, Need, Why
from bot.model.consent import Consent, ConsentText, Method
from bot.model.hours import NEVER, Quarter, slot
from bot.model.person import Language, Platform, Role
from bot.model.queue import LaneKind
from bot.model.volunteer import BY_HAND, Duty, Volunteer
from bot.store import audit, cases, codec, consents, inbox, offers, people, roles, timers, volunteers
from bot.store.cases import Names
from bot.store.db import Database
from bot.store.people import Known
from tests.store.shelf import NOW, meet
from tests.volunteer import enlisted

HOUR = timedelta(hours=1)
OTHERS = ("1", "2", "3")
AFTERNOON = slot(2, Quarter.AFTERNOON)  # begins an hour after NOW


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    """The turn of a volunteer who has no hours; three others are there."""
    (known, *_) = await meet(db, "1001", *OTHERS)
    await enlisted(db, known.person.id, now=NOW, needs=[Need.BUDDY], hours=NEVER)
    async with db.unit() as unit:
        roles_ = frozenset({Role.VOLUNTEER})
        yield Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW, roles=roles_)


async def _own(scene: Scene) -> Volunteer:
    return await duty.own(scene)


async def _others(scene: Scene) -> list[Known]:
    """Whom the volunteer could meet."""
    found = await people.resolve(scene.unit, Platform.TELEGRAM, OTHERS, today=NOW.date())
    known = await people.load(scene.unit, found.values())
    return [known[found[number]] for number in OTHERS]


async def _waits(scene: Scene, person_id: int, *, need: Need = Need.BUDDY) -> Case:
    found = await cases.open_case(scene.unit, person_id, need=need, language=Language.HEBREW, now=scene.now)
    assert found
    return found


async def _claimed(scene: Scene, person_id: int) -> Case:
    """Somebody's case that the volunteer has."""
    case = await _waits(scene, person_id)
    await offers.make(scene.unit, case.id, [scene.person.id], epoch=0, now=NOW)
    assert await cases.change(scene.unit, case, CaseState.OFFERED, now=NOW)
    found = await cases.claim(
        scene.unit, case.id, scene.person.id, names=Names(person="a", volunteer="b"), now=NOW
    )
    assert found
    return found


async def _told(scene: Scene) -> list[tuple[int, str]]:
    """What the lanes of cases hear, by case."""
    rows = await inbox.claim(scene.unit, now=scene.now, limit=99)
    return [
        (row.lane.id, codec.case_event_from_bytes(row.body or b"").kind)
        for row in rows
        if row.lane.kind is LaneKind.CASE
    ]


async def _next(scene: Scene) -> datetime | None:
    return await timers.next_due(scene.unit)


async def test_whoever_goes_on_duty_is_looked_at_for_who_waits(scene: Scene) -> None:
    """The longest waiting first, and only what they help with; once, however often they say it."""
    one, two, three = [known.person.id for known in await _others(scene)]
    first = await _waits(scene, one)
    scene.now = NOW + HOUR
    second = await _waits(scene, two)
    await _waits(scene, three, need=Need.LEGAL)
    await duty.change(scene, {"duty": "on"})
    await duty.change(scene, {"duty": "on"})

    assert await _told(scene) == [(first.id, "opened"), (second.id, "opened")]


async def test_on_by_hand_ends_by_itself(scene: Scene) -> None:
    """A timer notes it, and when it fires nothing is left of it."""
    await duty.change(scene, {"duty": "on"})
    until = await _next(scene)
    shown = (await duty.look(scene, {})).values
    scene.now = NOW + BY_HAND
    await duty.turns(scene, {})

    assert until == NOW + BY_HAND
    assert shown == {"until": until.isoformat()}
    assert (await duty.look(scene, {})).name == "off_open"
    assert await _next(scene) is None


async def test_hours_that_begin_look_for_who_waits(scene: Scene) -> None:
    """At the moment they begin, with a timer for their end."""
    one, *_ = await _others(scene)
    case = await _waits(scene, one.person.id)
    await duty.settle(scene, replace(await _own(scene), hours=AFTERNOON))
    assert await _next(scene) == NOW + HOUR
    assert await _told(scene) == []
    scene.now = NOW + HOUR
    await duty.turns(scene, {})

    assert await _told(scene) == [(case.id, "opened")]
    assert await _next(scene) == NOW + 7 * HOUR


async def test_whoever_goes_on_duty_is_back(scene: Scene) -> None:
    """Away and deputy are over."""
    await volunteer.go_away(scene, {"until": (NOW + timedelta(days=2)).date().isoformat()})
    assert (await duty.look(scene, {})).name == "away"
    await duty.change(scene, {"duty": "hours"})

    assert (await duty.look(scene, {})).name == "off_open"
    assert (await _own(scene)).duty is Duty.HOURS


async def test_stopping_asks_a_volunteer_what_becomes_of_that(scene: Scene) -> None:
    """Everybody else is done."""
    asked = await person.stop(scene, {})
    scene.roles = frozenset()

    assert (asked.name, (await person.stop(scene, {})).name) == ("volunteer", "done")


async def test_off_until_told_otherwise_keeps_who_is_accompanied(scene: Scene) -> None:
    """Their hours do not count either."""
    one, *_ = await _others(scene)
    case = await _claimed(scene, one.person.id)
    await duty.settle(scene, replace(await _own(scene), hours=AFTERNOON))
    await duty.off(scene, {})
    scene.now = NOW + 2 * HOUR

    assert (await duty.look(scene, {})).name == "off_open"
    assert await _next(scene) is None
    assert await cases.of_volunteer(scene.unit, scene.person.id) == [case]


async def test_handing_everybody_back_offers_them_again_at_once(scene: Scene) -> None:
    """The epoch goes up, so that nothing said before is delivered any more."""
    one, *_ = await _others(scene)
    case = await _claimed(scene, one.person.id)
    await duty.rest(scene, {})
    found = await cases.load(scene.unit, case.id)

    assert found
    assert (found.state, found.volunteer_id, found.epoch) == (CaseState.HANDED_BACK, None, case.epoch + 1)
    assert await _told(scene) == [(case.id, "freed")]
    assert (await duty.look(scene, {})).name == "off_open"


async def test_leaving_keeps_nothing_and_leaves_nobody_alone(scene: Scene) -> None:
    """No role, no row, no timer; who was accompanied is offered again."""
    one, *_ = await _others(scene)
    case = await _claimed(scene, one.person.id)
    await duty.change(scene, {"duty": "on"})
    assert (await volunteer.leave(scene, {})).name == "done"

    assert await volunteers.load(scene.unit, scene.person.id) is None
    assert await roles.holders(scene.unit, Role.VOLUNTEER) == []
    assert await _next(scene) is None
    assert await _told(scene) == [(case.id, "freed")]
    with pytest.raises(LookupError):
        await duty.look(scene, {})


async def test_who_has_no_case_frees_none(scene: Scene) -> None:
    """Nothing happens to anybody."""
    await duty.free(scene.unit, scene.person.id, why=Why.AWAY, now=NOW)

    assert await _told(scene) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [({"capacity": "9"}, 5), ({"capacity": "0"}, 1), ({"capacity": "4"}, 4)],
)
async def test_nobody_accompanies_more_than_five(scene: Scene, given: dict[str, str], kept: int) -> None:
    """Or fewer than one, whatever is pressed."""
    await volunteer.set_capacity(scene, given)

    assert (await _own(scene)).capacity == kept


async def test_nobody_lets_themselves_verify(scene: Scene) -> None:
    """That need is an organizer's to give."""
    before = (await _own(scene)).needs
    await volunteer.toggle_need(scene, {"need": "verify"})

    assert (await _own(scene)).needs == before


async def test_hours_follow_the_clocks_that_were_chosen(scene: Scene) -> None:
    """Morning in New York is not yet."""
    await volunteer.toggle_hours(scene, {"days": "2", "quarter": "morning"})
    here = (await duty.look(scene, {})).name
    await volunteer.set_zone(scene, {"zone": "America/New_York"})
    await people.save(scene.unit, [scene.person])  # as the turn does

    assert (here, (await duty.look(scene, {})).name) == ("on", "off")
    assert scene.person.zone == "America/New_York"


async def test_coming_back_ends_being_away(scene: Scene) -> None:
    """And a day that is past is none to come back on."""
    past = await volunteer.go_away(scene, {"until": NOW.date().isoformat()})
    await volunteer.go_away(scene, {"until": (NOW + timedelta(days=1)).date().isoformat()})
    away = (await duty.look(scene, {})).name
    await volunteer.come_back(scene, {})

    assert (past.name, away, (await duty.look(scene, {})).name) == ("past", "away", "off_open")


async def test_a_deputy_is_named_by_the_code_they_told(scene: Scene) -> None:
    """Not oneself, and not with a made-up code; it is used up then."""
    other, *_ = await _others(scene)
    own_code = (await volunteer.stand_in(scene, {})).values["code"]
    await roles.grant(scene.unit, other.person.id, Role.VOLUNTEER, today=NOW.date())
    await volunteers.add(scene.unit, replace(await _own(scene), id=other.person.id), today=NOW.date())
    theirs = Scene(unit=scene.unit, person=other.person, addresses=(), now=NOW, roles=scene.roles)
    code = (await volunteer.stand_in(theirs, {})).values["code"]
    ends = [(await volunteer.set_deputy(scene, {"code": said})).name for said in (own_code, "1", code, code)]

    assert ends == ["wrong", "wrong", "done", "wrong"]
    assert (await _own(scene)).deputy_id == other.person.id


async def test_a_changed_conduct_is_read_again_before_anything_else(scene: Scene) -> None:
    """From the profile and from duty alike, until it is agreed to."""
    old, new = (ConsentText(purpose="conduct", shown="conduct.text", text=one * 64) for one in "ab")
    given = Consent(
        purpose="conduct",
        text=old.text,
        language=Language.HEBREW,
        method=Method.BUTTON,
        given_on=NOW.date(),
    )
    await consents.publish(scene.unit, [old])
    await consents.give(scene.unit, scene.person.id, given=given)
    agreed = [(await duty.look(scene, {})).name, (await volunteer.show(scene, {})).name]
    await consents.publish(scene.unit, [new])
    changed = [(await duty.look(scene, {})).name, (await volunteer.show(scene, {})).name]

    assert (agreed, changed) == (["off_open", "shown"], ["to_agree", "to_agree"])
    await volunteer.leave(scene, {})
    assert not await consents.may(scene.unit, scene.person.id, "conduct")
    assert [(entry.act, entry.thing) for entry in await audit.entries(scene.unit)] == [("leave", "volunteer")]
