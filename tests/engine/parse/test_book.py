"""A directory of flows as a book."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.flow import DEFAULT_EXPIRY, Audience, GlobalCommand, Move, Phrase, Route, Tone
from bot.engine.parse import FlowsRefused, Place, read_book, read_draft
from bot.model.exit import ExpectedError
from tests.engine.parse.shelf import draft, faults, flow

STEPS = "steps:\n  s: {end: true}\n"
SYSTEM = "flow: system\nsteps:\n  expired: {end: true}\n"


def test_a_flow_has_its_name_audience_tone_and_expiry(tmp_path: Path) -> None:
    """What is not said is a flow for everybody that informs, with the usual time for an answer."""
    head = "flow: f\naudience: volunteer\ntone: member\nexpires: 36 hours\nprompt: true\n"
    said = flow(tmp_path, head + STEPS).book.flows["f"]
    plain = flow(tmp_path, "flow: f\n" + STEPS).book.flows["f"]

    assert (said.audience, said.tone, said.prompt) == (Audience.VOLUNTEER, Tone.MEMBER, True)
    assert said.expires == timedelta(hours=36)
    assert (plain.audience, plain.tone, plain.prompt) == (Audience.PERSON, Tone.INFORMATION, False)
    assert plain.expires == DEFAULT_EXPIRY


def test_a_move_to_a_flow_comes_to_its_first_step(tmp_path: Path) -> None:
    """Whatever the order of the files."""
    found = draft(
        tmp_path,
        {
            "a": "flow: a\nsteps:\n  s: {home: b}\n",
            "b": "flow: b\nsteps:\n  first: {end: true}\n  last: {end: true}\n",
        },
    )

    assert found.book.flows["a"].steps["s"].route == Route(move=Move.HOME, flow="b", step="first")


def test_a_phrase_is_one_text(tmp_path: Path) -> None:
    """One that a number decides is one too; a list is not."""
    counted = "phrases: {days: {one: a day, other: '{n} days', count: n}, two: [a, b]}\n"
    found = draft(tmp_path, {"system": SYSTEM + counted})

    assert found.book.phrases["days"].plural == "{n} days"
    assert [problem.message for problem in found.problems] == ["`system.two` has to be one text."]


def test_the_words_of_what_is_kept_are_phrases_of_their_own_context(tmp_path: Path) -> None:
    """As `Kept.words` names them."""
    found = draft(tmp_path, {"system": SYSTEM + "retention: {session: Where we stopped.}\n"})

    assert found.book.phrases == {
        "retention.session": Phrase(context="retention.session", text="Where we stopped.")
    }
    assert found.place("retention.session").line > 1


def test_the_system_flow_brings_phrases_and_commands(tmp_path: Path) -> None:
    """Their context is `system.` and their name."""
    text = (
        SYSTEM
        + 'phrases: {stale: Closed.}\ncommands:\n  menu: {words: "menu, home", home: system, menu: Menu}\n'
    )
    book = draft(tmp_path, {"system": text}).book

    assert book.phrases == {"stale": Phrase(context="system.stale", text="Closed.")}
    assert book.commands["menu"] == GlobalCommand(
        name="menu",
        words=Phrase(context="system.menu", text="menu, home"),
        route=Route(move=Move.HOME, flow="system", step="expired"),
        menu=Phrase(context="system.menu", text="Menu"),
    )


def test_lists_of_words_are_no_flows(tmp_path: Path) -> None:
    """They lie beside the flows and are read by others."""
    words = "he: [א]\nen: [a]\n"

    assert list(
        draft(tmp_path, {"f": "flow: f\n" + STEPS, "wording": words, "crisis_words": words}).book.flows
    ) == ["f"]


def test_places_are_known_by_context(tmp_path: Path) -> None:
    """Steps, phrases and commands; else the flow, else the machinery's file."""
    found = draft(tmp_path, {"system": SYSTEM + "phrases:\n  stale: Closed.\n", "f": "flow: f\n" + STEPS})

    assert found.place("f.s") == Place(file="f.yaml", line=3)
    assert found.place("f.gone") == Place(file="f.yaml", line=1)
    assert found.place("system.stale") == Place(file="system.yaml", line=5)
    assert found.place("gone.gone") == Place(file="system.yaml", line=0)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "0: The file is empty."),
        ("flow: g\n" + STEPS, "1: f.yaml holds the flow `g`."),
        ("flow: F\n" + STEPS, "1: `F` is no id."),
        (STEPS, "1: flow `f` has no `flow`."),
        ("flow: f\n", "1: flow `f` has no steps."),
        ("flow: f\nsteps: [a]\n", "2: `steps` of flow `f` has to be a mapping."),
        ("flow: f\nsteps:\n  S: {end: true}\n", "3: `S` is no id."),
        ("flow: f\nflow: f\n" + STEPS, "2: `flow` stands here twice."),
        ("flow: f\naudience: army\n" + STEPS, "2: `audience` of flow `f` is `army`."),
        ("flow: f\nphrases: {a: b}\n" + STEPS, "2: flow `f` knows no `phrases`."),
        ("- flow\n", "1: flow `f` has to be a mapping."),
        ("flow: f\n[a]: b\n" + STEPS, "2: A key has to be one word."),
        ("flow: f\nsteps:\n  s:\n    say: *bold*\n", "4: This is not YAML: found undefined alias 'bold*'."),
        ("flow: &x f\n" + STEPS, "1: Anchors and aliases are not used here."),
        ("flow: f\nsteps: &s\n  s: {say: *s}\n", "2: Anchors and aliases are not used here."),
        ("flow: \x00\n", "0: This is not YAML text in UTF-8."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    """Each mistake has its sentence."""
    assert fault in faults(flow(tmp_path, text))


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("A: {words: a, home: system}", "5: `A` is no id."),
        ("a: {home: system}", "5: command `a` has no `words`."),
        ("a: {words: a}", "5: command `a` leads nowhere."),
        ("a: {words: a, goto: expired}", "5: command `a` may not go."),
        ("a: {words: a, run: a}", "5: command `a` may not run."),
        ("a: {words: a, home: system, menus: A}", "5: command `a` knows no `menus`."),
    ],
)
def test_what_is_wrong_with_a_command_is_said_with_its_line(tmp_path: Path, command: str, fault: str) -> None:
    """Commands work from anywhere, so they only call or go home."""
    assert fault in faults(draft(tmp_path, {"system": f"{SYSTEM}commands:\n  {command}\n"}))


