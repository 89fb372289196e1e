"""A line that changed hands: nothing that was meant for one person reaches another, and old buttons end nothing new."""

from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Led
from bot.model.case import Case, CaseState, Need
from bot.model.outgoing import SendMessage
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.search import CLAIM
from bot.store import cases, timers
from tests.crew import MINUTE, Crew
from tests.pipeline.works import Works, raw, said

NOA: Final = 1001
DAN: Final = 2001
EVA: Final = 2002
GAL: Final = 2003
BUDDY: Final = frozenset({Need.BUDDY})
LEGAL: Final = frozenset({Need.LEGAL})
DAY: Final = timedelta(days=1)


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def says(crew: Crew, number: int, text: str, *, to: int | None = None) -> None:
    """Somebody writes, quoting a message of their chat if `to` says which, and all that comes of it."""
    if to is None:
        await crew.works.receive(said(text, by=number))
    else:
        body = {
            "message_id": 900 + to,
            "from": {"id": number, "is_bot": False, "first_name": "Noa", "language_code": "en"},
            "chat": {"id": number, "type": "private"},
            "date": 1_764_000_000,
            "text": text,
            "reply_to_message": {"message_id": to, "text": "quoted", "from": {"id": 5, "first_name": "X"}},
        }
        await crew.works.receive(raw("message", body, None))
    await crew.settle()


def number_of(crew: Crew, number: int, text: str) -> int:
    """What the platform calls the newest message to somebody with these words."""
    there = crew.works.transport.sent
    return max(
        at
        for at, (to, one) in enumerate(there, 1)
        if to == str(number) and isinstance(one, SendMessage) and one.text.text.endswith(text)
    )


async def place(crew: Crew, who: int) -> str:
    """Where somebody is."""
    top = (await crew.session(who)).top
    return f"{top.flow}.{top.step}" if top else ""


async def connected(crew: Crew) -> Case:
    """Noa asked for company; Dan is on the line with her, and Eva is there as well."""
    noa = await crew.person(NOA)
    dan = await crew.volunteer(DAN, needs=BUDDY)
    case = await crew.asks(noa)
    await crew.answers(dan, "accept")
    await crew.volunteer(EVA, needs=BUDDY)
    return await crew.case(case.id)


async def handed_over(crew: Crew, case: Case) -> int:
    """Dan gives it back, and Eva has it now; who she is."""
    assert case.volunteer_id is not None
    for choice in ("menu", "hand_back", "time"):
        await crew.chooses(case.volunteer_id, choice)
    eva = (await crew.works.meet(EVA)).person.id
    await crew.answers(eva, "accept")
    return eva


async def with_a_lawyer(crew: Crew, who: int) -> Case:
    """They have a second line, which is the open one."""
    gal = await crew.volunteer(GAL, needs=LEGAL)
    case = await crew.asks(who, Need.LEGAL)
    await crew.answers(gal, "accept")
    return await crew.case(case.id)


class TestMeantForSomebodyElse:
    """Whoever reads it is whom the writer was shown."""

    async def test_an_answer_to_the_words_of_whoever_left_goes_to_nobody(self, crew: Crew) -> None:
        """It quotes what Dan wrote; Eva has the line. It is said, and the line stays open."""
        case = await connected(crew)
        await says(crew, DAN, "this is Dan")
        await handed_over(crew, case)
        await says(crew, NOA, "for Dan alone", to=number_of(crew, NOA, "this is Dan"))

        assert "for Dan alone" not in " ".join(crew.heard(EVA))
        assert crew.heard(NOA)[-1].startswith(
            "The message that you answered is of a line that is no longer open"
        )
        assert await place(crew, case.person_id) == "line.open"
        await says(crew, NOA, "hello Eva")
        assert crew.heard(EVA)[-1] == "hello Eva"

    async def test_nor_does_it_from_the_menu(self, crew: Crew) -> None:
        """Where no line is the open question."""
        case = await connected(crew)
        await says(crew, DAN, "this is Dan")
        await handed_over(crew, case)
        await says(crew, NOA, "/menu")
        await says(crew, NOA, "for Dan alone", to=number_of(crew, NOA, "this is Dan"))

        assert "for Dan alone" not in " ".join(crew.heard(EVA))
        assert any(text.startswith("This line is no longer open") for text in crew.heard(NOA)[-2:])

    async def test_words_under_the_name_of_whoever_left_go_to_nobody(self, crew: Crew) -> None:
        """Below the open line lay one with Dan, which is Eva's by now; the writer is told whose, and writes anew."""
        case = await connected(crew)
        other = await with_a_lawyer(crew, case.person_id)
        await handed_over(crew, case)
        assert other.volunteer_id is not None
        await crew.chooses(case.person_id, "leave")
        assert await place(crew, case.person_id) == "line.open"
        await says(crew, NOA, "for Dan alone")

        assert "for Dan alone" not in " ".join(crew.heard(EVA))
        assert any("that was not passed on" in text for text in crew.heard(NOA)[-3:])
        await says(crew, NOA, "hello Eva")
        assert crew.heard(EVA)[-1] == "hello Eva"

    async def test_an_answer_to_a_closed_line_leaves_the_open_one_open(self, crew: Crew) -> None:
        """It goes nowhere, and the next word goes where it did."""
        case = await connected(crew)
        await says(crew, DAN, "this is Dan")
        await with_a_lawyer(crew, case.person_id)
        assert case.volunteer_id is not None
        for choice in ("menu", "close", "close"):
            await crew.chooses(case.volunteer_id, choice)
        await says(crew, NOA, "for Dan alone", to=number_of(crew, NOA, "this is Dan"))
        await says(crew, NOA, "hello Gal")

        assert "for Dan alone" not in " ".join([*crew.heard(GAL), *crew.heard(DAN)])
        assert crew.heard(GAL)[-1] == "hello Gal"


