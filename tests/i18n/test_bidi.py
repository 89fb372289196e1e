import pytest

from bot.i18n.bidi import FSI, LRI, PDI, RLM, clean, isolate, lead, listed, steady


def test_a_value_is_wrapped_in_an_isolate() -> None:
    """A value begins with FSI and ends with PDI."""
    assert isolate("Dana") == f"{FSI}Dana{PDI}"


def test_every_line_of_a_value_is_wrapped_by_itself() -> None:
    """Isolates end with their line, so each line has its own."""
    assert isolate("a\nb") == f"{FSI}a{PDI}\n{FSI}b{PDI}"


def test_later_lines_of_a_value_lean_right_in_hebrew() -> None:
    """In a Hebrew message a value's later lines get a mark, as nothing else there has a direction."""
    assert isolate("a\nb", rtl=True) == f"{FSI}a{PDI}\n{RLM}{FSI}b{PDI}"


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("a\u202eb\u202c", "ab"),
        ("a\u200eb\u200fc\u061c", "abc"),
        ("a\u2068b", "ab"),
        ("a\u2069b", "ab"),
        ("a\u2067b\u2069", "a\u2067b\u2069"),
        ("\u2066a\u2068b\u2069", "a\u2068b\u2069"),
        ("\u2066a\nb\u2069", "a\nb"),
        ("a\x00\x1b\x7f\x85b", "a\nb"),
        ("a\r\nb\rc\u2028d\tb", "a\nb\nc\nd b"),
        ("a\ud800b", "ab"),
        ("👩\u200d👩 שָׁ", "👩\u200d👩 שָׁ"),
    ],
)
def test_a_value_is_cleaned(value: str, cleaned: str) -> None:
    """Controls, marks, overrides and isolates without their other half go; letters and joiners stay."""
    assert clean(value) == cleaned


@pytest.mark.parametrize(
    "line", ["Signal הוא", "1201 הוא", "/menu", "https://a.b", "{name} כאן", "• 1. ראשית", "*a* ב"]
)
def test_a_hebrew_line_that_begins_otherwise_gets_a_mark(line: str) -> None:
    """Latin letters, digits, links, slashes and values don't turn a Hebrew line."""
    assert lead(line) == RLM + line


@pytest.mark.parametrize("line", ["שלום Dana", "• שלום", "", "🙏", "*שלום*", "«ער״ן» 1201", "مرحبا"])
def test_a_line_that_leans_right_by_itself_gets_no_mark(line: str) -> None:
    """No mark where the first readable letter is Hebrew, or where nothing is readable."""
    assert lead(line) == line


def test_each_line_is_judged_by_itself() -> None:
    """Only the second line needs a mark."""
    assert lead("שלום\nSignal") == f"שלום\n{RLM}Signal"


@pytest.mark.parametrize("token", ["*8944", "1-800-363-363", "+972-3-1234567", "3–5", "/menu", "#1"])
def test_what_runs_left_to_right_keeps_its_order(token: str) -> None:
    """Star numbers, ranges, phone numbers and commands are isolated inside Hebrew."""
    assert steady(f"חיוג {token} עכשיו") == f"חיוג {LRI}{token}{PDI} עכשיו"


@pytest.mark.parametrize("text", ["https://a.b/2026-11-23?x=1-2 כאן", "t.me/bot/1-2", "1201", "24/7", "א-ב"])
def test_links_and_plain_numbers_are_left_alone(text: str) -> None:
    """An invisible mark inside a link would break it."""
    assert steady(text) == text


@pytest.mark.parametrize(
    ("sign", "words", "rtl", "line"),
    [
        ("2", "תה", True, f"{RLM}2. תה"),
        ("2", f"{RLM}English", True, f"{RLM}2. {RLM}English"),
        ("A2", "כן", True, f"{RLM}{LRI}A2{PDI}. כן"),
        ("2", "Tea", False, "2. Tea"),
        ("A2", "Yes", False, "A2. Yes"),
        ("2", "עברית", False, f"2. {FSI}עברית{PDI}"),
        ("2", "🙂", False, "2. 🙂"),
    ],
)
def test_a_line_of_a_list_reads_as_its_message_does(sign: str, words: str, rtl: bool, line: str) -> None:
    """Its number stands first in the message's direction, and a label of the other one does not turn it."""
    assert listed(sign, words, rtl=rtl) == line
