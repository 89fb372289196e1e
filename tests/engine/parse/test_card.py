"""Cards: one in a file, or a list of them."""

from datetime import date
from pathlib import Path

import pytest

from bot.engine.parse import FlowsRefused, read_card_draft, read_cards
from bot.model.card import Card, CardAudience, CardKind, CardStatus, Confidence, Provenance
from bot.model.person import Form, Language

CARD = """\
id: A1
kind: phone
he: {n: שלום, f: שלום לך}
en: Hello
source: Somebody
source_date: 2026-11-22
source_url: https://example.org/lines
source_quote: Call us
fetched_on: 2026-11-23
claim: B
author: asker
audience: family
supersedes: A0
change_note: Shorter
confidence: high
review_by: 2026-12-23
status: draft
always: true
"""


def listed(*cards: str) -> str:
    """The cards as a list."""
    return "".join("- " + card.replace("\n", "\n  ").rstrip() + "\n" for card in cards)


def test_a_card_is_read_with_both_its_languages(tmp_path: Path) -> None:
    """Everything a card says of itself."""
    (tmp_path / "a.yaml").write_text(CARD, encoding="utf-8")

    assert read_cards(tmp_path) == {
        "A1": Card(
            id="A1",
            kind=CardKind.PHONE,
            texts={Language.HEBREW: "שלום", Language.ENGLISH: "Hello"},
            forms={Form.FEMININE: "שלום לך"},
            sources=dict.fromkeys(Language, "Somebody"),
            source_url="https://example.org/lines",
            source_date=date(2026, 11, 22),
            audience=CardAudience.FAMILY,
            provenance=Provenance(
                claim="B",
                author="asker",
                fetched_on=date(2026, 11, 23),
                quote="Call us",
                supersedes="A0",
                change_note="Shorter",
            ),
            confidence=Confidence.HIGH,
            review_by=date(2026, 12, 23),
            status=CardStatus.DRAFT,
            always=True,
        )
    }


def test_a_file_may_hold_a_list(tmp_path: Path) -> None:
    """Each card knows its own place."""
    (tmp_path / "a.yaml").write_text(listed(CARD, CARD.replace("A1", "A2")), encoding="utf-8")
    found = read_card_draft(tmp_path)

    assert list(found.cards) == ["A1", "A2"]
    assert found.places["A2"] == (f"{tmp_path.name}/a.yaml", 19)


def test_no_directory_is_no_cards(tmp_path: Path) -> None:
    """Steps then say that there is no verified answer."""
    assert read_cards(tmp_path / "gone") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (listed(CARD, CARD), "There are two cards `A1`."),
        (CARD.replace("en: Hello\n", ""), "card `A1` has no `en`."),
        (CARD.replace("2026-12-23", "soon"), "`soon` is no date."),
        (CARD.replace("review_by: 2026-12-23\n", ""), "card `A1` has no `review_by`."),
        (CARD.replace("id: A1", "id: A 1"), "`A 1` is no id of a card."),
        (CARD.replace("n: ", "m: "), "`he` of card `A1` has no `n`."),
        (CARD.replace("f: ", "x: "), "`he` of card `A1` knows no `x`."),
        (CARD.replace("claim: B\n", ""), "card `A1` has no `claim`."),
        (CARD.replace("asker", "A person"), "`A person` is no id."),
        (CARD.replace("status: draft", "status: approved"), "`status` of card `A1` is `approved`."),
        (CARD.replace("high", "sure"), "`confidence` of card `A1` is `sure`."),
        (CARD.replace("kind: phone\n", ""), "card `A1` has no `kind`."),
        (CARD + "signed: me\n", "card `A1` knows no `signed`."),
        ("", "The file is empty."),
    ],
)
def test_what_is_wrong_with_a_card_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """Each mistake has its sentence."""
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(FlowsRefused) as refused:
        read_cards(tmp_path)

    assert message in [problem.message for problem in refused.value.problems]
