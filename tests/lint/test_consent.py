"""Rules of consent."""

import pytest

from tests.lint.shelf import Shelf

FLOW = """\
flow: consents
audience: person
steps:
  ask:
    say: Would you like a volunteer to write to you?
    exact: true
    choices:
      - {id: agree, label: "I agree", goto: check}
      - {id: back, label: "Back", home: menu}
  check:
    do: consent.check
    with: {purpose: buddy}
    outcomes: {given: {home: menu}, changed: give, absent: give}
  give:
    do: consent.give
    with: {purpose: buddy, shown: consents.ask}
    outcomes: {given: {home: menu}}
"""
COMMAND = '  menu: {words: "menu, main menu"'


def with_consents(shelf: Shelf, old: str = "", new: str = "") -> Shelf:
    """A flow that asks and writes down, changed in one place."""
    assert old in FLOW
    shelf.write("consents", FLOW.replace(old, new) if old else FLOW)
    shelf.change("system", COMMAND, f"  consents: {{words: consents, home: consents}}\n{COMMAND}")
    return shelf


def test_a_consent_to_what_was_just_read_is_no_problem(shelf: Shelf) -> None:
    """Other steps may come in between, as long as nothing is asked."""
    assert with_consents(shelf).messages("consent") == []


@pytest.mark.parametrize("purpose", ["everything", "$what"])
def test_a_purpose_is_written_out(shelf: Shelf, purpose: str) -> None:
    """So that everybody can read what is agreed to."""
    found = with_consents(shelf, "{purpose: buddy}", f"{{purpose: {purpose}}}").messages("consent")

    assert found == [f"`consents.check` is about `{purpose}`, which nobody can agree to."]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("    exact: true\n", "", "consents.ask"),
        ("shown: consents.ask", "shown: consents.gone", "consents.gone"),
        (", shown: consents.ask", "", ""),
        ("shown: consents.ask", "shown: consents.check", "consents.check"),
    ],
)
def test_the_words_shown_are_a_question_with_exact_answers(
    shelf: Shelf, old: str, new: str, shown: str
) -> None:
    """A near miss is no consent."""
    found = with_consents(shelf, old, new).messages("consent")

    assert found == [
        f"`consents.give` writes down a consent to `{shown}`, which is no question with `exact: true`."
    ]


def test_no_other_way_leads_to_a_consent(shelf: Shelf) -> None:
    """A button elsewhere would have somebody agree to what they have not read."""
    with_consents(shelf).change("buddy", "run: human", "goto: consents.check")

    assert shelf.messages("consent") == [
        "`consents.give` writes down a consent to `consents.ask`, and is reached from `buddy.ask`."
    ]


def test_what_is_agreed_to_is_said_alike_on_every_platform(shelf: Shelf) -> None:
    """One consent counts wherever its person writes."""
    with_consents(
        shelf,
        "say: Would you like a volunteer to write to you?",
        "say: {telegram: A volunteer on Telegram?, signal: A volunteer on Signal?}",
    )

    assert shelf.messages("consent") == [
        "`consents.ask` asks for a consent in other words on another platform."
    ]
