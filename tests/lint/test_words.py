"""Rules of words: commands, translations, sizes, direction, tone and blocked wording."""

import pytest

from bot.model.retention import RETENTION as RETENTION_TABLE
from tests.lint.shelf import Shelf, in_hebrew


def test_a_word_means_one_command(shelf: Shelf) -> None:
    """Compared as typed words are: without case and punctuation."""
    shelf.change("system", "{words: help,", '{words: "Menu!, help",')

    assert shelf.messages("command") == [
        "`menu` means both `menu` and `help`.",
        "`א menu` means both `menu` and `help`.",
    ]


def test_a_word_means_one_command_in_both_languages(shelf: Shelf) -> None:
    """A Hebrew word may not be another command's."""
    shelf.translate(lambda entry: "עזרה" if entry.phrase.text in ("help", "lawyer") else in_hebrew(entry))

    assert shelf.messages("command") == ["`עזרה` means both `help` and `lawyer`."]


def test_courtesy_is_no_command(shelf: Shelf) -> None:
    """Its list may be long, and has no word of a command's."""
    shelf.change("system", 'thanks: "thanks,', f'thanks: "help, {"many " * 100},')

    assert shelf.messages("command")[0] == "`help` means both `thanks` and `help`."
    assert shelf.messages("limit") == []


@pytest.mark.parametrize(
    ("word", "fault"),
    [
        ("'!'", "The crisis phrase '!' (en) is empty."),
        ("Lawyer", "The crisis phrase 'Lawyer' (en) is a command too."),
    ],
)
def test_crisis_words_say_something_of_their_own(shelf: Shelf, word: str, fault: str) -> None:
    """An empty one would be found nowhere or everywhere; a command would never be run."""
    shelf.write("crisis_words", f"he: [למות]\nen: [{word}]\n")

    assert shelf.messages("crisis_words") == [fault]


def test_urgent_words_say_something_of_their_own(shelf: Shelf) -> None:
    """As crisis words do."""
    shelf.write("urgent_words", "he: [עצרו אותי]\nen: [Lawyer]\n")

    assert shelf.messages("urgent_words") == ["The urgent phrase 'Lawyer' (en) is a command too."]


def test_a_stray_brace_is_found(shelf: Shelf) -> None:
    """In English and in Hebrew; what the words say is not judged before they can be read."""
    shelf.change("buddy", "No hurry.", "No hurry} 3.")

    assert {problem.rule for problem in shelf.problems()} == {"template"}
    assert len(shelf.problems()) == 2


def test_a_label_has_no_value(shelf: Shelf) -> None:
    """Nobody would fill it."""
    shelf.change("buddy", "Not now", "'Not now, {name}'")

    assert shelf.messages("value") == ["'Not now, {name}' has a value nobody fills: name."]


def test_a_gap_in_the_translation_is_found(shelf: Shelf) -> None:
    """Every text has a Hebrew one."""
    shelf.translate(lambda entry: "" if entry.phrase.text == "No hurry." else in_hebrew(entry))

    assert shelf.messages("translation") == ["he: ('buddy.quiet', 'No hurry.'): is not translated"]


def test_a_lost_value_is_found_in_every_form(shelf: Shelf) -> None:
    """Also in a form that fills only what differs."""
    shelf.translate(lambda entry: "אין" if "{pair}" in entry.phrase.text else "", form="he@f")
    found = [problem for problem in shelf.problems() if problem.rule == "translation"]

    assert {problem.file for problem in found} == {"he@f/LC_MESSAGES/messages.po"}
    assert "has no value where the English has {pair}" in found[0].message


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("No hurry.", "word " * 500, "`buddy.quiet` takes"),
        ("Not now", "word " * 20, "The label"),
        ("id: later", f"id: {'l' * 41}", "The id"),
    ],
)
def test_what_is_too_long_is_found(shelf: Shelf, old: str, new: str, fault: str) -> None:
    """Messages, labels, and what a button carries."""
    shelf.change("buddy", old, new.strip())

    assert any(message.startswith(fault) for message in shelf.messages("limit"))


