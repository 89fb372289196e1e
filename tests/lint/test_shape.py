"""Rules of shape."""

import pytest

from tests.lint.shelf import Shelf


def test_the_machinery_needs_all_its_words(shelf: Shelf) -> None:
    """A sentence that is not there would be a silence."""
    shelf.change("system", "  stale: That", "  state: That")

    assert shelf.messages("system") == ["The book has no phrase `stale` in system.yaml."]


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        (
            "home: menu.home}",
            "home: mnu.home}",
            "`later` of `buddy.ask` leads to `mnu.home`, which is not there.",
        ),
        ("call: buddy.about", "call: budy", "`more` of `buddy.ask` leads to `budy`, which is not there."),
        ("run: human", "run: humans", "`person` of `buddy.ask` leads to `humans`, which is not there."),
        (
            "goto: quiet",
            "goto: quite",
            "`timeout` of `buddy.ask` leads to `buddy.quite`, which is not there.",
        ),
        (
            "opened: waiting",
            "opened: wait",
            "`opened` of `buddy.open` leads to `buddy.wait`, which is not there.",
        ),
    ],
)
def test_every_way_leads_somewhere(shelf: Shelf, old: str, new: str, lost: str) -> None:
    """Choices, commands, timeouts and outcomes."""
    shelf.change("buddy", old, new)

    assert shelf.messages("target") == [lost]


@pytest.mark.parametrize(
    ("handed", "said"),
    [
        ("{wish: $wish}", []),
        ("{wish: now}", []),
        ("{wish: $wishes}", ["`more` of `buddy.ask` hands on `$wishes`, not kept here."]),
        ("{wishes: $wish}", ["`more` of `buddy.ask` hands on `wishes` that `buddy` does not read."]),
    ],
)
def test_a_call_hands_on_what_was_kept_and_will_be_read(shelf: Shelf, handed: str, said: list[str]) -> None:
    """Under its own name on either side."""
    shelf.change("buddy", "call: buddy.about", f"call: buddy.about, with: {handed}")

    assert shelf.messages("hand") == said


def test_a_prompt_hands_on_what_it_is_about(shelf: Shelf) -> None:
    """Nobody has to keep its subject first; a flow that is no prompt has none."""
    shelf.change("buddy", "call: buddy.about", "call: buddy.about, with: {wish: $subject}")
    before = shelf.messages("hand")
    shelf.change("buddy", "flow: buddy", "flow: buddy\nprompt: true")

    assert before == ["`more` of `buddy.ask` hands on `$subject`, not kept here."]
    assert shelf.messages("hand") == []


def test_a_call_that_leads_nowhere_is_another_rules(shelf: Shelf) -> None:
    """Whatever it hands on."""
    shelf.change("buddy", "call: buddy.about", "call: budy.about, with: {wish: $wish}")

    assert shelf.messages("hand") == []
    assert len(shelf.messages("target")) == 1


def test_a_plain_move_leads_somewhere(shelf: Shelf) -> None:
    """A step that goes on at once has no name for its way; what is nothing like anything gets plain advice."""
    shelf.change("buddy", '{say: "No hurry.", end: true}', '{say: "No hurry.", goto: xyzzy}')
    found = [problem for problem in shelf.problems() if problem.rule == "target"]

    assert found[0].message == "`buddy.quiet` leads to `buddy.xyzzy`, which is not there."


def test_every_action_is_one_the_bot_has(shelf: Shelf) -> None:
    """Where the actions are known; a near one is named."""
    actions = ("person.recognise", "case.opens", "case.claim", "letter.sign")
    found = [problem for problem in shelf.problems(actions=actions) if problem.rule == "action"]
    far = [problem for problem in shelf.problems(actions=("zzz",)) if problem.rule == "action"]

    assert [problem.message for problem in found] == [
        "`buddy.open` does `case.open`, which no action is called."
    ]
    assert found[0].advice == "Do you mean `case.opens`?"
    assert {problem.advice for problem in far} == {"Write the action, or do another."}


def test_every_step_is_reached(shelf: Shelf) -> None:
    """What nothing leads to is never said."""
    shelf.change("help", "goto: sure", "end: true")

    assert shelf.messages("reach") == ["Nothing leads to `help.sure`."]


def test_nobody_is_held(shelf: Shelf) -> None:
    """Questions that lead only to each other, without a safety row."""
    shelf.change("letter", "{id: back, label: Back, home: menu.home}", "{id: back, label: Back, goto: read}")
    shelf.change("letter", "goto: name}", "goto: read}")

    assert shelf.messages("endless") == ["From `letter.read` there is no way to an end."]


def test_a_circle_in_which_nothing_is_asked(shelf: Shelf) -> None:
    """An action that is tried again without asking."""
    shelf.change("buddy", "again: waiting}", "again: open}")

    assert shelf.messages("loop") == ["Nothing is asked in the circle buddy.open → buddy.open."]


def test_a_wait_for_words_has_a_way_out(shelf: Shelf) -> None:
    """Something to press, or the safety row."""
    shelf.change("line", "ask: {goto: open}", "ask: {end: true}\n    safety: false")

    assert shelf.messages("wait") == ["`line.open` asks for words and offers no way out."]


def test_a_timeout_comes_before_the_expiry(shelf: Shelf) -> None:
    """Otherwise the question is over when it comes."""
    shelf.change("buddy", "after: 1 day", "after: 2 days")

    assert shelf.messages("wait") == ["The timeout of `buddy.ask` comes when the question is over already."]


def test_calls_leave_room_for_the_crisis_lane(shelf: Shelf) -> None:
    """A stack of four would lose the question a person came from."""
    shelf.change("buddy", "call: buddy.about", "call: help")
    shelf.change("help", "goto: sure", "call: letter")

    assert "Calls from `menu` pile up 4 frames of the 4 there are." in shelf.messages("depth")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "end: true}\n  taken",
            "ask: {end: true}}\n  taken",
            "`offer.yours` waits for an answer inside a prompt.",
        ),
        ("run: human", "call: help", "`offer.ask` calls out of a prompt, which has nothing to come back to."),
    ],
)
def test_a_prompt_asks_once(shelf: Shelf, old: str, new: str, fault: str) -> None:
    """Only its first step asks, by choices, and nothing is called."""
    shelf.change("offer", old, new)

    assert shelf.messages("prompt") == [fault]


def test_a_prompt_does_not_ask_for_words(shelf: Shelf) -> None:
    """They could not be told from an answer to the open question."""
    shelf.write("offer", "flow: offer\nprompt: true\nsteps:\n  ask: {say: Well?, ask: {end: true}}\n")

    assert shelf.messages("prompt") == [
        "`offer.ask` waits for an answer inside a prompt.",
    ]
