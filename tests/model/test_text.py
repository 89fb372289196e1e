import pytest

from bot.model.text import Rich, Span, Style, joined, split, utf8_length, utf16_length


def bold(start: int, length: int) -> Span:
    return Span(start=start, length=length, style=Style.BOLD)


def words(*parts: Rich) -> list[str]:
    return [part.text for part in parts]


def test_adding_moves_the_second_spans() -> None:
    """A span of the second text still covers its own words."""
    both = Rich("ab", (bold(0, 1),)) + Rich("cd", (bold(1, 1),))
    assert both == Rich("abcd", (bold(0, 1), bold(3, 1)))


def test_joining_leaves_no_gap_for_empty_parts() -> None:
    """Empty parts add no blank lines."""
    assert joined([Rich(""), Rich("a"), Rich(""), Rich("b")]) == Rich("a\n\nb")


def test_joining_takes_another_separator() -> None:
    """Parts may be lines of one paragraph."""
    assert joined([Rich("a"), Rich("b", (bold(0, 1),))], "\n") == Rich("a\nb", (bold(2, 1),))


def test_letters_beyond_the_first_plane_count_twice() -> None:
    """An emoji is two UTF-16 units, a Hebrew letter one."""
    assert utf16_length("א🙏") == 3


def test_a_hebrew_letter_is_two_bytes() -> None:
    """An emoji is four, a Latin letter one."""
    assert (utf8_length("אa🙏"), utf8_length("abc")) == (7, 3)


def test_a_limit_in_bytes_is_kept() -> None:
    """A thousand Hebrew letters fill two thousand bytes; the cut is at a word all the same."""
    parts = split(Rich("שלום " * 500), 2000, measure=utf8_length)

    assert [utf8_length(part.text) for part in parts] == [1997, 1997, 503]
    assert {part.text.replace("שלום", "").strip() for part in parts} == {""}


def test_a_text_that_fits_stays_as_it_is() -> None:
    """Nothing is trimmed where nothing is cut."""
    rich = Rich(" a b ", (bold(1, 1),))
    assert split(rich, 5) == (rich,)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("one two\n\nthree\nfour", 14, ["one two", "three\nfour"]),
        ("one two\nthree four", 14, ["one two", "three four"]),
        ("one two three", 8, ["one two", "three"]),
        ("one two three", 7, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("   abc def", 4, ["abc", "def"]),
        ("abc      def", 4, ["abc", "def"]),
        ("     ", 2, [""]),
        ("🙏🙏🙏", 4, ["🙏🙏", "🙏"]),
        ("🙏🙏", 3, ["🙏", "🙏"]),
    ],
)
def test_a_long_text_is_cut_at_the_best_break(text: str, limit: int, parts: list[str]) -> None:
    """Paragraphs, then lines, then words, then letters; the blank at the cut is left out."""
    assert words(*split(Rich(text), limit)) == parts


def test_a_span_is_not_cut_where_another_break_is_near() -> None:
    """The break inside bold words is passed over for one before them."""
    first, second = split(Rich("aaa bbb ccc", (bold(4, 7),)), 9)
    assert first == Rich("aaa")
    assert second == Rich("bbb ccc", (bold(0, 7),))


def test_a_span_longer_than_a_part_goes_on_in_the_next() -> None:
    """Bold words that fit in no part are cut at a word and stay bold on both sides."""
    assert split(Rich("aaa bbb", (bold(0, 7),)), 5) == (
        Rich("aaa", (bold(0, 3),)),
        Rich("bbb", (bold(0, 3),)),
    )


def test_a_span_ends_with_its_part() -> None:
    """The blank left out at a cut is left out of the span too."""
    assert split(Rich("aaa   bbb ", (bold(0, 6),)), 6) == (Rich("aaa", (bold(0, 3),)), Rich("bbb"))


def test_a_link_keeps_its_address_on_both_sides() -> None:
    """Both halves of a cut link lead to the same place."""
    link = Span(start=0, length=6, style=Style.LINK, url="https://example.org")
    assert [part.spans[0].url for part in split(Rich("abcdef", (link,)), 4)] == ["https://example.org"] * 2


@pytest.mark.parametrize("text", ["ab\u05b8cd", "a👩\u200d👩cd"])
def test_a_cut_parts_no_letter_from_its_points(text: str) -> None:
    """Vowel points and joined emoji stay together."""
    parts = words(*split(Rich(text), 3 if "\u05b8" in text else 4))
    assert parts[0] in ("ab\u05b8", "a")


@pytest.mark.parametrize("emoji", ["\U0001f44d\U0001f3fd", "\U0001f1ee\U0001f1f1"])
def test_a_cut_parts_no_emoji_from_its_skin_and_no_flag(emoji: str) -> None:
    """Neither half would be what somebody wrote."""
    assert words(*split(Rich(f"ab{emoji}"), 4)) == ["ab", emoji]


def test_a_heap_of_points_is_cut_all_the_same() -> None:
    """Marks without end don't make a part for each of them."""
    assert words(*split(Rich("a" + "\u0301" * 60), 30)) == [
        "a" + "\u0301" * 29,
        "\u0301" * 30,
        "\u0301",
    ]


def test_ten_thousand_parts_are_no_trouble() -> None:
    """Splitting does not recurse."""
    assert len(split(Rich("a " * 10_000), 2)) == 10_000
