"""The line between two people: words arrive while the case is in the same hands, and nothing is swallowed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from bot.engine.event import Carried, Led
from bot.engine.session import Session
from bot.model.case import Case, CaseState, Need
from bot.model.incoming import MediaRef
from bot.model.outgoing import EditMessage, FailureKind, Priority, SendMessage
from bot.model.person import Platform
from bot.model.queue import Delivery, Ending, Settlement
from bot.model.text import Rich
from bot.pipeline import relay
from bot.pipeline.process import Processor
from bot.store import cases, lanes, lines, outbox, sessions
from bot.store.lines import Copy
from tests.crew import Crew
from tests.pipeline.works import Works, failure, membership, raw, said, voice

NOA: Final = 1001
DAN: Final = 2001
EVA: Final = 2002


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def connected(crew: Crew) -> Case:
    """Noa asked, Dan accepted, and both are on the line."""
    noa, dan = await crew.person(NOA), await crew.volunteer(DAN)
    case = await crew.asks(noa)
    await crew.answers(dan, "accept")
    return await crew.case(case.id)


async def says(crew: Crew, number: int, text: str, **more: Any) -> None:
    """Somebody writes, and all that comes of it."""
    await crew.works.receive(said(text, by=number, **more))
    await crew.settle()


async def replies(crew: Crew, number: int, text: str, *, to: int) -> None:
    """Somebody quotes a message of their chat."""
    body = {
        "message_id": 900,
        "from": {"id": number, "is_bot": False, "first_name": "Noa", "language_code": "en"},
        "chat": {"id": number, "type": "private"},
        "date": 1_764_000_000,
        "text": text,
        "reply_to_message": {"message_id": to, "text": "quoted", "from": {"id": 5, "first_name": "X"}},
    }
    await crew.works.receive(raw("message", body, None))
    await crew.settle()


async def edits(crew: Crew, number: int, text: str, *, message: int = 17, settle: bool = True) -> None:
    """Somebody changes what they wrote."""
    body = {
        "message_id": message,
        "from": {"id": number, "is_bot": False, "first_name": "Noa", "language_code": "en"},
        "chat": {"id": number, "type": "private"},
        "date": 1_764_000_000,
        "edit_date": 1_764_000_060,
        "text": text,
    }
    await crew.works.receive(raw("edited_message", body, None))
    if settle:
        await crew.settle()


async def place(crew: Crew, who: int) -> str:
    """Where somebody is."""
    top = (await crew.session(who)).top
    return f"{top.flow}.{top.step}" if top else ""


def sent_to(crew: Crew, number: int) -> list[SendMessage]:
    """Every message to somebody."""
    return [
        payload
        for routing_id, payload in crew.works.transport.sent
        if routing_id == str(number) and isinstance(payload, SendMessage)
    ]


def last_to(crew: Crew, number: int) -> int:
    """What the platform calls the newest message to somebody."""
    there = crew.works.transport.sent
    return max(
        at for at, (to, one) in enumerate(there, 1) if to == str(number) and isinstance(one, SendMessage)
    )


class TestBothWays:
    """Words arrive as they were written, and nothing else does."""

    async def test_words_arrive_as_they_are(self, crew: Crew) -> None:
        """Also where they look like markup; protected, and without buttons."""
        await connected(crew)
        await says(crew, NOA, "*Hello* _you_ [x](http://y.z)")

        arrived = sent_to(crew, DAN)[-1]
        assert arrived.text.text == "*Hello* _you_ [x](http://y.z)"
        assert arrived.text.spans == ()
        assert arrived.protect
        assert arrived.rows == ()

    async def test_both_stay_on_the_line(self, crew: Crew) -> None:
        """Writing asks nothing and shows nothing again."""
        case = await connected(crew)
        before = len(sent_to(crew, NOA))
        await says(crew, NOA, "one")
        await says(crew, DAN, "two")
        await says(crew, NOA, "three")

        assert crew.heard(NOA)[before:] == ["two"]
        assert crew.heard(DAN)[-2:] == ["one", "three"]
        assert case.volunteer_id is not None
        assert await place(crew, case.person_id) == "line.open"
        assert await place(crew, case.volunteer_id) == "line.open"

    async def test_what_elsewhere_is_a_command_is_only_words(self, crew: Crew) -> None:
        """A bare word of the menu, a number, the label of a button."""
        await connected(crew)
        for word in ("menu", "1", "Back, and leave the line open", "help"):
            await says(crew, NOA, word)

        assert crew.heard(DAN)[-4:] == ["menu", "1", "Back, and leave the line open", "help"]

    async def test_a_long_message_arrives_whole(self, crew: Crew) -> None:
        """In as many messages as the platform needs."""
        await connected(crew)
        before = len(crew.heard(DAN))
        text = "word " * 818
        await says(crew, NOA, text.strip())

        assert " ".join("".join(crew.heard(DAN)[before:]).split()) == text.strip()

    async def test_no_word_is_in_the_session(self, crew: Crew) -> None:
        """What a line carries is kept nowhere but on its way."""
        case = await connected(crew)
        await says(crew, NOA, "canary4711")

        assert "canary4711" not in str(await crew.session(case.person_id))
        assert crew.works.rows("outbox") == 0


class TestRepliesAndEdits:
    """They find the right message on the other side."""

    async def test_a_quote_quotes_the_same_message_there(self, crew: Crew) -> None:
        """Each side's own number of it."""
        await connected(crew)
        await says(crew, NOA, "first", message=31)
        number = last_to(crew, DAN)
        await replies(crew, DAN, "about the first", to=number)

        assert sent_to(crew, NOA)[-1].text.text == "about the first"
        assert sent_to(crew, NOA)[-1].reply_to == "31"

    async def test_a_quote_of_something_else_is_only_words(self, crew: Crew) -> None:
        """A message of the bot's, or one nobody knows."""
        await connected(crew)
        await replies(crew, NOA, "hm", to=1)

        assert sent_to(crew, DAN)[-1].text.text == "hm"
        assert sent_to(crew, DAN)[-1].reply_to is None

    async def test_an_edit_changes_the_words_there(self, crew: Crew) -> None:
        """No new message comes."""
        await connected(crew)
        await says(crew, NOA, "helo", message=41)
        before = len(sent_to(crew, DAN))
        await edits(crew, NOA, "hello", message=41)

        changed = [
            one for to, one in crew.works.transport.sent if to == str(DAN) and isinstance(one, EditMessage)
        ]
        assert changed[-1].text.text == "hello"
        assert len(sent_to(crew, DAN)) == before

    async def test_an_edit_of_an_edit_changes_the_same_words(self, crew: Crew) -> None:
        """Where each edit names the one before it, as on Signal."""
        crew.works.transport.renames = True
        await connected(crew)
        await says(crew, NOA, "helo", message=41)
        for number, words in ((41, "hello"), (42, "hello there")):
            await edits(crew, NOA, words, message=number)

        changed = [
            one for to, one in crew.works.transport.sent if to == str(DAN) and isinstance(one, EditMessage)
        ]
        assert [one.text.text for one in changed[-2:]] == ["hello", "hello there"]
        assert len({one.message_id for one in changed[-2:]}) == 1

    async def test_an_edit_that_is_too_late_is_told(self, crew: Crew) -> None:
        """After two days nobody knows any more which message it was."""
        await connected(crew)
        await says(crew, NOA, "helo", message=41)
        crew.works.clock.pass_time(timedelta(days=3))
        await crew.works.retention.sweep()
        await edits(crew, NOA, "hello", message=41)

        assert crew.heard(NOA)[-1].startswith("A message can be changed")

    async def test_an_edit_before_its_message_arrived_waits_for_it(self, crew: Crew) -> None:
        """Then it changes it."""
        await connected(crew)
        await crew.works.receive(said("helo", by=NOA, message=41))
        await crew.works.handle()  # nothing is delivered yet
        await edits(crew, NOA, "hello", message=41, settle=False)
        await crew.works.handle()
        await crew.settle()

        changed = [one for _, one in crew.works.transport.sent if isinstance(one, EditMessage)]
        assert [one.text.text for one in changed if one.text.text == "hello"] == ["hello"]

    async def test_an_edit_whose_message_never_arrives_is_told(self, crew: Crew) -> None:
        """The other side still has what it had."""
        await connected(crew)
        await crew.works.receive(said("helo", by=NOA, message=41))
        await crew.works.handle()
        await edits(crew, NOA, "hello", message=41, settle=False)
        crew.works.clock.pass_time(timedelta(minutes=2))
        await crew.works.handle()
        await crew.settle()

        assert any(text.startswith("Your change of a message could not") for text in crew.heard(NOA))

    async def test_an_edit_for_whoever_is_out_of_reach_is_told(self, crew: Crew) -> None:
        """As words are."""
        await connected(crew)
        await says(crew, DAN, "helo", message=41)
        await crew.works.receive(membership("kicked", by=NOA))
        await edits(crew, DAN, "hello", message=41)

        assert any(text.startswith("Your change of a message could not") for text in crew.heard(DAN))

    async def test_a_quote_from_elsewhere_goes_to_its_line(self, crew: Crew) -> None:
        """And the writer stays where they were."""
        case = await connected(crew)
        await says(crew, DAN, "how are you", message=51)
        number = last_to(crew, NOA)
        await crew.chooses(case.person_id, "leave")
        before = await place(crew, case.person_id)
        await replies(crew, NOA, "better", to=number)

        assert sent_to(crew, DAN)[-1].text.text == "better"
        assert sent_to(crew, DAN)[-1].reply_to == "51"
        assert await place(crew, case.person_id) == before

    async def test_a_quote_is_for_its_line_where_the_word_is_a_command_elsewhere(self, crew: Crew) -> None:
        """A bare stop to what somebody asked ends nothing."""
        case = await connected(crew)
        await says(crew, DAN, "should I stop asking", message=51)
        number = last_to(crew, NOA)
        await says(crew, NOA, "/menu")
        await replies(crew, NOA, "stop", to=number)

        assert sent_to(crew, DAN)[-1].text.text == "stop"
        assert (await crew.case(case.id)).state is CaseState.CONNECTED
        assert await place(crew, case.person_id) == "menu.home"

    async def test_a_quote_that_calls_for_help_brings_help(self, crew: Crew) -> None:
        """Numbers come first, wherever their writer is."""
        case = await connected(crew)
        await says(crew, DAN, "how are you", message=51)
        number = last_to(crew, NOA)
        await says(crew, NOA, "/menu")
        await replies(crew, NOA, "they arrested me", to=number)

        assert (await place(crew, case.person_id)).startswith("urgent.")


