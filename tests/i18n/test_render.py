from datetime import date
from timeit import timeit

import pytest

from bot.i18n.bidi import FSI, LRI, PDI, RLM
from bot.i18n.error import BadValue, MissingValue
from bot.i18n.render import NOTHING, Renderer
from bot.model.card import CardKind
from bot.model.case import Need
from bot.model.person import Language
from bot.model.text import Rich, Span, Style
from tests.cards import a_card
from tests.i18n.voices import ENGLISH, HEBREW, catalogs, hebrew, phrase, renderer

CARD = a_card(
    id="lines",
    kind=CardKind.PHONE,
    texts={Language.HEBREW: "ער״ן: 1201\n*8944", Language.ENGLISH: "ERAN: 1201"},
    sources={Language.HEBREW: "ער״ן", Language.ENGLISH: "ERAN"},
    source_date=date(2026, 11, 23),
)
SOURCE = phrase("_Source: {source}, {date:date}_", "system.card_source")


def test_a_phrase_is_translated_and_styled() -> None:
    """Markup comes from the translation, not from the English."""
    words = hebrew("Talk *now*", "לדבר *עכשיו*").render(HEBREW, phrase("Talk *now*"))
    assert words == Rich("לדבר עכשיו", (Span(start=5, length=5, style=Style.BOLD),))


def test_values_are_isolated_and_styled_with_their_words() -> None:
    """The span covers the value with its isolates."""
    words = renderer().render(ENGLISH, phrase("Dear *{name}*"), {"name": "דנה", "unused": "x"})
    assert words == Rich(f"Dear {FSI}דנה{PDI}", (Span(start=5, length=5, style=Style.BOLD),))


def test_a_hebrew_message_that_begins_with_a_value_leans_right() -> None:
    """A mark stands before the value, and each later line of it."""
    words = hebrew("{name} wrote", "{name} כתב/ה").render(HEBREW, phrase("{name} wrote"), {"name": "a\nb"})
    assert words.text == f"{RLM}{FSI}a{PDI}\n{RLM}{FSI}b{PDI} כתב/ה"


def test_a_moment_is_told_in_the_voice() -> None:
    """A slot with a format shows its value in words."""
    words = renderer().label(ENGLISH, phrase("At {when:time}"), {"when": "2026-11-23T08:00:00+00:00"})
    assert words == f"At {FSI}10:00{PDI}"


WORDS = Renderer(
    catalogs({("words.buddy", "a talk"): ("שיחה",)}),
    names={"lotus": {Language.HEBREW: "לוטוס", Language.ENGLISH: "Lotus"}},
    phrases={
        f"words.{need}": phrase("a talk" if need is Need.BUDDY else "a fine or so", f"words.{need}")
        for need in Need
    },
)


@pytest.mark.parametrize(
    ("said", "english", "hebrew"),
    [
        ("{what:word}", "a talk", "שיחה"),
        ("{what:even}", "a talk" + NOTHING * 6, "שיחה" + NOTHING * 8),
        ("{who:name}", "Lotus", "לוטוס"),
    ],
)
def test_a_value_can_stand_for_words_of_ours(said: str, english: str, hebrew: str) -> None:
    """A need by its word, whose length can be hidden, and a side of a case by its name, in the reader's script."""
    values = {"what": "buddy", "who": "lotus"}

    assert WORDS.label(ENGLISH, phrase(said), values) == f"{FSI}{english}{PDI}"
    assert hebrew in WORDS.label(HEBREW, phrase(said), values)


def test_people_are_counted_in_fives() -> None:
    """A line for each word; what is small is not told, nor can it be found out from what is not."""
    named = {f"words.{name}": phrase(said, f"words.{name}") for name, said in (("a", "A"), ("fewer", "few"))}
    words = Renderer(catalogs({}), phrases=named)
    values = {"who": "a=2 a=13 a=0 a=1008"}
    counted = words.label(ENGLISH, phrase("{who:counts}"), values).split("\n")
    tallied = words.label(ENGLISH, phrase("{who:tally}"), values).split("\n")
    assert [line.strip(FSI + PDI) for line in counted] == ["A: few", "A: 15", "A: 0", "A: 1,010"]
    assert [line.strip(FSI + PDI) for line in tallied] == ["A: 2", "A: 13", "A: 0", "A: 1,008"]


