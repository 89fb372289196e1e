"""Rules of options: the decision line, and serving and requests beside refusal."""

import pytest

from bot.lint.option import DECISION
from tests.lint.shelf import BACK, Shelf, in_hebrew

LAW = """
id: A2
kind: law
he: "חובה להתייצב."
en: "Reporting is a duty."
source: "An order"
source_date: 2026-11-23
fetched_on: 2026-11-23
claim: A1
author: first_draft
confidence: high
review_by: 2026-12-23
status: draft
"""
PAGES = f"""
flow: pages
steps:
  list:
    say: Which one?
    choices:
      - {{id: serve, label: Serving, goto: serve}}
      - {{id: ask, label: Requests, goto: asking}}
      - {{id: more, label: Refusal, goto: refusing}}
      - {BACK}
  asking:
    say: Which request?
    option: request
    choices: [{{id: one, label: One, goto: request}}, {{id: list, label: List, goto: list}}]
  refusing:
    say: Which of them?
    option: refusal
    choices: [{{id: one, label: Telling, goto: refuse}}, {{id: list, label: List, goto: list}}]
  serve: {{say: Serving., option: serving, goto: law}}
  request: {{say: A request., option: request, goto: law}}
  refuse: {{say: Refusing., option: refusal, goto: law}}
  law:
    cards: [A2]
    say: {DECISION}
    choices: [{{id: list, label: List, goto: list}}]
"""

REST = "  rest: {say: Well?, choices: [{id: list, label: List, goto: list}]}"


@pytest.fixture
def pages(shelf: Shelf) -> Shelf:
    """The book with a flow of options, which the menu leads to."""
    shelf.write("cards/law", LAW)
    shelf.write("pages", PAGES)
    shelf.change(
        "menu", "{id: out, label: Nothing now, end: true}", "{id: out, label: Options, goto: pages.list}"
    )
    return shelf


def test_a_list_of_options_as_it_should_be(pages: Shelf) -> None:
    """Serving first, requests beside refusal, the decision line at the end: nothing is found."""
    assert pages.problems() == []


def test_law_without_the_decision_line_is_found(pages: Shelf) -> None:
    """A card of law is never the last word, and neither is any other sentence."""
    pages.change("pages", f"say: {DECISION}", "say: That is the law.")

    assert "`pages.law` ends what `pages.law` began, without the decision line." in pages.messages("decision")


def test_the_decision_line_has_to_be_the_last_words(pages: Shelf) -> None:
    """Something said after it would be the last word."""
    pages.change("pages", f"say: {DECISION}", f'say: ["{DECISION}", And now?]')

    assert len(pages.messages("decision")) == 4


def test_a_turn_may_not_end_without_the_decision_line_either(pages: Shelf) -> None:
    """Where a page ends without a question, the question below would be the last word."""
    pages.change("pages", "choices: [{id: list, label: List, goto: list}]\n", "end: true\n")
    pages.change("pages", f"say: {DECISION}", "say: That is the law.")

    assert "`pages.law` ends what `pages.law` began, without the decision line." in pages.messages("decision")


def test_an_option_without_any_law_ends_with_the_decision_line_too(pages: Shelf) -> None:
    """A page of options is held as its cards are."""
    pages.change("pages", "option: serving, goto: law}", "option: serving, goto: rest}\n" + REST)

    assert pages.messages("decision") == [
        "`pages.rest` ends what `pages.serve` began, without the decision line."
    ]


def test_numbers_are_held_as_law_is(pages: Shelf) -> None:
    """A card of kind number says what may happen to somebody."""
    pages.change("cards/law", "kind: law", "kind: number")
    pages.change("pages", f"say: {DECISION}", "say: That is the law.")

    assert len(pages.messages("decision")) == 4


def test_the_crisis_lane_has_no_decision_line(pages: Shelf) -> None:
    """Nobody in danger reads about deciding; lines of phone numbers are no law."""
    pages.change("pages", "flow: pages", "flow: pages\ntone: crisis")
    pages.change("pages", f"say: {DECISION}", "say: Are you safe?")

    assert pages.messages("decision") == []


def test_the_decision_line_reads_the_same_everywhere(pages: Shelf) -> None:
    """Two wordings of one sentence would make readers look for the difference."""
    second = f'{{id: list, label: List, goto: list}}]\n  again: {{say: "{DECISION}", choices: [{BACK}]}}\n'
    pages.change("pages", "{id: list, label: List, goto: list}]\n  serve", second + "  serve")
    pages.translate(lambda entry: f"{entry.phrase.context} {in_hebrew(entry)}")

    assert len(pages.messages("decision")) == 1


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        ("      - {id: serve, label: Serving, goto: serve}\n", "serving"),
        ("      - {id: ask, label: Requests, goto: asking}\n", "request"),
    ],
)
def test_refusal_without_serving_or_requests_is_found(pages: Shelf, gone: str, missing: str) -> None:
    """On the list, and on the list of refusals behind it."""
    pages.change("pages", gone, "")

    assert f"`pages.list` leads to refusal, and not to: {missing}." in pages.messages("option")
    assert f"`pages.refusing` leads to refusal, and not to: {missing}." in pages.messages("option")


def test_refusal_before_serving_is_found(pages: Shelf) -> None:
    """In one list serving comes first."""
    serving = "      - {id: serve, label: Serving, goto: serve}\n"
    pages.change("pages", serving, "")
    pages.change("pages", f"      - {BACK}\n", f"{serving}      - {BACK}\n")

    assert pages.messages("option") == ["`pages.list` offers refusal before serving."]


def test_an_unknown_kind_of_option_is_found(pages: Shelf) -> None:
    """Only the four kinds there are."""
    pages.change("pages", "option: serving", "option: best")

    assert pages.messages("schema") == ["`option` of step `pages.serve` is `best`."]
