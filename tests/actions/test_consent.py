"""Agreeing, taking back, and what is counted of it."""

import pytest

from bot.actions import consent, privacy
from bot.actions.scene import Scene
from bot.model.consent import ConsentText, Method
from bot.store import consents

INPUTS = {"purpose": "buddy", "shown": "case.ask"}
TEXT = ConsentText(purpose="buddy", shown="case.ask", text="a" * 64)


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Somebody to whom the words are shown."""
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
