"""Questions the bot raises by itself, beside the conversation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.engine.effect import CloseScreen, Count, DropKeyboard, Fault, OfferPrompt, Say, ShowCard
from bot.engine.event import Fired, PromptPressed, Raised
from tests.engine.talk import Talk, at

RAISED = Raised(flow="offer", subject="case7", values={"pair": "kalanit"})


def raised(talk: Talk) -> str:
    """Raise the offer; its id."""
    talk.hears(RAISED)
    return talk.session.prompts[-1].id


def test_a_prompt_is_asked_beside_the_open_question() -> None:
    """The conversation stays as it is."""
    talk = at("letter.name")
    before = talk.session
    prompt = raised(talk)

    assert replace(talk.session, prompts=()) == before
    offer = talk.effects[-1]
    assert isinstance(offer, OfferPrompt)
    assert (offer.id, offer.code) == (prompt, "A")


def test_a_prompt_says_its_words_with_its_values() -> None:
    """As sensitive as its step says, with its cards and its counter."""
    talk = at("menu.home").hears(RAISED)

    words = [effect for effect in talk.effects if isinstance(effect, Say)]
    assert words[0].values == {"pair": "kalanit", "subject": "case7"}
    assert words[0].sensitive
    assert ShowCard(card="A1", sensitive=True) in talk.effects
    assert Count(counter="offer.shown") in talk.effects


def test_an_answer_runs_the_prompts_flow() -> None:
    """Its action gets what the prompt is about and what the choice keeps."""
    talk = at("letter.name")
    talk.hears(PromptPressed(id=raised(talk), choice="accept"))

    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs == {"case": "case7", "pair": "kalanit", "answer": "yes"}
    assert talk.session.prompts == ()


def test_an_answered_prompt_leaves_the_open_question_alone() -> None:
    """No word about it, and it can still be answered."""
    talk = at("letter.name")
    before = talk.session.screen
    talk.hears(PromptPressed(id=raised(talk), choice="accept")).answers("yours")

    assert talk.said == ["{pair} is waiting for you."]
    assert talk.session.screen == before
    assert talk.types("Dana").said == ["When, {name}?"]


def test_a_prompt_that_ends_at_once_keeps_its_answer_visible() -> None:
    """Only its own keyboard goes."""
    talk = at("menu.home")
    prompt = raised(talk)
    talk.hears(PromptPressed(id=prompt, choice="pass"))

    closed = talk.effects[0]
    assert isinstance(closed, CloseScreen)
    assert closed.prompt == prompt
    assert talk.chosen == ["Not me"]
    assert talk.places == ["menu.home"]


def test_a_prompt_at_rest_ends_at_rest() -> None:
    """Where nothing was open, nothing is open afterwards."""
    talk = Talk()
    talk.hears(PromptPressed(id=raised(talk), choice="pass"))

    assert talk.places == []


def test_a_prompt_may_begin_a_real_question() -> None:
    """That one is on top, and the one before waits below."""
    talk = at("letter.name")
    talk.hears(PromptPressed(id=raised(talk), choice="talk"))

    assert talk.places == ["letter.name", "line.open"]
    assert talk.session.frames[-1].prompt is None


def test_a_question_begun_by_a_prompt_keeps_the_stack_small() -> None:
    """The oldest frame gives way here too."""
    talk = at("menu.home", "letter.name", "help.human", "buddy.ask")
    talk.hears(PromptPressed(id=raised(talk), choice="talk"))

    assert talk.places == ["letter.name", "help.human", "buddy.ask", "line.open"]


def test_a_prompt_may_lead_home() -> None:
    """Its choice may run a command that leaves everything."""
    talk = at("letter.name")
    talk.hears(PromptPressed(id=raised(talk), choice="menu"))

    assert talk.places == ["menu.home"]


def test_a_prompt_that_calls_is_not_come_back_to() -> None:
    """An answered prompt is no question any more."""
    talk = at("letter.name")
    talk.hears(PromptPressed(id=raised(talk), choice="help"))
    reached = talk.places
    talk.presses("never")

    assert reached == ["letter.name", "help.human"]
    assert talk.places == ["letter.name"]


def test_a_prompt_that_fails_leaves_the_open_question_alone() -> None:
    """The person hears an honest sentence, and nothing else is lost."""
    talk = at("letter.name")
    before = talk.session.screen
    talk.hears(PromptPressed(id=raised(talk), choice="accept")).answers("exploded")

    assert Fault(error="unknown_outcome", flow="offer", step="claim") in talk.effects
    assert talk.places == ["letter.name"]
    assert talk.session.screen == before


def test_a_second_tap_on_a_prompt_does_nothing() -> None:
    """Not even a word."""
    talk = at("menu.home")
    press = PromptPressed(id=raised(talk), choice="pass")
    talk.hears(press)

    assert talk.hears(press).effects == ()


def test_a_settled_prompt_is_closed() -> None:
    """Another answer to it comes too late."""
    talk = at("menu.home")
    prompt = raised(talk)
    talk.hears(PromptPressed(id=prompt, choice="pass")).hears(PromptPressed(id=prompt, choice="accept"))

    assert talk.said == ["That is settled already."]
    assert DropKeyboard() in talk.effects


def test_what_a_prompt_did_not_offer_is_closed() -> None:
    """Callback data is not trusted, also where the flow has won a choice since."""
    talk = at("menu.home")
    prompt = raised(talk)
    fewer = replace(talk.session.prompts[0], choices=("pass",))
    talk.session = replace(talk.session, prompts=(fewer,))

    assert talk.hears(PromptPressed(id=prompt, choice="accept")).said == ["That is settled already."]
    assert talk.hears(PromptPressed(id=prompt, choice="forged")).said == ["That is settled already."]


def test_a_prompt_whose_flow_is_gone_is_closed() -> None:
    """Its question no longer exists."""
    talk = at("menu.home")
    prompt = raised(talk)
    talk.book = replace(talk.book, flows={n: f for n, f in talk.book.flows.items() if n != "offer"})

    assert talk.hears(PromptPressed(id=prompt, choice="accept")).said == ["That is settled already."]


@pytest.mark.parametrize("flow", ["nowhere", "menu"])
def test_only_a_prompt_flow_can_be_raised(flow: str) -> None:
    """Anything else is a fault, and the person is not bothered."""
    talk = at("menu.home").hears(Raised(flow=flow, subject="x"))

    assert talk.effects == (Fault(error="missing_prompt", flow=flow, step=""),)


def test_codes_differ_while_prompts_are_open() -> None:
    """The oldest of too many gives way, and its code comes free."""
    talk = at("menu.home")
    for number in range(25):
        talk.hears(replace(RAISED, subject=f"case{number}"))

    codes = [prompt.code for prompt in talk.session.prompts]
    assert len(codes) == 20
    assert len(set(codes)) == 20


def test_what_is_asked_about_the_same_thing_again_is_the_same_question() -> None:
    """Every button of it works, until one is pressed."""
    talk = at("menu.home")
    first = raised(talk)
    raised(talk)

    assert [prompt.id for prompt in talk.session.prompts] == [first]
    assert [effect.id for effect in talk.effects if isinstance(effect, OfferPrompt)] == [first]


def test_a_prompt_without_choices_only_tells() -> None:
    """Its words are said beside the open question, and nothing is left to answer."""
    talk = at("menu.home")
    before = talk.session
    talk.hears(Raised(flow="news", subject="case7", values={"pair": "kalanit"}))

    assert talk.said == ["{pair} is here."]
    assert talk.session == before


def test_a_timer_of_its_own_runs_a_prompt_beside_the_open_question() -> None:
    """Its action is done and nothing is said; the question is as it was."""
    talk = at("letter.name")
    before = talk.session
    talk.hears(Fired(timer="turns", version="v1"))
    pending = talk.turn.pending
    talk.answers("done")

    assert pending is not None
    assert pending.action == "case.claim"
    assert (talk.session, talk.effects) == (before, ())


@pytest.mark.parametrize("timer", ["gone", "menu", "offer"])
def test_a_timer_of_what_is_not_there_any_more_means_nothing(timer: str) -> None:
    """A flow whose role was taken back, one that is no prompt, one that would ask."""
    talk = at("letter.name")
    before = talk.session
    talk.hears(Fired(timer=timer, version="v1"))

    assert (talk.session, talk.effects, talk.turn.pending) == (before, (), None)


COMING = PromptPressed(id="41", choice="coming", notice=True)


def test_a_button_under_a_notice_works_without_a_session() -> None:
    """Whatever was open or is: its action gets the notice and the answer, and the open question stays."""
    talk = at("letter.name")
    before = talk.session.screen
    talk.hears(COMING)

    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs == {"notice": "41", "answer": "coming"}
    talk.answers("yours")
    assert talk.said == ["Counted."]
    assert talk.session.screen == before
    assert [frame.flow for frame in talk.session.frames] == ["letter"]


def test_an_answer_to_a_notice_can_be_changed() -> None:
    """Its keyboard stays, and the other answer is taken after the first."""
    talk = at("menu.home").hears(COMING).answers("yours")
    talk.hears(replace(COMING, choice="cant"))

    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs["answer"] == "cant"
    assert not [effect for effect in talk.effects if isinstance(effect, (CloseScreen, DropKeyboard))]


def test_a_double_tap_on_a_notice_is_one() -> None:
    """The same button at once does nothing; a while later it is an answer again."""
    talk = at("menu.home").hears(COMING).answers("yours").hears(COMING)
    assert talk.turn.pending is None
    assert talk.effects == ()

    talk.now += timedelta(minutes=1)
    assert talk.hears(COMING).turn.pending is not None


def test_a_button_no_notice_has_is_closed() -> None:
    """What is no choice of a notice, or of a book without notices, loses its keyboard with a word."""
    talk = at("menu.home").hears(replace(COMING, choice="gone"))
    assert DropKeyboard() in talk.effects

    flows = {name: flow for name, flow in talk.book.flows.items() if name != "notice"}
    without = at("menu.home")
    without.book = replace(talk.book, flows=flows)
    assert DropKeyboard() in without.hears(COMING).effects


def test_a_notice_leads_into_a_real_question() -> None:
    """What a notice leads to is asked on top, and what was open is come back to."""
    talk = at("menu.home").hears(replace(COMING, choice="rights"))
    assert [frame.flow for frame in talk.session.frames] == ["menu", "letter"]
    assert all(frame.prompt is None for frame in talk.session.frames)
