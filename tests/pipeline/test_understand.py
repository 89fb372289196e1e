"""From what a platform brought to what it means where the person is."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.event import (
    Asked,
    Corrected,
    Distress,
    Event,
    Pressed,
    PromptPressed,
    Raised,
    Spoken,
    Started,
    Typed,
    Unsupported,
)
from bot.engine.flow import (
    Ask,
    AskKind,
    Audience,
    Book,
    Choice,
    Flow,
    Move,
    Phrase,
    Route,
    Step,
    Tone,
)
from bot.engine.session import Frame, Prompt, Screen, Session
from bot.model.incoming import (
    Command,
    Deleted,
    Edited,
    FileRef,
    GroupContact,
    Happening,
    Ignored,
    Media,
    MediaKind,
    Press,
    Reachability,
    Text,
)
from bot.pipeline.pointed import NOWHERE
from bot.pipeline.standing import Standing
from bot.pipeline.understand import understand
from tests.pipeline.works import Words

END: Final = Route(move=Move.END)
CRISIS: Final = "I want to kill myself"
URGENT: Final = "The military police are at my door"
PROMPT: Final = Prompt(
    id="p0000001", code="B", flow="visit", step="offered", subject="9", choices=("yes", "no")
)


def phrase(text: str) -> Phrase:
    return Phrase(context="test", text=text)


DRINKS: Final = {"tea": "A cup of tea", "milk": "Warm milk", "water": "Cold water"}
FOUR: Final = {
    "many": {**DRINKS, "juice": "Apple juice"},
    "next": {**DRINKS, "on": "Yes, whatever there is"},
    "sure": {**DRINKS, "juice": "Apple juice"},
}
STEPS: Final = {
    "ask": Step(
        id="ask",
        choices=(
            Choice(id="tea", label=phrase("A cup of tea"), route=END),
            Choice(id="milk", label=phrase("Warm milk"), route=END),
            Choice(id="summons", label=phrase("A summons for interrogation"), route=END),
        ),
    ),
    "offered": Step(
        id="offered",
        choices=(
            Choice(id="yes", label=phrase("Yes, gladly"), route=END),
            Choice(id="no", label=phrase("No, thanks"), route=END),
        ),
    ),
    "when": Step(
        id="when",
        ask=Ask(kind=AskKind.DATE, keep="day", route=END),
        choices=(Choice(id="unknown", label=phrase("Not set yet"), route=END),),
    ),
    "picture": Step(id="picture", ask=Ask(kind=AskKind.PICTURE, keep=None, route=END)),
    "words": Step(id="words", ask=Ask(kind=AskKind.TEXT, keep=None, route=END)),
    **{
        id: Step(
            id=id,
            choices=tuple(Choice(id=one, label=phrase(label), route=END) for one, label in FOUR[id].items()),
            exact=id == "sure",
        )
        for id in ("many", "next", "sure")
    },
    "line": Step(id="line", ask=Ask(kind=AskKind.LINE, keep=None, route=END)),
}
VISIT: Final = Flow(name="visit", audience=Audience.PERSON, tone=Tone.INFORMATION, steps=STEPS)


@pytest.fixture(scope="session")
def book(words: Words) -> Book:
    """The project's commands, and one small flow."""
    return replace(words.library.book, flows={"visit": VISIT})


def at(step: str, *choices: str, prompts: tuple[Prompt, ...] = ()) -> Session:
    """A session whose screen at `step` offered these."""
    return Session(
        frames=(Frame(flow="visit", step=step),),
        screen=Screen(nonce="n0000001", choices=choices),
        prompts=prompts,
    )


def text(words: str) -> Text:
    return Text(text=words, message_id="1")


def press(data: str) -> Press:
    return Press(data=data, message_id="1", shown=None)


def command(name: str, argument: str = "") -> Command:
    return Command(name=name, argument=argument, message_id="1")


AT_REST: Final = Session()
VOICE: Final = Media(media=MediaKind.VOICE, message_id="1", file=FileRef(file_id="f"))
PHOTO: Final = replace(VOICE, media=MediaKind.PHOTO)
ON_A_LINE: Final = at("line")
AT_WHEN: Final = at("when", "unknown", "~human", "~stop")
OTHER: Final = replace(PROMPT, id="p0000002", code="C")
GONE: Final = replace(PROMPT, choices=("yes", "gone"))
LOST: Final = replace(PROMPT, step="lost")
AT_ASK: Final = at("ask", "tea", "milk", "summons", prompts=(PROMPT,))


