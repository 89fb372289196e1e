"""What always passes in a flood, and that its name says nothing and tells the same words."""

import pytest

from bot.model.incoming import (
    Command,
    Deleted,
    Edited,
    GroupContact,
    Happening,
    Ignored,
    Media,
    MediaKind,
    Press,
    Reachability,
    Text,
)
from bot.pipeline.urgent import Urgency
from tests.pipeline.works import Words


@pytest.fixture
def urgency(words: Words) -> Urgency:
    return Urgency(words.library.book, words.vocabulary)


def typed(text: str) -> Text:
    return Text(text=text, message_id="1")


def pressed(data: str) -> Press:
    return Press(data=data, message_id="1", shown=None)


@pytest.mark.parametrize(
    "happening",
    [
        typed("I want to kill myself"),
        typed("אני רוצה למות"),
        typed("emergency"),
        typed("urgent"),
        typed("they arrested me"),
        typed("זימון ממצ״ח"),
        Edited(text="they arrested me", message_id="1"),
        Command(name="urgent", argument="", message_id="1"),
        typed("חירום"),
        typed("לדבר עם אדם"),
        typed("stop"),
        Edited(text="I want to kill myself", message_id="1"),
        Media(media=MediaKind.PHOTO, message_id="1", caption="I want to kill myself"),
        Command(name="human", argument="", message_id="1"),
        Command(name="start", argument="I want to kill myself", message_id="1"),
        pressed("v1:n0000001:~human"),
        pressed("v1:n0000001:~delete"),
        Reachability(reachable=False),
    ],
)
def test_words_of_alarm_and_the_ways_to_people_are_urgent(urgency: Urgency, happening: Happening) -> None:
    """Typed, edited, as a command or by the button under every screen; the same ones have one name."""
    assert urgency.key(happening) is not None
    assert urgency.key(happening) == urgency.key(happening)


@pytest.mark.parametrize(
    "happening",
    [
        typed("hello"),
        typed("menu"),
        Edited(text="hello", message_id="1"),
        Command(name="start", argument="flyer7", message_id="1"),
        pressed("v1:n0000001:human"),
        pressed("v1:n0000001:~menu"),
        pressed(""),
        Media(media=MediaKind.PHOTO, message_id="1"),
        GroupContact(chat_id="-1"),
        Deleted(message_id="1"),
        Ignored(),
    ],
)
def test_nothing_else_is(urgency: Urgency, happening: Happening) -> None:
    """It waits its turn."""
    assert urgency.key(happening) is None


def test_other_words_have_another_name(urgency: Urgency) -> None:
    """So that each is answered."""
    assert urgency.key(typed("I want to kill myself")) != urgency.key(typed("אני רוצה למות"))
