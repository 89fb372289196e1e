"""From what a turn wants said to what the platform is asked to do."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from bot.engine.effect import (
    CloseScreen,
    Count,
    DropKeyboard,
    Effect,
    Offer,
    OfferPrompt,
    Relay,
    Say,
    Show,
    ShowCard,
)
from bot.engine.flow import Choice, Move, Phrase, Route, Shown
from bot.model.card import ContentPolicy
from bot.model.chart import Figures, Row
from bot.model.incoming import FileRef, MediaKind, MediaRef, Press
from bot.model.limit import LIMITS, Limits
from bot.model.outgoing import (
    EditMessage,
    Payload,
    Poll,
    RemoveKeyboard,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
)
from bot.model.person import Language, Platform, Voice
from bot.model.queue import Keep
from bot.model.review import Review
from bot.model.text import Rich
from bot.pipeline.draft import Utterance
from bot.pipeline.listener import Listener
from bot.pipeline.speech import Speech
from tests.cards import a_card, a_review, approved
from tests.pipeline.works import Words

TODAY: Final = date(2026, 11, 24)
LISTENER: Final = Listener(
    voice=Voice(language=Language.ENGLISH),
    platform=Platform.TELEGRAM,
    limits=LIMITS[Platform.TELEGRAM],
    today=TODAY,
)
DRAFT: Final = a_review()
APPROVED: Final = approved(a_card(), on=TODAY)
PRESS: Final = Press(data="v1:n0000001:tea", message_id="5", shown=Rich("What would you like?"))


def phrase(text: str) -> Phrase:
    return Phrase(context="test", text=text)


def say(text: str, *, joins: bool = False, sensitive: bool = False) -> Say:
    return Say(phrase=phrase(text), joins=joins, sensitive=sensitive)


def choice(id: str) -> Choice:
    return Choice(id=id, label=phrase(id.title()), route=Route(move=Move.END))


def payloads(words: Words, *effects: Effect, to: Listener = LISTENER) -> list[Payload]:
    """What the effects come to."""
    return [one.payload for one in Speech(words.library, words.renderer, to).of(effects)]


def texts(words: Words, *effects: Effect, to: Listener = LISTENER) -> list[str]:
    """The messages the effects come to."""
    return [one.text.text for one in payloads(words, *effects, to=to) if isinstance(one, SendMessage)]


def _below(words: Words, *cards: str) -> list[str]:
    """What stands on the keyboard of a question below these facts."""
    below = words.library.book.below_cards
    offer = Offer(nonce="n0000001", choices=(choice("tea"), *below), own=1, cards=cards)
    (asked,) = payloads(words, say("Which?"), offer)
    assert isinstance(asked, SendMessage)
    return [button.data for row in asked.rows for button in row]


def test_below_facts_there_is_a_button_to_say_that_one_is_wrong(words: Words) -> None:
    """Not where none of them may be shown: there is nothing to be wrong then."""
    library = replace(words.library, cards={"a1": APPROVED, "a2": DRAFT}, policy=ContentPolicy.APPROVED)
    there = replace(words, library=library)

    assert _below(there, "a2", "a1") == ["v1:n0000001:tea", "v1:n0000001:~wrong"]
    assert _below(there, "a2", "gone") == ["v1:n0000001:tea"]


def test_each_thing_said_is_a_message(words: Words) -> None:
    """In the order of the effects."""
    assert texts(words, say("One."), say("Two.")) == ["One.", "Two."]


def test_what_holds_elsewhere_is_not_said(words: Words) -> None:
    """Of words that differ by platform, each person reads their own."""
    said = [Say(phrase=replace(phrase(f"On {one}."), on=one)) for one in Platform]

    assert texts(words, *said) == ["On telegram."]
    assert texts(words, *said, to=replace(LISTENER, platform=Platform.SIGNAL)) == ["On signal."]


def test_an_opening_joins_the_next_message(words: Words) -> None:
    """What explains stands above what is asked again."""
    assert texts(words, say("Why.", joins=True), say("What?")) == ["Why.\n\nWhat?"]


def test_an_opening_with_nothing_after_it_is_said_alone(words: Words) -> None:
    """It is not lost."""
    assert texts(words, say("Why.", joins=True)) == ["Why."]


def test_what_is_no_words_says_nothing(words: Words) -> None:
    """Counters and timers are written elsewhere."""
    assert payloads(words, Count(counter="start")) == []


def test_a_sensitive_message_cannot_be_forwarded(words: Words) -> None:
    """Only the one that is marked."""
    sent = payloads(words, say("Secret.", sensitive=True), say("Open."))

    assert [one.protect for one in sent if isinstance(one, SendMessage)] == [True, False]


def test_choices_stand_under_the_last_message(words: Words) -> None:
    """The step's own one to a row, what holds everywhere below them two to a row."""
    offer = Offer(nonce="n0000001", choices=tuple(map(choice, ("tea", "milk", "~a", "~b", "~c"))), own=2)
    first, last = Speech(words.library, words.renderer, LISTENER).of((say("One."), say("Two?"), offer))

    assert isinstance(first.payload, SendMessage)
    assert isinstance(last.payload, SendMessage)
    assert first.payload.rows == ()
    assert [[button.data for button in row] for row in last.payload.rows] == [
        ["v1:n0000001:tea"],
        ["v1:n0000001:milk"],
        ["v1:n0000001:~a", "v1:n0000001:~b"],
        ["v1:n0000001:~c"],
    ]
    assert (first.keep, last.keep) == (None, Keep.SCREEN)


