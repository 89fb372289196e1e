"""What an event means where the person is: the rules of `bot.engine.step`, in the order they win."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.engine.alert import Alert, Alerted
from bot.engine.effect import CloseScreen, Count, DropKeyboard, Fault, Say, SetTimer, Show
from bot.engine.event import (
    Asked,
    Corrected,
    Distress,
    Fired,
    Flooded,
    Invited,
    Led,
    Loss,
    Lost,
    Pressed,
    Started,
    Typed,
    Unsupported,
)
from bot.engine.flow import AskKind, Shown
from bot.engine.session import Session
from bot.engine.walk import Walk
from bot.model.incoming import MediaKind
from tests.engine.talk import NOON, Talk, at, shown, small_book

STALE = "That question is closed. This is the open one."


def test_start_recognises_who_comes() -> None:
    """The first action of a conversation is the start flow's; it learns nothing of the link."""
    talk = Talk().hears(Started(payload="flyer7"))

    assert talk.turn.pending is not None
    assert talk.turn.pending.action == "person.recognise"
    assert talk.turn.pending.inputs == {}


def test_what_a_step_shows_comes_after_its_words() -> None:
    """And counts as having been spoken: the conversation may end there."""
    book = small_book()
    flow = book.flows["buddy"]
    step = replace(flow.steps["quiet"], show=Shown.RETENTION, sensitive=True)
    shown = replace(book, flows={**book.flows, "buddy": replace(flow, steps={**flow.steps, "quiet": step})})

    assert step.say
    walk = Walk(shown, Session(), now=NOON, nonce="n0000001", spent=0)
    walk.tell(step)
    assert walk.effects[-1] == Show(shown=Shown.RETENTION, sensitive=True)
    assert walk.has_spoken


def test_a_link_is_counted_without_its_name() -> None:
    """Anybody can make a link up, and put a person's name or a code into it."""
    talk = Talk().hears(Started(payload="Ab3dEf6hIj9kLm2nOp5q"))

    assert Count(counter="start.link") in talk.effects
    assert "Ab3dEf6hIj9kLm2nOp5q" not in repr((talk.session, talk.effects))


def test_a_flyer_in_use_is_counted_and_then_forgotten() -> None:
    """As a link, as a flyer, and as that one; nothing of it is in the session, where the person goes on."""
    talk = Talk().hears(Started(payload="f_k3f7x2ab", flyer="k3f7x2ab"))

    assert [effect.counter for effect in talk.effects if isinstance(effect, Count)] == [
        "start.link",
        "flyer.scanned",
        "flyer.scanned.k3f7x2ab",
    ]
    assert "k3f7x2ab" not in repr(talk.session)


def test_an_invitation_is_asked_about_instead_of_what_was_open() -> None:
    """Its row goes with the question, and nothing of the link."""
    talk = at("menu.home", "buddy.ask").hears(Invited(invite="17", flow="join"))

    assert talk.said == ["Which code?"]
    assert talk.places == ["join.ask"]
    assert talk.session.frames[0].answers == {"invite": "17"}


def test_another_turn_leads_into_a_flow_on_top_of_what_is_open() -> None:
    """With what it says the flow should know; where it starts, or at a step."""
    talk = at("menu.home", "buddy.ask").hears(Led(flow="line", answers={"case": "7"}))

    assert [frame.flow for frame in talk.session.frames] == ["menu", "buddy", "line"]
    assert talk.session.frames[-1].answers == {"case": "7"}


def about(case: str, talk: Talk) -> Talk:
    """The talk, with its `buddy` frame about a case."""
    frames = [
        replace(frame, answers={"case": case}) if frame.flow == "buddy" else frame
        for frame in talk.session.frames
    ]
    talk.session = replace(talk.session, frames=tuple(frames))
    return talk


def test_being_led_takes_the_place_of_what_is_open_of_the_same_case() -> None:
    """What was waited for is there: the waiting is over, wherever in the stack it stood, and its keyboard goes."""
    led = Led(flow="line", answers={"case": "7"})
    above = about("7", at("menu.home", "buddy.ask")).hears(led)
    below = about("7", at("buddy.ask", "menu.home")).hears(led)

    assert [frame.flow for frame in above.session.frames] == ["menu", "line"]
    assert [frame.flow for frame in below.session.frames] == ["menu", "line"]
    assert CloseScreen(chosen=None) in above.effects


def test_being_led_into_a_flow_that_is_not_there_breaks_off_honestly() -> None:
    """Nothing is half done."""
    talk = at("menu.home").hears(Led(flow="gone"))

    assert [effect.error for effect in talk.effects if isinstance(effect, Fault)] == ["missing_step"]