class TestOldButtons:
    """What was asked about one person is not done to another."""

    async def test_a_question_about_whoever_left_ends_no_line(self, crew: Crew) -> None:
        """Whether to look for somebody instead of Dan, pressed when it is Eva's line."""
        case = await connected(crew)
        await says(crew, NOA, "are you there")
        await crew.after(2 * DAY + MINUTE)
        assert await crew.asked(case.person_id, flow="line_silent")
        eva = await handed_over(crew, case)
        await crew.answers(case.person_id, "other", flow="line_silent")

        now = await crew.case(case.id)
        assert (now.volunteer_id, now.state) == (eva, CaseState.CONNECTED)
        assert crew.heard(NOA)[-1].startswith("This line is no longer open")

    async def test_a_contact_that_whoever_left_asked_for_is_given_to_nobody(self, crew: Crew) -> None:
        """The question was still open under the lawyer's line."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        for choice in ("menu", "more", "exchange", "agree"):
            await crew.chooses(case.volunteer_id, choice)
        await with_a_lawyer(crew, case.person_id)
        eva = await handed_over(crew, case)
        await crew.chooses(case.person_id, "leave")
        assert await place(crew, case.person_id) == "line.exchange_asked"
        await crew.chooses(case.person_id, "agree")

        assert await place(crew, eva) == "line.open"
        assert any(text.startswith("This line is no longer open") for text in crew.heard(NOA)[-2:])


class TestOnAnotherLine:
    """Nothing that somebody else does takes words away from the line that is open."""

    @pytest.mark.parametrize("choices", [("menu", "close", "close"), ("menu", "more", "exchange", "agree")])
    async def test_what_the_other_one_does_waits_beside_it(
        self, crew: Crew, choices: tuple[str, ...]
    ) -> None:
        """Closing, or asking for a contact."""
        case = await connected(crew)
        await with_a_lawyer(crew, case.person_id)
        assert case.volunteer_id is not None
        for choice in choices:
            await crew.chooses(case.volunteer_id, choice)
        await says(crew, NOA, "for Gal")

        assert crew.heard(GAL)[-1] == "for Gal"
        assert await place(crew, case.person_id) == "line.open"

    async def test_the_question_about_a_contact_comes_when_it_is_wanted(self, crew: Crew) -> None:
        """By its button, for whoever is asked and for whoever asked."""
        case = await connected(crew)
        await with_a_lawyer(crew, case.person_id)
        assert case.volunteer_id is not None
        for choice in ("menu", "more", "exchange", "agree"):
            await crew.chooses(case.volunteer_id, choice)
        await crew.answers(case.person_id, "open", flow="line_asks")
        assert await place(crew, case.person_id) == "line.exchange_asked"
        await crew.chooses(case.person_id, "agree")

        assert await place(crew, case.person_id) == "line.exchange_type"
        assert await place(crew, case.volunteer_id) == "line.exchange_type"

    async def test_a_second_line_is_kept_for_whoever_is_on_the_first(self, crew: Crew) -> None:
        """They were told; a lawyer is not lost because somebody went on talking."""
        case = await connected(crew)
        gal = await crew.volunteer(GAL, needs=LEGAL)
        other = await crew.asks(case.person_id, Need.LEGAL)
        first = Led(flow="line", step="again", answers={"case": str(case.id), "who": case.volunteer_name})
        await crew.happens(case.person_id, first)
        await crew.answers(gal, "accept")
        await crew.after(20 * MINUTE)

        now = await crew.case(other.id)
        assert (now.volunteer_id, now.state) == (gal, CaseState.CONNECTED)
        assert set(await crew.timers_of(other.id)) == {"silence"}

    async def test_who_took_a_case_and_met_nobody_is_told_when_it_goes_on(self, crew: Crew) -> None:
        """They were shown that they are on the line, and would wait there in vain."""
        noa, dan = await crew.person(NOA), await crew.volunteer(DAN, needs=BUDDY)
        case = await crew.asks(noa)
        async with crew.works.db.unit() as unit:
            names = cases.Names(person="yarkon", volunteer="yodfat")
            await cases.claim(unit, case.id, dan, names=names, now=crew.works.clock.now())
            lane = Lane(kind=LaneKind.CASE, id=case.id)
            due = Timer(lane=lane, kind=CLAIM, due_at=crew.works.clock.now() + MINUTE, version="1")
            await timers.put(unit, [due], now=crew.works.clock.now())
            await unit.commit()
        await crew.after(2 * MINUTE)

        assert crew.heard(DAN)[-1].startswith("This line is closed: somebody else goes on")
        assert (await crew.case(case.id)).volunteer_id is None

    async def test_a_break_before_the_two_have_met_is_a_break(self, crew: Crew) -> None:
        """It is not taken for nobody having come."""
        case = await connected(crew)
        gal = await crew.volunteer(GAL, needs=LEGAL)
        other = await crew.asks(case.person_id, Need.LEGAL)
        first = Led(flow="line", step="again", answers={"case": str(case.id), "who": case.volunteer_name})
        await crew.happens(case.person_id, first)
        await crew.answers(gal, "accept")
        for choice in ("menu", "pause"):
            await crew.chooses(gal, choice)

        assert (await crew.case(other.id)).state is CaseState.PAUSED
        assert set(await crew.timers_of(other.id)) == {"silence"}
