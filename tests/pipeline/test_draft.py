"""What goes across a line, as the calls that show it: a photo with its words, an edit, a part that is too long."""

from dataclasses import replace
from typing import Final

import pytest

from bot.engine.effect import Relay
from bot.model.chart import Bars, Chart
from bot.model.incoming import FileRef, MediaKind, MediaRef
from bot.model.limit import LIMITS, Limits
from bot.model.outgoing import Button, EditMessage, Payload, SendChart, SendFile, SendMedia, SendMessage
from bot.model.person import Platform
from bot.model.queue import Keep
from bot.model.text import Rich, joined
from bot.pipeline.draft import Draft, Utterance, gathered, messages

TELEGRAM: Final = LIMITS[Platform.TELEGRAM]
FILE: Final = FileRef(file_id="f")
PHOTO: Final = MediaRef(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FILE)
ROWS: Final = ((Button(label="Open the line", data="v1:n0000001:open"),),)
LONG: Final = "word " * 300
SENT: Final = SendMedia(
    media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FILE, protect=True, reply_to="31"
)


def carried(
    words: str, *, media: MediaRef | None = None, edits: str | None = None, is_caption: bool = False
) -> Relay:
    """Something from the other end."""
    return Relay(
        case="7",
        epoch=1,
        line="9",
        sender="4",
        words=words,
        media=media,
        is_caption=is_caption,
        reply_to="31",
        edits=edits,
    )


def payloads(relay: Relay, *, limits: Limits = TELEGRAM) -> list[Payload]:
    """The calls that show it; each carries it."""
    parts = [Rich(relay.words)] if relay.words else []
    said = messages(Draft(parts=parts, rows=ROWS, sensitive=True, carries=relay), limits)
    assert all(one.carries == relay for one in said)
    return [one.payload for one in said]


def test_a_picture_is_a_message_by_itself() -> None:
    """As it is; it can be forwarded only where the rest can."""
    picture = SendMedia(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FILE, rows=ROWS)
    said = [messages(Draft(parts=[], sensitive=is_so, picture=picture), TELEGRAM) for is_so in (False, True)]
    assert [one.payload for (one,) in said] == [picture, replace(picture, protect=True)]


def test_a_photo_has_its_words_and_its_buttons_under_it() -> None:
    """One message, which answers what it answered."""
    caption = SendMedia(
        media=MediaKind.PHOTO,
        source=Platform.TELEGRAM,
        file=FILE,
        caption=Rich("hello"),
        rows=ROWS,
        protect=True,
        reply_to="31",
    )
    assert payloads(carried("hello", media=PHOTO)) == [caption]


def test_a_photo_needs_no_words() -> None:
    """It stands alone then."""
    (photo,) = payloads(carried("", media=PHOTO))

    assert isinstance(photo, SendMedia)
    assert (photo.caption, photo.rows) == (Rich(""), ROWS)


def test_words_that_do_not_fit_under_a_photo_come_after_it() -> None:
    """All of them, with the buttons below."""
    photo, words = payloads(carried(LONG, media=PHOTO))

    assert photo == SENT
    assert words == SendMessage(text=Rich(LONG), rows=ROWS, protect=True)


@pytest.mark.parametrize(("is_caption", "count"), [(False, 1), (True, 2)])
def test_an_edit_shows_what_fits_and_sends_the_rest(is_caption: bool, count: int) -> None:
    """Less fits under a photo than alone."""
    first, *rest = payloads(carried(LONG, edits="5", is_caption=is_caption))

    assert isinstance(first, EditMessage)
    assert (first.message_id, first.is_caption) == ("5", is_caption)
    assert len(rest) == count - 1


def test_a_caption_can_be_taken_away() -> None:
    """The photo stays."""
    assert payloads(carried("", edits="5", is_caption=True)) == [
        EditMessage(message_id="5", text=Rich(""), is_caption=True)
    ]


def test_words_alone_answer_what_they_answered() -> None:
    """Only the first part of them."""
    first, *rest = payloads(carried("word " * 1500))

    assert isinstance(first, SendMessage)
    assert first.reply_to == "31"
    assert [one.reply_to for one in rest if isinstance(one, SendMessage)] == [None]


