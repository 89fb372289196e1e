"""What somebody says is wrong with a fact, and what organizers do with that. Nobody learns who said it."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.actions import note
from bot.actions.card import is_served
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.i18n.hidden import hidden_in
from bot.model.audit import Act, Thing
from bot.model.doubt import LONGEST
from bot.model.person import Language, Voice
from bot.model.review import Review
from bot.store import cards, doubts
from bot.store.unit import Unit

NUMBERS: Final = ("one", "two", "three", "four")
PLACES: Final = ("first", "second", "third", "fourth")
BEGINNING: Final = 48  # characters by which a fact is known again


async def look(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Which of the `facts` that were shown it is about, by its `place` among them.

    Outcomes: `one`, with its `card` and how it `begins`; `two`, `three` and `four` with how each begins; `none`.
    """
    there = _shown(scene, inputs["facts"])
    if inputs["place"] in PLACES[: len(there)]:
        there = [there[PLACES.index(inputs["place"])]]
    if not there:
        return Outcome(name="none")
    if len(there) == 1:
        return Outcome(name="one", values={"card": there[0].card.id, "begins": _beginning(scene, there[0])})
    begin = {place: _beginning(scene, one) for place, one in zip(PLACES, there, strict=False)}
    return Outcome(name=NUMBERS[len(begin) - 1], values=begin)


async def tell(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Somebody says that the `card` is wrong, perhaps in `words`. Outcomes: `told`; `long`, `unreadable`; `gone`."""
    words = " ".join(inputs["words"].split())
    if len(words) > LONGEST:
        return Outcome(name="long", values={"words": ""})
    if hidden_in(words):
        return Outcome(name="unreadable", values={"words": ""})
    found = _shown(scene, inputs["card"])
    if not found:
        return Outcome(name="gone", values={"words": ""})
    scene.counts[f"card.{found[0].card.id}.wrong"] += 1
    await doubts.add(scene.unit, found[0].content, words=words, today=scene.now.date())
    return Outcome(name="told", values={"words": ""})


async def next_one(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The card after `card`, in a circle, of those said to be wrong, the most often first; what was written is shown.

    Outcomes: `some`, with the `card`, how `many` times, and what was `looked` at; `fixed`, as one that always shows;
    `none`.
    """
    there = await doubted(scene.unit, scene.cards)
    if not there:
        return Outcome(name="none", values={"card": ""})
    ids = [one.card.id for one in there]
    one = there[(ids.index(inputs["card"]) + 1 if inputs["card"] in ids else 0) % len(there)]
    said = await doubts.of(scene.unit, one.content)
    written = [f"\u2022 {each.words}" for each in said if each.words]
    scene.attached = "\n\n".join(written).encode() or None
    values = {"card": one.card.id, "many": str(len(said)), "looked": " ".join(str(each.id) for each in said)}
    return Outcome(name="fixed" if one.card.always else "some", values=values)


async def settle(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What was `looked` at is wiped, and the card stands as it is. Outcomes: `settled`, `already`."""
    looked = [int(one) for one in inputs["looked"].split()]
    if not await doubts.end(scene.unit, looked):
        return Outcome(name="already", values={"looked": ""})
    await note.act(scene, Act.KEEP, thing=Thing.CARD)
    return Outcome(name="settled", values={"looked": ""})


async def doubted(unit: Unit, there: Mapping[str, Review]) -> Sequence[Review]:
    """The cards that somebody said are wrong and nobody has looked at since, as they read now, the most often first."""
    counts, gone = await doubts.counts(unit), await cards.pulled(unit)
    found = [one for one in there.values() if one.content in counts and one.content not in gone]
    return sorted(found, key=lambda one: (-counts[one.content], one.card.id))


def _shown(scene: Scene, facts: str) -> list[Review]:
    """Of these cards the ones that may be shown, in the order they were."""
    today = scene.now.date()
    found = [scene.cards[one] for one in facts.split() if one in scene.cards]
    return [one for one in found if is_served(one, scene.policy, today=today, pulled=scene.pulled)][
        : len(PLACES)
    ]


def _beginning(scene: Scene, one: Review) -> str:
    """The first words of a card, as this person reads them."""
    voice = Voice(language=scene.person.language or Language.HEBREW, form=scene.person.form)
    words = " ".join(one.card.text(voice).split())
    return words if len(words) <= BEGINNING else f"{words[:BEGINNING].rpartition(' ')[0]}\u2026"
