from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.match import Match, Option, is_yes, match, nodded, worded

OPTIONS = (
    Option(id="connect", labels=("Yes, connect me", "כן, לחבר אותי")),
    Option(id="later", labels=("Not now", "לא עכשיו")),
    Option(id="menu", labels=("Main menu", "תפריט ראשי")),
    Option(id="lawyer", labels=("Talk to a lawyer", "שיחה עם עורך דין")),
    Option(id="what", labels=("What is that?", "מה זה?")),
)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("2", "later"),
        ("2.", "later"),
        (" (2) ", "later"),
        ("٢", "later"),
        ("option 2", "later"),
        ("אפשרות 2", "later"),
        ("yes connect me", "connect"),
        ("NOT NOW!", "later"),
        ("תפריט ראשי", "menu"),
        ("What is that?", "what"),
        ("what is that", "what"),
        ("מה זה", "what"),
    ],
)
def test_a_number_or_a_label_is_exact(text: str, choice: str) -> None:
    """Numbers and labels count in any language, whatever their punctuation."""
    assert match(text, OPTIONS) == Match(choice=choice, exact=True)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("א", "connect"),
        ("ב׳", "later"),
        ("yes", "connect"),
        ("כן!", "connect"),
        ("התפריט הראשי", "menu"),
        ("לתפריט ראשי", "menu"),
        ("main mneu", "menu"),
        ("talk to lawyer", "lawyer"),
        ("עורך דין", "lawyer"),
        ("connect me", "connect"),
        ("not now?", "later"),
        ("2?", "later"),
    ],
)
def test_a_near_miss_is_understood_but_not_exact(text: str, choice: str) -> None:
    """Slips, prefixes, left-out words, letters, a bare yes, and a question are no exact answer."""
    assert match(text, OPTIONS) == Match(choice=choice, exact=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "👍",
        "<3",
        "6",
        "0",
        "no",
        "לא",
        "now",
        "menu",
        "dont connect me",
        "not connect me",
        "ל",
        "ו",
        "something else",
    ],
)
def test_what_is_not_surely_a_choice_is_none(text: str) -> None:
    """A bare no has no choice here; a "not" is never overlooked; short words are not guessed at."""
    assert match(text, OPTIONS) is None


@pytest.mark.parametrize(
    ("line", "exact"),
    [
        ("2. Not now", True),
        ("2️⃣ לא עכשיו", True),
        ("2) not now?", False),
        ("4. talk to lawyer", False),
    ],
)
def test_a_line_of_the_list_counts_as_it_stands_there(line: str, exact: bool) -> None:
    """Whoever copies one sends its number and its words."""
    assert match(line, OPTIONS) == Match(choice=OPTIONS[int(line[0]) - 1].id, exact=exact)


@pytest.mark.parametrize("line", ["1. Not now", "1. Talk to a lawyer", "9. Main menu", "3. Talk to lawyer"])
def test_a_number_with_the_words_of_another_choice_is_none(line: str) -> None:
    """Nobody knows which of the two is meant."""
    assert match(line, OPTIONS) is None


def test_two_choices_that_fit_are_none() -> None:
    """What could mean two choices means neither."""
    options = (Option(id="a", labels=("Report it",)), Option(id="b", labels=("Report in",)))
    assert match("report is", options) is None


def test_the_same_label_twice_is_none() -> None:
    """Even an exact label has to be of one choice."""
    assert match("go", (Option(id="a", labels=("Go",)), Option(id="b", labels=("Go!",)))) is None


def test_a_label_that_is_a_number_wins_over_the_number() -> None:
    """Who sees a button "2" and types 2 means that button."""
    assert match("2", (Option(id="two", labels=("2",)), Option(id="one", labels=("1",)))) == Match(
        choice="two", exact=True
    )


def test_a_label_without_letters_counts_as_it_is_written() -> None:
    """An emoji label is typed as an emoji."""
    assert match(" 👍", (Option(id="up", labels=("👍",)), Option(id="down", labels=("👎",)))) == Match(
        choice="up", exact=True
    )


