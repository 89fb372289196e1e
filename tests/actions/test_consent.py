"""Agreeing, taking back, and what is counted of it."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.actions import case, consent, privacy
from bot.actions.scene import Scene
from bot.engine.parse import read_book
from bot.model.consent import ConsentText, Method
from bot.store import cases, consents, tables

FLOWS: Final = Path(__file__).parents[2] / "flows"
INPUTS: Final = {"purpose": "buddy", "shown": "case.ask"}
TEXT: Final = ConsentText(purpose="buddy", shown="case.ask", text="a" * 64)


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Somebody to whom the words are shown."""
    scene.person = replace(scene.person, adult=True)
    scene.texts = {TEXT.shown: TEXT.text}
    await consents.publish(scene.unit, [TEXT])
    return scene


@pytest.mark.parametrize("pressed", [True, False])
async def test_it_is_written_down_how_somebody_agreed(asked: Scene, pressed: bool) -> None:
    """To which words, in which language, by a button or in writing."""
    asked.pressed = pressed
    outcome = await consent.give(asked, INPUTS)
    (one,) = await consents.of_person(asked.unit, asked.person.id)

    assert outcome.name == "given"
    assert (one.purpose, one.text, one.language) == ("buddy", TEXT.text, "he")
    assert one.method is (Method.BUTTON if pressed else Method.TYPED)


async def test_it_can_be_taken_back_once(asked: Scene) -> None:
    """And be looked at: there, gone, or given to words that are no longer shown."""
    seen = [(await consent.check(asked, INPUTS)).name]
    await consent.give(asked, INPUTS)
    seen.append((await consent.check(asked, INPUTS)).name)
    await consents.publish(asked.unit, [])
    seen.append((await consent.check(asked, INPUTS)).name)
    ends = [(await consent.withdraw(asked, INPUTS)).name for _ in range(2)]
    seen.append((await consent.check(asked, INPUTS)).name)

    assert seen == ["absent", "given", "changed", "absent"]
    assert ends == ["withdrawn", "absent"]
    assert asked.counts == {"consent.buddy.given": 1, "consent.buddy.withdrawn": 1}


async def test_deleting_everything_counts_what_it_takes_back(asked: Scene) -> None:
    """The number is all that stays."""
    await consent.give(asked, INPUTS)
    await privacy.delete(asked, {})
    assert asked.counts["consent.buddy.withdrawn"] == 1


async def test_each_purpose_is_shown_as_it_stands(asked: Scene) -> None:
    """Whatever it is: never given, given, to older words, taken back."""
    seen = [(await consent.look(asked, {})).values["buddy"]]
    await consent.give(asked, INPUTS)
    seen.append((await consent.look(asked, {})).values["buddy"])
    await consents.publish(asked.unit, [])
    seen.append((await consent.look(asked, {})).values["buddy"])
    await consent.withdraw(asked, INPUTS)
    found = await consent.look(asked, {})

    assert [*seen, found.values["buddy"]] == ["is_none", "is_given", "is_changed", "is_withdrawn"]
    assert found.values["checkin"] == "is_none"


async def test_a_receipt_names_nobody(asked: Scene) -> None:
    """A number that stands nowhere, the purpose, the words, the language and the month: not even the day."""
    await consent.give(asked, INPUTS)
    found = await consent.receipt(asked, {"after": ""})
    rows = await asked.unit.fetch(tables.consent.select())
    numbers = {str(asked.person.id), *(str(address.id) for address in asked.addresses)}
    numbers |= {str(number) for row in rows for number in (row.id, row.subject)}

    assert found.values == {
        "receipt": found.values["receipt"],
        "purpose": "consent_buddy",
        "version": "aaaaaaaa",
        "language": "he",
        "month": "2026-11-01",
    }
    assert not any(number in value for number in numbers for value in found.values.values())


@pytest.mark.parametrize(
    ("purpose", "name"), [("checkin", "found"), ("contact", "contact"), ("conduct", "conduct")]
)
async def test_a_receipt_says_how_this_consent_is_taken_back(asked: Scene, purpose: str, name: str) -> None:
    """At the switches, right there, or by no longer volunteering."""
    await consent.give(asked, {**INPUTS, "purpose": purpose})

    assert (await consent.receipt(asked, {"after": ""})).name == name


async def test_receipts_come_one_after_the_other(asked: Scene) -> None:
    """And the first again after the last; of what was taken back there is none."""
    assert (await consent.receipt(asked, {"after": ""})).name == "none"
    for purpose in ("buddy", "checkin", "contact"):
        await consent.give(asked, {**INPUTS, "purpose": purpose})
    await consent.withdraw(asked, {"purpose": "contact"})
    seen, number = [], ""
    for _ in range(3):
        values = (await consent.receipt(asked, {"after": number})).values
        number = values["receipt"]
        seen.append(values["purpose"])

    assert sorted(seen[:2]) == ["consent_buddy", "consent_checkin"]
    assert seen[2] == seen[0]


def test_whatever_a_flow_asks_for_has_a_word_for_its_receipt() -> None:
    """In the words that a receipt shows."""
    book = read_book(FLOWS)
    asked_for = {
        step.do.inputs["purpose"]
        for flow in book.flows.values()
        for step in flow.steps.values()
        if step.do and step.do.action == "consent.give"
    }

    assert asked_for >= {"buddy", "checkin"}
    assert [one for one in asked_for if f"words.consent_{one}" not in book.phrases] == []


async def test_help_is_closed_to_nobody_by_consent(asked: Scene) -> None:
    """Whoever agreed to nothing, or took everything back, is looked for somebody as everybody is."""
    await consent.give(asked, INPUTS)
    await consent.withdraw(asked, INPUTS)
    await case.open_case(asked, {"need": "buddy"})

    assert [one.need for one in await cases.of_person(asked.unit, asked.person.id)] == ["buddy"]