class TestElsewhere:
    """Whoever is not on the line gets the words with a name and the way there."""

    async def test_words_come_with_a_name_and_a_button(self, crew: Crew) -> None:
        """Several are one question."""
        case = await connected(crew)
        await crew.chooses(case.person_id, "leave")
        await says(crew, DAN, "one")
        await says(crew, DAN, "two")

        assert len(await crew.prompts(case.person_id, "line_word")) == 1
        assert "two" in " ".join(crew.heard(NOA)[-2:])
        await crew.answers(case.person_id, "open", flow="line_word")
        assert await place(crew, case.person_id) == "line.open"

    async def test_the_menu_of_two_lines_asks_which(self, crew: Crew) -> None:
        """And what is written goes to the open one only."""
        case = await connected(crew)
        eva = await crew.person(EVA)
        assert case.volunteer_id is not None
        await crew.asks(eva)
        await crew.answers(case.volunteer_id, "accept")
        await says(crew, DAN, "hello Eva")
        await says(crew, NOA, "and me")

        assert crew.heard(EVA)[-1] == "hello Eva"
        assert "hello Eva" not in crew.heard(NOA)
        assert len(await crew.prompts(case.volunteer_id, "line_word")) == 1
        await says(crew, DAN, "/line")
        assert len(await crew.prompts(case.volunteer_id, "line_open")) == 2

    async def test_a_second_line_never_takes_the_words_of_the_first(self, crew: Crew) -> None:
        """It opened while its person was writing on another one: a button leads there."""
        case = await connected(crew)
        eva = await crew.volunteer(EVA)
        assert case.volunteer_id is not None
        other = await crew.asks(case.person_id, Need.LEGAL)
        await crew.happens(
            case.person_id,
            Led(
                flow="line",
                step="again",
                answers={"case": str(case.id), "who": case.volunteer_name},
            ),
        )
        await crew.answers(eva, "accept")
        await says(crew, NOA, "for Dan alone")

        assert crew.heard(DAN)[-1] == "for Dan alone"
        assert "for Dan alone" not in crew.heard(EVA)
        await crew.answers(case.person_id, "open", flow="line_new")
        await says(crew, NOA, "hello Eva")
        assert crew.heard(EVA)[-1] == "hello Eva"
        assert (await crew.case(other.id)).state is CaseState.CONNECTED

    async def test_an_agreement_on_another_line_never_takes_words_either(self, crew: Crew) -> None:
        """The volunteer is writing to somebody else when it comes."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        for choice in ("menu", "more", "exchange", "agree"):
            await crew.chooses(case.volunteer_id, choice)
        eva = await crew.person(EVA)
        await crew.asks(eva)
        await crew.answers(case.volunteer_id, "accept")
        await crew.chooses(case.person_id, "agree")
        await says(crew, DAN, "for Eva alone")

        assert crew.heard(EVA)[-1] == "for Eva alone"
        assert "for Eva alone" not in crew.heard(NOA)


class TestStopAndDistress:
    """Words that win everywhere else."""

    async def test_a_bare_stop_word_asks_once(self, crew: Crew) -> None:
        """And goes on as a word if that is what it was."""
        case = await connected(crew)
        await says(crew, NOA, "stop")
        assert "stop" not in crew.heard(DAN)
        await crew.chooses(case.person_id, "send")

        assert crew.heard(DAN)[-1] == "stop"
        assert await place(crew, case.person_id) == "line.open"

    @pytest.mark.parametrize("answer", ["1", "Send the word"])
    async def test_the_word_goes_on_where_that_is_typed(self, crew: Crew, answer: str) -> None:
        """As everything is on Signal: the answer itself goes to nobody."""
        await connected(crew)
        await says(crew, NOA, "stop")
        await says(crew, NOA, answer, message=18)

        assert crew.heard(DAN)[-1] == "stop"

    async def test_distress_is_carried_and_answered(self, crew: Crew) -> None:
        """The lines come beside the line, which stays open."""
        case = await connected(crew)
        await says(crew, NOA, "I want to die")

        assert crew.heard(DAN)[-1] == "I want to die"
        assert any("1201" in text for text in crew.heard(NOA)[-2:])
        assert await place(crew, case.person_id) == "line.open"


class TestHands:
    """A message goes to whoever has the case when it is delivered, or to nobody."""

    async def test_what_is_in_flight_when_the_case_is_given_back_is_not_delivered(self, crew: Crew) -> None:
        """And its writer is told."""
        case = await connected(crew)
        await crew.works.receive(said("too late", by=DAN))
        await crew.works.handle()  # Dan's turn and Noa's: the words wait in the outbox
        await freed(crew, case)
        await crew.settle()

        assert "too late" not in crew.heard(NOA)
        assert any(
            text.startswith("Your last message on the line was not passed on") for text in crew.heard(DAN)
        )

    async def test_what_waits_in_the_lane_is_not_delivered_either(self, crew: Crew) -> None:
        """The case changed hands between the two turns."""
        case = await connected(crew)
        await crew.works.receive(said("too late", by=DAN))
        await crew.works.processor.batch()  # Dan's turn only
        await freed(crew, case)
        await crew.settle()

        assert "too late" not in crew.heard(NOA)
        assert any(
            text.startswith("Your last message on the line was not passed on") for text in crew.heard(DAN)
        )

    async def test_words_while_nobody_has_the_case_are_refused_openly(self, crew: Crew) -> None:
        """They are not kept for whoever comes."""
        case = await connected(crew)
        await freed(crew, case)
        await says(crew, NOA, "anybody?")

        assert any(text.startswith("Nobody is on the line at this moment") for text in crew.heard(NOA)[-2:])

    async def test_a_volunteer_who_gave_it_back_writes_to_nobody(self, crew: Crew) -> None:
        """Their line is over."""
        case = await connected(crew)
        await freed(crew, case)
        await says(crew, DAN, "still here")

        assert "still here" not in crew.heard(NOA)
        assert any(text.startswith("This line is no longer open") for text in crew.heard(DAN)[-2:])


async def freed(crew: Crew, case: Case) -> None:
    """The case changes hands."""
    async with crew.works.db.unit() as unit:
        assert await cases.free(unit, await crew.case(case.id), now=crew.works.clock.now())
        await unit.commit()


class TestOutOfReach:
    """Who cannot be reached: the writer hears so each time, and a volunteer no longer has the case."""

    async def test_a_blocked_volunteer_loses_the_case(self, crew: Crew) -> None:
        """The person is told of their message, and somebody else is looked for."""
        case = await connected(crew)
        crew.works.transport.ends = [failure(FailureKind.UNREACHABLE)]
        await says(crew, NOA, "hello?")

        assert any(
            text.startswith("Your last message on the line could not be delivered")
            for text in crew.heard(NOA)
        )
        found = await crew.case(case.id)
        assert found.state not in (CaseState.CONNECTED, CaseState.CLAIMED)
        assert found.epoch == case.epoch + 1

    async def test_every_word_to_a_blocked_person_is_told(self, crew: Crew) -> None:
        """The second one too, which no call was made for."""
        await connected(crew)
        crew.works.transport.ends = [failure(FailureKind.UNREACHABLE)]
        await says(crew, DAN, "hello?")
        await says(crew, DAN, "are you there?")

        told = [
            text for text in crew.heard(DAN) if text.startswith("Your last message on the line could not be")
        ]
        assert len(told) == 2

    async def test_words_that_break_on_the_other_side_are_told_to_their_writer(self, crew: Crew) -> None:
        """Not to the one they were for, who knows nothing of them."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        async with crew.works.db.unit() as unit:
            broken = Carried(
                case=str(case.id),
                epoch=case.epoch,
                line="no number",
                sender=str(case.volunteer_id),
                who=case.volunteer_name,
                words="hello",
            )
            await lanes.to_person(unit, case.person_id, broken, now=crew.works.clock.now())
            await unit.commit()
        before = len(crew.heard(NOA))
        for _ in range(4):
            await crew.after(timedelta(minutes=5))

        assert any(text.startswith("Your last message could not be handled") for text in crew.heard(DAN))
        assert len(crew.heard(NOA)) == before

    async def test_who_blocks_the_bot_quietly_is_told_of_as_well(self, crew: Crew) -> None:
        """Telegram said so before anything was written."""
        case = await connected(crew)
        await crew.works.receive(membership("kicked", by=DAN))
        await crew.settle()
        await says(crew, NOA, "hello?")

        assert "hello?" not in crew.heard(DAN)
        told = " ".join(crew.heard(NOA)[-3:])
        assert "could not be delivered" in told or "Nobody is on the line" in told
        assert (await crew.case(case.id)).epoch == case.epoch + 1