def test_hebrew_is_counted_in_bytes_where_a_platform_does(shelf: Shelf) -> None:
    """A thousand letters are too many for Signal, and a quarter of what Telegram takes."""
    words = "\n\n".join(["מילה " * 60] * 4)
    shelf.translate(lambda entry: words if entry.phrase.text == "No hurry." else "", form="he@p")

    (message,) = shelf.messages("limit")
    assert "of 2000 bytes in `he` on signal" in message


def test_the_longest_hebrew_counts(shelf: Shelf) -> None:
    """A short English label may be long in a form of Hebrew."""
    shelf.translate(lambda entry: "מילה " * 20 if entry.phrase.text == "Not now" else "", form="he@p")

    assert len(shelf.messages("limit")) == 1


def test_a_step_of_cards_only_has_no_text_to_be_too_long(shelf: Shelf) -> None:
    """Cards are split where they are sent."""
    shelf.change("letter", "    cards: [A1]\n", "    cards: [A1]\n    count: read\n")

    assert shelf.problems() == []


def test_too_many_choices_are_found(shelf: Shelf) -> None:
    """Five of its own at most; and a screen has an end."""
    many = "".join(f"      - {{id: c{number}, label: C, end: true}}\n" for number in range(100))
    shelf.change("help", "      - {id: never", f"{many.replace('C,', 'Choice,')}      - {{id: never")

    assert shelf.messages("choices") == ["`help.human` has 102 choices of its own."]
    assert "`help.human` can show 109 choices; 100 fit." in shelf.messages("limit")


def test_a_list_of_topics_may_be_one_longer(shelf: Shelf) -> None:
    """Topics are data, and a way back stands below them."""
    topics = "".join(f"  t{letter}: {{label: T, about: T.}}\n" for letter in "abcde")
    shelf.write("topics", f"topics:\n{topics}")
    shelf.change("buddy", "again: waiting}", "again: asked}")
    back = "{id: b, label: B, goto: waiting}"
    shelf.change(
        "buddy",
        "steps:\n",
        f"steps:\n  asked: {{say: Which?, choices: [{{each: topic, goto: waiting}}, {back}]}}\n",
    )
    assert shelf.messages("choices") == []

    shelf.write("topics", f"topics:\n{topics}  tf: {{label: T, about: T.}}\n")
    assert shelf.messages("choices") == ["`buddy.asked` has 7 choices of its own."]


@pytest.mark.parametrize("text", ["\\u2068No hurry.", "No\\u2069 hurry.", "\\u2066No\\nhurry\\u2069."])
def test_isolates_belong_together_line_by_line(shelf: Shelf, text: str) -> None:
    """What is not closed on its line turns everything after it."""
    shelf.change("buddy", "No hurry.", text)
    shelf.translate(lambda entry: "אין" if "hurry" in entry.phrase.text else in_hebrew(entry))

    assert len(shelf.messages("direction")) == 1


def test_closed_isolates_are_fine(shelf: Shelf) -> None:
    """A pair on one line, also nested."""
    shelf.change("buddy", "No hurry.", "\\u2067No \\u2068hurry\\u2069.\\u2069")

    assert shelf.messages("direction") == []


def test_overrides_are_found_on_cards_too(shelf: Shelf) -> None:
    """Telegram deletes them, and then the text reads differently."""
    shelf.change("cards/lines", "any hour.", "any \\u202Ehour.")

    assert len(shelf.messages("direction")) == 1


@pytest.mark.parametrize("text", ["Call 1201.", "In 3 days.", "٣"])
def test_numbers_stand_on_cards(shelf: Shelf, text: str) -> None:
    """Flows have no digit, in any script; the names of values may."""
    shelf.change("buddy", "No hurry.", text)
    shelf.translate(lambda entry: "אין" if entry.phrase.text == text else in_hebrew(entry))

    assert shelf.messages("digit") == [f"A number stands outside the cards: {text!r}."]


def test_a_digit_in_the_name_of_a_value_is_no_number(shelf: Shelf) -> None:
    """It is never shown."""
    shelf.change("buddy", "No hurry.", "No hurry, {pair1}.")

    assert shelf.messages("digit") == []


