"""What holds for words of any kind: direction, spans, matching, splitting, dates."""

import re
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.flow import Phrase
from bot.i18n.bidi import EMBEDDINGS, FSI, PDI
from bot.i18n.clock import parse_time
from bot.i18n.clockword import HOURS, MINUTES, PARTS, PAST
from bot.i18n.command import code_of, command_of
from bot.i18n.dates import parse_date
from bot.i18n.distress import CrisisWords
from bot.i18n.match import Match, Option, match
from bot.i18n.normal import normalise
from bot.model.text import Rich, Span, Style, split, utf16_length
from tests.i18n.voices import ENGLISH, HEBREW, hebrew, renderer

SAID = Phrase(context="menu.home", text="Dear *{name}*, _{what}_ `{what}` {name}")
ISOLATES = "\u2066\u2067\u2068"
MIXED = st.text(
    st.sampled_from("אבגדהלםן שׁ׳״\"'-.,?! abcABC019\n\t\u2066\u2068\u2069\u202e\u200f\u200d🙏👩\u0301*_`{}")
)
ANY = MIXED | st.text()
WORDS = CrisisWords(["רוצה למות", "die*", "a * b"], ["die hard"])
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1))


def is_balanced(text: str) -> bool:
    """Whether the isolates of every line are closed in it."""
    for line in text.split("\n"):
        depth = 0
        for letter in line:
            depth += (letter in ISOLATES) - (letter == PDI)
            if depth < 0:
                return False
        if depth:
            return False
    return True


@given(name=ANY, what=ANY)
def test_isolates_are_balanced_whatever_the_value(name: str, what: str) -> None:
    """No value can leave a line open, close one it did not open, or override a direction."""
    values = {"name": name, "what": what}
    for said in (
        renderer().render(ENGLISH, SAID, values),
        hebrew(SAID.text, "{name} {what}").render(HEBREW, SAID, values),
    ):
        assert is_balanced(said.text)
        assert not set(said.text) & set(EMBEDDINGS)


@given(name=ANY, what=ANY)
def test_spans_cover_their_words_whatever_the_value(name: str, what: str) -> None:
    """Each span lies inside the text and, counted in UTF-16, covers exactly the value's isolates."""
    said = renderer().render(ENGLISH, SAID, {"name": name, "what": what})
    units = said.text.encode("utf-16-le")
    assert [span.style for span in said.spans] == [Style.BOLD, Style.ITALIC, Style.CODE]
    for span in said.spans:
        start, end = (utf16_length(said.text[:at]) for at in (span.start, span.end))
        covered = units[2 * start : 2 * end].decode("utf-16-le")
        assert covered == said.text[span.start : span.end]
        assert (covered[0], covered[-1]) == (FSI, PDI)


@given(text=ANY)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """The plain shape is its own plain shape."""
    assert normalise(normalise(text)) == normalise(text)


@given(text=ANY, labels=st.lists(st.lists(ANY, max_size=3), max_size=5))
def test_matching_never_raises(text: str, labels: list[list[str]]) -> None:
    """Any text against any labels is a choice that was offered, or none."""
    options = [Option(id=str(at), labels=tuple(each)) for at, each in enumerate(labels)]
    found = match(text, options)
    assert found is None or found.choice in {option.id for option in options}


@given(
    labels=st.lists(
        ANY.filter(str.strip),
        min_size=1,
        max_size=5,
        unique_by=lambda label: normalise(label) or label.strip(),
    )
)
def test_a_label_always_matches_itself_exactly(labels: list[str]) -> None:
    """Who copies a button's words presses it."""
    options = [Option(id=str(at), labels=(label,)) for at, label in enumerate(labels)]
    for at, label in enumerate(labels):
        assert match(label, options) == Match(choice=str(at), exact=True)


@given(text=ANY, today=DAYS)
def test_anything_may_be_typed(text: str, today: date) -> None:
    """Dates, commands, codes and crisis phrases are looked for in any text without harm."""
    assert parse_date(text, today) is None or isinstance(parse_date(text, today), date)
    assert command_of(text, {"menu": "menu"}, among=("menu",)) in (None, "menu")
    assert code_of(text) is None or normalise(text)
    assert WORDS.found_in(text) in (True, False)