class TestSilence:
    """A line on which nobody writes is noticed."""

    async def test_the_volunteer_is_reminded_then_the_person_is_asked(self, crew: Crew) -> None:
        """Once each; then somebody else is looked for, if they want that."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await says(crew, NOA, "hello")
        await crew.after(timedelta(hours=25))
        assert await crew.asked(case.volunteer_id, flow="line_waits") == [case.volunteer_id]
        await crew.after(timedelta(hours=25))
        assert await crew.asked(case.person_id, flow="line_silent") == [case.person_id]
        await crew.answers(case.person_id, "other", flow="line_silent")

        assert (await crew.case(case.id)).epoch == case.epoch + 1

    async def test_during_a_break_nobody_is_reminded(self, crew: Crew) -> None:
        """Until somebody writes."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await crew.chooses(case.person_id, "menu")
        await crew.chooses(case.person_id, "pause")
        await crew.after(timedelta(days=3))

        assert (await crew.case(case.id)).state is CaseState.PAUSED
        assert await crew.asked(case.volunteer_id, flow="line_waits") == []
        assert any("taking a break" in text for text in crew.heard(DAN))
        await says(crew, DAN, "still here")
        assert (await crew.case(case.id)).state is CaseState.CONNECTED

    async def test_two_weeks_of_silence_close_the_line(self, crew: Crew) -> None:
        """The person heard a week before; both are told."""
        case = await connected(crew)
        await says(crew, NOA, "hello")
        await says(crew, DAN, "hello")
        await crew.after(timedelta(days=8))
        assert await crew.asked(case.person_id, flow="line_quiet") == [case.person_id]
        await crew.after(timedelta(days=8))

        assert (await crew.case(case.id)).state is CaseState.CLOSED
        assert any("for two weeks" in text for text in crew.heard(DAN))
        assert any("for two weeks" in text for text in crew.heard(NOA))

    async def test_a_person_is_asked_about_a_silent_line_by_day_and_after_days_of_rest(
        self, crew: Crew
    ) -> None:
        """Nothing the bot begins comes at night or on a Sabbath; what is urgent does."""
        case = await connected(crew)
        crew.works.clock.pass_time(timedelta(days=1, hours=14))  # one o'clock on Thursday in Jerusalem
        await says(crew, NOA, "hello")
        await crew.after(timedelta(hours=63))
        assert await crew.asked(case.person_id, flow="line_silent") == []
        await crew.after(timedelta(hours=2))

        assert await crew.asked(case.person_id, flow="line_silent") == [case.person_id]

    async def test_on_an_urgent_line_nobody_waits_for_the_morning(self, crew: Crew) -> None:
        """The person is asked at any hour whether to look for somebody else."""
        noa, dan = await crew.person(NOA), await crew.volunteer(DAN)
        crew.works.clock.pass_time(timedelta(hours=14))
        await crew.asks(noa, Need.URGENT)
        await crew.answers(dan, "accept")
        await says(crew, NOA, "hello")
        await crew.after(timedelta(minutes=21))

        assert await crew.asked(noa, flow="line_silent") == [noa]

    async def test_a_held_case_always_has_a_timer(self, crew: Crew) -> None:
        """Whatever was done last."""
        case = await connected(crew)
        assert set(await crew.timers_of(case.id)) == {"silence"}
        await says(crew, NOA, "hello")
        assert set(await crew.timers_of(case.id)) == {"silence"}
        await says(crew, DAN, "hello")
        assert set(await crew.timers_of(case.id)) == {"silence"}