def test_information_and_distress_are_not_shouted_at(shelf: Shelf) -> None:
    """Neither in flows nor on cards; a member may be glad."""
    shelf.change("crisis", "Stay here with me.", "Stay here!")
    shelf.change("letter", "It stands there, {name}.", "It stands there, {name}!")
    shelf.change("cards/lines", "any hour.", "any hour!")
    shelf.translate(lambda entry: in_hebrew(entry).replace("!", "."))

    assert shelf.messages("tone") == [
        "An exclamation mark: 'ERAN: 1201, any hour!'.",
        "An exclamation mark: 'Stay here!'.",
    ]


@pytest.mark.parametrize(
    "text", ["You should really refuse.", "Hm. Desert!", "you should REFUSE now", "Listen: desert."]
)
def test_blocked_wording_is_found(shelf: Shelf, text: str) -> None:
    """With words between, at the start of a sentence, in any case."""
    shelf.change("letter", "It stands there, {name}.", text)
    shelf.translate(lambda entry: "אין" if entry.phrase.text == text else in_hebrew(entry))

    assert len(shelf.messages("wording")) == 1


@pytest.mark.parametrize("text", ["A dry desert.", "You should think. Others refuse.", "No hurry."])
def test_informing_is_not_blocked(shelf: Shelf, text: str) -> None:
    """The same words in another sentence."""
    shelf.change("buddy", "No hurry.", text)

    assert shelf.messages("wording") == []


@pytest.mark.parametrize(
    ("text", "found"), [("סרבו", 1), ("וסרבי.", 1), ("סָרְבוּ!", 1), ("לסרבני מצפון", 0), ("כבר סירבתי", 0)]
)
def test_blocked_hebrew_is_found_in_any_form(shelf: Shelf, text: str, found: int) -> None:
    """Behind an attached ו, with points, in the catalog of a form."""
    shelf.translate(lambda entry: text if entry.phrase.text == "No hurry." else "", form="he@m")

    assert len(shelf.messages("wording")) == found


def test_cards_are_searched_too(shelf: Shelf) -> None:
    """In their own language."""
    shelf.change("cards/lines", "any hour.", "any hour. You should refuse.")

    assert len(shelf.messages("wording")) == 1


@pytest.mark.parametrize(("words", "found"), [("word " * 75, 1), ("word " * 60 + "\\n\\n" + "word " * 60, 0)])
def test_a_long_paragraph_is_found(shelf: Shelf, words: str, found: int) -> None:
    """Two short ones in one text are fine."""
    shelf.change("buddy", '"No hurry."', f'"{words}"')
    shelf.translate(lambda entry: "אין" if entry.phrase.context == "buddy.quiet" else in_hebrew(entry))

    assert len(shelf.messages("limit")) == found


def test_a_long_paragraph_is_found_in_every_form(shelf: Shelf) -> None:
    """The longest of a phrase's wordings is somebody's."""
    shelf.translate(lambda entry: "מילה " * 71 if entry.phrase.text == "No hurry." else "", form="he@p")

    assert len(shelf.messages("limit")) == 1


RETENTION = """retention:
  session: "Where we stopped."
  kitten: "A kitten: {time}."
"""


def test_what_is_kept_for_a_time_says_for_how_long_and_is_kept(shelf: Shelf) -> None:
    """The privacy text can only promise what the table executes."""
    shelf.change("system", "phrases:", f"{RETENTION}phrases:")

    assert shelf.messages("retention") == [
        "The words of `session` do not say for how long it is kept.",
        "`kitten` is no class of data.",
    ]


def test_who_shows_what_is_kept_has_words_for_every_class(shelf: Shelf) -> None:
    """A class that was added without words does not pass."""
    shelf.change("buddy", '"No hurry.",', '"No hurry.", show: retention,')

    missing = shelf.messages("system")
    assert [
        f"The book has no phrase `{kept.words}` in system.yaml." in missing for kept in RETENTION_TABLE
    ] == [True] * len(RETENTION_TABLE)
