"""Topics: one file for all, whose words the book has like any others, and choices made from it."""

from pathlib import Path

import pytest

from bot.engine.flow import Choice, Move, Phrase, Route
from bot.engine.parse import Place
from bot.engine.parse.topic import read_topic_draft
from bot.model.topic import Reader, Topic, Topics
from tests.engine.parse.shelf import draft

TOPICS = """\
areas:
  everywhere: Everywhere
  north: The north
topics:
  protest: {label: Protests, about: What was set., areas: true, emergency: true, reader: home}
  news: {label: News, about: What is new.}
"""
FLOW = """\
flow: f
steps:
  s:
    choices:
      - {each: topic, reader: abroad, goto: area, keep: {area: ""}}
      - {id: back, label: Back, end: true}
  area: {choices: [{each: area, end: true}]}
"""


def test_topics_are_read_with_their_areas(tmp_path: Path) -> None:
    """`everywhere` is the last area of each topic that has areas."""
    (tmp_path / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    found = read_topic_draft(tmp_path / "topics.yaml")

    assert found.problems == ()
    assert found.topics == Topics(
        areas={"everywhere": "Everywhere", "north": "The north"},
        topics={
            "protest": Topic(
                id="protest",
                label="Protests",
                about="What was set.",
                areas=("north", "everywhere"),
                is_emergency=True,
                reader=Reader.HOME,
            ),
            "news": Topic(id="news", label="News", about="What is new."),
        },
    )


def test_no_file_is_no_topics(tmp_path: Path) -> None:
    """A book needs none."""
    found = read_topic_draft(tmp_path / "topics.yaml")
    assert (found.topics, found.problems) == (Topics(), ())


def test_their_words_are_words_of_the_book(tmp_path: Path) -> None:
    """A value can stand for a topic, what it is about, and an area; problems with them name the file."""
    found = draft(tmp_path, {"topics": TOPICS, "f": FLOW})

    assert found.problems == ()
    assert {name: phrase.text for name, phrase in found.book.phrases.items()} == {
        "words.notice:protest": "Protests",
        "words.about_protest": "What was set.",
        "words.notice:news": "News",
        "words.about_news": "What is new.",
        "words.area_everywhere": "Everywhere",
        "words.area_north": "The north",
    }
    assert found.place("topics.news") == Place(file="topics.yaml", line=6)
    assert found.place("topics.area_north") == Place(file="topics.yaml", line=3)


def test_a_choice_for_each_is_a_choice_of_each(tmp_path: Path) -> None:
    """Its button is the label, and what was chosen is kept."""
    flow = draft(tmp_path, {"topics": TOPICS, "f": FLOW}).book.flows["f"]

    assert flow.steps["s"].choices[0] == Choice(
        id="news",
        label=Phrase(context="topics.news", text="News"),
        route=Route(move=Move.GO, flow="f", step="area"),
        keep={"topic": "news", "area": ""},
    )
    assert [choice.id for choice in flow.steps["s"].choices] == ["news", "back"]
    assert [(choice.id, choice.keep) for choice in flow.steps["area"].choices] == [
        ("everywhere", {"area": "everywhere"}),
        ("north", {"area": "north"}),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("areas: {Up: x}\n", "`Up` is no id."),
        ("areas: {north: }\n", "Area `north` has no label."),
        ("topics: {a: {about: x}}\n", "topic `a` has no `label`."),
        ("topics: {a: {label: x}}\n", "topic `a` has no `about`."),
        ("topics: {A: {label: x, about: y}}\n", "`A` is no id."),
        (
            "topics: {a: {label: x, about: y, areas: true}}\n",
            "A topic has areas, and there are none to choose from.",
        ),
        (
            "areas: {north: x}\ntopics: {a: {label: x, about: y, areas: true}}\n",
            "A topic has areas, and there are none to choose from.",
        ),
        (
            "areas: {everywhere: x}\ntopics: {a: {label: x, about: y, areas: true}}\n",
            "A topic has areas, and there are none to choose from.",
        ),
        ("topics: {a: {label: x, about: y, arias: true}}\n", "topic `a` knows no `arias`."),
        ("topic: {}\n", "topics.yaml knows no `topic`."),
    ],
)
def test_what_is_wrong_with_topics_is_said(tmp_path: Path, text: str, message: str) -> None:
    """Each problem is a sentence; the book is refused with it."""
    found = draft(tmp_path, {"topics": text, "f": "flow: f\nsteps: {s: {say: Hi., end: true}}\n"})
    assert [problem.message for problem in found.problems] == [message]