def test_an_invitation_to_a_flow_that_is_not_there_breaks_off_honestly() -> None:
    """A deploy without it is no silence."""
    book = small_book()
    flows = {name: flow for name, flow in book.flows.items() if name != "join"}
    talk = Talk(book=replace(book, flows=flows)).hears(Invited(invite="17", flow="join"))

    assert Fault(error="missing_step", flow="join", step="") in talk.effects


@pytest.mark.parametrize("talk", [at("menu.home"), Talk()])
def test_an_alert_is_said_beside_whatever_is_open(talk: Talk) -> None:
    """The session stays exactly as it is."""
    before = talk.session
    talk.hears(Alerted(alert=Alert.KEYS))

    assert talk.said == ["A key is broken."]
    assert talk.session == before


def test_known_people_come_to_the_menu() -> None:
    """The outcome of an action picks the next step."""
    talk = Talk().hears(Started()).answers("known")

    assert talk.said == ["Where are you now?"]
    assert talk.places == ["menu.home"]


def test_a_press_of_the_open_screen_goes_on() -> None:
    """The answer stays visible and the next question opens."""
    talk = at("buddy.ask").presses("connect")

    assert talk.chosen == ["Yes, connect me"]
    assert talk.turn.pending is not None
    assert talk.turn.pending.inputs == {"need": "buddy", "wish": "now", "other": ""}


def test_a_stale_press_drops_its_keyboard_and_asks_again() -> None:
    """The current question comes again, its first line saying why."""
    talk = at("buddy.ask").hears(Pressed(nonce="older000", choice="connect"))

    assert DropKeyboard() in talk.effects
    assert talk.said == [STALE, "Would you like a volunteer to stay in touch with you?"]
    assert talk.nonce == "n0000001"


def test_a_press_of_a_choice_that_was_not_offered_is_stale() -> None:
    """Callback data is not trusted."""
    talk = at("buddy.ask").hears(Pressed(nonce="n0000000", choice="forged"))

    assert talk.said[0] == STALE


def test_a_stale_press_at_rest_starts() -> None:
    """Where nothing is open, the conversation begins."""
    talk = Talk().hears(Pressed(nonce="", choice=""))

    assert talk.said == [STALE]
    assert talk.turn.pending is not None


def test_a_double_tap_does_nothing_twice() -> None:
    """The same button of the screen that was answered last is silently dropped."""
    talk = at("menu.home")
    press = Pressed(nonce=talk.nonce, choice="letter")
    once = talk.hears(press).session
    twice = talk.hears(press)

    assert twice.effects == ()
    assert twice.session == once


def test_another_button_of_an_answered_screen_is_stale() -> None:
    """Two fingers are not one answer."""
    talk = at("menu.home")
    first = talk.nonce
    talk.presses("letter").hears(Pressed(nonce=first, choice="buddy"))

    assert talk.said[0] == STALE
    assert talk.places == ["letter.read"]


def test_words_that_mean_a_choice_choose_it() -> None:
    """Typing "yes" is as good as pressing it."""
    talk = at("buddy.ask").types("yes connect", choice="connect")

    assert talk.chosen == ["Yes, connect me"]


def test_a_near_miss_does_not_sign() -> None:
    """Where only the exact label counts, anything else asks again in the step's own words."""
    talk = at("letter.read").types("sure, sign", choice="sign")

    assert talk.said == ["Only the exact words count here.", "[A1]"]
    assert talk.session.screen is not None
    assert talk.session.screen.choices == ("sign", "back", "~human")


def test_the_exact_label_signs() -> None:
    """The label or the number itself counts."""
    talk = at("letter.read").types("I sign", choice="sign", exact=True)

    assert talk.said == ["How should your name stand there?"]


def test_free_words_are_kept_under_their_name() -> None:
    """The next step can say them; the question closes without a chosen answer."""
    talk = at("letter.name").types(" Dana ")

    assert talk.session.frames[-1].answers == {"name": "Dana"}
    assert talk.chosen == ["-"]
    assert talk.said == ["When, {name}?"]


def test_free_words_without_a_name_are_forgotten() -> None:
    """A line passes words on and keeps none."""
    talk = at("line.open").types("something private")

    assert talk.session.frames[-1].answers == {}


def test_blank_words_are_not_an_answer() -> None:
    """Nothing readable asks again, with the menu as a way out."""
    talk = at("letter.name").types("   ")

    assert talk.said[0] == "That was not understood."
    assert talk.session.screen is not None
    assert talk.session.screen.choices[-1] == "~menu"


