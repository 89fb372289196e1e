import pytest

from bot.i18n.bidi import LRI, PDI, RLM
from bot.i18n.error import BadTemplate, MissingValue
from bot.i18n.template import Format, Slot, Template, parse
from bot.model.text import Rich, Span, Style


def plain(value: str, _kind: Format) -> str:
    return value


def fixed(text: str) -> Rich:
    result = parse(text).fixed
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("text", "words", "style"),
    [
        ("*a* b", "a b", Style.BOLD),
        ("_a_ b", "a b", Style.ITALIC),
        ("`a` b", "a b", Style.CODE),
    ],
)
def test_markup_becomes_a_span(text: str, words: str, style: Style) -> None:
    """The signs go away and their words are styled."""
    assert fixed(text) == Rich(words, (Span(start=0, length=1, style=style),))


@pytest.mark.parametrize(
    "text",
    ["*8944 or *6030", "my_data_row", "2*3*4", "a * b * c", "_ a _", "**", "``", "* a*", "*a\nb*", "ה*קו*"],
)
def test_signs_inside_of_words_are_words(text: str) -> None:
    """Only signs around whole words are markup."""
    assert fixed(text) == Rich(text)


def test_styles_may_be_nested() -> None:
    """Italic words inside of bold ones are both; the outer span comes first."""
    bold, italic = fixed("*a _b_*").spans
    assert (bold, italic) == (
        Span(start=0, length=3, style=Style.BOLD),
        Span(start=2, length=1, style=Style.ITALIC),
    )


def test_a_value_is_never_markup() -> None:
    """Stars in a value stay stars."""
    assert parse("{a} _{a_b}_").fill({"a": "*x*", "a_b": "{a}"}, plain) == Rich(
        "*x* {a}", (Span(start=4, length=3, style=Style.ITALIC),)
    )


def test_slots_are_known_by_name_and_format() -> None:
    """The linter and the proof-reader compare slots."""
    assert parse("{a} {b:date} `{a}`").slots == {Slot(name="a"), Slot(name="b", format=Format.DATE)}


def test_an_empty_value_leaves_no_span() -> None:
    """A span without words is refused by Telegram."""
    assert parse("*{a}* b").fill({"a": ""}, plain) == Rich(" b")


def test_a_template_with_values_is_not_fixed() -> None:
    """Only a text without slots is kept whole."""
    assert parse("{a}").fixed is None


def test_a_missing_value_is_named() -> None:
    """The error says which value was forgotten."""
    with pytest.raises(MissingValue, match="a"):
        parse("{a}").fill({}, plain)


@pytest.mark.parametrize("text", ["{", "a } b", "{a:colour}", "{a b}", "{}", "`{`"])
def test_a_broken_template_is_refused(text: str) -> None:
    """Stray braces and unknown formats are mistakes of the text."""
    with pytest.raises(BadTemplate):
        parse(text)


def test_hebrew_gets_its_marks_but_not_where_it_is_copied() -> None:
    """A command in a Hebrew text is isolated; in code it stays as it will be copied."""
    template: Template = parse("`/menu` או /menu", rtl=True)
    assert template.fixed == Rich(
        f"{RLM}/menu או {LRI}/menu{PDI}", (Span(start=1, length=5, style=Style.CODE),)
    )


def test_a_text_is_parsed_once() -> None:
    """The same text gives the same template."""
    assert parse("once") is parse("once")
