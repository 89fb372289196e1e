"""What organizers see of a publication, and what cannot be asked for."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.actions import called, publication, publishing
from bot.actions.scene import Scene
from bot.app.words import read_reviews
from bot.engine.parse import read_book
from bot.model.bundle import bundle_hash
from bot.model.card import ContentPolicy
from bot.model.letter import LetterStatus
from bot.model.person import Language, Role
from bot.model.proposal import Deed, Proposal, content_hash
from bot.model.publication import Publication, Stage
from bot.store import publications, roles
from bot.store.sealing import KeeperKey
from tests.store.shelf import NOW

FLOWS: Final = Path(__file__).parents[2] / "flows"
LETTERS: Final = read_book(FLOWS).letters
WISH: Final = {"letter": "reserves", "within": "week"}


@pytest.fixture
async def organizer(scene: Scene) -> Scene:
    """The turn of an organizer, with a letter that is open."""
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    scene.person = replace(scene.person, adult=True, language=Language.ENGLISH)
    scene.letters, scene.keeper = LETTERS, KeeperKey(bytes(32 * [7])).public
    scene.cards, scene.policy = read_reviews(FLOWS / "cards"), ContentPolicy.DRAFT
    return scene


async def _call(scene: Scene) -> Publication:
    content = await publishing.what_is_called(scene, WISH)
    assert content
    deed = Deed.LETTER_CALL
    made = Proposal(
        id=1,
        deed=deed,
        content=content_hash(deed, content),
        proposer="console",
        made_at=NOW,
        inputs=content,
    )
    await publishing.call(scene, made)
    found = await publications.running(scene.unit, "reserves")
    assert found
    return found


async def test_there_is_nothing_to_publish_without_a_letter_or_a_key(organizer: Scene) -> None:
    """Nor is it asked for."""
    seen = [(await publication.look(organizer, {"letter": ""})).name]
    organizer.keeper = None
    seen.append((await publication.look(organizer, {"letter": ""})).name)
    asked = [await publishing.what_is_called(organizer, WISH)]
    organizer.letters = {"reserves": replace(LETTERS["reserves"], status=LetterStatus.CLOSED)}
    organizer.keeper = bytes(32)
    seen.append((await publication.look(organizer, {"letter": ""})).name)
    asked.append(await publishing.what_is_called(organizer, WISH))

    assert (seen, asked) == (["idle", "none", "none"], [None, None])


async def test_a_call_ends_at_a_full_hour_and_cannot_be_approved_after_it(organizer: Scene) -> None:
    """What was asked for stays what it is until then."""
    content = await publishing.what_is_called(organizer, WISH)
    assert content
    assert content["closes"] == (NOW + timedelta(days=7)).replace(minute=0).isoformat()
    assert await publishing.what_is_called(organizer, content) == content
    organizer.now += timedelta(days=8)
    assert await publishing.what_is_called(organizer, content) is None


async def test_one_call_at_a_time(organizer: Scene) -> None:
    """It shows how far it is, and nothing is published before it is over."""
    one = await _call(organizer)
    seen = await publication.look(organizer, {"letter": ""})

    assert (seen.name, seen.values["asked"]) == ("calling", "0")
    assert await publishing.what_is_called(organizer, WISH) is None
    assert await publishing.what_is_published(organizer, {"publication": str(one.id)}) is None
    assert (await publication.file(organizer, {"publication": str(one.id)})).name == "gone"


async def test_a_text_that_changed_stops_it(organizer: Scene) -> None:
    """Nothing said at its call counts for other words; it can only be called off, once."""
    one = await _call(organizer)
    organizer.letters = {"reserves": replace(LETTERS["reserves"], version=2)}
    named = {"publication": str(one.id)}
    seen = [(await publication.look(organizer, {"letter": ""})).name]
    seen += [
        (await action(organizer, named)).name for action in (called.look, called.confirm, called.decline)
    ]
    seen += [(await publication.call_off(organizer, named)).name for _ in range(2)]

    assert seen == ["stale", "over", "over", "over", "called_off", "gone"]


async def test_nothing_is_published_under_which_nobody_stands(organizer: Scene) -> None:
    """There is a file to look at, and no deed to ask for."""
    one = await _call(organizer)
    organizer.now += timedelta(days=8)
    await publications.move(organizer.unit, one, Stage.CLOSED, today=NOW.date())
    seen = await publication.look(organizer, {"letter": ""})
    empty = await publishing.bundle(organizer, one, letter=LETTERS["reserves"])

    assert (seen.name, seen.values["short"]) == ("closed", bundle_hash(empty)[:8])
    assert await publishing.what_is_published(organizer, {"publication": str(one.id)}) is None


async def test_what_is_over_is_not_published_again(organizer: Scene) -> None:
    """A second yes to it fails the turn, with everything in it."""
    one = await _call(organizer)
    content = {"publication": str(one.id), "letter": "reserves", "bundle": "", "lines": "1"}
    made = Proposal(
        id=1,
        deed=Deed.LETTER_PUBLISH,
        content="",
        proposer="console",
        made_at=NOW,
        inputs=content,
    )
    with pytest.raises(LookupError):
        await publishing.publish(organizer, made)