class TestWays:
    """What either side can do on the line beside writing."""

    async def does(self, crew: Crew, who: int, *choices: str) -> None:
        """Press one button after the other."""
        for choice in choices:
            await crew.chooses(who, choice)

    async def test_the_person_closes_it(self, crew: Crew) -> None:
        """Both are told, and nothing of it is left to come."""
        case = await connected(crew)
        await self.does(crew, case.person_id, "menu", "close", "close", "yes")

        assert (await crew.case(case.id)).state is CaseState.CLOSED
        assert await crew.timers_of(case.id) == {}
        assert any("has closed the line" in text for text in crew.heard(DAN))

    async def test_somebody_else_is_looked_for_without_a_reason(self, crew: Crew) -> None:
        """The volunteer is thanked, and the case never comes back to them."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await self.does(crew, case.person_id, "menu", "other", "other")
        await crew.after(timedelta(hours=1))

        found = await crew.case(case.id)
        assert (found.epoch, found.volunteer_id) == (case.epoch + 1, None)
        assert await crew.asked(case.volunteer_id) == []
        assert any("somebody else goes on with" in text for text in crew.heard(DAN))

    async def test_the_volunteer_hands_it_back(self, crew: Crew) -> None:
        """The person hears that somebody else is looked for."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        eva = await crew.volunteer(EVA)
        await self.does(crew, case.volunteer_id, "menu", "hand_back", "heavy")
        await crew.settle()

        assert (await crew.case(case.id)).epoch == case.epoch + 1
        assert await crew.asked(eva) == [eva]

    async def test_contacts_are_given_only_where_both_agree(self, crew: Crew) -> None:
        """The other side is asked first; each writes once, and both are on the line again."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await self.does(crew, case.person_id, "menu", "more", "exchange", "agree")
        assert await place(crew, case.person_id) == "line.open"
        assert await place(crew, case.volunteer_id) == "line.exchange_asked"
        await self.does(crew, case.volunteer_id, "agree")
        assert await place(crew, case.person_id) == "line.exchange_type"
        await says(crew, DAN, "Dan, by phone")
        await says(crew, NOA, "Noa")

        assert crew.heard(NOA)[-2].startswith("Dan") or "Dan, by phone" in crew.heard(NOA)
        assert "Noa" in crew.heard(DAN)
        assert await place(crew, case.volunteer_id) == "line.open"

    async def test_no_contact_is_given_where_who_asked_took_it_back(self, crew: Crew) -> None:
        """By the receipt, before the other side answered."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await self.does(crew, case.person_id, "menu", "more", "exchange", "agree")
        await says(crew, NOA, "/consents")
        await self.does(crew, case.person_id, "receipts")
        if (
            await place(crew, case.person_id) != "consents.receipt_contact"
        ):  # two of one day, in whatever order
            await self.does(crew, case.person_id, "next")
        await self.does(crew, case.person_id, "take_back")
        await self.does(crew, case.volunteer_id, "agree")

        assert await place(crew, case.volunteer_id) == "line.open"
        assert "so no contact is given" in " ".join(crew.heard(DAN)[-2:])

    async def test_no_contact_is_given_where_one_says_no(self, crew: Crew) -> None:
        """Nobody is asked to write one."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await self.does(crew, case.person_id, "menu", "more", "exchange", "agree")
        await self.does(crew, case.volunteer_id, "back")

        assert not any(text.startswith("Both agreed") for text in (*crew.heard(NOA), *crew.heard(DAN)))

    @pytest.mark.parametrize(
        ("side", "way"),
        [
            ("person", ()),
            ("person", ("pause",)),
            ("person", ("other", "other")),
            ("person", ("close", "close")),
            ("person", ("more", "exchange", "agree")),
            ("volunteer", ()),
            ("volunteer", ("hand_back", "time")),
            ("volunteer", ("close", "close")),
        ],
    )
    async def test_a_way_that_was_open_when_the_line_ended_leads_nowhere(
        self, crew: Crew, side: str, way: tuple[str, ...]
    ) -> None:
        """The button was on the screen; the line is over, and that is said."""
        case = await connected(crew)
        who = case.person_id if side == "person" else case.volunteer_id
        assert who is not None
        steps = ("menu", *way)
        await self.does(crew, who, *steps[:-1])
        async with crew.works.db.unit() as unit:
            assert await cases.close(unit, await crew.case(case.id), now=crew.works.clock.now())
            await unit.commit()
        await self.does(crew, who, steps[-1])

        number = NOA if side == "person" else DAN
        assert any(text.startswith("This line is no longer open") for text in crew.heard(number)[-2:])

    async def test_an_old_question_about_a_line_that_ended_leads_nowhere(self, crew: Crew) -> None:
        """To open it, or to wait."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await says(crew, NOA, "hello")
        await crew.after(timedelta(hours=50))
        async with crew.works.db.unit() as unit:
            assert await cases.close(unit, await crew.case(case.id), now=crew.works.clock.now())
            await unit.commit()
        await crew.answers(case.person_id, "wait", flow="line_silent")
        await crew.answers(case.volunteer_id, "open", flow="line_waits")

        assert crew.heard(NOA)[-1] == "This line is no longer open."
        assert crew.heard(DAN)[-1] == "This line is no longer open."

    async def test_waiting_a_little_longer_asks_again_later(self, crew: Crew) -> None:
        """The volunteer is reminded anew."""
        case = await connected(crew)
        assert case.volunteer_id is not None
        await says(crew, NOA, "hello")
        await crew.after(timedelta(hours=50))
        await crew.answers(case.person_id, "wait", flow="line_silent")

        assert set(await crew.timers_of(case.id)) == {"silence"}
        await crew.after(timedelta(hours=25))
        assert await crew.asked(case.volunteer_id, flow="line_waits") == [case.volunteer_id]

    async def test_who_has_one_line_comes_to_it_by_its_command(self, crew: Crew) -> None:
        """And who has none hears so."""
        case = await connected(crew)
        eva = await crew.person(EVA)
        await crew.chooses(case.person_id, "leave")
        await says(crew, NOA, "/line")
        await says(crew, EVA, "/line")

        assert await place(crew, case.person_id) == "line.of_person"
        assert any(text.startswith("No line is open at the moment") for text in crew.heard(EVA)[-2:])
        assert await place(crew, eva) != "line.open"

    async def test_who_deletes_everything_leaves_nobody_waiting(self, crew: Crew) -> None:
        """The volunteer is told, and what they write goes nowhere, openly."""
        await connected(crew)
        await says(crew, NOA, "/delete")
        await crew.chooses((await crew.works.meet(NOA)).person.id, "wipe")
        await says(crew, DAN, "hello?")

        assert any(text.startswith("This line is no longer open") for text in crew.heard(DAN)[-2:])
        assert "hello?" not in crew.heard(NOA)