def test_thanks_leave_the_question_as_it_is() -> None:
    """It is not asked anew, however old it is and wherever it stands; its answers go on to count."""
    for place in ("menu.home", "letter.day"):
        talk = at(place).waits(timedelta(days=30))
        before = talk.session
        talk.hears(Typed(text="thanks", courtesy=True))

        assert (talk.said, talk.effects[1:]) == (["Any time."], ())
        assert talk.session == before


def test_thanks_where_nothing_is_open_begin_a_conversation() -> None:
    """As any words do."""
    talk = Talk().hears(Typed(text="thanks", courtesy=True))

    assert talk.turn.pending is not None
    assert talk.turn.pending.action == "person.recognise"


def test_a_date_is_wanted_where_a_date_is_asked() -> None:
    """Words that name no day ask again; a day goes on."""
    unclear = at("letter.day").types("whenever")
    clear = at("letter.day").types("tomorrow", date="2026-11-25")

    assert unclear.said[0] == "That was not understood."
    assert clear.turn.pending is not None
    assert clear.turn.pending.action == "letter.sign"


def test_a_photo_is_wanted_where_one_is_asked_for() -> None:
    """Words ask again; a photo goes on, and nothing of it is kept."""
    letter = small_book().flows["letter"]
    ask = letter.steps["day"].ask
    assert ask
    day = replace(letter.steps["day"], ask=replace(ask, kind=AskKind.PICTURE))
    changed = replace(letter, steps={**letter.steps, "day": day})
    book = replace(small_book(), flows={**small_book().flows, "letter": changed})
    ends = []
    for event in (Typed(text="a photo"), Typed(text="", picture=True)):
        session = replace(at("letter.day").session, screen=shown(book, "letter", "day"))
        talk = Talk(session, book=book).hears(event)
        ends.append(talk.turn.pending.action if talk.turn.pending else talk.said[0])

    assert ends == ["That was not understood.", "letter.sign"]


def test_words_at_rest_start() -> None:
    """Any event begins a conversation where there is none."""
    talk = Talk().types("hello")

    assert talk.turn.pending is not None
    assert talk.turn.pending.action == "person.recognise"


@pytest.mark.parametrize("media", list(MediaKind))
def test_content_the_bot_does_not_take_gets_its_own_sentence(media: MediaKind) -> None:
    """The question stays open, and the menu is offered."""
    talk = at("buddy.ask").hears(Unsupported(media=media))

    assert talk.said[0] == talk.book.phrases[f"unsupported_{media}"].text
    assert talk.places == ["buddy.ask"]


def test_an_album_is_answered_once() -> None:
    """Its parts come one by one; another album, or a photo alone, is answered again."""
    photo = partial(Unsupported, media=MediaKind.PHOTO)
    talk = at("buddy.ask")
    said = [len(talk.hears(photo(album=album)).said) for album in ("1", "1", "1", "2", None, None)]
    talk.types("what")

    assert [bool(words) for words in said] == [True, False, False, True, True, True]
    assert talk.session.album is None


def test_whoever_sent_too_much_is_told_until_when() -> None:
    """The question stays open under that sentence."""
    talk = at("buddy.ask").hears(Flooded(until=datetime(2026, 11, 24, 9, 3, tzinfo=UTC)))
    (opening, _) = [effect for effect in talk.effects if isinstance(effect, Say)]

    assert opening.phrase == talk.book.phrases["flood"]
    assert opening.values == {"until": "2026-11-24T09:03:00+00:00"}
    assert talk.places == ["buddy.ask"]


def test_an_edited_message_changes_nothing() -> None:
    """The answer that was taken stays taken."""
    talk = at("buddy.ask").hears(Corrected())

    assert talk.said[0] == "Changes to sent messages are not read."


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (Loss.FAILED, "A message of yours was lost."),
        (Loss.EXPIRED, "A message of yours waited for too long."),
    ],
)
def test_a_lost_message_is_admitted(how: Loss, said: str) -> None:
    """Who was not heard is told so, and how it came."""
    talk = at("buddy.ask").hears(Lost(how=how))

    assert talk.said[0] == said


def test_a_command_wins_over_a_question() -> None:
    """The menu is always one word away."""
    talk = at("letter.name").hears(Asked(command="menu"))

    assert talk.places == ["menu.home"]
    assert talk.chosen == ["-"]


def test_an_unknown_command_offers_a_way_out() -> None:
    """It is said that there is none, and the question stays."""
    talk = at("letter.name").hears(Asked(command="fly"))

    assert talk.said[0] == "There is no such command."
    assert talk.session.screen is not None
    assert "~human" in talk.session.screen.choices
    assert talk.session.screen.choices[-1] == "~menu"


