"""What is written for the other end of a line, where there is one and where there is none."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.engine.effect import CloseScreen, Offer, Relay, ShowCard
from bot.engine.event import Carried, Led, Lost, Spoken, Unsupported
from bot.engine.session import Frame, Session
from bot.model.incoming import MediaKind
from tests.engine.real import real_book
from tests.engine.talk import Talk, at, shown

WORDS: Final = Carried(case="7", epoch=1, line="9", sender="4", who="kalanit", words="Hello")


def on_the_line() -> Talk:
    """Somebody on the line of case 7, with what the product says."""
    book = real_book()
    frame = Frame(flow="line", step="open", answers={"case": "7", "who": "kalanit"})
    talk = Talk(Session(frames=(Frame(flow="menu", step="home"), frame)), book=book)
    talk.session = replace(
        talk.session, screen=shown(book, "line", "open"), expires_at=talk.now + book.flows["line"].expires
    )
    return talk


def test_what_is_written_is_carried_and_the_line_rests_as_it_is() -> None:
    """Nothing is asked or shown again, and the screen is the one that was open."""
    talk = on_the_line()
    before = talk.session.screen
    talk.hears(Spoken())
    assert talk.turn.pending is not None
    assert talk.turn.pending.action == "line.carry"
    talk.answers("carried")

    assert talk.effects[1:] == ()
    assert talk.session.screen == before
    assert talk.places == ["menu.home", "line.open"]


def test_a_line_does_not_expire() -> None:
    """What is said there goes there, however late."""
    talk = on_the_line().waits(timedelta(days=30)).hears(Spoken())

    assert talk.turn.pending is not None
    assert talk.turn.pending.action == "line.carry"


def test_words_from_there_come_as_they_are() -> None:
    """On their own line without a name."""
    talk = on_the_line().hears(WORDS)

    assert talk.effects == (Relay(case="7", epoch=1, line="9", sender="4", words="Hello"),)


def test_words_of_another_line_come_with_a_name_and_a_question() -> None:
    """The open line stays open."""
    talk = on_the_line().hears(replace(WORDS, case="8"))

    assert isinstance(talk.effects[0], Relay)
    assert talk.effects[0].who == "kalanit"
    assert [prompt.flow for prompt in talk.session.prompts] == ["line_word"]
    assert talk.places == ["menu.home", "line.open"]


def test_an_edit_from_elsewhere_asks_nothing() -> None:
    """It changes words that are there."""
    talk = on_the_line().hears(replace(WORDS, case="8", is_edit=True, edits="3"))

    assert talk.session.prompts == ()


def test_words_without_a_line_are_not_understood() -> None:
    """Whoever is at another question is asked it again."""
    talk = at("menu.home").hears(Spoken())

    assert talk.places == ["menu.home"]
    assert talk.turn.pending is None
    assert talk.offered


def test_words_at_rest_start_anew() -> None:
    """There is no line any more."""
    talk = Talk().hears(Spoken())

    assert talk.places


def test_a_stop_word_is_asked_about() -> None:
    """It can be sent, kept for the other end."""
    talk = on_the_line().hears(Spoken(word="stop"))

    assert talk.places == ["menu.home", "line.stop_word"]
    assert talk.session.top is not None
    assert talk.session.top.answers["word"] == "stop"


def test_what_the_machinery_says_leaves_the_line_as_it_is() -> None:
    """A photo it does not take, words that were lost: one sentence, no question."""
    talk = on_the_line()
    before = talk.session.screen
    for event in (Unsupported(media=MediaKind.FILE), Lost()):
        talk.hears(event)
        assert len(talk.said) == 1
        assert not any(isinstance(effect, (Offer, CloseScreen)) for effect in talk.effects)

    assert talk.session.screen == before


def test_another_turn_leads_to_the_line_in_the_place_of_what_is_open_of_the_same_case() -> None:
    """The line is there once, over what was below."""
    talk = on_the_line().hears(Led(flow="line", step="ended_person", answers={"case": "7", "who": "kalanit"}))

    assert talk.places == ["menu.home", "line.helped"]


def test_another_turn_leads_to_a_second_line_over_the_first() -> None:
    """Each has its own answers."""
    talk = on_the_line().hears(Led(flow="line", step="again", answers={"case": "8", "who": "rakefet"}))

    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs == {"case": "8"}


def test_a_line_that_opens_while_another_is_open_is_only_told_of() -> None:
    """What is being written must not go to the wrong person; a button leads there."""
    beside = {
        "": "line_new",
        "exchange_type": "line_asks",
        "exchange_asked": "line_asks",
        "ended_person": "line_ended",
    }
    for step, flow in beside.items():
        talk = on_the_line().hears(Led(flow="line", step=step, answers={"case": "8", "who": "rakefet"}))

        assert talk.turn.pending is None
        assert talk.places == ["menu.home", "line.open"]
        assert [prompt.flow for prompt in talk.session.prompts] == [flow]


def test_what_somebody_pressed_leads_from_one_line_to_another() -> None:
    """It names the step."""
    talk = on_the_line().hears(Led(flow="line", step="enter", answers={"case": "8", "who": "rakefet"}))

    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs == {"case": "8"}


def test_a_line_that_changed_while_words_were_carried_is_asked_anew() -> None:
    """Whatever was on the screen is not what the flow offers now."""
    talk = on_the_line()
    talk.hears(Spoken())
    talk.session = replace(talk.session, screen=None)
    talk.answers("carried")

    assert talk.places[-1] == "line.open"
    assert isinstance(talk.effects[-1], Offer)


def test_urgent_words_on_a_line_are_carried_and_bring_up_who_answers() -> None:
    """The military defence first, then the lines; the line rests as it is."""
    talk = on_the_line()
    talk.hears(Spoken(urgent=True)).answers("carried")

    assert [one.card for one in talk.effects if isinstance(one, ShowCard)] == [
        "military_defence",
        "crisis_lines",
    ]
    assert talk.places[-1] == "line.open"