@given(day=DAYS, today=DAYS)
def test_a_full_date_is_that_day(day: date, today: date) -> None:
    """A date with its year means the same on any day, in any of its spellings."""
    spellings = (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day:%A, %d %B %Y}",
    )
    assert {parse_date(spelling, today) for spelling in spellings} == {day}


@given(before=ANY, after=ANY)
def test_a_crisis_phrase_is_found_inside_of_any_words(before: str, after: str) -> None:
    """Nothing around a phrase hides it, but an exception that takes it in."""
    assert WORDS.found_in(f"{before}\n- אני רוצה למות -\n{after}")


@st.composite
def rich_texts(draw: st.DrawFn) -> Rich:
    text = draw(ANY.map(lambda text: text.encode("utf-8", "ignore").decode()))
    edges = draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    spans = (Span(start=start, length=end - start, style=Style.BOLD) for start, end in pairs if end > start)
    return Rich(text, tuple(spans))


@given(rich=rich_texts(), limit=st.integers(2, 40))
def test_splitting_keeps_all_words(rich: Rich, limit: int) -> None:
    """Every part fits, and together they say the same."""
    parts = split(rich, limit)
    assert all(utf16_length(part.text) <= limit for part in parts)
    assert "".join("".join(part.text for part in parts).split()) == "".join(rich.text.split())


@given(rich=rich_texts(), limit=st.integers(2, 40))
def test_splitting_keeps_what_is_bold(rich: Rich, limit: int) -> None:
    """The same letters are bold afterwards, and each span lies inside its part."""
    parts = split(rich, limit)
    for part in parts:
        assert all(span.length > 0 and span.start >= 0 and span.end <= len(part.text) for span in part.spans)
    before = "".join(rich.text[span.start : span.end] for span in rich.spans)
    after = "".join(part.text[span.start : span.end] for part in parts for span in part.spans)
    assert "".join(after.split()) == "".join(before.split())


# What people say for a time of day: each time, and how the twelve hours are named with the part of the day.
SPOKEN = {
    "בבוקר": range(5, 12),
    "בצהריים": (12, 13),
    "אחר הצהריים": range(14, 18),
    "בערב": range(18, 22),
    "בלילה": (22, 23),
    "in the morning": range(1, 12),
    "in the afternoon": range(13, 18),
    "in the evening": range(17, 22),
}
CLOCK_WORDS = st.sampled_from(
    [*HOURS, *MINUTES, *PARTS, *PAST, *"0123456789", "ב", "at", "בשעה", ":", ".", "-", "/", "to"]
)


@given(part=st.sampled_from(sorted(SPOKEN)), data=st.data())
def test_a_spoken_time_is_never_another_one(part: str, data: st.DataObject) -> None:
    """Whatever its hour is written with: digits or words, with its part of the day or without."""
    hour = data.draw(st.sampled_from(list(SPOKEN[part])))
    named = hour % 12 or 12
    names = [str(named), *(word for word, meant in HOURS.items() if meant == named)]
    said = data.draw(st.sampled_from(names))
    half = data.draw(st.sampled_from(["", " וחצי"]))
    meant = time(hour, 30 if half else 0)
    assert parse_time(f"{said}{half} {part}") == meant
    assert parse_time(f"ב{said}{half}") is None
    assert parse_time(f"{meant:%H:%M}") == parse_time(f"{meant:%H.%M}") == meant


@given(
    text=ANY
    | st.lists(CLOCK_WORDS, max_size=5).map(" ".join)
    | st.lists(CLOCK_WORDS, max_size=5).map("".join)
)
def test_what_is_read_as_a_time_says_that_time(text: str) -> None:
    """Its hour and its minutes stand in the words; neither is made up."""
    read = parse_time(text)
    if read is None:
        return
    plain = normalise(text)
    numbers = {int(found) for found in re.findall(r"\d+", plain)}
    named = {number for word, number in {**HOURS, **MINUTES, **PAST}.items() if word in plain}
    assert {read.hour, read.hour % 12 or 12} & (numbers | named)
    assert read.minute in numbers | named | {0}