def test_clocks_are_named_by_their_city() -> None:
    """In the language of the reader."""
    said = phrase("{zone:city}")
    assert WORDS.label(ENGLISH, said, {"zone": "America/New_York"}) == f"{FSI}New York{PDI}"
    assert "ירושלים" in WORDS.label(HEBREW, said, {"zone": "Asia/Jerusalem"})
    with pytest.raises(BadValue):
        WORDS.label(ENGLISH, said, {"zone": "Nowhere/At all"})


def test_what_somebody_wrote_is_shown_as_it_is() -> None:
    """Never read as markup; in Hebrew steady, in no language able to turn the text around."""
    assert WORDS.written("*8944 \u202e_x_", Language.ENGLISH) == Rich("*8944 _x_")
    assert WORDS.written("*8944", Language.HEBREW) == Rich(f"{RLM}{LRI}*8944{PDI}")


@pytest.mark.parametrize("said", ["{what:word}", "{what:even}", "{what:name}"])
def test_a_value_that_stands_for_nothing_is_refused(said: str) -> None:
    """What it was is not repeated."""
    with pytest.raises(BadValue, match="not a"):
        WORDS.label(ENGLISH, phrase(said), {"what": "tulip"})


def test_a_missing_value_is_refused() -> None:
    """A sentence with a hole is never sent."""
    with pytest.raises(MissingValue, match="name"):
        renderer().render(ENGLISH, phrase("Dear {name}"))


def test_labels_are_every_wording_once() -> None:
    """People may type a label in any language and form."""
    words = renderer({("menu.home", "Go"): ("קדימה",)}, {("menu.home", "Go"): ("צאי לדרך",)})
    assert words.labels(phrase("Go")) == ("קדימה", "צאי לדרך", "Go")


def test_a_card_stands_with_its_source() -> None:
    """Below the fact: where it comes from and of which day."""
    words = renderer().card(ENGLISH, CARD, SOURCE)
    assert words.text == f"ERAN: 1201\n\nSource: {FSI}ERAN{PDI}, {FSI}Monday, 23 November 2026{PDI}"
    assert words.spans[0].start == len("ERAN: 1201\n\n")


def test_a_hebrew_card_keeps_the_order_of_its_numbers() -> None:
    """A line of a card that is a number leans right, and its star stays in front."""
    assert renderer().card(HEBREW, CARD, SOURCE).text.startswith(f"ער״ן: 1201\n{RLM}{LRI}*8944{PDI}\n\n")


@pytest.mark.bench
def test_a_static_phrase_takes_five_microseconds_at_most() -> None:
    """What has no value is a lookup."""
    words, said = hebrew("Hello", "שלום"), phrase("Hello")
    cost = timeit(lambda: words.render(HEBREW, said), number=10_000) / 10_000
    assert cost < 5e-6


TOPICS = Renderer(
    catalogs({("topics.protest", "Protests"): ("מחאות",), ("topics.area_north", "The north"): ("הצפון",)}),
    phrases={
        "words.notice:protest": phrase("Protests", "topics.protest"),
        "words.area_north": phrase("The north", "topics.area_north"),
    },
)


def test_a_topic_limited_to_an_area_is_told_with_it() -> None:
    """The purpose of a consent to notices reads as a topic and an area."""
    words = TOPICS.label(HEBREW, phrase("{what:word}"), {"what": "notice:protest:north"})
    assert words == f"{RLM}{FSI}מחאות · הצפון{PDI}"


def test_a_list_of_words_has_a_line_for_each() -> None:
    """Every line leans with its language."""
    words = TOPICS.label(HEBREW, phrase("{on:list}"), {"on": "notice:protest notice:protest:north"})
    assert words == f"{RLM}{FSI}• מחאות{PDI}\n{RLM}{FSI}• מחאות · הצפון{PDI}"


@pytest.mark.parametrize("value", ["notice:gone", "notice:gone:north", "notice:protest:moon"])
def test_a_topic_or_an_area_that_is_gone_is_no_word(value: str) -> None:
    """Whoever shows one looks first whether it is there."""
    with pytest.raises(BadValue):
        TOPICS.label(HEBREW, phrase("{what:word}"), {"what": value})
