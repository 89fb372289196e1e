"""What stands below facts: a way to say that one of them is wrong, and never in the crisis lane."""

from bot.engine.event import Asked, Distress
from bot.engine.flow import Book, Tone
from bot.engine.graph import nodes
from tests.engine.real import real_book
from tests.engine.talk import Talk

WRONG = "~wrong"


def _talk() -> Talk:
    return Talk(book=real_book())


def _facts(talk: Talk) -> tuple[str, ...]:
    return talk.session.screen.cards if talk.session.screen else ()


def _is_offered(talk: Talk) -> bool:
    return talk.session.screen is not None and WRONG in talk.session.screen.choices


def test_below_facts_they_can_be_said_to_be_wrong() -> None:
    """The flow is handed which ones were shown; it comes back to the question, where they are still in sight."""
    talk = _talk().hears(Asked(command="rights"))
    before = (_facts(talk), _is_offered(talk))
    talk.presses(WRONG)
    pending = talk.turn.pending
    talk.answers("none")

    assert before == (("C9", "C9_papers"), True)
    assert pending is not None
    assert pending.inputs["facts"] == "C9 C9_papers"
    assert talk.places == ["rights.start"]
    assert (_facts(talk), _is_offered(talk)) == before


def test_the_next_question_has_only_its_own_facts() -> None:
    """Those of the one before are out of sight."""
    talk = _talk().hears(Asked(command="rights")).presses("licence")

    assert _facts(talk) == ("C8",)


def test_a_question_that_is_asked_again_keeps_its_facts() -> None:
    """They are still above it, whatever was not understood."""
    talk = _talk().hears(Asked(command="rights")).types("what")

    assert (_facts(talk), _is_offered(talk)) == (("C9", "C9_papers"), True)


def test_the_command_is_about_the_facts_in_sight() -> None:
    """Without any it is about none."""
    asked = []
    for talk in (_talk().hears(Asked(command="rights")), _talk().hears(Asked(command="settings"))):
        talk.hears(Asked(command="wrong"))
        assert talk.turn.pending is not None
        asked.append(talk.turn.pending.inputs["facts"])

    assert asked == ["C9 C9_papers", ""]


def test_in_the_crisis_lane_nothing_is_to_be_judged() -> None:
    """Numbers stand there alone; and above it, too, whatever is called from it."""
    talk = _talk().hears(Distress())

    assert talk.said
    assert not _is_offered(talk)
    assert _facts(talk) == ()


def test_where_there_is_nothing_to_read_there_is_nothing_to_say() -> None:
    """A question without facts has no such button."""
    assert not _is_offered(_talk().hears(Asked(command="settings")))


def _lost(book: Book) -> list[str]:
    """Steps whose facts are shown in a turn that goes on with an action: the question after it would not know them."""
    found = []
    for (name, id), step in nodes(book):
        flow = book.flows[name]
        there = step
        while there.route and there.route.flow in book.flows and not there.waits and not there.do:
            following = book.step(there.route.flow, there.route.step)
            if following is None:
                break
            there = following
        if step.cards and flow.tone is not Tone.CRISIS and there.do:
            found.append(f"{name}.{id}")
    return found


def test_no_fact_is_shown_on_the_way_to_an_action() -> None:
    """Below every fact the button is in the same turn."""
    assert _lost(real_book()) == []
