"""Wanting notices of a topic, ending one or all of them, and taking that back."""

from dataclasses import replace
from typing import Final

import pytest

from bot.actions import consent, person, topic
from bot.actions.scene import Scene
from bot.model.consent import ConsentText, Standing
from bot.model.queue import Lane, LaneKind
from bot.model.topic import YEAR, YEARLY, Reader, Topic, Topics, shown_for
from bot.store import consents, timers

TOPICS: Final = Topics(
    topics={
        "protest": Topic(
            id="protest", label="P", about="P.", areas=("north", "south", "everywhere"), reader=Reader.HOME
        ),
        "news": Topic(id="news", label="N", about="N."),
    },
    areas={"north": "N", "south": "S", "everywhere": "E"},
)
NORTH, SOUTH, ALL, NEWS = TOPICS.purposes
STEPS: Final = ("notices.ask", "notices.ended")
TEXTS: Final = [
    ConsentText(purpose=one, shown=shown_for(step, one), text=f"{step} {one}".ljust(64, "."))
    for step in STEPS
    for one in TOPICS.purposes
]


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Somebody to whom the questions about all topics can be shown."""
    scene.topics = TOPICS
    scene.texts = {one.shown: one.text for one in TEXTS}
    await consents.publish(scene.unit, TEXTS)
    return scene


async def agree(scene: Scene, *purposes: str) -> None:
    """Agree to these."""
    for one in purposes:
        await topic.give(scene, {"what": one, "shown": "notices.ask"})


async def on(scene: Scene) -> list[str]:
    """What may be sent to them now."""
    return [one for one in TOPICS.purposes if await consents.may(scene.unit, scene.person.id, one)]


@pytest.mark.parametrize(
    ("inputs", "name", "what"),
    [
        ({"topic": "news", "area": ""}, "ask", NEWS),
        ({"topic": "protest", "area": ""}, "area", None),
        ({"topic": "protest", "area": "north"}, "ask", NORTH),
        ({"topic": "protest", "area": "moon"}, "gone", None),
        ({"topic": "gone", "area": ""}, "gone", None),
    ],
)
async def test_a_topic_with_areas_asks_for_one(
    asked: Scene, inputs: dict[str, str], name: str, what: str | None
) -> None:
    """And what is asked about is one purpose; a topic or an area that is gone is none."""
    outcome = await topic.choose(asked, inputs)
    assert (outcome.name, outcome.values.get("what")) == (name, what)


async def test_what_is_on_is_not_asked_again(asked: Scene) -> None:
    """Nor is an area for whoever wants them all."""
    await agree(asked, NEWS, ALL)
    news = await topic.choose(asked, {"topic": "news", "area": ""})
    south = await topic.choose(asked, {"topic": "protest", "area": "south"})

    assert [(one.name, one.values["what"]) for one in (news, south)] == [("on", NEWS), ("on", ALL)]


async def test_agreeing_is_a_consent_of_its_own_for_each(asked: Scene) -> None:
    """To its own words; a topic with areas says that there are more."""
    names = [
        (await topic.give(asked, {"what": one, "shown": "notices.ask"})).name
        for one in (NORTH, NEWS, "notice:gone")
    ]

    assert names == ["given_area", "given", "gone"]
    assert await on(asked) == [NORTH, NEWS]
    assert (await topic.look(asked, {})).values["on"] == f"{NORTH} {NEWS}"


async def test_a_topic_ends_in_all_its_areas(asked: Scene) -> None:
    """Nothing else does; what ended is told, and ending it twice is nothing."""
    await agree(asked, NORTH, SOUTH, NEWS)
    ended, again = [await topic.off(asked, {"topic": "protest"}) for _ in range(2)]

    assert (ended.name, ended.values["was"], again.name) == ("off", f"{NORTH} {SOUTH}", "absent")
    assert await on(asked) == [NEWS]
    assert asked.counts[f"consent.{NORTH}.withdrawn"] == 1


async def test_one_area_ends_alone(asked: Scene) -> None:
    """Named by its purpose."""
    await agree(asked, NORTH, SOUTH)
    await topic.off(asked, {"what": NORTH})
    assert await on(asked) == [SOUTH]


async def test_what_ended_comes_back_by_agreeing_anew(asked: Scene) -> None:
    """To the words of the question that offers it; pressed once more it changes nothing."""
    await agree(asked, NORTH, NEWS)
    ended = await topic.off_all(asked, {})
    off = await on(asked)
    undone = await topic.undo(asked, {"was": ended.values["was"], "shown": "notices.ended"})
    again = await topic.undo(asked, {"was": undone.values["was"], "shown": "notices.ended"})
    given = [one for one in await consents.of_person(asked.unit, asked.person.id) if not one.withdrawn_on]

    assert (off, undone.name, again.name) == ([], "given", "gone")
    assert await on(asked) == [NORTH, NEWS]
    assert {one.text.partition(" ")[0] for one in given} == {"notices.ended"}


async def test_a_yes_to_older_words_is_told_and_never_comes_back_by_itself(asked: Scene) -> None:
    """It does not count any more; ending it is no end that can be undone."""
    await agree(asked, NORTH, NEWS)
    await consents.publish(asked.unit, [one for one in TEXTS if one.purpose != NEWS])
    seen = await topic.look(asked, {})
    ended = await topic.off(asked, {"what": seen.values["older"]})

    assert (seen.name, seen.values) == ("changed", {"on": NORTH, "older": NEWS})
    assert (ended.name, ended.values["was"]) == ("absent", "")
    assert (await consents.standing(asked.unit, asked.person.id, NEWS)) is Standing.WITHDRAWN
    assert (await topic.look(asked, {})).name == "some"


async def test_whoever_wants_none_has_none(asked: Scene) -> None:
    """Until they agree to one."""
    assert (await topic.look(asked, {})).name == "none"


async def test_consents_show_whether_any_notice_comes(asked: Scene) -> None:
    """All topics as one; and the receipt of each can be taken back where it is read."""
    seen = [(await consent.look(asked, {})).values["notices"]]
    await agree(asked, NORTH, NEWS)
    seen.append((await consent.look(asked, {})).values["notices"])
    receipt = await consent.receipt(asked, {"after": ""})
    await topic.off_all(asked, {})
    seen.append((await consent.look(asked, {})).values["notices"])

    assert seen == ["is_none", "is_given", "is_withdrawn"]
    assert (receipt.name, receipt.values["purpose"] in (NORTH, NEWS)) == ("notice", True)


async def test_a_topic_that_is_gone_has_no_receipt(asked: Scene) -> None:
    """There is no word for it, and nothing of it comes."""
    await agree(asked, NEWS)
    asked.topics = Topics()

    assert (await consent.receipt(asked, {"after": ""})).name == "none"
    assert (await topic.look(asked, {})).name == "none"


async def test_nobody_under_eighteen_gets_notices(asked: Scene) -> None:
    """Saying so takes back what was agreed to."""
    await agree(asked, NORTH, NEWS)
    asked.person = replace(asked.person, adult=True)
    await person.set_adult(asked, {"adult": "no"})
    assert await on(asked) == []


@pytest.mark.parametrize(("gone", "name"), [(False, "notices"), (True, "taken_back")])
async def test_stop_ends_every_notice(asked: Scene, gone: bool, name: str) -> None:
    """What came can come again by one press; a topic that is gone ends with the rest."""
    await agree(asked, NORTH, NEWS)
    asked.topics = Topics() if gone else TOPICS
    stopped = await person.stop(asked, {})

    assert (stopped.name, stopped.values.get("notices", "")) == (name, "" if gone else f"{NORTH} {NEWS}")
    assert await on(asked) == []


async def test_a_year_after_the_last_yes_they_are_asked_anew(asked: Scene) -> None:
    """As long as anything comes; with the last one the question goes too."""
    lane = Lane(kind=LaneKind.PERSON, id=asked.person.id)
    await agree(asked, NORTH, NEWS)
    set_ = [await timers.of_lane(asked.unit, lane)]
    for one in (NORTH, NEWS):
        await topic.off(asked, {"what": one})
        set_.append(await timers.of_lane(asked.unit, lane))

    assert set_ == [{YEARLY: asked.now + YEAR}, {YEARLY: asked.now + YEAR}, {}]
