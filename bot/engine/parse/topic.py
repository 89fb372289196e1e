"""`topics.yaml`: what notices can be about, and the areas.

Their words become phrases of the book, under the flow `topics`. No file is no topics. A topic with `areas: true` has
all the areas, `everywhere` last.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.engine.flow import Phrase
from bot.engine.need import WORDS
from bot.engine.parse.field import ID, Fields
from bot.engine.parse.problem import Notes, Problem
from bot.engine.parse.tree import Table, Tree, Word, read_tree
from bot.model.topic import EVERYWHERE, TOPICS, Reader, Topic, Topics, purpose

TOPICS_FILE: Final = f"{TOPICS}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDraft:
    """The topics as far as they could be read; `lines` is where each context stands."""

    topics: Topics
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]


def read_topic_draft(path: Path) -> TopicDraft:
    """The topics of a file, as far as they can be read."""
    notes = Notes(path.name)
    if not path.exists():
        return TopicDraft(topics=Topics(), problems=(), lines={})
    fields = Fields(read_tree(path, notes), notes, what=path.name)
    areas = {id: _label(id, tree, fields) for id, tree in fields.entries("areas").items()}
    parted = (*(id for id in areas if id != EVERYWHERE), EVERYWHERE)
    topics = {id: _topic(id, tree, notes, areas=parted) for id, tree in fields.entries("topics").items()}
    _judge(fields, areas, topics)
    lines = {**_lines(fields, "areas", "area_"), **_lines(fields, "topics", "")}
    fields.close()
    found = Topics(topics=topics, areas=areas)
    return TopicDraft(topics=found, problems=tuple(notes.problems), lines=lines)


def _topic(id: str, tree: Tree, notes: Notes, *, areas: tuple[str, ...]) -> Topic:
    fields = Fields(tree, notes, what=f"topic `{id}`")
    _check_id(id, fields)
    topic = Topic(
        id=id,
        label=fields.need("label"),
        about=fields.need("about"),
        areas=areas if fields.flag("areas") else (),
        is_emergency=fields.flag("emergency"),
        reader=fields.member("reader", Reader.ALL),
    )
    fields.close()
    return topic


def _label(id: str, tree: Tree, fields: Fields) -> str:
    _check_id(id, fields)
    if isinstance(tree, Word) and tree.text:
        return tree.text
    fields.notes.add(tree.line, f"Area `{id}` has no label.", advice="Write its label after the colon.")
    return ""


def _check_id(id: str, fields: Fields) -> None:
    if not ID.fullmatch(id):
        advice = "Use small Latin letters, digits and _, a letter first."
        fields.note("", f"`{id}` is no id.", advice=advice)


def _judge(fields: Fields, areas: Mapping[str, str], topics: Mapping[str, Topic]) -> None:
    """Whoever wants all areas can say so, and there is one to choose beside that."""
    if any(topic.areas for topic in topics.values()) and (EVERYWHERE not in areas or len(areas) == 1):
        advice = f"Write `{EVERYWHERE}` and at least one more under `areas`, or take `areas: true` away."
        fields.note("areas", "A topic has areas, and there are none to choose from.", advice=advice)


def _lines(fields: Fields, key: str, prefix: str) -> Mapping[str, int]:
    table = fields.tree(key)
    lines = table.lines if isinstance(table, Table) else {}
    return {f"{TOPICS}.{prefix}{id}": line for id, line in lines.items()}


def topic_phrases(topics: Topics) -> Mapping[str, Phrase]:
    """The words of every topic and area, by the name under which a value shows them."""
    return {f"{WORDS}.{name}": phrase for name, phrase in _named(topics)}


def _named(topics: Topics) -> Iterator[tuple[str, Phrase]]:
    for topic in topics.topics.values():
        yield purpose(topic.id), topic_label(topic)
        yield f"about_{topic.id}", Phrase(context=f"{TOPICS}.{topic.id}", text=topic.about)
    for id in topics.areas:
        yield f"area_{id}", area_label(topics, id)


def topic_label(topic: Topic) -> Phrase:
    """What a topic is called, on a button too."""
    return Phrase(context=f"{TOPICS}.{topic.id}", text=topic.label)


def area_label(topics: Topics, id: str) -> Phrase:
    """What an area is called."""
    return Phrase(context=f"{TOPICS}.area_{id}", text=topics.areas[id])
