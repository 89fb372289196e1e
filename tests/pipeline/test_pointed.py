"""What quotes, signs and votes mean: an answer to what they are put on, and never to another question."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.event import Asked, Distress, Event, Pressed, PromptPressed, Spoken, Typed
from bot.engine.flow import Ask, AskKind, Audience, Book, Choice, Flow, Move, Phrase, Route, Step, Tone
from bot.engine.session import Frame, Prompt, Screen, Session
from bot.model.incoming import By, Text
from bot.pipeline.pointed import CLOSED, NOWHERE
from bot.pipeline.standing import Standing
from bot.pipeline.understand import understand
from tests.pipeline.works import Words

END: Final = Route(move=Move.END)
HERE: Final = "o1795691845089"  # the message of the open question
OLD: Final = "o1795691840000"
MENU: Final = (
    "What would it be?\n\n1. A cup of tea\n2. Warm milk\n\nYou can answer with a number from the list."
)
HEBREW_MENU: Final = "מה יהיה?\n\n\u200f1. תה\n\u200f2. חלב"
OFFER: Final = "Somebody waits.\n\nB1. I can come\nB2. Not today"
HEBREW_OFFER: Final = "מישהו מחכה.\n\n\u200f\u2066B1\u2069. I can come\n\u200f\u2066B2\u2069. Not today"


def _choice(id: str, label: str) -> Choice:
    return Choice(id=id, label=Phrase(context="test", text=label), route=END)


STEPS: Final = {
    "ask": Step(id="ask", choices=(_choice("tea", "A cup of tea"), _choice("milk", "Warm milk"))),
    "sure": Step(id="sure", choices=(_choice("yes", "Yes, please"), _choice("no", "No, thank you"))),
    "agree": Step(id="agree", exact=True, choices=(_choice("yes", "Yes, I agree"), _choice("no", "No"))),
    "offer": Step(id="offer", choices=(_choice("come", "I can come"), _choice("not", "Not today"))),
    "line": Step(id="line", ask=Ask(kind=AskKind.LINE, keep=None, route=END)),
}
VISIT: Final = Flow(name="visit", audience=Audience.PERSON, tone=Tone.INFORMATION, steps=STEPS)
PROMPT: Final = Prompt(
    id="p0000001", code="B", flow="visit", step="offer", subject="9", choices=("come", "not")
)


@pytest.fixture(scope="session")
def book(words: Words) -> Book:
    """The project's commands, and one small flow."""
    return replace(words.library.book, flows={"visit": VISIT})


def _at(book: Book, step: str, *, prompts: tuple[Prompt, ...] = (), screen: str | None = HERE) -> Standing:
    choices = tuple(choice.id for choice in STEPS[step].choices) if step in STEPS else ("tea",)
    session = Session(
        frames=(Frame(flow="visit", step=step),),
        screen=Screen(nonce="n0000001", choices=(*choices, "~stop")),
        prompts=prompts,
    )
    return Standing(book=book, session=session, today=date(2026, 11, 24), screen_message=screen)


def _says(text: str, on: str, quoted: str | None = None, *, by: By = By.HAND) -> Text:
    return Text(text=text, message_id="t1795691849999", reply_to=on, quoted=quoted, by=by)


MILK: Final = Typed(text="2", choice="milk", exact=True, reply_to=HERE)


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (_says("2", HERE, MENU), MILK),
        (_says("2", HERE, HEBREW_MENU), MILK),
        (_says("2", OLD, MENU), NOWHERE),
        (_says("2", OLD, HEBREW_MENU), NOWHERE),
        (_says("warm milk", OLD, MENU), NOWHERE),
        (_says("2", OLD, "Something of no list"), replace(MILK, reply_to=OLD)),
        (_says("2", OLD), replace(MILK, reply_to=OLD)),
        (_says("what is that", OLD, MENU), Typed(text="what is that", reply_to=OLD)),
        (_says("menu", OLD, MENU), Asked(command="menu", reply_to=OLD)),
        (_says("I want to kill myself", OLD, MENU), Distress()),
    ],
)
def test_an_old_list_is_stale(words: Words, book: Book, said: Text, event: Event) -> None:
    """A number or a label beside it answers no other question; all else is what it is."""
    assert understand(said, _at(book, "ask"), vocabulary=words.vocabulary) == event


def test_a_list_that_may_be_an_old_one_is_stale(words: Words, book: Book) -> None:
    """Where it is not known which message the question stands in, it is asked again."""
    standing = _at(book, "ask", screen=None)
    assert understand(_says("2", HERE, MENU), standing, vocabulary=words.vocabulary) == NOWHERE


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (_says("1", OLD, OFFER), PromptPressed(id="p0000001", choice="come")),
        (_says("2", OLD, HEBREW_OFFER), PromptPressed(id="p0000001", choice="not")),
        (_says("not today", OLD, OFFER), PromptPressed(id="p0000001", choice="not")),
        (_says("B2", OLD, OFFER), PromptPressed(id="p0000001", choice="not")),
        (_says("warm milk", OLD, OFFER), Typed(text="warm milk", reply_to=OLD)),
        (_says("who is it", OLD, OFFER), Typed(text="who is it", reply_to=OLD)),
        (_says("1", OLD, OFFER.replace("B", "C")), CLOSED),
        (_says("1", OLD, "Something else.\n\nB1. I am well\nB2. Not so well"), CLOSED),
        (_says("who is it", OLD, OFFER.replace("B", "C")), Typed(text="who is it", reply_to=OLD)),
    ],
)
def test_a_prompt_is_answered_beside_its_quote(words: Words, book: Book, said: Text, event: Event) -> None:
    """By its number or its words; one that is gone, or has given its code to another, takes no answer."""
    standing = _at(book, "ask", prompts=(replace(PROMPT, id="p0000002", code="A"), PROMPT))
    assert understand(said, standing, vocabulary=words.vocabulary) == event