class TestWhatComesOfACall:
    """Of what went out nothing is written where there is nobody to hear of it."""

    async def test_nothing_is_marked_that_cannot_be(self, crew: Crew) -> None:
        """A call without a message, a writer who is gone, and one whose chat takes no marks."""
        case = await connected(crew)
        noa = (await crew.works.meet(NOA)).person.id
        dan = await crew.works.meet(DAN)
        sent = Delivery(
            id=1,
            address_id=dan.addresses[0].id,
            person_id=dan.person.id,
            platform=Platform.TELEGRAM,
            routing_id=str(DAN),
            payload=SendMessage(text=Rich("Hello")),
            priority=Priority.RELAY,
            attempts=0,
            resent=False,
            keep=None,
            written_at=crew.works.clock.now(),
            case_id=case.id,
            sender_id=None,
            line_id=71,
        )
        ended = [
            Settlement(delivery=sent, ending=Ending.SENT),
            Settlement(delivery=sent, ending=Ending.SENT, message_id="501"),
            Settlement(
                delivery=replace(sent, line_id=72, sender_id=noa), ending=Ending.SENT, message_id="502"
            ),
            Settlement(delivery=replace(sent, line_id=73), ending=Ending.FAILED),
        ]
        async with crew.works.db.unit() as unit:
            elsewhere = Copy(line=72, case_id=case.id, address_id=1, person_id=noa, message_id="5")
            await lines.remember(unit, elsewhere, now=crew.works.clock.now())
            await relay.settled(unit, ended, now=crew.works.clock.now())
            waiting = sum((await outbox.depth(unit)).values())

        assert waiting == 0

    async def test_a_quote_of_a_line_that_is_somebody_elses_by_now_is_only_words(self, crew: Crew) -> None:
        """Whoever gave it back is answered as everybody is, and nothing arrives."""
        await connected(crew)
        await says(crew, NOA, "who is there")
        quoted = last_to(crew, DAN)
        await says(crew, DAN, "/line")
        await crew.chooses((await crew.works.meet(DAN)).person.id, "hand_back")
        await crew.chooses((await crew.works.meet(DAN)).person.id, "time")
        before = len(sent_to(crew, NOA))
        await replies(crew, DAN, "one more thing", to=quoted)

        assert not any("one more thing" in message.text.text for message in sent_to(crew, NOA)[before:])


