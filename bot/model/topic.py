"""Topics: what notices are about, and the areas a topic can be limited to. `flows/topics.yaml` lists them.

Wanting notices of a topic is a consent with its own purpose, `notice:<topic>` or `notice:<topic>:<area>`; there is no
other list of who gets what. `purpose` makes these names, `audience_of` says whom a notice is for.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.model.consent import NOTICE

TOPICS: Final = "topics"  # the flow that the words of topics and areas belong to
YEARLY: Final = "notices_yearly"  # the timer that asks whether notices may go on, and the prompt it comes as
OVER: Final = "notices_over"  # the one that ends them without an answer, and what is said then
YEAR: Final = timedelta(days=365)
ANSWER: Final = timedelta(days=14)
EVERYWHERE: Final = "everywhere"  # the area of whoever wants all of them


class Reader(StrEnum):
    """For whom a topic is: who lives here, who supports from abroad, or both."""

    HOME = "home"
    ABROAD = "abroad"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic. `label` and `about` are English, and the msgids of what people read.

    `areas`: those that can be chosen, `everywhere` last; none where a topic is not parted.
    Example: Topic(id="events", label="Talks and events", about="...").
    """

    id: str
    label: str
    about: str
    areas: tuple[str, ...] = ()
    is_emergency: bool = False
    reader: Reader = Reader.ALL

    def is_for(self, reader: Reader) -> bool:
        """Whether the topic is offered to such readers; `all` asks for every topic."""
        return Reader.ALL in (reader, self.reader) or reader is self.reader

    @property
    def purposes(self) -> tuple[str, ...]:
        """Everything somebody can agree to of this topic."""
        return tuple(purpose(self.id, area) for area in self.areas or (None,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All topics by id, and the English label of each area by its id, in the order of the file."""

    topics: Mapping[str, Topic] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)

    @property
    def purposes(self) -> tuple[str, ...]:
        """Every purpose of every topic."""
        return tuple(one for topic in self.topics.values() for one in topic.purposes)

    def offered(self, reader: Reader) -> tuple[Topic, ...]:
        """The topics for such readers."""
        return tuple(topic for topic in self.topics.values() if topic.is_for(reader))

    def of(self, purpose: str) -> Topic | None:
        """The topic a purpose is of, if it is one that there is."""
        topic = self.topics.get(topic_of(purpose))
        return topic if topic and purpose in topic.purposes else None


def purpose(topic: str, area: str | None = None) -> str:
    """What somebody agrees to who wants notices of a topic. Example: notice:protest:north."""
    return f"{NOTICE}{topic}:{area}" if area else f"{NOTICE}{topic}"


def topic_of(purpose: str) -> str:
    """The id of the topic in a purpose; empty where it is none of a notice."""
    return purpose.removeprefix(NOTICE).partition(":")[0] if purpose.startswith(NOTICE) else ""


def area_of(purpose: str) -> str | None:
    """The area in a purpose, if it is limited to one."""
    return purpose.removeprefix(NOTICE).partition(":")[2] or None if purpose.startswith(NOTICE) else None


def shown_for(step: str, purpose: str) -> str:
    """Names what was shown for a purpose by a step that asks about every topic, with its words in place."""
    return f"{step}/{purpose}"


def audience_of(topic: Topic, areas: Collection[str] = ()) -> frozenset[str]:
    """The purposes whose people a notice is for: those of its areas, and of whoever wants all of them.

    A notice for `everywhere`, or of a topic without areas, is for all of its topic. Raises ValueError for an area that
    the topic does not have, or where it has areas and none is named.
    """
    if not topic.areas and not areas:
        return frozenset(topic.purposes)
    if not areas or not set(areas) <= set(topic.areas):
        raise ValueError(f"{topic.id} has no such area")
    if EVERYWHERE in areas:
        return frozenset(topic.purposes)
    return frozenset(purpose(topic.id, area) for area in (*areas, EVERYWHERE))