@pytest.mark.parametrize(
    ("session", "happening", "event"),
    [
        (AT_ASK, text("2"), Typed(text="2", choice="milk", exact=True)),
        (AT_ASK, VOICE, Unsupported(media=MediaKind.VOICE)),
        (at("picture"), VOICE, Unsupported(media=MediaKind.VOICE)),
        (at("picture"), PHOTO, Typed(text="", picture=True)),
        (at("picture"), replace(PHOTO, caption=CRISIS), Distress()),
        (at("picture"), replace(PHOTO, media=MediaKind.FILE, file=None), Unsupported(media=MediaKind.FILE)),
        (AT_ASK, PHOTO, Unsupported(media=MediaKind.PHOTO)),
        (AT_REST, PHOTO, Unsupported(media=MediaKind.PHOTO)),
        (ON_A_LINE, VOICE, Spoken()),
        (ON_A_LINE, replace(VOICE, caption=CRISIS), Spoken(crisis=True)),
        (ON_A_LINE, replace(VOICE, media=MediaKind.FILE, file=None), Unsupported(media=MediaKind.FILE)),
        (AT_ASK, text("warm milk"), Typed(text="warm milk", choice="milk", exact=True)),
        (AT_ASK, text("something else"), Typed(text="something else")),
        (AT_REST, text("2"), Typed(text="2")),
        (at("gone", "tea"), text("1"), Typed(text="1")),
        (at("ask", "lost", "milk"), text("1"), Typed(text="1")),
        (at("ask", "lost", "milk"), text("2"), Typed(text="2", choice="milk", exact=True)),
        (at("when"), text("24.12.2026"), Typed(text="24.12.2026", date="2026-12-24")),
        (at("when"), text("some day"), Typed(text="some day")),
        (AT_ASK, text("24.12.2026"), Typed(text="24.12.2026")),
        (AT_WHEN, text("1"), Typed(text="1", choice="unknown", exact=True)),
        (AT_WHEN, text("2"), Typed(text="2")),
        (AT_WHEN, text("3"), Typed(text="3")),
        (AT_WHEN, text("Stop"), Asked(command="stop")),
        (AT_WHEN, text("Lawyer"), Asked(command="lawyer")),
        (AT_WHEN, text("Talk to someome now"), Typed(text="Talk to someome now", choice="~human")),
        (AT_ASK, text("menu"), Asked(command="menu")),
        (AT_ASK, text("תפריט"), Asked(command="menu")),
        (AT_ASK, text("B2"), PromptPressed(id="p0000001", choice="no")),
        (AT_ASK, text("b 1"), PromptPressed(id="p0000001", choice="yes")),
        (AT_ASK, text("B3"), Typed(text="B3")),
        (AT_ASK, text("B0"), Typed(text="B0")),
        (AT_ASK, text("B2. No, thanks"), PromptPressed(id="p0000001", choice="no")),
        (AT_ASK, text("B1. No, thanks"), Typed(text="B1. No, thanks")),
        (AT_ASK, text("B1. What now?"), Typed(text="B1. What now?")),
        (AT_ASK, text("yes, gladly"), PromptPressed(id="p0000001", choice="yes")),
        (
            replace(AT_REST, prompts=(PROMPT,)),
            text("Yes gladly!"),
            PromptPressed(id="p0000001", choice="yes"),
        ),
        (replace(AT_REST, prompts=(PROMPT,)), text("1"), Typed(text="1")),
        (replace(AT_REST, prompts=(PROMPT,)), text("gladly"), Typed(text="gladly")),
        (replace(AT_REST, prompts=(PROMPT, OTHER)), text("Yes, gladly"), Typed(text="Yes, gladly")),
        (replace(AT_REST, prompts=(GONE,)), text("Yes, gladly"), Typed(text="Yes, gladly")),
        (at("when", prompts=(PROMPT,)), text("Yes, gladly"), Typed(text="Yes, gladly")),
        (replace(AT_REST, prompts=(LOST,)), text("Yes, gladly"), Typed(text="Yes, gladly")),
        (AT_ASK, text("C1"), Typed(text="C1")),
        (AT_ASK, text("ב1"), PromptPressed(id="p0000001", choice="yes")),
        (AT_ASK, text("2 please"), Typed(text="2 please", choice="milk")),
        (AT_ASK, text("menu please"), Asked(command="menu")),
        (AT_ASK, text("English"), Asked(command="language")),
        (AT_ASK, text('היי, אני צריך עו"ד'), Asked(command="lawyer")),
        (AT_ASK, text("רגע, זה אנונימי?"), Asked(command="privacy")),
        (AT_WHEN, text("1 please"), Typed(text="1 please")),
        (AT_ASK, text(CRISIS), Distress()),
        (AT_ASK, text(URGENT), Asked(command="urgent")),
        (AT_REST, text("עצרו אותי"), Asked(command="urgent")),
        (at("when"), text(URGENT), Asked(command="urgent")),
        (AT_ASK, text(f"{URGENT}. {CRISIS}"), Distress()),
        (
            AT_ASK,
            text("A summons for interrogation"),
            Typed(text="A summons for interrogation", choice="summons", exact=True),
        ),
        (AT_ASK, text("a summons for interrogation, help"), Asked(command="urgent")),
        (AT_ASK, command("start", URGENT), Asked(command="urgent")),
        (AT_ASK, Edited(text=URGENT, message_id="1"), Asked(command="urgent")),
        (AT_ASK, command("start"), Started()),
        (AT_ASK, command("start", "flyer7"), Started(payload="flyer7")),
        (AT_ASK, command("start", "no payload at all"), Started()),
        (AT_ASK, command("start", CRISIS), Distress()),
        (AT_ASK, command("privacy"), Asked(command="privacy")),
        (AT_ASK, command("nonsense"), Asked(command="nonsense")),
        (AT_ASK, press("v1:n0000001:milk"), Pressed(nonce="n0000001", choice="milk")),
        (AT_ASK, press("v1:n0000001:~menu"), Pressed(nonce="n0000001", choice="~menu")),
        (AT_ASK, press("v1:p0000001:yes"), PromptPressed(id="p0000001", choice="yes")),
        (AT_ASK, press("v2:n0000001:milk"), NOWHERE),
        (AT_ASK, press("v1:n0000001:milk\n"), NOWHERE),
        (AT_ASK, press(""), NOWHERE),
        (AT_ASK, Media(media=MediaKind.VOICE, message_id="1"), Unsupported(media=MediaKind.VOICE)),
        (AT_ASK, Media(media=MediaKind.PHOTO, message_id="1", caption=CRISIS), Distress()),
        (AT_ASK, Edited(text="changed my mind", message_id="1"), Corrected()),
        (AT_ASK, Edited(text=CRISIS, message_id="1"), Distress()),
        (AT_ASK, Reachability(reachable=False), None),
        (AT_ASK, GroupContact(chat_id="-100"), None),
        (AT_ASK, Deleted(message_id="1"), None),
        (AT_ASK, Ignored(), None),
    ],
)
def test_what_happens_means_something_where_the_person_is(
    words: Words, book: Book, session: Session, happening: Happening, event: Event | None
) -> None:
    """Crisis first, then commands, then prompts by their code, then the open question as it was numbered."""
    standing = Standing(book=book, session=session, today=date(2026, 11, 24))

    assert understand(happening, standing, vocabulary=words.vocabulary) == event


