"""What every book has to have."""

from dataclasses import replace

from bot.engine.flow import SYSTEM, Move, Route
from bot.engine.need import NOTICING, missing
from bot.model.topic import Topic, Topics
from tests.engine.talk import small_book
from tests.letters import LETTER


def test_a_whole_book_lacks_nothing() -> None:
    """The small book has everything the machinery uses."""
    assert list(missing(small_book())) == []


def test_an_empty_system_lacks_everything() -> None:
    """Phrases, commands and questions, each by name."""
    lacks = list(missing(replace(small_book(), phrases={}, commands={}, flows={})))

    assert "phrase `unsupported_voice` in system.yaml" in lacks
    assert "command `crisis` in system.yaml" in lacks
    assert "question `system.expired` with exactly the choices go_on, over" in lacks


def test_a_letter_needs_words_below_its_list() -> None:
    """Without a letter nobody prints one."""
    book = small_book()
    phrases = {name: phrase for name, phrase in book.phrases.items() if name != "letter_counted"}

    assert list(missing(replace(book, phrases=phrases))) == []
    assert list(missing(replace(book, phrases=phrases, letters={LETTER.id: LETTER}))) == [
        "phrase `letter_counted` in system.yaml"
    ]


def test_a_command_has_to_lead_somewhere() -> None:
    """To a step that is there, by a call or home."""
    book = small_book()
    lost = replace(book.commands["menu"], route=Route(move=Move.HOME, flow="menu", step="gone"))
    round_about = replace(book.commands["help"], route=Route(move=Move.RUN, flow="menu"))
    lacks = list(missing(replace(book, commands={**book.commands, "menu": lost, "help": round_about})))

    assert lacks == ["step where the command `menu` leads", "step where the command `help` leads"]


def test_the_crisis_lane_comes_back() -> None:
    """It is called, so that the question below is not lost."""
    book = small_book()
    leaves = replace(book.commands["crisis"], route=Route(move=Move.HOME, flow="crisis", step="now"))

    assert list(missing(replace(book, commands={**book.commands, "crisis": leaves}))) == [
        "call in the command `crisis`, which has to come back"
    ]


def test_the_machinerys_questions_have_their_two_choices() -> None:
    """No more and no fewer."""
    book = small_book()
    system = book.flows[SYSTEM]
    short = replace(system.steps["expired"], choices=system.steps["expired"].choices[:1])
    steps = {**system.steps, "expired": short}
    lacks = list(missing(replace(book, flows={**book.flows, SYSTEM: replace(system, steps=steps)})))

    assert lacks == ["question `system.expired` with exactly the choices go_on, over"]


def test_where_there_are_topics_there_are_the_words_around_a_notice() -> None:
    """Each of them; a book without topics needs none."""
    topics = Topics(topics={"events": Topic(id="events", label="Events", about="Talks.")})
    assert list(missing(replace(small_book(), topics=topics))) == [
        f"phrase `{name}` in system.yaml" for name in NOTICING
    ]