@pytest.mark.parametrize("content", [b"flow: \xff\n", b"flow: \x07\n"])
def test_a_file_that_is_not_text_is_refused(tmp_path: Path, content: bytes) -> None:
    """Bytes that are no UTF-8, or that nobody types."""
    (tmp_path / "f.yaml").write_bytes(content)

    assert faults(read_draft(tmp_path)) == ["0: This is not YAML text in UTF-8."]


def test_the_same_mistake_is_told_of_every_file_it_stands_in(tmp_path: Path) -> None:
    """A text is read once, and its problems are those of each file that has it."""
    read = draft(tmp_path, {"a": "steps: [\n", "b": "steps: [\n"})

    assert [(problem.file, problem.line) for problem in read.problems] == [("a.yaml", 2), ("b.yaml", 2)]


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    """A wrong setting is more likely than no flows."""
    with pytest.raises(FlowsRefused) as refused:
        read_book(tmp_path)

    assert refused.value.problems[0].message == "No flows are here."


def test_all_problems_of_all_files_are_refused_at_once(tmp_path: Path) -> None:
    """Nobody mends one mistake at a time."""
    draft(tmp_path, {"a": "flow: b\n" + STEPS, "b": "flow: b\nsteps:\n  s: {}\n"})

    with pytest.raises(FlowsRefused) as refused:
        read_book(tmp_path)

    assert [problem.file for problem in refused.value.problems] == ["a.yaml", "b.yaml"]
    assert isinstance(refused.value, ExpectedError)
    assert refused.value.sentence.splitlines()[0] == (
        "a.yaml:1: a.yaml holds the flow `b`. [schema] Write `flow: a`."
    )


def test_a_book_without_the_machinerys_words_is_refused(tmp_path: Path) -> None:
    """The engine says `broken` without looking whether it can."""
    draft(tmp_path, {"system": SYSTEM})

    with pytest.raises(FlowsRefused) as refused:
        read_book(tmp_path)

    assert "The book has no phrase `broken` in system.yaml." in {
        one.message for one in refused.value.problems
    }