def test_a_prompt_has_a_message_of_its_own(words: Words) -> None:
    """It does not take the place of the open question, and nobody takes its keyboard for a screen's."""
    offer = Offer(nonce="n0000001", choices=(choice("tea"),), own=1)
    prompt = OfferPrompt(id="p0000001", code="A", choices=(choice("yes"),))
    said = Speech(words.library, words.renderer, LISTENER).of((say("What?"), offer, prompt))

    assert [one.keep for one in said] == [Keep.SCREEN, None]
    assert [one.payload.rows[0][0].data for one in said if isinstance(one.payload, SendMessage)] == [
        "v1:n0000001:tea",
        "v1:p0000001:yes",
    ]


def test_a_long_message_is_split_and_keeps_its_buttons_below(words: Words) -> None:
    """Telegram takes 4096 units; the keyboard goes under the last part."""
    long = say("\n\n".join(["word " * 500] * 2))
    offer = Offer(nonce="n0000001", choices=(choice("tea"),), own=1)
    said = Speech(words.library, words.renderer, LISTENER).of((long, offer))

    assert [bool(one.payload.rows) for one in said if isinstance(one.payload, SendMessage)] == [False, True]
    assert [one.keep for one in said] == [None, Keep.SCREEN]


@pytest.mark.parametrize(
    ("review", "policy", "lines"),
    [
        (APPROVED, ContentPolicy.APPROVED, ["One fact."]),
        (APPROVED, ContentPolicy.DRAFT, ["One fact."]),
        (DRAFT, ContentPolicy.DRAFT, ["Draft, not reviewed yet", "One fact."]),
    ],
)
def test_a_card_is_shown_with_its_source(
    words: Words, review: Review, policy: ContentPolicy, lines: list[str]
) -> None:
    """And a draft says that it is one."""
    library = replace(words.library, cards={"lines": review}, policy=policy)
    (sent,) = Speech(library, words.renderer, LISTENER).of((ShowCard(card="lines"),))

    assert isinstance(sent.payload, SendMessage)
    paragraphs = sent.payload.text.text.split("\n\n")
    assert paragraphs[:-1] == lines
    assert paragraphs[-1].startswith("Source:")


def test_cards_that_may_not_be_shown_give_way_to_one_honest_sentence(words: Words) -> None:
    """However many are missing in a turn, it is said once."""
    library = replace(words.library, cards={"draft": DRAFT, "pulled": APPROVED})
    library = replace(library, policy=ContentPolicy.APPROVED)
    effects = (ShowCard(card="draft"), ShowCard(card="nowhere"), ShowCard(card="pulled"), say("And now?"))
    listener = replace(LISTENER, pulled=frozenset({APPROVED.content}))
    said = Speech(library, words.renderer, listener).of(effects)

    assert len(said) == 2
    assert isinstance(said[0].payload, SendMessage)
    assert said[0].payload.text.text.startswith("We have no verified answer to that")


def test_the_chosen_answer_stays_visible(words: Words) -> None:
    """The pressed message keeps its words, loses its keyboard, and shows what was chosen."""
    closing = CloseScreen(chosen=phrase("Tea"))
    (edit,) = payloads(words, closing, to=replace(LISTENER, press=PRESS))

    assert isinstance(edit, EditMessage)
    assert edit.message_id == "5"
    assert edit.text.text.startswith("What would you like?\n\nChosen: ")


