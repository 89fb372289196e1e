"""What the actions learn of a person and change about them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import ACTIONS, checkin
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.engine.walk import WAIT
from bot.model.checkin import LOOK, kind_of
from bot.model.person import Form, Language
from bot.model.queue import Lane, LaneKind, Timer
from bot.store import consents, timers
from tests.store.shelf import NOW
from tests.store.test_mine import AGREED


@pytest.mark.parametrize(("onboarded", "outcome"), [(False, "new"), (True, "known")])
async def test_who_read_the_welcome_is_known(scene: Scene, *, onboarded: bool, outcome: str) -> None:
    """Everybody else is new."""
    scene.person = replace(scene.person, onboarded=onboarded)

    assert await ACTIONS["person.recognise"](scene, {}) == Outcome(name=outcome)


@pytest.mark.parametrize(
    ("language", "outcome"), [(None, "he"), (Language.HEBREW, "he"), (Language.ENGLISH, "en")]
)
async def test_the_language_is_the_outcome(scene: Scene, language: Language | None, outcome: str) -> None:
    """Hebrew where nothing is known."""
    scene.person = replace(scene.person, language=language)

    assert await ACTIONS["person.language"](scene, {}) == Outcome(name=outcome)


@pytest.mark.parametrize(("language", "outcome"), [(None, "unknown"), (Language.ENGLISH, "known")])
async def test_whether_a_language_is_known_is_the_outcome(
    scene: Scene, language: Language | None, outcome: str
) -> None:
    """Nobody is asked whose app or words have told it."""
    scene.person = replace(scene.person, language=language)

    assert await ACTIONS["person.speaks"](scene, {}) == Outcome(name=outcome)


async def test_a_language_is_chosen(scene: Scene) -> None:
    """From now on it is spoken."""
    outcome = await ACTIONS["person.set_language"](scene, {"language": "en"})

    assert (outcome.name, scene.person.language) == ("done", Language.ENGLISH)


async def test_a_form_is_chosen(scene: Scene) -> None:
    """From now on Hebrew uses it."""
    outcome = await ACTIONS["person.set_form"](scene, {"form": "f"})

    assert (outcome.name, scene.person.form) == ("done", Form.FEMININE)


@pytest.mark.parametrize(("adult", "outcome"), [(True, "adult"), (False, "minor"), (None, "unknown")])
async def test_whether_somebody_is_an_adult_is_the_outcome(
    scene: Scene, *, adult: bool | None, outcome: str
) -> None:
    """Who said nothing is unknown."""
    scene.person = replace(scene.person, adult=adult)

    assert await ACTIONS["person.adult"](scene, {}) == Outcome(name=outcome)


@pytest.mark.parametrize(
    ("said", "adult", "outcome"),
    [("yes", True, "adult"), ("no", False, "minor"), ("unsaid", None, "unknown"), ("", None, "unknown")],
)
async def test_only_yes_or_no_is_remembered_of_an_age(
    scene: Scene, said: str, *, adult: bool | None, outcome: str
) -> None:
    """Anything else forgets what was said before; nothing else of the person changes."""
    scene.person = replace(scene.person, adult=True)
    before = scene.person
    answer = await ACTIONS["person.set_adult"](scene, {"adult": said})

    assert (answer.name, scene.person) == (outcome, replace(before, adult=adult))


async def test_the_welcome_is_read_once(scene: Scene) -> None:
    """It is remembered, and nothing else of it."""
    before = scene.person
    outcome = await ACTIONS["person.onboarded"](scene, {})

    assert (outcome.name, scene.person) == ("done", replace(before, onboarded=True))


async def test_stopping_calls_off_what_the_bot_would_do_by_itself(scene: Scene) -> None:
    """The person's timers go, nobody else's."""
    mine, other = (Lane(kind=LaneKind.PERSON, id=id_) for id_ in (scene.person.id, 5))
    both = [Timer(lane=lane, kind=WAIT, due_at=NOW, version="v1") for lane in (mine, other)]
    await timers.put(scene.unit, both, now=NOW)
    outcome = await ACTIONS["person.stop"](scene, {})

    assert outcome == Outcome(name="done")
    assert await timers.move_due(scene.unit, now=NOW, limit=9, of_cases=9) == 1


async def test_stopping_calls_off_the_notes_that_were_set(scene: Scene) -> None:
    """Whoever agrees to notes again starts anew; the timer that looks for answers goes with them."""
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    kinds = (kind_of(NOW + timedelta(days=2)), kind_of(NOW + timedelta(days=9)), LOOK, "duty")
    set_ = [Timer(lane=lane, kind=kind, due_at=NOW + timedelta(days=9), version="v1") for kind in kinds]
    await timers.put(scene.unit, set_, now=NOW)
    await ACTIONS["person.stop"](scene, {})

    assert list(await timers.of_lane(scene.unit, lane)) == ["duty"]


async def test_notes_that_stop_called_off_can_be_set_again(scene: Scene) -> None:
    """Those of somebody who agreed to them, as they were; stopping twice leaves nothing to set again."""
    await consents.give(scene.unit, scene.person.id, given=replace(AGREED, purpose="checkin"))
    await checkin.plan(scene, {"rhythm": "weekly", "part": "noon", "greeting": "greet_hello"})
    before = await checkin.look(scene, {"at": ""})
    stopped, again = [await ACTIONS["person.stop"](scene, {}) for _ in range(2)]
    nothing = await checkin.look(scene, {"at": ""})
    await checkin.undo(scene, stopped.values)

    assert (stopped.name, nothing.name, again) == ("notes", "none", Outcome(name="done"))
    assert await checkin.look(scene, {"at": ""}) == before


async def test_stopping_takes_back_what_the_bot_begins(scene: Scene) -> None:
    """Check-ins and notices; what somebody asked for themselves stays, and what was taken back is not counted again."""
    for purpose in ("buddy", "checkin", "notice:protest"):
        await consents.give(scene.unit, scene.person.id, given=replace(AGREED, purpose=purpose))
    ends = [(await ACTIONS["person.stop"](scene, {})).name for _ in range(2)]
    left = [
        one.purpose for one in await consents.of_person(scene.unit, scene.person.id) if not one.withdrawn_on
    ]

    assert (ends, left) == (["taken_back", "done"], ["buddy"])
    assert scene.counts == {"consent.checkin.withdrawn": 1, "consent.notice:protest.withdrawn": 1}
