"""What somebody says is wrong with a fact, and what organizers do with that."""

from dataclasses import replace
from typing import Final

import pytest

from bot.actions import ACTIONS, desk, doubt
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.card import ContentPolicy
from bot.model.doubt import LONGEST
from bot.model.person import Language, Role
from bot.model.review import Review
from bot.store import audit, doubts, roles
from tests.cards import a_card, a_review, approved
from tests.store.shelf import NOW

SENTENCE: Final = "Another number stands in the law"
LONG: Final = "A fact that goes on for longer than anybody would read it again to know which one it is."


def _card(name: str, text: str = "One fact.", *, always: bool = False) -> Review:
    return approved(a_card(id=name, texts=dict.fromkeys(Language, text), always=always), on=NOW.date())


@pytest.fixture
def reader(scene: Scene) -> Scene:
    """Somebody who reads English, where four facts may be shown, one that always shows, and one draft."""
    there = (_card("A1"), _card("A2", LONG), _card("A3"), _card("A4"), _card("lines", always=True))
    draft = a_review(a_card(id="A5"))
    scene.cards = {one.card.id: one for one in (*there, draft)}
    scene.policy = ContentPolicy.APPROVED
    scene.person = replace(scene.person, language=Language.ENGLISH)
    return scene


async def _organizes(scene: Scene) -> Scene:
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    return scene


async def _told(scene: Scene, card: str, words: str = "") -> str:
    return (await doubt.tell(scene, {"card": card, "words": words})).name


@pytest.mark.parametrize(
    ("facts", "place", "outcome"),
    [
        ("", "", "none"),
        ("A5 A9", "", "none"),
        ("A1 A5", "", "one"),
        ("A1 A2", "", "two"),
        ("A1 A2 A3", "", "three"),
        ("A1 A2 A3 A4", "", "four"),
        ("A1 A2 A3 A4 lines", "", "four"),
        ("A1 A2", "second", "one"),
        ("A1 A2", "fourth", "two"),
    ],
)
async def test_whoever_says_it_is_asked_about_which_fact(
    reader: Scene, facts: str, place: str, outcome: str
) -> None:
    """Of those that may be shown; one alone is that one."""
    assert (await doubt.look(reader, {"facts": facts, "place": place})).name == outcome


async def test_a_fact_is_known_again_by_its_first_words(reader: Scene) -> None:
    """Whole words, and not many."""
    found = (await doubt.look(reader, {"facts": "A1 A2", "place": ""})).values
    chosen = (await doubt.look(reader, {"facts": "A1 A2", "place": "second"})).values

    assert found == {"first": "One fact.", "second": "A fact that goes on for longer than anybody\u2026"}
    assert chosen == {"card": "A2", "begins": found["second"]}


async def test_it_is_counted_and_waits_for_organizers(reader: Scene) -> None:
    """With what was written; nothing in it is the person's."""
    told = [await _told(reader, "A1", f"  {SENTENCE}\n"), await _told(reader, "A1")]
    found = await doubts.of(reader.unit, reader.cards["A1"].content)

    assert told == ["told", "told"]
    assert sorted(one.words for one in found) == ["", SENTENCE]
    assert reader.counts["card.A1.wrong"] == 2


@pytest.mark.parametrize(
    ("card", "words", "outcome"),
    [
        ("A1", "x" * (LONGEST + 1), "long"),
        ("A1", "a\u202eb", "unreadable"),
        ("A5", "", "gone"),
        ("", "", "gone"),
    ],
)
async def test_what_can_not_be_taken_is_not_kept(reader: Scene, card: str, words: str, outcome: str) -> None:
    """And it is said."""
    found = await doubt.tell(reader, {"card": card, "words": words})

    assert found == Outcome(name=outcome, values={"words": ""})
    assert await doubts.counts(reader.unit) == {}


async def test_organizers_go_through_them_the_most_often_said_first(reader: Scene) -> None:
    """In a circle, with what was written; what always shows has another way out."""
    await _organizes(reader)
    for card, words in (("lines", ""), ("A2", ""), ("A2", SENTENCE)):
        await _told(reader, card, words)
    first = await doubt.next_one(reader, {"card": ""})
    shown = reader.attached
    second = await doubt.next_one(reader, {"card": first.values["card"]})
    again = await doubt.next_one(reader, {"card": second.values["card"]})

    assert [(one.name, one.values["card"]) for one in (first, second, again)] == [
        ("some", "A2"),
        ("fixed", "lines"),
        ("some", "A2"),
    ]
    assert (first.values["many"], shown) == ("2", f"\u2022 {SENTENCE}".encode())
    assert (await desk.look(reader, {})).values["doubts"] == "2"
    assert (await desk.look_at_cards(reader, {})).values["doubted"] == "A2 (2), lines (1)"


async def test_what_was_looked_at_is_wiped_once_and_audited(reader: Scene) -> None:
    """The card stands as it is; whoever was second changes nothing."""
    await _organizes(reader)
    await _told(reader, "A1", SENTENCE)
    looked = {"looked": (await doubt.next_one(reader, {"card": ""})).values["looked"]}
    ends = [(await doubt.settle(reader, looked)).name for _ in range(2)]

    assert ends == ["settled", "already"]
    assert (await doubt.next_one(reader, {"card": "A1"})).name == "none"
    assert [(one.act, one.thing) for one in await audit.entries(reader.unit)] == [("keep", "card")]


async def test_pulling_a_card_ends_what_was_said_about_it(reader: Scene) -> None:
    """It is not said about the words that come after it."""
    await _organizes(reader)
    await _told(reader, "A1", SENTENCE)
    await desk.pull(reader, {"card": "A1", "reason": "wrong"})

    assert await doubts.counts(reader.unit) == {}


async def test_nobody_else_reads_what_was_said(reader: Scene) -> None:
    """As with every act."""
    with pytest.raises(LookupError):
        await ACTIONS["doubt.next"](reader, {"card": ""})