def test_a_prompt_is_answered_from_a_line(words: Words, book: Book) -> None:
    """What is no answer to it goes to the other end, a number beside another quote too."""
    standing = _at(book, "line", prompts=(PROMPT,))
    meant = [
        understand(said, standing, vocabulary=words.vocabulary)
        for said in (
            _says("1", OLD, OFFER),
            _says("gladly", OLD, OFFER),
            _says("1", OLD, MENU),
            _says("1", OLD, OFFER.replace("B", "C")),
        )
    ]
    assert meant == [PromptPressed(id="p0000001", choice="come"), Spoken(), Spoken(), Spoken()]


def test_a_prompt_whose_flow_is_gone_is_closed(words: Words, book: Book) -> None:
    """Nor is one that has lost an answer any more what was read."""
    lost = (replace(PROMPT, step="gone"), replace(PROMPT, choices=("come", "gone")))
    for prompt in lost:
        standing = _at(book, "ask", prompts=(prompt,))
        assert understand(_says("1", OLD, OFFER), standing, vocabulary=words.vocabulary) == CLOSED


@pytest.mark.parametrize(
    ("step", "sign", "on", "choice"),
    [
        ("sure", "👍", HERE, "yes"),
        ("sure", "👎", HERE, "no"),
        ("sure", "👍🏽", HERE, "yes"),
        ("sure", "👍", OLD, None),
        ("sure", "❤️", HERE, None),
        ("ask", "👍", HERE, None),
        ("agree", "👍", HERE, None),
        ("line", "👍", HERE, None),
        ("gone", "👍", HERE, None),
    ],
)
def test_a_thumb_answers_a_plain_yes_or_no(
    words: Words, book: Book, step: str, sign: str, on: str, choice: str | None
) -> None:
    """On the newest question, never where agreeing takes exact words; any other sign says nothing to the bot."""
    event = understand(_says(sign, on, by=By.SIGN), _at(book, step), vocabulary=words.vocabulary)
    assert event == (Typed(text=sign, choice=choice) if choice else None)


@pytest.mark.parametrize(
    ("step", "vote", "on", "event"),
    [
        ("ask", "2", HERE, Typed(text="2", choice="milk")),
        ("agree", "1", HERE, Typed(text="1", choice="yes")),
        ("ask", "9", HERE, Typed(text="9")),
        ("ask", "1", OLD, NOWHERE),
        ("line", "1", HERE, NOWHERE),
    ],
)
def test_a_vote_is_a_number_that_is_never_exact(
    words: Words, book: Book, step: str, vote: str, on: str, event: Event
) -> None:
    """In the poll of the open question; in an older one it is stale."""
    assert understand(_says(vote, on, by=By.VOTE), _at(book, step), vocabulary=words.vocabulary) == event


@given(
    said=st.sampled_from(["👍", "👎", "1", "2", "9"]) | st.text(max_size=20),
    by=st.sampled_from([By.SIGN, By.VOTE]),
    step=st.sampled_from([*STEPS, "gone"]),
    on=st.sampled_from([HERE, OLD]),
)
def test_no_sign_is_ever_exact(words: Words, book: Book, said: str, by: By, step: str, on: str) -> None:
    """Whatever is put on whichever message, it agrees to nothing, and answers nothing but the open question."""
    standing = _at(book, step, prompts=(PROMPT,))
    event = understand(_says(said, on, by=by), standing, vocabulary=words.vocabulary)
    assert event is None or event == NOWHERE or (isinstance(event, Typed) and not event.exact and on == HERE)


@given(
    said=st.sampled_from(["1", "2", "warm milk", "yes", "B1"]) | st.text(max_size=20),
    quoted=st.sampled_from([MENU, HEBREW_MENU, OFFER, HEBREW_OFFER]) | st.text(max_size=60),
    on=st.sampled_from([HERE, OLD]),
)
def test_beside_an_old_list_no_answer_is_taken(
    words: Words, book: Book, said: str, quoted: str, on: str
) -> None:
    """Whatever is typed and quoted comes to an event; the open question is answered beside its own list alone."""
    standing = _at(book, "ask", prompts=(PROMPT,))
    event = understand(_says(said, on, quoted), standing, vocabulary=words.vocabulary)
    assert event is not None
    if on == OLD and quoted in (MENU, HEBREW_MENU, OFFER, HEBREW_OFFER):
        assert not (isinstance(event, Typed) and event.choice)
        assert not isinstance(event, Pressed) or event == NOWHERE


@pytest.mark.parametrize("on", [HERE, "o1795691845999"])
def test_a_question_with_a_poll_below_it_is_one(words: Words, book: Book, on: str) -> None:
    """A vote on the poll, and a sign or a quote of the words, are about the same."""
    standing = _at(book, "ask", screen=f"{HERE}+o1795691845999")
    vote = understand(_says("2", on, by=By.VOTE), standing, vocabulary=words.vocabulary)

    assert vote == Typed(text="2", choice="milk")
    assert understand(_says("2", on, MENU), standing, vocabulary=words.vocabulary) == replace(
        MILK, reply_to=on
    )