@pytest.mark.parametrize(
    "typed",
    [
        *("אפשר לדבר עם מישהו?", "אני צריכה לדבר", "תעזרו לי", "אני צריכה עזרה"),
        *("can I talk to someone", "I need to talk", "help me"),
    ],
)
def test_asking_for_a_person_in_ones_own_words_leads_to_one(words: Words, book: Book, typed: str) -> None:
    """Nobody should have to find a button for that at night."""
    standing = Standing(book=book, session=AT_ASK, today=date(2026, 11, 24))

    assert understand(text(typed), standing, vocabulary=words.vocabulary) == Asked(command="human")


MANY: Final = at("many", "tea", "milk", "water", "juice")
NEXT: Final = at("next", "tea", "milk", "water", "on")
THANKS: Final = ("thanks", "תודה רבה", "\u2764\ufe0f", "\U0001f64f")
ASSENT: Final = ("ok", "אוקיי", "בסדר, תודה", "\U0001f44d")


@pytest.mark.parametrize(
    ("session", "thanks", "assent"),
    [
        (MANY, True, True),
        (NEXT, True, False),
        (AT_ASK, True, False),
        (at("offered", "yes", "no"), True, False),
        (at("sure", "tea", "milk", "water", "juice"), True, False),
        (replace(MANY, prompts=(PROMPT,)), True, False),
        (AT_WHEN, True, False),
        (at("picture"), True, False),
        (at("gone", "tea"), True, False),
        (AT_REST, True, False),
        (at("words"), False, False),
    ],
)
def test_courtesy_alone_is_told_from_an_answer(
    words: Words, book: Book, session: Session, thanks: bool, assent: bool
) -> None:
    """Thanks wherever words are no answer, an "ok" only where it can't be meant to agree."""
    standing = Standing(book=book, session=session, today=date(2026, 11, 24))
    for said, is_courtesy in ((THANKS, thanks), (ASSENT, assent)):
        for one in said:
            heard = understand(text(one), standing, vocabulary=words.vocabulary)
            assert heard == Typed(text=one, courtesy=is_courtesy), one


