"""An alert says the need and the language, and nothing that could be about anybody."""

import pytest

from tests.lint.shelf import Shelf

ALERT = (
    "flow: alarm\nprompt: true\nsteps:\n"
    '  ask: {sensitive: true, say: "SAY", choices: [{id: accept, label: Accept, goto: accept}]}\n'
    "  accept: {do: offer.accept, with: {case: $subject}, outcomes: {accepted: done}}\n"
    "  done: {sensitive: true, say: Thank you., end: true}\n"
)


def test_need_and_language_may_be_said(shelf: Shelf) -> None:
    """In the format that is always as long."""
    shelf.write("alarm", ALERT.replace("SAY", "Somebody needs {need:even} in {language:even}."))

    assert shelf.messages("alert") == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("Somebody needs {need:word}.", "An alert says need."),
        ("{who:name} needs {need:even} on {day:date}.", "An alert says day, who."),
    ],
)
def test_nothing_else_may_be_said(shelf: Shelf, said: str, message: str) -> None:
    """Not a name, not a day, and no word whose length tells it."""
    shelf.write("alarm", ALERT.replace("SAY", said))

    assert shelf.messages("alert") == [message]


def test_an_alert_does_not_stay_in_the_chat(shelf: Shelf) -> None:
    """Nor does what comes after it."""
    shelf.write("alarm", ALERT.replace("SAY", "Somebody needs {need:even}.").replace("sensitive: true, ", ""))

    assert shelf.messages("alert") == ["`alarm.ask` stays in the chat.", "`alarm.done` stays in the chat."]


def test_other_prompts_may_say_more(shelf: Shelf) -> None:
    """Whatever cannot be accepted is no alert."""
    shelf.write(
        "news",
        'flow: news\nprompt: true\nsteps:\n  told: {say: "{who:name} is here.", end: true}\n',
    )

    assert shelf.messages("alert") == []