def test_a_way_out_that_is_there_already_is_not_offered_twice() -> None:
    """At the menu there is no button to the menu, and beside a choice that leads to it none either."""
    menu = at("menu.home").hears(Asked(command="fly")).session.screen
    beside = at("letter.read").hears(Asked(command="fly")).session.screen

    assert menu is not None
    assert beside is not None
    assert "~menu" not in menu.choices
    assert beside.choices[-1:] == ("~human",)
    assert "~menu" not in beside.choices


def test_the_safety_row_works_under_every_question() -> None:
    """Talking to someone puts that on top, and coming back asks the question again."""
    talk = at("letter.name").presses("~human")
    reached = talk.places
    talk.presses("never")

    assert reached == ["letter.name", "help.human"]
    assert talk.places == ["letter.name"]
    assert talk.said == ["How should your name stand there?"]


def test_distress_wins_over_everything() -> None:
    """Numbers come first, and the question waits below."""
    talk = at("letter.name").hears(Distress())

    assert talk.said == ["[A1]", "Are you safe right now?"]
    assert talk.places == ["letter.name", "crisis.now"]
    assert Count(counter="crisis") in talk.effects


def test_distress_again_is_not_stacked() -> None:
    """A person in the crisis lane sees its beginning again, not on top of itself."""
    talk = at("menu.home").hears(Distress()).presses("unsafe").hears(Distress())

    assert talk.places == ["menu.home", "crisis.now"]


def test_distress_is_answered_when_a_question_has_expired() -> None:
    """Nothing stands between a crisis phrase and the numbers."""
    talk = at("buddy.ask").waits(timedelta(days=30)).hears(Distress())

    assert talk.said[0] == "[A1]"


def test_an_expired_question_asks_what_to_do() -> None:
    """Continue or start over; going on asks the question again."""
    talk = at("buddy.ask").waits(timedelta(days=3)).presses("connect")
    asked = (talk.said, talk.offered)
    talk.presses("go_on")

    assert asked == (["It has been a while. Go on where you were?"], ["go_on", "over"])
    assert talk.said == ["Would you like a volunteer to stay in touch with you?"]
    assert talk.places == ["buddy.ask"]


def test_an_expired_question_can_be_left() -> None:
    """Starting over forgets what was open."""
    talk = at("buddy.ask").waits(timedelta(days=3)).types("hm").presses("over")

    assert talk.places == ["menu.home"]


def test_expired_twice_is_not_stacked() -> None:
    """The machinery's own question can grow old too."""
    talk = at("buddy.ask").waits(timedelta(days=3)).types("hm").waits(timedelta(days=30)).types("hm")

    assert talk.places == ["buddy.ask", "system.expired"]


def test_a_timeout_leads_on() -> None:
    """A question with a timeout sets a timer, and its firing takes the way that is stated."""
    talk = at("menu.home").presses("buddy")
    timers = [effect for effect in talk.effects if isinstance(effect, SetTimer)]
    talk.hears(Fired(timer="wait", version=timers[0].version))

    assert timers[0].due_at == talk.now + timedelta(days=1)
    assert talk.said == ["No hurry.", "Where are you now?"]


def test_a_timer_of_an_older_screen_means_nothing() -> None:
    """An overtaken timer is harmless."""
    talk = at("buddy.ask")
    before = talk.session
    talk.hears(Fired(timer="wait", version="older000"))

    assert talk.effects == ()
    assert talk.session == before


def test_a_timer_at_a_step_without_timeout_means_nothing() -> None:
    """The flow may have changed since it was set."""
    talk = at("menu.home")

    assert talk.hears(Fired(timer="wait", version=talk.nonce)).effects == ()


def test_a_choice_that_is_gone_is_stale() -> None:
    """A command that left the safety row after the screen was shown."""
    talk = at("buddy.ask")
    commands = {name: one for name, one in talk.book.commands.items() if name != "stop"}
    talk.book = replace(talk.book, commands=commands)
    talk.presses("~stop")

    assert talk.said[0] == STALE


def test_words_that_mean_what_is_not_offered_are_stale() -> None:
    """A choice of another screen is no answer to this one."""
    talk = at("buddy.ask").types("sign", choice="sign", exact=True)

    assert talk.said[0] == STALE


def test_a_choice_that_came_after_the_screen_is_not_taken() -> None:
    """Only what was shown can be meant."""
    talk = at("help.human")
    step = talk.book.flows["help"].steps["human"]
    new = replace(step.choices[0], id="new")
    steps = {**talk.book.flows["help"].steps, "human": replace(step, choices=(*step.choices, new))}
    flow = replace(talk.book.flows["help"], steps=steps)
    talk.book = replace(talk.book, flows={**talk.book.flows, "help": flow})

    assert talk.types("new", choice="new", exact=True).said[0] == STALE