@pytest.mark.parametrize("shown", [None, Rich("x" * 4096)])
def test_a_message_that_cannot_show_the_answer_loses_its_keyboard_only(
    words: Words, shown: Rich | None
) -> None:
    """Too old to be seen, or too long for one more line."""
    listener = replace(LISTENER, press=replace(PRESS, shown=shown))

    assert payloads(words, CloseScreen(chosen=phrase("Tea")), to=listener) == [RemoveKeyboard(message_id="5")]


@pytest.mark.parametrize(
    ("listener", "effect", "dropped"),
    [
        (replace(LISTENER, screen_message="9"), CloseScreen(chosen=phrase("Tea")), "9"),
        (replace(LISTENER, screen_message="9", press=PRESS), CloseScreen(chosen=None), "9"),
        (replace(LISTENER, press=PRESS), CloseScreen(chosen=None), "5"),
        (LISTENER, CloseScreen(chosen=None), None),
        (replace(LISTENER, screen_message="9"), CloseScreen(chosen=phrase("Yes"), prompt="p0000001"), None),
        (replace(LISTENER, press=PRESS), DropKeyboard(), "5"),
        (LISTENER, DropKeyboard(), None),
    ],
)
def test_an_old_keyboard_goes(words: Words, listener: Listener, effect: Effect, dropped: str | None) -> None:
    """Of the last screen if the answer was typed, of the pressed message if it was stale, and never of a prompt."""
    wanted = [RemoveKeyboard(message_id=dropped)] if dropped else []

    assert payloads(words, effect, to=listener) == wanted


PLAIN: Final = replace(LISTENER, platform=Platform.SIGNAL, limits=Limits(text=2000))
OFFER: Final = Offer(nonce="n0000001", choices=tuple(map(choice, ("tea", "milk", "stop"))), own=2)


def test_without_buttons_choices_are_a_list_in_the_message(words: Words) -> None:
    """Numbered as typed numbers count, what holds everywhere apart, how to answer; and the message is known later."""
    (said,) = Speech(words.library, words.renderer, PLAIN).of((say("What?"), OFFER))

    assert said == Utterance(
        payload=SendMessage(
            text=Rich(
                "What?\n\n1. Tea\n2. Milk\n\n3.\u00a0Stop\n\nYou can answer with a number from the list."
            ),
            poll=Poll(question="You can also answer here", options=("Tea", "Milk")),
        ),
        keep=Keep.SCREEN,
    )


def test_where_a_number_may_be_the_answer_only_the_own_choices_have_one(words: Words) -> None:
    """The fifth of the month is not the fifth of a list that deletes or stops something."""
    (said,) = texts(
        words, say("When?"), replace(OFFER, choices=(*OFFER.choices, choice("menu")), numbers=False), to=PLAIN
    )

    assert "1. Tea\n2. Milk\n\nStop\u00a0\u00b7 Menu\n\n" in said


def _poll(words: Words, offer: Offer | OfferPrompt, to: Listener) -> Poll | None:
    (asked,) = payloads(words, say("What?"), offer, to=to)
    assert isinstance(asked, SendMessage)
    return asked.poll


def test_without_buttons_a_question_can_be_a_poll(words: Words) -> None:
    """With its own answers, where there are two at least: never a prompt's, nor what only exact words agree to."""
    prompt = OfferPrompt(id="p0000001", code="C", choices=OFFER.choices)

    assert _poll(words, OFFER, PLAIN) == Poll(question="You can also answer here", options=("Tea", "Milk"))
    assert _poll(words, replace(OFFER, own=1), PLAIN) is None
    assert _poll(words, replace(OFFER, exact=True), PLAIN) is None
    assert _poll(words, prompt, PLAIN) is None
    assert _poll(words, OFFER, LISTENER) is None


def test_a_line_ends_between_two_answers_of_a_row(words: Words) -> None:
    """A number at the end of a line, and its word on the next, would be read as something else."""
    stay = replace(choice("stop"), label=phrase("Stop it all"))
    (said,) = texts(words, say("What?"), replace(OFFER, choices=(*OFFER.choices, stay)), to=PLAIN)

    assert "3.\u00a0Stop\u00a0\u00b7 4.\u00a0Stop\u00a0it\u00a0all\n" in said


def test_without_buttons_a_prompt_is_listed_by_its_code(words: Words) -> None:
    """A number alone always means the open question."""
    prompt = OfferPrompt(id="p0000001", code="C", choices=(choice("yes"), choice("no")))
    screen, asked = texts(words, say("What?"), OFFER, prompt, to=PLAIN)

    assert "1. Tea" in screen
    assert asked.startswith("C1. Yes\nC2. No\n\nThis question can be answered with its code")
    assert "C1" in asked.splitlines()[-1]


