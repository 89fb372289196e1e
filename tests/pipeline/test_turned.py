"""What turns while a case is on its way: a role is lost, an age is said, a pause begins, a volunteer goes."""

from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Asked, Led, PromptPressed
from bot.model.case import Case, CaseState, Need
from bot.model.person import Role
from bot.store import pauses, roles
from tests.crew import MINUTE, Crew
from tests.pipeline.works import Works, said

NOA: Final = 1001
MAYA: Final = 1002
DAN: Final = 2001
EVA: Final = 2002
GAL: Final = 3001
TAL: Final = 3002
HOUR: Final = timedelta(hours=1)


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def _by_an_organizer(crew: Crew) -> tuple[Case, int, int]:
    """An organizer took what nobody else could; the case, they, and another organizer."""
    noa, gal = await crew.person(NOA), await crew.organizer(GAL)
    case = await crew.asks(noa, Need.ORGANIZE)
    await crew.answers(gal, "accept", flow="page")
    return await crew.case(case.id), gal, await crew.organizer(TAL)


async def _alias(crew: Crew, who: int) -> str:
    async with crew.works.db.reading() as reading:
        return await roles.alias_of(reading, who, Role.ORGANIZER) or ""


async def _held(works: Works, *, is_held: bool) -> None:
    async with works.db.unit() as unit:
        if is_held:
            await pauses.hold(unit, pauses.EVERYTHING, reason="test")
        else:
            await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()


@pytest.mark.parametrize("step", ["revoke", "leave_now"])
async def test_who_is_no_organizer_any_more_is_beside_nobody_at_once(crew: Crew, step: str) -> None:
    """Their phone may be in other hands: nothing of theirs is delivered, and another organizer is asked."""
    case, gal, tal = await _by_an_organizer(crew)
    by = tal if step == "revoke" else gal
    await crew.happens(by, Led(flow="team", step=step, answers={"peer": await _alias(crew, gal)}))
    after = await crew.case(case.id)
    await crew.works.receive(said("who are you really", by=GAL))
    await crew.settle()

    assert (after.volunteer_id, after.epoch) == (None, case.epoch + 1)
    assert await crew.asked(tal, flow="page") == [tal]
    assert "who are you really" not in crew.heard(NOA)


async def test_an_organizer_who_volunteers_as_well_keeps_their_people_when_they_leave_the_team(
    crew: Crew,
) -> None:
    """They said themselves that they go, and they are still a volunteer."""
    dan = await crew.volunteer(DAN)
    await crew.organizer(DAN)
    noa = await crew.person(NOA)
    case = await crew.asks(noa)
    await crew.answers(dan, "accept")
    await crew.happens(dan, Led(flow="team", step="leave_now"))

    assert (await crew.case(case.id)).volunteer_id == dan


async def test_who_leaves_with_two_lines_leaves_nobody_alone(crew: Crew) -> None:
    """Both people hear that somebody else is looked for, and both are offered to the next one."""
    dan, noa, maya = await crew.volunteer(DAN), await crew.person(NOA), await crew.person(MAYA)
    both = [await crew.asks(noa), await crew.asks(maya)]
    for _ in both:
        await crew.answers(dan, "accept")
    eva = await crew.volunteer(EVA)
    await crew.happens(dan, Asked(command="leave"))
    await crew.chooses(dan, "leave_now")
    cases = [await crew.case(one.id) for one in both]

    assert [one.volunteer_id for one in cases] == [None, None]
    assert len(await crew.prompts(eva)) == 2
    for number in (NOA, MAYA):
        assert any("looking for somebody else" in text for text in crew.heard(number))


async def test_who_turns_out_to_be_under_eighteen_is_not_taken_by_a_volunteer(crew: Crew) -> None:
    """The offers that are open by then lead nowhere; the organizers are asked, and one of them can."""
    dan, gal = await crew.volunteer(DAN), await crew.organizer(GAL)
    noa = await crew.person(NOA)
    case = await crew.asks(noa)
    await crew.person(NOA, adult=False)
    await crew.answers(dan, "accept")
    unclaimed = await crew.case(case.id)
    await crew.after(HOUR + MINUTE)
    await crew.answers(gal, "accept", flow="page")

    assert unclaimed.volunteer_id is None
    assert crew.heard(DAN)[-1] == "Already taken, thank you."
    assert (await crew.case(case.id)).volunteer_id == gal


