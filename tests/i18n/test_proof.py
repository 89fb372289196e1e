from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.engine.flow import Phrase
from bot.i18n.catalog import PLURAL_HEADER
from bot.i18n.entry import Entry
from bot.i18n.proof import problems, untranslated
from bot.model.person import Form
from tests.i18n.voices import days, phrase

HELLO = phrase("Hello *{name}*")


def entry(said: Phrase) -> Entry:
    return Entry(phrase=said, comments=())


def catalog(said: Phrase, *strings: str, flags: tuple[str, ...] = ()) -> Catalog:
    header = (
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: {PLURAL_HEADER}\\n"\n'
    )
    made = read_po(BytesIO(header.encode()))
    id = said.text if said.plural is None else (said.text, said.plural)
    made.add(id, strings[0] if said.plural is None else strings, context=said.context, flags=flags)
    return made


def found(said: Phrase, *strings: str, form: Form = Form.NEUTRAL, flags: tuple[str, ...] = ()) -> list[str]:
    lines = problems([entry(said)], {form: catalog(said, *strings, flags=flags)})
    return [line.rpartition("): ")[2] for line in lines]


def test_a_good_translation_has_no_problem() -> None:
    """The same values and markup in other words."""
    assert found(HELLO, "שלום *{name}*") == []


@pytest.mark.parametrize(
    ("string", "problem"),
    [
        ("", "is not translated"),
        ("שלום *לך*", "has no value where the English has {name}"),
        ("*{name}* {when:date}", "has {name} {when:date} where the English has {name}"),
        ("שלום {name}", "has other markup than the English"),
        ("שלום *{name}", "has other markup than the English"),
        ("\u202bשלום\u202c *{name}*", "has bidi embeddings or overrides"),
        ("*{name}* {", "stray brace in ' {'"),
    ],
)
def test_a_bad_translation_is_named(string: str, problem: str) -> None:
    """Gaps, lost or added values, lost markup, embeddings, broken braces."""
    assert found(HELLO, string) == [problem]


def test_a_form_may_stay_empty() -> None:
    """Only the neutral catalog has to say everything."""
    assert found(HELLO, "", form=Form.FEMININE) == []


def test_a_form_that_is_filled_is_judged() -> None:
    """What is there has to be right."""
    assert found(HELLO, "שלום", form=Form.FEMININE) != []


def test_a_fuzzy_entry_wants_a_look() -> None:
    """Nothing doubtful goes out unseen."""
    assert found(HELLO, "שלום *{name}*", flags=("fuzzy",)) == ["is fuzzy: look at it and remove the mark"]


def test_a_one_and_a_two_may_be_said_without_their_number() -> None:
    """Hebrew has duals; the third form needs the number."""
    assert found(days(), "יום", "יומיים", "{days} ימים") == []
    assert found(days(), "יום", "{days}", "ימים") == ["has no value where the English has {days}"]


def test_a_plural_with_a_gap_is_not_translated() -> None:
    """All three forms or none."""
    assert found(days(), "יום", "", "{days} ימים", form=Form.MASCULINE) == ["is not translated"]


def test_a_missing_message_is_not_translated() -> None:
    """A catalog that was never updated says so for each message."""
    assert list(problems([entry(HELLO)], {Form.NEUTRAL: catalog(phrase("Other"), "אחר")})) == [
        "he: ('menu.home', 'Hello *{name}*'): is not translated"
    ]


def test_a_header_of_two_plurals_is_named() -> None:
    """Babel's own idea of Hebrew lacks a form."""
    assert list(problems([], {Form.PLURAL: Catalog(locale="he")})) == [
        "he@p: the header has to say nplurals=3"
    ]


def test_a_translation_without_a_place_is_named() -> None:
    """Somebody has to take it over or drop it."""
    made = catalog(HELLO, "שלום *{name}*")
    made.obsolete = {("menu.home", "Bye"): made.get(HELLO.text, HELLO.context)}  # type: ignore[dict-item]
    assert "--drop" in next(iter(problems([entry(HELLO)], {Form.NEUTRAL: made})))


def test_what_is_not_surely_translated_is_listed() -> None:
    """Empty, fuzzy and missing messages are counted as open."""
    other = phrase("Other")
    assert untranslated([entry(HELLO), entry(other)], catalog(HELLO, "שלום *{name}*")) == (entry(other).key,)
    assert untranslated([entry(HELLO)], catalog(HELLO, "שלום", flags=("fuzzy",))) == (entry(HELLO).key,)