def test_a_choice_that_is_gone_keeps_its_number() -> None:
    """The numbers below a closed choice stay; its own means nothing."""
    options = (Option(id="", labels=()), Option(id="b", labels=("Go",)))
    assert (match("1", options), match("2", options)) == (None, Match(choice="b", exact=True))


def test_a_no_finds_the_choice_that_begins_with_it() -> None:
    """A bare no is the choice whose first clause is a no, not one that only begins with the word."""
    options = (Option(id="unsure", labels=("לא בטוח",)), Option(id="no", labels=("לא, תודה",)))
    assert match("no", options) == Match(choice="no", exact=False)


WRITINGS: Final = (
    "{}",
    " {} ",
    "{}.",
    "{})",
    "({})",
    "[{}]",
    "#{}",
    "{}:",
    "{} .",
    "option {}",
    "number {}",
    "אפשרות {}",
    "מספר {}",
    "\u200f{}",
    "\u2066{}\u2069",
    "*{}*",
)
DIGITS: Final[dict[str, Callable[[int], str]]] = {
    "keycaps": lambda number: f"{number}\ufe0f\u20e3",
    "ascii": str,
    "arabic": lambda number: chr(0x660 + number),
    "persian": lambda number: chr(0x6F0 + number),
    "fullwidth": lambda number: chr(0xFF10 + number),
    "circled": lambda number: chr(0x2460 + number - 1),
}


@given(
    number=st.integers(min_value=1, max_value=len(OPTIONS)),
    writing=st.sampled_from(WRITINGS),
    digits=st.sampled_from(sorted(DIGITS)),
)
def test_a_number_counts_however_it_is_written(number: int, writing: str, digits: str) -> None:
    """With a dot or brackets, as a keycap, in the figures of another script."""
    said = writing.format(DIGITS[digits](number))
    assert match(said, OPTIONS) == Match(choice=OPTIONS[number - 1].id, exact=True)


@given(said=st.sampled_from(["1", "ב", "option 3"]) | st.text(max_size=30))
def test_beside_a_quote_only_words_count(said: str) -> None:
    """No number, and nothing that asks; whatever it finds, a typed answer means too."""
    found = worded(said, OPTIONS)
    assert found is None or (match(said, OPTIONS) == found and not any(map(str.isdigit, said)))
    assert worded(f"{said}?", OPTIONS) is None


@pytest.mark.parametrize(
    ("said", "choice"),
    [("not now", "later"), ("לא עכשיו", "later"), ("main mneu", "menu"), ("2", None), ("", None)],
)
def test_an_answers_words_are_found_without_its_number(said: str, choice: str | None) -> None:
    """Exactly or nearly."""
    found = worded(said, OPTIONS)
    assert (found.choice if found else None) == choice


YES: Final = Option(id="yes", labels=("Yes, please", "כן, בבקשה"))
NO: Final = Option(id="no", labels=("No", "לא"))


@pytest.mark.parametrize(
    ("sign", "options", "choice"),
    [
        ("\U0001f44d", (YES, NO), "yes"),
        ("\U0001f44e\U0001f3fd", (NO, YES), "no"),
        ("\U0001f44d\ufe0f", (NO, YES), "yes"),
        ("\u2764", (YES, NO), None),
        ("\U0001f44d", (YES, NO, OPTIONS[1]), None),
        ("\U0001f44d", (YES, OPTIONS[1]), None),
        ("\U0001f44d", (YES, YES), None),
        ("\U0001f44d", (YES, Option(id="odd", labels=("No", "כן"))), None),
    ],
)
def test_a_thumb_means_a_plain_yes_or_no(sign: str, options: tuple[Option, ...], choice: str | None) -> None:
    """Where all there is to choose is one yes and one no."""
    assert nodded(sign, options) == choice


def test_a_label_may_begin_with_a_yes() -> None:
    """As a word of its own, in both languages."""
    labels = ("Yes, go on", "כן, במועד לבחירתי", "Yesterday", "Not yet", "")

    assert [is_yes(label) for label in labels] == [True, True, False, False, False]
