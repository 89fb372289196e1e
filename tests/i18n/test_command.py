import pytest

from bot.i18n.command import Coded, code_of, command_of, command_words
from tests.i18n.voices import book, command, renderer

WORDS = command_words(
    book(commands=(command("menu", "menu, main menu"), command("stop", "stop,enough,"))),
    renderer(
        {
            ("system.menu", "menu, main menu"): ("תפריט, תפריט ראשי",),
            ("system.stop", "stop,enough,"): ("די, עצור",),
        }
    ),
)


BOTH = {"menu", "stop"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Menu!", "menu"),
        ("/menu", "menu"),
        ("main menu", "menu"),
        ("תפריט", "menu"),
        ("לתפריט", "menu"),
        ("התפריט", "menu"),
        ("לתפריט ראשי", "menu"),
        ("די.", "stop"),
        ("עצור", "stop"),
    ],
)
def test_a_global_word_counts_in_both_languages(text: str, name: str) -> None:
    """Whatever the person's language, with any punctuation and an attached prefix."""
    assert command_of(text, WORDS, among=BOTH) == name


@pytest.mark.parametrize("text", ["menu please", "מדי", "I want the menu", "", "stop it", "הדי"])
def test_a_word_inside_of_a_message_is_no_command(text: str) -> None:
    """Only a whole message is a command; short words carry no prefix."""
    assert command_of(text, WORDS, among=BOTH) is None


def test_a_prefix_that_could_be_of_two_commands_is_none() -> None:
    """Two readings are no command."""
    assert command_of("הלמכת", {"למכת": "a", "מכת": "b"}, among={"a", "b"}) is None


def test_a_word_of_a_command_there_is_not_means_nothing() -> None:
    """Nor does it stand in the way of another command's word."""
    assert command_of("menu", WORDS, among={"stop"}) is None
    assert command_of("הלמכת", {"למכת": "a", "מכת": "b"}, among={"b"}) == "b"


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("A1", Coded(code="A", number=1)),
        ("a 1.", Coded(code="A", number=1)),
        ("uk2", Coded(code="UK", number=2)),
        ("(b-12)", Coded(code="B", number=12)),
        ("1", None),
        ("A", None),
        ("A1 and A2", None),
        ("א1", Coded(code="A", number=1)),
        ("ו2", Coded(code="F", number=2)),
        ("ה1", None),
        ("ב 1", None),
        ("a person", None),
    ],
)
def test_a_prompt_is_answered_by_its_code(text: str, coded: Coded | None) -> None:
    """A letter and a number, as the whole message; a bare number never is a code."""
    assert code_of(text) == coded