@pytest.mark.parametrize(
    ("limits", "words", "payload"),
    [
        (TELEGRAM, "a: 7", SendChart),
        (TELEGRAM, "a: 7" * 300, SendMessage),
        (Limits(text=2000), "a: 7", SendMessage),
    ],
)
def test_numbers_go_as_a_picture_where_one_can_be_seen(
    limits: Limits, words: str, payload: type[SendChart | SendMessage]
) -> None:
    """With the same in words under it; else these words alone."""
    chart = Chart(title="T", series=("s",), rows=(Bars(label="a", numbers=(7,)),), few="few", rtl=False)
    (said,) = messages(Draft(parts=[Rich(words)], sensitive=True, chart=chart), limits)

    assert isinstance(said.payload, payload)
    assert said.payload.protect


def test_a_list_of_answers_follows_a_photo() -> None:
    """Where there are no buttons: what is asked beside somebody's photo is not lost behind it."""
    draft = Draft(
        parts=[Rich("From Noa")],
        answers=Rich("1. Yes"),
        carries=replace(carried("", media=PHOTO), reply_to=None),
    )
    photo, asked = messages(draft, LIMITS[Platform.SIGNAL])

    assert isinstance(photo.payload, SendMedia)
    assert photo.payload.caption == Rich("From Noa")
    assert asked.payload == SendMessage(text=Rich("1. Yes"))


SIGNAL: Final = LIMITS[Platform.SIGNAL]
LIST: Final = Rich("1. Yes\n2. No")


def test_without_buttons_a_screen_is_one_message() -> None:
    """With its list, and as sensitive as any part of it; the message that is known later is this one."""
    drafts = [
        Draft(parts=[Rich("A card.")]),
        Draft(parts=[Rich("Another.")], sensitive=True),
        Draft(parts=[Rich("What now?")], answers=LIST, keep=Keep.SCREEN),
    ]
    (whole,) = gathered(drafts, SIGNAL)
    (said,) = messages(whole, SIGNAL)
    assert said == Utterance(
        payload=SendMessage(text=Rich("A card.\n\nAnother.\n\nWhat now?\n\n1. Yes\n2. No"), protect=True),
        keep=Keep.SCREEN,
    )


def test_what_does_not_fit_begins_another_message() -> None:
    """By the bytes of its letters: a thousand Hebrew ones fill one."""
    drafts = [Draft(parts=[Rich("א" * 600)]), Draft(parts=[Rich("ב" * 300)]), Draft(parts=[Rich("ג" * 300)])]
    assert [len(one.parts) for one in gathered(drafts, SIGNAL)] == [2, 1]


def test_numbers_that_stay_are_in_no_message_that_goes() -> None:
    """Together with each other and with what stays, before and after what is sensitive; in a message of their own."""
    hard, asked = Draft(parts=[Rich("Hard.")], sensitive=True), Draft(parts=[Rich("Safe?")], sensitive=True)
    numbers, more = (Draft(parts=[Rich(one)], lasts=True) for one in ("One.", "Two."))
    plain = Draft(parts=[Rich("On these lines people answer.")])
    found = gathered([hard, plain, numbers, more, asked], SIGNAL)

    assert [joined(one.parts).text for one in found] == [
        "Hard.\n\nOn these lines people answer.",
        "One.\n\nTwo.",
        "Safe?",
    ]
    assert [one.sensitive for one in found] == [True, False, True]
    assert len(gathered([plain, numbers, more, plain], SIGNAL)) == 1


@pytest.mark.parametrize(
    "alone",
    [
        Draft(parts=[Rich("Somebody's letter.")], apart=True),
        Draft(parts=[Rich("Hello")], carries=carried("Hello")),
        Draft(parts=[], file=SendFile(name="date.ics", content=b"c", caption=Rich(""))),
        Draft(
            parts=[Rich("3")],
            chart=Chart(
                title="T", series=("s",), rows=(Bars(label="a", numbers=(7,)),), few="few", rtl=False
            ),
        ),
    ],
)
def test_what_is_not_the_bots_stands_alone(alone: Draft) -> None:
    """Somebody else's words, a file and a picture are messages of their own; so is what comes after a list."""
    before, after = Draft(parts=[Rich("Look.")]), Draft(parts=[Rich("And?")], answers=LIST)
    assert gathered([before, alone, after], SIGNAL) == [before, alone, after]
    assert len(gathered([after, before], SIGNAL)) == 2
    assert gathered([], SIGNAL) == []
