"""Topics: the purposes they come to, and whom a notice is for."""

import pytest

from bot.model.consent import is_begun_by_the_bot, is_purpose
from bot.model.topic import Reader, Topic, Topics, area_of, audience_of, purpose, topic_of

PROTEST = Topic(
    id="protest",
    label="Protests",
    about="Protests.",
    areas=("north", "south", "everywhere"),
    reader=Reader.HOME,
)
NEWS = Topic(id="news", label="News", about="News.")
ABROAD = Topic(id="abroad", label="Abroad", about="Abroad.", reader=Reader.ABROAD)
TOPICS = Topics(topics={one.id: one for one in (PROTEST, NEWS, ABROAD)})


def test_every_purpose_of_a_topic_is_one_that_the_bot_begins_because_of() -> None:
    """So "stop" ends it, and the ledger takes it."""
    assert TOPICS.purposes == (
        "notice:protest:north",
        "notice:protest:south",
        "notice:protest:everywhere",
        "notice:news",
        "notice:abroad",
    )
    assert all(is_purpose(one) and is_begun_by_the_bot(one) for one in TOPICS.purposes)


@pytest.mark.parametrize(
    ("name", "topic", "area"),
    [
        (purpose("protest", "north"), "protest", "north"),
        (purpose("news"), "news", None),
        ("checkin", "", None),
    ],
)
def test_a_purpose_tells_its_topic_and_its_area(name: str, topic: str, area: str | None) -> None:
    """The way back; what is no notice has neither."""
    assert (topic_of(name), area_of(name)) == (topic, area)


@pytest.mark.parametrize(
    ("topic", "areas", "audience"),
    [
        (PROTEST, ["north"], {"notice:protest:north", "notice:protest:everywhere"}),
        (
            PROTEST,
            ["north", "south"],
            {"notice:protest:north", "notice:protest:south", "notice:protest:everywhere"},
        ),
        (PROTEST, ["everywhere"], set(PROTEST.purposes)),
        (NEWS, [], {"notice:news"}),
    ],
)
def test_a_notice_is_for_its_areas_and_for_whoever_wants_all(
    topic: Topic, areas: list[str], audience: set[str]
) -> None:
    """One for everywhere is for every area."""
    assert audience_of(topic, areas) == audience


@pytest.mark.parametrize(("topic", "areas"), [(PROTEST, []), (PROTEST, ["moon"]), (NEWS, ["north"])])
def test_a_notice_without_an_area_of_its_topic_is_for_nobody(topic: Topic, areas: list[str]) -> None:
    """Nothing is sent to more people than was said."""
    with pytest.raises(ValueError, match="area"):
        audience_of(topic, areas)


def test_topics_are_offered_to_whom_they_are_for() -> None:
    """Some are for those who live here, some for supporters abroad, some for both."""
    offered = {reader: [topic.id for topic in TOPICS.offered(reader)] for reader in Reader}
    assert offered == {
        Reader.HOME: ["protest", "news"],
        Reader.ABROAD: ["news", "abroad"],
        Reader.ALL: ["protest", "news", "abroad"],
    }


@pytest.mark.parametrize(
    ("name", "topic"),
    [("notice:protest:north", PROTEST), ("notice:protest", None), ("notice:gone", None), ("buddy", None)],
)
def test_only_a_purpose_that_there_is_has_a_topic(name: str, topic: Topic | None) -> None:
    """A topic with areas is not agreed to as a whole; one that is gone is nothing."""
    assert TOPICS.of(name) is topic