def test_without_buttons_a_hebrew_list_reads_from_the_right(words: Words) -> None:
    """A mark before each number, and around a code."""
    hebrew = replace(PLAIN, voice=Voice(language=Language.HEBREW))
    prompt = OfferPrompt(id="p0000001", code="C", choices=(choice("כן"),))

    assert texts(words, say("מה?"), OFFER, to=hebrew)[0].splitlines()[2].startswith("\u200f1. ")
    assert texts(words, say("מה?"), prompt, to=hebrew)[0].splitlines()[2].startswith("\u200f\u2066C1\u2069. ")


def test_a_list_is_never_parted_from_its_numbers(words: Words) -> None:
    """Where the words leave no room for it, it is a message of its own."""
    sent = texts(words, say("word " * 398), OFFER, to=PLAIN)

    assert [text[:6] for text in sent] == ["word w", "1. Tea"]
    assert sent[1].endswith("from the list.")


@pytest.mark.parametrize(
    "effect", [CloseScreen(chosen=phrase("Tea")), CloseScreen(chosen=None), DropKeyboard()]
)
def test_without_buttons_no_keyboard_is_taken_away(words: Words, effect: Effect) -> None:
    """Not even where a message's id is known."""
    assert payloads(words, effect, to=replace(PLAIN, press=PRESS, screen_message="9")) == []


def test_what_is_kept_is_told_group_by_group(words: Words) -> None:
    """A message for each heading."""
    said = texts(words, Show(shown=Shown.RETENTION))

    assert [text.splitlines()[0] for text in said] == [
        "What you write",
        "What we know of you",
        "The chat",
        "For the work itself",
    ]


def test_a_file_comes_where_it_was_made_and_can_be_sent(words: Words) -> None:
    """Its person may save it; a keyboard never hangs under it."""
    with_file = replace(LISTENER, attached=b"{}")
    on_plain = replace(with_file, limits=Limits(text=2000))
    show = Show(shown=Shown.MINE, sensitive=True)
    offer = Offer(nonce="n0000001", choices=(choice("tea"),), own=1)

    file, asked = payloads(words, show, offer, to=with_file)
    assert file == SendFile(name="data.json", content=b"{}", caption=Rich("All that is kept, as a file."))
    assert isinstance(asked, SendMessage)
    assert payloads(words, show) == []
    assert payloads(words, show, to=on_plain) == []


def test_a_phone_that_shows_words_only_is_told_that_something_came(words: Words) -> None:
    """With what stood under it; nothing that it cannot take is asked of it."""
    file = MediaRef(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FileRef(file_id="f"))
    relay = Relay(case="7", epoch=1, line="9", sender="4", words="hello", media=file)

    assert texts(words, relay, to=replace(LISTENER, limits=Limits(text=2000))) == [
        "A photo or a voice message came, which this app cannot show.\n\nhello"
    ]
    assert [type(one) for one in payloads(words, relay)] == [SendMedia]


def test_an_edit_comes_as_a_message_that_says_so_where_nothing_can_be_edited(words: Words) -> None:
    """The words it had stay above."""
    relay = Relay(case="7", epoch=1, line="9", sender="4", words="hello you", edits="17")
    (said,) = texts(words, relay, to=PLAIN)

    assert said.endswith("hello you")
    assert said != "hello you"


def test_numbers_are_shown_as_a_picture_or_as_a_table(words: Words) -> None:
    """In the reader's words; a keyboard never stands under either, and without numbers nothing is shown."""
    row = Row(phrase="week_of", values={"week": "2026-11-22"}, numbers=(7, None))
    figures = Figures(title="words.weeks", series=("words.weeks_asked", "words.weeks_heard"), rows=(row,))
    counted = replace(LISTENER, figures=figures)
    offer = Offer(nonce="n0000001", choices=(choice("tea"),), own=1)

    chart, asked = payloads(words, Show(shown=Shown.CHART), offer, to=counted)
    (table,) = payloads(words, Show(shown=Shown.TABLE), to=counted)
    assert isinstance(chart, SendChart)
    assert chart.caption.text.endswith(": 7, fewer than five")
    assert isinstance(asked, SendMessage)
    assert isinstance(table, SendFile)
    assert (table.name, table.content.count(b"\r\n")) == ("data.csv", 2)
    assert payloads(words, Show(shown=Shown.CHART)) == []