@pytest.mark.parametrize(
    ("session", "said", "event"),
    [
        (MANY, "thanks, menu", Asked(command="menu")),
        (MANY, "2, thanks", Typed(text="2, thanks", choice="milk")),
        (MANY, "thanks but no", Typed(text="thanks but no")),
        (MANY, "thanks?", Typed(text="thanks?")),
        (MANY, f"thanks. {CRISIS}", Distress()),
        (MANY, f"thanks. {URGENT}", Asked(command="urgent")),
        (at("offered", "yes", "no"), "no thanks", Typed(text="no thanks", choice="no", exact=True)),
        (AT_WHEN, "thanks, tomorrow", Typed(text="thanks, tomorrow")),
        (ON_A_LINE, "thanks", Spoken()),
        (ON_A_LINE, "\u2764\ufe0f", Spoken()),
    ],
)
def test_courtesy_never_takes_the_place_of_what_is_meant(
    words: Words, book: Book, session: Session, said: str, event: Event
) -> None:
    """An answer, a command, a call for help and what is for somebody else are what they are."""
    standing = Standing(book=book, session=session, today=date(2026, 11, 24))

    assert understand(text(said), standing, vocabulary=words.vocabulary) == event


def test_thanks_beside_a_quote_go_where_it_leads(words: Words, book: Book) -> None:
    """Whoever quotes a notice is told about it; a message of a line is known by its id, which stays."""
    standing = Standing(book=book, session=MANY, today=date(2026, 11, 24))
    quoting = replace(text("thanks"), reply_to="9")

    heard = understand(quoting, standing, vocabulary=words.vocabulary)
    assert heard == Typed(text="thanks", reply_to="9", courtesy=True)
    of_notice = understand(replace(quoting, quoted="n1:41:coming"), standing, vocabulary=words.vocabulary)
    assert of_notice == Raised(flow="notice_word", subject="41")


def test_a_day_is_counted_from_the_persons_own(words: Words, book: Book) -> None:
    """The word for tomorrow means the day after the one it is where they are."""
    standing = Standing(book=book, session=at("when"), today=date(2026, 11, 25))

    assert understand(text("tomorrow"), standing, vocabulary=words.vocabulary) == Typed(
        text="tomorrow", date="2026-11-26"
    )


data = st.text(max_size=80) | st.from_regex(r"v1:[0-9a-z]{8}:~?[a-z0-9_]{1,40}", fullmatch=True)


@given(data=data)
def test_no_callback_data_does_any_harm(words: Words, book: Book, data: str) -> None:
    """Whatever a press carries, it is a press of a screen, of a prompt, or of nothing."""
    standing = Standing(book=book, session=AT_ASK, today=date(2026, 11, 24))
    event = understand(press(data), standing, vocabulary=words.vocabulary)

    assert isinstance(event, Pressed | PromptPressed)
    assert event == NOWHERE or f":{event.choice}" in data


@given(said=st.text(max_size=200), step=st.sampled_from(("ask", "when", "gone")))
def test_no_words_do_any_harm(words: Words, book: Book, said: str, step: str) -> None:
    """Whatever is typed, it comes to an event."""
    standing = Standing(book=book, session=at(step, "tea"), today=date(2026, 11, 24))

    assert understand(text(said), standing, vocabulary=words.vocabulary) is not None
    assert understand(command("start", said), standing, vocabulary=words.vocabulary) is not None


def test_a_button_under_a_notice_needs_no_session(words: Words) -> None:
    """It means that notice and that choice, wherever its presser is; what is like one and is none is stale."""
    press = Press(data="n1:41:coming", message_id="5", shown=None)
    standing = Standing(book=words.library.book, session=Session(), today=date(2026, 11, 24))
    event = understand(press, standing, vocabulary=words.vocabulary)
    assert event == PromptPressed(id="41", choice="coming", notice=True)
    assert understand(replace(press, data="n1:x:coming"), standing, vocabulary=words.vocabulary) == NOWHERE


def test_words_that_quote_a_notice_are_about_it(words: Words) -> None:
    """Nobody reads them, and that is said; a command and a call for help stay what they are."""
    standing = Standing(book=words.library.book, session=Session(), today=date(2026, 11, 24))

    def heard(text: str, quoted: str | None = "n1:41:coming") -> Event | None:
        said = Text(text=text, message_id="1", reply_to="9", quoted=quoted)
        return understand(said, standing, vocabulary=words.vocabulary)

    assert heard("Where exactly?") == Raised(flow="notice_word", subject="41")
    assert heard("Where exactly?", "v1:n0000001:tea") == Typed(text="Where exactly?", reply_to="9")
    assert heard("menu") == Asked(command="menu", reply_to="9")
    assert heard(CRISIS) == Distress()
