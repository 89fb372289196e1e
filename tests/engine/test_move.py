"""From step to step: moves, the stack of frames, and turns that cannot go on."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.engine.effect import CloseScreen, Count, Fault, Say, SetTimer, ShowCard
from bot.engine.event import Asked, Distress, Fired, Outcome, Started
from bot.engine.flow import Book, Choice, Do, Flow, GlobalCommand, Move, Phrase, Route, Step
from bot.engine.session import Frame, Screen, Session
from bot.engine.walk import Walk
from tests.engine.talk import NOON, Talk, at, small_book

BROKEN = "Something went wrong here. Write menu to go on."
CHANGED = "This conversation has changed. Go on from the nearest place?"


def with_steps(flow: str, steps: Mapping[str, Step]) -> Book:
    """The small book with other steps in one flow."""
    book = small_book()
    changed = replace(book.flows[flow], steps=steps)
    return replace(book, flows={**book.flows, flow: changed})


def without(flow: str) -> Book:
    """The small book without one flow."""
    book = small_book()
    return replace(book, flows={name: one for name, one in book.flows.items() if name != flow})


def in_new_version(talk: Talk, book: Book) -> Talk:
    """The same conversation, its flows changed under it."""
    talk.book = book
    return talk


def test_goto_keeps_answers_inside_a_flow() -> None:
    """What was kept at one step is said at a later one."""
    talk = at("letter.name").types("Dana").types("x", date="2026-11-25").answers("signed")

    words = [effect for effect in talk.effects if isinstance(effect, Say)]
    assert words[1].phrase.text == "It stands there, {name}."
    assert words[1].values == {"name": "Dana"}


def test_goto_into_another_flow_forgets_answers() -> None:
    """What one flow kept is nothing to another."""
    talk = at("menu.home")
    talk.session = replace(talk.session, frames=(Frame(flow="menu", step="home", answers={"a": "b"}),))
    talk.presses("letter")

    assert talk.session.frames == (Frame(flow="letter", step="read"),)


@pytest.mark.parametrize("move", [Move.CALL, Move.GO])
def test_a_move_into_another_flow_hands_on_what_it_names_and_nothing_else(move: Move) -> None:
    """An answer that nobody gave is not handed on; what was not named stays where it is, or is forgotten."""
    hands = {"wish": "$wish", "day": "$day", "said": "$said", "as": "it is"}
    more = Choice(
        id="more",
        label=Phrase(context="buddy.ask", text="More"),
        route=Route(move=move, flow="letter", step="read", hands=hands),
    )
    ask = small_book().flows["buddy"].steps["ask"]
    ask = replace(ask, choices=tuple(more if one.id == "more" else one for one in ask.choices))
    steps = {**small_book().flows["buddy"].steps, "ask": ask}
    talk = in_new_version(at("buddy.ask"), with_steps("buddy", steps))
    below = Frame(flow="buddy", step="ask", answers={"wish": "now", "said": "", "other": "o"})
    talk.session = replace(talk.session, frames=(below,))
    talk.presses("more")

    there = Frame(flow="letter", step="read", answers={"wish": "now", "as": "it is"})
    assert talk.session.frames == ((below, there) if move is Move.CALL else (there,))


def test_a_call_comes_back_when_it_ends() -> None:
    """The question below is asked again, its cards left out."""
    talk = at("buddy.ask").presses("more")

    assert talk.said[-1] == "Would you like a volunteer to stay in touch with you?"
    assert talk.said[0] == "A volunteer is a person who has time for you."
    assert talk.places == ["buddy.ask"]
    assert "[A1]" not in talk.said


def test_a_card_may_be_named_by_an_answer() -> None:
    """`$wish` is the card whose id is kept under that name; where nothing is, there is no such card."""
    walk = Walk(
        small_book(), Session(frames=(Frame(flow="help", step="human"),)), now=NOON, nonce="", spent=0
    )
    step = Step(id="card", cards=("A1", "$wish"))
    walk.show_cards(step)
    walk.keep({"wish": "A7"})
    walk.show_cards(step)

    shown = [effect.card for effect in walk.effects if isinstance(effect, ShowCard)]
    assert shown == ["A1", "", "A1", "A7"]


def test_a_question_of_cards_only_shows_them_again() -> None:
    """Without words of its own, a question is its cards."""
    talk = at("letter.read").hears(Asked(command="privacy"))

    assert talk.said[-1] == "[A1]"


def test_calls_never_stack_more_than_four() -> None:
    """Past the depth, the oldest frame gives way."""
    talk = at("menu.home", "buddy.ask", "letter.name", "line.open").hears(Distress())

    assert talk.places == ["buddy.ask", "letter.name", "line.open", "crisis.now"]


def test_a_command_called_twice_begins_anew() -> None:
    """Its flow is not put on top of itself, wherever in it the person was."""
    talk = at("menu.home").presses("~human").presses("anyone").hears(Asked(command="human"))

    assert talk.places == ["menu.home", "help.human"]


def test_home_leaves_everything() -> None:
    """The whole stack gives way."""
    talk = at("menu.home", "buddy.ask").presses("later")

    assert talk.places == ["menu.home"]


def test_a_choice_can_run_a_command() -> None:
    """As the global command does."""
    talk = at("buddy.ask").presses("person")

    assert talk.places == ["buddy.ask", "help.human"]


def test_the_last_end_with_a_word_is_rest() -> None:
    """Nothing is open and nothing expires."""
    talk = at("buddy.ask")
    talk.hears(Fired(timer="wait", version=talk.nonce))

    assert talk.session.frames == ()
    assert talk.session.screen is None
    assert talk.session.expires_at is None


def test_the_last_end_without_a_word_leads_to_the_menu() -> None:
    """A "back" with nothing to go back to is never answered by silence."""
    talk = at("menu.home").presses("out")

    assert talk.places == ["menu.home"]
    assert talk.said


def test_an_end_by_itself_closes_the_open_question() -> None:
    """A timeout that ends the conversation takes the keyboard away."""
    talk = at("buddy.ask")
    talk.hears(Fired(timer="wait", version=talk.nonce))

    assert talk.chosen == ["-"]
    assert talk.said == ["No hurry."]
    assert talk.session.screen is None


def test_counters_go_up_where_a_step_says_so() -> None:
    """Once when the step is taken, not when it is asked again."""
    talk = at("menu.home").presses("buddy")
    counted = Count(counter="buddy.asked") in talk.effects
    talk.types("hm")

    assert counted
    assert Count(counter="buddy.asked") not in talk.effects


def test_an_action_that_repeats_for_ever_is_stopped() -> None:
    """The budget counts over all actions of a turn, and the person hears an honest sentence."""
    talk = at("buddy.ask").presses("connect")
    while talk.turn.pending:
        talk.answers("again")

    assert talk.turn.spent == 64
    assert Fault(error="loop", flow="buddy", step="open") in talk.effects
    assert talk.said == [BROKEN]
    assert talk.session.frames == ()


def test_nothing_half_said_when_a_turn_breaks() -> None:
    """What the turn had to say before it broke is not said; the old keyboard still goes."""
    lost = Step(
        id="ask", say=(Phrase(context="x", text="half"),), route=Route(move=Move.GO, flow="no", step="no")
    )
    talk = in_new_version(at("menu.home"), with_steps("buddy", {"ask": lost})).presses("buddy")

    assert talk.said == [BROKEN]
    assert talk.chosen == ["A volunteer"]
    assert Fault(error="missing_step", flow="no", step="no") in talk.effects


def test_an_outcome_nobody_expected_is_a_fault() -> None:
    """The flow does not say where to go on."""
    talk = at("buddy.ask").presses("connect").answers("exploded")

    assert Fault(error="unknown_outcome", flow="buddy", step="open") in talk.effects


def test_an_outcome_without_an_action_is_a_fault() -> None:
    """At rest, nothing was pending."""
    talk = Talk().hears(Outcome(name="done"))

    assert talk.said == [BROKEN]


def test_an_outcome_at_a_question_is_a_fault() -> None:
    """A step that asks does nothing."""
    talk = at("menu.home").hears(Outcome(name="done"))

    assert Fault(error="unknown_outcome", flow="menu", step="home") in talk.effects
    assert talk.effects[0] == CloseScreen(chosen=None)


def test_a_command_that_is_gone_is_a_fault() -> None:
    """A choice may name a command the book has lost."""
    talk = at("buddy.ask")
    commands = {name: one for name, one in talk.book.commands.items() if name != "human"}
    talk = in_new_version(talk, replace(talk.book, commands=commands)).presses("person")

    assert Fault(error="missing_command", flow="buddy", step="ask") in talk.effects


def test_commands_that_run_each_other_are_a_fault() -> None:
    """A command only calls or goes home."""
    book = small_book()
    words = Phrase(context="x", text="x")
    around = GlobalCommand(name="help", words=words, route=Route(move=Move.RUN, flow="help"))
    talk = Talk(book=replace(book, commands={**book.commands, "help": around})).hears(Asked(command="help"))

    assert Fault(error="missing_command", flow="", step="") in talk.effects


def test_a_step_that_leads_nowhere_ends() -> None:
    """The parser refuses it; the engine takes it for an end."""
    book = with_steps("help", {"human": Step(id="human", say=(Phrase(context="x", text="Hm."),))})
    talk = in_new_version(at("menu.home"), book).presses("~human")

    assert talk.said == ["Hm.", "Where are you now?"]


def test_a_question_that_lost_a_choice_says_that_it_changed() -> None:
    """What the person saw is not what would be answered."""
    step = small_book().flows["buddy"].steps["ask"]
    fewer = replace(step, choices=step.choices[1:])
    talk = in_new_version(at("buddy.ask"), with_steps("buddy", {"ask": fewer})).presses("later")

    assert talk.said == [CHANGED]
    assert talk.offered == ["go_on", "over"]


def test_a_question_that_won_a_choice_goes_on() -> None:
    """Every choice that was offered is still there."""
    step = small_book().flows["buddy"].steps["ask"]
    new = Choice(id="new", label=Phrase(context="x", text="New"), route=Route(move=Move.END))
    talk = in_new_version(
        at("buddy.ask"), with_steps("buddy", {"ask": replace(step, choices=(new, *step.choices))})
    )

    assert talk.presses("later").places == ["menu.home"]


def test_a_step_that_is_gone_goes_on_at_the_start_of_its_flow() -> None:
    """The nearest place there is, once the person chose to go on."""
    steps = {"ask": small_book().flows["buddy"].steps["ask"]}
    talk = in_new_version(at("letter.name"), with_steps("letter", steps)).types("Dana")
    changed = talk.said
    talk.presses("go_on")

    assert changed == [CHANGED]
    assert talk.places == ["letter.ask"]


def test_a_flow_that_begins_with_an_action_begins_anew() -> None:
    """Going on after a change takes the first step, whatever it does."""
    start = Step(id="first", do=Do(action="case.open", inputs={}, outcomes={}))
    talk = in_new_version(at("letter.name"), with_steps("letter", {"first": start})).types("Dana")
    talk.presses("go_on")

    assert talk.turn.pending is not None
    assert talk.places == ["letter.first"]


def test_a_question_below_that_is_gone_says_that_it_changed() -> None:
    """A line that ends comes back to a question that no longer exists."""
    talk = at("letter.name", "help.human")
    talk = in_new_version(talk, with_steps("letter", {"read": small_book().flows["letter"].steps["read"]}))
    talk.presses("never")

    assert talk.said == [CHANGED]
    assert talk.presses("go_on").places == ["letter.read"]


def test_a_flow_that_is_gone_leaves_the_menu() -> None:
    """Nothing of the conversation is left to go on with."""
    talk = in_new_version(at("line.open"), without("line")).types("hello")

    assert talk.said == ["This conversation is gone.", "Where are you now?"]
    assert talk.places == ["menu.home"]


def test_a_reason_comes_before_the_change() -> None:
    """A stale press in a flow that changed hears both."""
    talk = in_new_version(at("line.open"), without("line")).hears(Asked(command="fly"))

    assert talk.said[:2] == ["There is no such command.", "This conversation is gone."]


def test_a_session_without_its_screen_has_changed() -> None:
    """A frame and no screen can only come from another program."""
    talk = Talk(Session(frames=(Frame(flow="menu", step="home"),)))

    assert talk.types("1", choice="letter").said == [CHANGED]


def test_a_session_resting_at_an_action_does_not_act() -> None:
    """A step that became an action under an open question is not done by a word."""
    screen = Screen(nonce="n0000000", choices=())
    talk = Talk(Session(frames=(Frame(flow="buddy", step="open"),), screen=screen)).types("hello")
    asked = talk.said
    talk.presses("go_on")

    assert asked == [CHANGED]
    assert talk.places == ["buddy.ask"]


def test_the_machinerys_question_is_not_asked_about_itself() -> None:
    """A change under the question about a change leaves one question."""
    talk = at("menu.home", "system.changed")
    talk.session = replace(talk.session, screen=None)

    assert talk.types("hm").places == ["menu.home", "system.changed"]


def test_a_conversation_of_nothing_but_machinery_goes_to_the_menu() -> None:
    """There is nothing to go on with."""
    talk = at("system.expired")
    talk.session = replace(talk.session, screen=None)

    assert talk.types("hm").places == ["menu.home"]


def test_an_end_at_rest_stays_at_rest() -> None:
    """A corrupt turn that ends nothing does no harm."""
    book = with_steps("menu", {"home": Step(id="home", route=Route(move=Move.END))})
    talk = Talk(book=book).hears(Asked(command="menu"))

    assert talk.session.frames == ()


def test_a_flow_may_lead_on_at_once() -> None:
    """Goto in a step without a question is taken in the same turn."""
    steps = {
        "one": Step(id="one", route=Route(move=Move.GO, flow="help", step="human")),
        "human": small_book().flows["help"].steps["human"],
    }
    talk = in_new_version(at("menu.home"), with_steps("help", steps)).presses("~human")

    assert talk.turn.spent == 1


def test_a_new_wait_of_a_flow_expires_with_that_flow() -> None:
    """Each flow says how long its questions stay open."""
    talk = at("menu.home").presses("buddy")

    assert talk.session.expires_at == NOON + talk.book.flows["buddy"].expires
    assert any(isinstance(effect, SetTimer) for effect in talk.effects)


@pytest.mark.parametrize("payload", ["", "flyer7"])
def test_starting_again_gives_way_to_the_welcome(payload: str) -> None:
    """/start from anywhere begins anew."""
    talk = at("menu.home", "buddy.ask").hears(Started(payload=payload)).answers("odd")

    assert talk.places == ["menu.home"]


def test_a_loop_without_actions_is_stopped() -> None:
    """A circle of moves ends within one event."""
    around = Flow(
        name="help",
        audience=small_book().flows["help"].audience,
        tone=small_book().flows["help"].tone,
        steps={"human": Step(id="human", route=Route(move=Move.HOME, flow="help", step="human"))},
    )
    book = replace(small_book(), flows={**small_book().flows, "help": around})
    talk = Talk(book=book).hears(Asked(command="human"))

    assert talk.turn.spent == 64
    assert talk.said == [BROKEN]
