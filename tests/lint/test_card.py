"""Rules of cards."""

import pytest

from tests.lint.shelf import Shelf


def test_a_card_that_is_shown_is_there(shelf: Shelf) -> None:
    """Otherwise the person would hear that there is no answer."""
    shelf.change("buddy", "cards: [A1]", "cards: [A9]")

    assert shelf.messages("card") == ["`buddy.ask` shows the card `A9`, which is not there."]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            {"1201, any": "1202, any", "always: true": "always: false"},
            "The languages of `A1` differ in: 1201, 1202.",
        ),
        ({"1201": "1202"}, "`A1` is always shown, and is not only about 100, 101, 1201."),
        ({"kind: phone": "kind: law"}, "`A1` is always shown, and is not only about 100, 101, 1201."),
        ({"1201": "ERAN"}, "`A1` is always shown, and is not only about 100, 101, 1201."),
        ({"2026-12-23": "2026-11-01"}, "`A1` is fetched or to be reviewed before its source was written."),
        (
            {'"ער״ן: 1201, בכל שעה."': '{n: "ער״ן: 1201, בכל שעה.", f: "ער״ן, בכל שעה."}'},
            "The languages of `A1` differ in: 1201.",
        ),
        (
            {"fetched_on: 2026-11-23": "fetched_on: 2026-11-22"},
            "`A1` is fetched or to be reviewed before its source was written.",
        ),
        ({"any hour.": "any\\u200B hour."}, "`A1` has letters nobody sees: U+200B."),
        ({"emotional first aid": "emotional\\x1B first aid"}, "`A1` has letters nobody sees: U+001B."),
        ({"id: A1": "id: A1\nsupersedes: A1"}, "`A1` supersedes `A1`, which is still there."),
    ],
)
def test_what_is_wrong_with_a_card_is_found(shelf: Shelf, changes: dict[str, str], fault: str) -> None:
    """Each mistake has its sentence."""
    for old, new in changes.items():
        shelf.change("cards/lines", old, new)

    assert shelf.messages("card") == [fault]


def test_a_doubt_names_its_card(shelf: Shelf) -> None:
    """Or it would be counted for nothing."""
    shelf.change("buddy", "count: buddy.asked", "count: card.A9.wrong")
    assert shelf.messages("card") == ["`buddy.ask` counts doubts of `A9`, which is not there."]

    shelf.change("buddy", "card.A9.wrong", "card.A1.wrong")
    assert shelf.messages("card") == []


def test_a_long_paragraph_is_found(shelf: Shelf) -> None:
    """Three hundred and fifty characters are a glance; a line break begins another."""
    shelf.change("cards/lines", "any hour.", "any hour. " + "word " * 70)

    (message,) = shelf.messages("card")
    assert message.startswith("`A1` has a paragraph of 3")

    shelf.change("cards/lines", "any hour. ", "any hour.\\n")
    assert shelf.messages("card") == []


def test_a_phone_number_stands_on_a_card_of_phones(shelf: Shelf) -> None:
    """Those are dialled every month; a number elsewhere would grow old unseen."""
    law = "- id: {id}\n  kind: {kind}\n  he: {text}\n  en: {text}\n  source: S\n  source_date: 2026-11-23\n"
    law += "  fetched_on: 2026-11-23\n  claim: B\n  author: asker\n  confidence: high\n"
    law += "  review_by: 2026-12-23\n  status: draft\n"
    text = '"Write to 03-555 0100, *8944 or 33.0302, by 2026-12-01, s.221-233."'
    shelf.write("cards/more", law.format(id="org", kind="org", text=text))

    assert shelf.messages("card") == [
        "`org` names *8944, which stands on no card of kind phone.",
        "`org` names 035550100, which stands on no card of kind phone.",
    ]

    shelf.write("cards/phones", law.format(id="p", kind="phone", text='"035550100 *8944"'))
    assert shelf.messages("card") == []


def test_a_weak_draft_is_no_problem(shelf: Shelf) -> None:
    """It is never served, and may wait for a better source."""
    shelf.change("cards/lines", "confidence: high", "confidence: low")

    assert shelf.problems() == []
