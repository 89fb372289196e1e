"""Single cases at the desk: who waits can be called for, a line can be given to somebody else, and nobody is seen."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.actions import handover
from bot.actions.scene import Scene
from bot.engine.event import Led
from bot.model.case import Case, CaseState, Freed, Need, OfferState, Paged, Why
from bot.model.person import Language, Role
from bot.model.queue import LaneKind
from bot.store import audit, cases, codec, inbox, offers, roles
from bot.store.cases import Names
from bot.store.db import Database
from tests.store.shelf import NOW, meet
from tests.volunteer import enlisted

HOUR = timedelta(hours=1)
NAMES = Names(person="kalanit", volunteer="rakefet")


@pytest.fixture
async def helper(db: Database) -> int:
    """A volunteer."""
    (known,) = await meet(db, "7")
    await enlisted(db, known.person.id, now=NOW)
    return known.person.id


@pytest.fixture
async def scene(db: Database, helper: int) -> AsyncIterator[Scene]:
    """The turn of an organizer."""
    (known,) = await meet(db, "9")
    async with db.unit() as unit:
        await roles.grant(unit, known.person.id, Role.ORGANIZER, today=NOW.date())
        given = frozenset({Role.ORGANIZER})
        yield Scene(unit=unit, person=known.person, addresses=known.addresses, now=NOW, roles=given)


async def _asks(scene: Scene, person_id: int, need: Need = Need.BUDDY, *, ago: timedelta = HOUR) -> Case:
    case = await cases.open_case(
        scene.unit, person_id, need=need, language=Language.HEBREW, now=scene.now - ago
    )
    assert case
    return case


async def _claimed(scene: Scene, case: Case, by: int) -> Case:
    await offers.make(scene.unit, case.id, [by], epoch=case.epoch, now=scene.now)
    await cases.change(scene.unit, case, CaseState.OFFERED, now=scene.now)
    found = await cases.claim(scene.unit, case.id, by, names=NAMES, now=scene.now)
    assert found
    return found


async def _events(scene: Scene) -> dict[LaneKind, object]:
    """What was put into the lane of a case or of a person."""
    rows = await inbox.claim(scene.unit, now=scene.now, limit=9)
    read = {LaneKind.CASE: codec.case_event_from_bytes, LaneKind.PERSON: codec.event_from_bytes}
    return {row.lane.kind: read[row.lane.kind](row.body or b"") for row in rows}


async def _acts(scene: Scene) -> list[tuple[str, str]]:
    return [(entry.act, entry.thing) for entry in await audit.entries(scene.unit)]


async def test_who_waits_is_shown_one_by_one_and_in_a_circle(scene: Scene) -> None:
    """The longest waiting first; a case that is gone meanwhile begins the circle anew."""
    first = await _asks(scene, 1, ago=3 * HOUR)
    second = await _asks(scene, 2, Need.LEGAL)
    seen = [
        (await handover.next_waiting(scene, {"case": before})).values["case"]
        for before in ("", str(first.id), str(second.id), "4711")
    ]

    assert seen == [str(one.id) for one in (first, second, first, first)]


async def test_a_case_that_waits_shows_nobody(scene: Scene, helper: int) -> None:
    """What for, in which language, for about how long, and how many were asked."""
    case = await _asks(scene, 1)
    await offers.make(scene.unit, case.id, [helper, 2, 3, 4], epoch=0, now=NOW)
    for who, state in ((2, OfferState.PASSED), (3, OfferState.GIVEN_BACK), (4, OfferState.LATER)):
        await offers.answer(scene.unit, case.id, who, state=state)
    seen = dict((await handover.next_waiting(scene, {"case": ""})).values)

    assert seen.pop("case") == str(case.id)  # in the session, on no screen
    assert seen == {
        "need": "buddy",
        "language": "he",
        "age": "age_hours",
        "state": "case_waiting",
        "asked": "1",
        "passed": "2",
        "of": "1",
    }


async def test_where_nobody_waits_there_is_nothing_to_show(scene: Scene) -> None:
    """Nor where nobody is on a line."""
    ends = [
        await handover.next_waiting(scene, {"case": ""}),
        await handover.next_line(scene, {"case": "", "whose": ""}),
    ]

    assert [one.name for one in ends] == ["none", "none"]


@pytest.mark.parametrize("whom", list(Role))
async def test_somebody_can_be_called_for_whoever_waits(scene: Scene, whom: Role) -> None:
    """Volunteers, or the organizers on call; in the audit, without which case."""
    case = await _asks(scene, 1)
    found = await handover.page(scene, {"case": str(case.id), "whom": whom.value})

    assert found.name == "paged"
    assert await _events(scene) == {LaneKind.CASE: Paged(on_call=whom is Role.ORGANIZER)}
    assert await _acts(scene) == [("page", "case")]


async def test_nobody_is_called_for_a_case_that_somebody_has(scene: Scene, helper: int) -> None:
    """Nor for one that is gone."""
    case = await _claimed(scene, await _asks(scene, 1), helper)
    ends = [
        (await handover.page(scene, {"case": id_, "whom": "volunteer"})).name
        for id_ in (str(case.id), "4711")
    ]

    assert ends == ["gone", "gone"]
    assert await _acts(scene) == []


async def test_lines_are_shown_with_the_alias_of_whoever_is_beside(scene: Scene, helper: int) -> None:
    """All of them, or one volunteer's; an organizer who took one has the alias of the audit."""
    first, second = await _asks(scene, 1), await _asks(scene, 2)
    await _claimed(scene, first, helper)
    await _claimed(scene, second, scene.person.id)
    alias = await roles.alias_of(scene.unit, helper, Role.VOLUNTEER)
    mine = await roles.alias_of(scene.unit, scene.person.id, Role.ORGANIZER)
    one = (await handover.next_line(scene, {"case": "", "whose": ""})).values
    other = (await handover.next_line(scene, {"case": one["case"], "whose": ""})).values
    theirs = await handover.next_line(scene, {"case": "", "whose": alias or ""})
    nobodys = await handover.next_line(scene, {"case": "", "whose": "nobody"})

    assert {one["alias"], other["alias"]} == {alias, mine}
    assert (theirs.values["case"], theirs.values["of"]) == (str(first.id), "1")
    assert nobodys.name == "none"