async def test_where_somebody_has_no_room_others_are_asked_at_once(crew: Crew) -> None:
    """As they are told; nobody waits for an answer that cannot be given any more."""
    dan = await crew.volunteer(DAN, capacity=1)
    noa, maya = await crew.person(NOA), await crew.person(MAYA)
    await crew.asks(noa)
    await crew.asks(maya)
    eva = await crew.volunteer(EVA)
    await crew.answers(dan, "accept")
    await crew.answers(dan, "accept")

    assert crew.heard(DAN)[-1].startswith("There is no room left")
    assert await crew.asked(eva) == [eva]


async def test_while_everything_is_held_an_organizer_connects_nobody(crew: Crew) -> None:
    """The person could not write on that line; the question comes once more, and can be answered afterwards."""
    noa, gal = await crew.person(NOA), await crew.organizer(GAL)
    case = await crew.asks(noa, Need.ORGANIZE)
    await _held(crew.works, is_held=True)
    await crew.answers(gal, "accept", flow="page")
    meanwhile = await crew.case(case.id)
    await _held(crew.works, is_held=False)
    await crew.answers(gal, "accept", flow="page")

    assert (meanwhile.state, meanwhile.volunteer_id) == (CaseState.ESCALATED, None)
    assert (await crew.case(case.id)).volunteer_id == gal


async def test_an_old_button_of_somebody_who_was_revoked_takes_nobody(crew: Crew) -> None:
    """Whatever they still have on their phone."""
    dan, noa = await crew.volunteer(DAN), await crew.person(NOA)
    case = await crew.asks(noa)
    (prompt,) = await crew.prompts(dan)
    async with crew.works.db.unit() as unit:
        await roles.revoke(unit, dan, Role.VOLUNTEER)
        await unit.commit()
    await crew.happens(dan, PromptPressed(id=prompt.id, choice="accept"))

    assert (await crew.case(case.id)).volunteer_id is None


@pytest.mark.parametrize(
    ("choices", "flow"),
    [(("menu", "other", "other"), "again_wanted"), (("menu", "hand_back", "time"), "again")],
)
async def test_who_asked_for_somebody_else_is_not_told_that_it_is_not_because_of_them(
    crew: Crew, choices: tuple[str, ...], flow: str
) -> None:
    """Whoever was left is; each hears by when there is word."""
    dan, noa = await crew.volunteer(DAN), await crew.person(NOA)
    await crew.asks(noa)
    await crew.answers(dan, "accept")
    for choice in choices:
        await crew.chooses(noa if "other" in choices else dan, choice)

    assert await crew.asked(noa, flow=flow) == [noa]
    assert any("because of you" in text for text in crew.heard(NOA)) is (flow == "again")


@pytest.mark.parametrize(
    ("presses", "hears"),
    [
        ([], False),
        ([("dan", "accept")], True),
        ([("dan", "accept"), ("noa", "menu"), ("noa", "pause")], True),
        ([("dan", "accept"), ("dan", "menu"), ("dan", "hand_back"), ("dan", "time")], False),
    ],
)
async def test_who_deletes_everything_is_gone_from_every_state(
    crew: Crew, presses: list[tuple[str, str]], hears: bool
) -> None:
    """Whoever is beside them hears it kindly and their next word reaches nobody; nobody is asked any more."""
    dan, noa = await crew.volunteer(DAN), await crew.person(NOA)
    case = await crew.asks(noa)
    for who, choice in presses:
        if choice == "accept":
            await crew.answers(dan, "accept")
        else:
            await crew.chooses(dan if who == "dan" else noa, choice)
    await crew.happens(noa, Asked(command="delete"))
    await crew.chooses(noa, "wipe")
    sent = len(crew.works.transport.sent)
    await crew.works.receive(said("are you there", by=DAN))
    await crew.settle()
    eva = await crew.volunteer(EVA)
    await crew.after(timedelta(days=1))

    assert any("has ended it here" in text for text in crew.heard(DAN)) is hears
    assert all(routing_id == str(DAN) for routing_id, _ in crew.works.transport.sent[sent:])
    assert await crew.asked(eva) == []
    assert await crew.timers_of(case.id) == {}
    assert crew.works.rows("offer") == 0
