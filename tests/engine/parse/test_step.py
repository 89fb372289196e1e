"""Steps: what they say, what they ask, what they do."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.flow import Ask, AskKind, Do, Move, Option, Phrase, Route, Timeout
from bot.model.person import Platform
from tests.engine.parse.shelf import faults, read, step


def test_a_text_is_said_in_the_context_of_its_step(tmp_path: Path) -> None:
    """Flow and step are where a translator finds it."""
    found = read(step(tmp_path, "say: Hello\nend: true"))

    assert found.say == (Phrase(context="f.s", text="Hello"),)


def test_a_list_of_texts_is_a_message_each(tmp_path: Path) -> None:
    """Counted texts may stand among them."""
    found = read(
        step(tmp_path, 'say:\n  - One.\n  - {one: "{n} day", other: "{n} days", count: n}\nend: true')
    )

    assert found.say == (
        Phrase(context="f.s", text="One."),
        Phrase(context="f.s", text="{n} day", plural="{n} days", count="n"),
    )


def test_a_text_may_differ_by_platform(tmp_path: Path) -> None:
    """Both stand there, and the last thing asked is one of them for everybody."""
    found = read(step(tmp_path, "say:\n  - One.\n  - {signal: There., telegram: Here.}\nend: true"))
    here = Phrase(context="f.s", text="Here.", on=Platform.TELEGRAM)
    there = Phrase(context="f.s", text="There.", on=Platform.SIGNAL)

    assert found.say == (Phrase(context="f.s", text="One."), here, there)
    assert found.asking == (here, there)


def test_a_block_of_lines_loses_the_space_around_it(tmp_path: Path) -> None:
    """The last line end of a block is not part of the text."""
    assert read(step(tmp_path, "say: |\n  One.\n  Two.\nend: true")).say[0].text == "One.\nTwo."


def test_words_that_look_like_values_stay_words(tmp_path: Path) -> None:
    """In YAML 1.2 only true and false would be; here every scalar is its words."""
    found = read(
        step(tmp_path, "choices:\n  - {id: yes, label: No, end: true}\n  - {id: on, label: 007, end: true}")
    )

    assert [(choice.id, choice.label.text) for choice in found.choices] == [("yes", "No"), ("on", "007")]


def test_a_choice_keeps_and_moves(tmp_path: Path) -> None:
    """Its label is in the step's context."""
    found = read(step(tmp_path, "choices: [{id: a, label: A, goto: s, keep: {wish: now}}]")).choices[0]

    assert found.label == Phrase(context="f.s", text="A")
    assert found.keep == {"wish": "now"}
    assert found.route == Route(move=Move.GO, flow="f", step="s")


def test_a_call_hands_on_what_it_names(tmp_path: Path) -> None:
    """So does a move into another flow; inside of one the answers stay where they are."""
    handed = read(step(tmp_path, "choices: [{id: a, label: A, call: g.t, with: {date: $day}}]")).choices[0]
    gone = read(step(tmp_path, "choices: [{id: a, label: A, goto: g.t, with: {date: $day}}]")).choices[0]
    faulty = step(tmp_path, "choices: [{id: a, label: A, goto: s, with: {date: $day}}]")

    assert handed.route == Route(move=Move.CALL, flow="g", step="t", hands={"date": "$day"})
    assert gone.route == Route(move=Move.GO, flow="g", step="t", hands={"date": "$day"})
    assert faults(faulty) == ["4: `with` means nothing in choice `a` of `f.s`."]


def test_a_choice_may_forget_what_was_kept(tmp_path: Path) -> None:
    """Nothing between the quotes."""
    found = read(step(tmp_path, 'choices: [{id: a, label: A, goto: s, keep: {day: ""}}]')).choices[0]

    assert found.keep == {"day": ""}


@pytest.mark.parametrize(
    ("move", "route"),
    [
        ("goto: s", Route(move=Move.GO, flow="f", step="s")),
        ("goto: g.t", Route(move=Move.GO, flow="g", step="t")),
        ("call: f", Route(move=Move.CALL, flow="f", step="s")),
        ("call: g.t", Route(move=Move.CALL, flow="g", step="t")),
        ("home: gone", Route(move=Move.HOME, flow="gone", step="")),
        ("run: menu", Route(move=Move.RUN, flow="menu")),
        ("end: true", Route(move=Move.END)),
    ],
)
def test_moves_are_written_out(tmp_path: Path, move: str, route: Route) -> None:
    """The flow is always named, and the first step where only a flow was."""
    found = read(step(tmp_path, f"choices: [{{id: a, label: A, {move}}}]"))

    assert found.choices[0].route == route


def test_a_free_answer_is_text_unless_it_says_so(tmp_path: Path) -> None:
    """Without a name it is read and forgotten."""
    plain = read(step(tmp_path, "ask: {goto: s}"))
    dated = read(step(tmp_path, "ask: {kind: date, keep: day, end: true}"))

    assert plain.ask == Ask(kind=AskKind.TEXT, keep=None, route=Route(move=Move.GO, flow="f", step="s"))
    assert dated.ask == Ask(kind=AskKind.DATE, keep="day", route=Route(move=Move.END))