class TestFiles:
    """What stands beside words is kept by the platform until nobody asks for it any more."""

    async def test_the_file_that_a_line_did_not_take_is_given_up(self, crew: Crew) -> None:
        """A first voice message is only answered; the same one again is on its way to the other end."""
        await connected(crew)
        given_up: list[MediaRef] = []
        crew.works.processor = Processor(
            replace(crew.works.ground, discard=given_up.append), crew.works.turns
        )
        await crew.works.receive(voice(by=NOA))
        await crew.works.handle()
        after_the_first = [one.file.file_id for one in given_up]
        await crew.works.receive(voice(by=NOA))
        await crew.works.handle()

        assert after_the_first == ["v"]
        assert [one.file.file_id for one in given_up] == ["v"]


class TestAtRest:
    """Nobody is asked anything, and a line is open somewhere else."""

    @pytest.mark.parametrize("number", [NOA, DAN])
    async def test_words_at_rest_are_said_to_be_unsent(self, crew: Crew, number: int) -> None:
        """At either end; the way to the line comes with it, and nothing arrives."""
        await connected(crew)
        await says(crew, number, "/line")
        who = (await crew.works.meet(number)).person.id
        async with crew.works.db.unit() as unit:
            await sessions.save(unit, {who: Session()}, today=crew.works.clock.now().date())
            await unit.commit()
        there = {NOA: DAN, DAN: NOA}[number]
        before = crew.heard(there)
        await says(crew, number, "is anybody there")

        assert any("not passed on to anybody" in text for text in crew.heard(number))
        assert await place(crew, who) in ("line.of_person", "line.of_volunteer")
        assert crew.heard(there) == before