async def test_a_line_is_given_to_somebody_else_at_once(scene: Scene, helper: int) -> None:
    """Its epoch goes up, whoever had it is told and not asked again, and the case looks for another."""
    case = await _claimed(scene, await _asks(scene, 1), helper)
    ends = [
        (await handover.move(scene, {"case": str(case.id), "epoch": str(case.epoch)})).name for _ in range(2)
    ]
    after = await cases.load(scene.unit, case.id)
    events = await _events(scene)

    assert ends == ["moved", "gone"]
    assert after
    assert (after.state, after.epoch, after.volunteer_id) == (CaseState.HANDED_BACK, case.epoch + 1, None)
    assert [one.state for one in await offers.of_case(scene.unit, case.id)] == [OfferState.GIVEN_BACK]
    assert events[LaneKind.CASE] == Freed(epoch=case.epoch, why=Why.MOVED)
    assert events[LaneKind.PERSON] == Led(
        flow="line", step="changed_volunteer", answers={"case": str(case.id), "who": "kalanit"}
    )
    assert await _acts(scene) == [("move", "case")]


async def test_what_changed_since_it_was_shown_is_left_as_it_is(scene: Scene, helper: int) -> None:
    """It changed hands, or there is no such case."""
    case = await _claimed(scene, await _asks(scene, 1), helper)
    ends = [
        (await handover.move(scene, {"case": id_, "epoch": epoch})).name
        for id_, epoch in ((str(case.id), "0"), ("4711", "1"))
    ]

    assert ends == ["gone", "gone"]
    assert await _acts(scene) == []