def test_an_action_has_inputs_and_outcomes(tmp_path: Path) -> None:
    """An outcome is a step, or any move but a call."""
    found = read(
        step(tmp_path, "do: case.open\nwith: {need: buddy}\noutcomes: {a: s, b: g.t, c: {end: true}}")
    )

    assert found.do == Do(
        action="case.open",
        inputs={"need": "buddy"},
        outcomes={
            "a": Route(move=Move.GO, flow="f", step="s"),
            "b": Route(move=Move.GO, flow="g", step="t"),
            "c": Route(move=Move.END),
        },
    )


def test_a_wait_can_say_what_else_holds_for_it(tmp_path: Path) -> None:
    """Timeout, its own words for what was not understood, exactness, no safety row, sensitivity, counter, option."""
    text = """
ask: {end: true}
unclear: What?
timeout: {after: 2 days, goto: s}
count: asked
option: request
cards: [A1, A2]
sensitive: true
exact: true
safety: false"""
    found = read(step(tmp_path, text))

    assert found.unclear == Phrase(context="f.s", text="What?")
    again = Route(move=Move.GO, flow="f", step="s")
    assert found.timeout == Timeout(after=timedelta(days=2), route=again)
    assert (found.count, found.option, found.cards) == ("asked", Option.REQUEST, ("A1", "A2"))
    assert (found.sensitive, found.exact, found.safety) == (True, True, False)


def test_a_timeout_can_renew_its_screen_in_place(tmp_path: Path) -> None:
    """After seconds, too."""
    found = read(
        step(tmp_path, "say: So\nask: {end: true}\ntimeout: {after: 10 seconds, goto: s, in_place: true}")
    )

    assert found.timeout is not None
    assert (found.timeout.after, found.timeout.in_place) == (timedelta(seconds=10), True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("say: Hello", "4: step `f.s` is a dead end."),
        ("say:\nend: true", "4: `f.s` says nothing."),
        ("end: true\ngoto: s", "4: step `f.s` moves twice: goto, end."),
        ("ask: {end: true}\nend: true", "4: step `f.s` does wait and move."),
        ("end: false", "4: `end` has to be true."),
        ("call: f", "4: step `f.s` may not call: nothing is asked there to come back to."),
        (
            "do: x\noutcomes: {a: {call: f}}",
            "5: outcome `a` of `f.s` may not call: nothing is asked there to come back to.",
        ),
        ("do: x\noutcomes: {a: {}}", "5: outcome `a` of `f.s` leads nowhere."),
        ("do: x", "4: step `f.s` has no outcomes."),
        ("end: true\nwith: {a: b}", "5: step `f.s` has `with` and no `do`."),
        ("end: true\noutcomes: {a: s}", "5: step `f.s` has `outcomes` and no `do`."),
        ("ask: {end: true, stop: s}", "4: `stop` means nothing in `ask` of `f.s`."),
        ("end: true\nexact: true", "5: `exact` means nothing in step `f.s`, which asks nothing."),
        ("end: true\nsafty: true", "5: step `f.s` knows no `safty`."),
        ("choices: [{id: a, label: A}]", "4: choice `a` of `f.s` leads nowhere."),
        ("choices: [{id: a, end: true}]", "4: choice `a` of `f.s` has no `label`."),
        ("choices: [{id: ~a, label: A, end: true}]", "4: `~a` is no id."),
        (
            "choices: [{id: a, label: A, end: true}, {id: a, label: B, end: true}]",
            "4: step `f.s` has two choices `a`.",
        ),
        ("choices: [a]", "4: a choice of `f.s` has to be a mapping."),
        ("choices: a\nend: true", "4: `choices` of step `f.s` has to be a list."),
        ("ask: {kind: number, end: true}", "4: `kind` of `ask` of `f.s` is `number`."),
        ("ask: {end: true}\ntimeout: {after: soon, goto: s}", "5: `soon` is no length of time."),
        ("ask: {end: true}\ntimeout: {after: 0 days, goto: s}", "5: `0 days` is no length of time."),
        ("ask: {end: true}\ntimeout: {goto: s}", "5: `timeout` of `f.s` has no `after`."),
        ("end: true\nsensitive: maybe", "5: `sensitive` is `maybe`."),
        ("say: {one: day, count: n}\nend: true", "4: the counted text of `f.s` has no `other`."),
        ("say: {telegram: Here.}\nend: true", "4: the text for each platform of `f.s` has no `signal`."),
        (
            "say: {telegram: Here., signal: There., one: day}\nend: true",
            "4: the text for each platform of `f.s` knows no `one`.",
        ),
        ("do: x\nwith: [a]\noutcomes: {a: s}", "5: `with` of step `f.s` has to be a mapping."),
        ("do: x\nwith: {a: [b]}\noutcomes: {a: s}", "5: `with` of step `f.s` has to be one text."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    """Each mistake has its sentence."""
    assert fault in faults(step(tmp_path, text))
