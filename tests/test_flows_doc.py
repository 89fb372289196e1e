"""`docs/flows.md` is true: its examples are read, and every key, phrase, command and rule it should name is there."""

import re
from pathlib import Path
from typing import Final

import pytest

from bot.engine import need
from bot.engine.flow import DEFAULT_EXPIRY, SYSTEM, AskKind, Audience, Move, Tone
from bot.engine.parse import read_draft, read_words
from bot.engine.parse.letter import read_letter_draft
from bot.engine.parse.route import MOVES, Each
from bot.engine.parse.topic import read_topic_draft
from bot.i18n.blocked import blocked_in
from bot.model.incoming import MediaKind
from bot.model.letter import LetterStatus
from bot.model.person import Language

PROJECT: Final = Path(__file__).parents[1]
PAGE: Final = (PROJECT / "docs" / "flows.md").read_text(encoding="utf-8")
KEYS: Final = (
    "say", "cards", "choices", "ask", "do", "with", "outcomes", "unclear", "timeout", "count", "sensitive", "exact",
    "safety", "each", *Each, *MOVES,
)  # fmt: skip


def example(name: str) -> str:
    """The example of that name on the page."""
    found = re.search(rf"```yaml {name}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None, name
    return found[1]


def test_the_example_of_a_flow_is_read(tmp_path: Path) -> None:
    """Its head, its steps and its moves; the expiry it calls the default is the default."""
    (tmp_path / "buddy.yaml").write_text(example("flow"), encoding="utf-8")
    draft = read_draft(tmp_path)
    flow = draft.book.flows["buddy"]

    assert draft.problems == ()
    assert list(flow.steps) == ["ask", "about", "open", "waiting", "nobody"]
    assert flow.expires == DEFAULT_EXPIRY
    assert flow.steps["ask"].choices[2].route.move is Move.CALL


def test_the_example_of_commands_is_read(tmp_path: Path) -> None:
    """As part of a system flow."""
    text = f"flow: system\nsteps:\n  expired: {{end: true}}\n{example('commands')}"
    (tmp_path / f"{SYSTEM}.yaml").write_text(text, encoding="utf-8")
    draft = read_draft(tmp_path)

    assert draft.problems == ()
    assert draft.book.commands["human"].safety is not None


def test_the_example_of_a_letter_is_read(tmp_path: Path) -> None:
    """With as many paragraphs in both languages, and as a draft."""
    (tmp_path / "example.yaml").write_text(example("letter"), encoding="utf-8")
    draft = read_letter_draft(tmp_path)
    letter = draft.letters["example"]

    assert draft.problems == ()
    assert letter.status is LetterStatus.DRAFT
    assert [len(letter.paragraphs[language]) for language in Language] == [2, 2]


def test_the_example_of_topics_is_read(tmp_path: Path) -> None:
    """One topic is parted by areas, another is not."""
    (tmp_path / "topics.yaml").write_text(example("topics"), encoding="utf-8")
    draft = read_topic_draft(tmp_path / "topics.yaml")

    assert draft.problems == ()
    assert draft.topics.purposes == (
        "notice:protest:north",
        "notice:protest:everywhere",
        "notice:urgent:north",
        "notice:urgent:everywhere",
        "notice:talks",
    )
    assert [topic.is_emergency for topic in draft.topics.topics.values()] == [False, True, False]


def test_the_example_of_words_is_read(tmp_path: Path) -> None:
    """And blocks what it says it blocks."""
    path = tmp_path / "wording.yaml"
    path.write_text(example("words"), encoding="utf-8")
    words = read_words(path)

    assert list(blocked_in("You should perhaps refuse.", words[Language.ENGLISH], language=Language.ENGLISH))
    assert list(blocked_in("לדעתי כדאי לך לסרב", words[Language.HEBREW], language=Language.HEBREW))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_of_a_step_is_on_the_page(key: str) -> None:
    """A key nobody can find is not used."""
    assert re.search(rf"`{key}[`:]", PAGE), key


@pytest.mark.parametrize("kinds", [Audience, Tone])
def test_every_closed_set_is_listed_whole(kinds: type[Audience]) -> None:
    """In the order of the code, parted by bars."""
    assert " | ".join(kind.value for kind in kinds) in PAGE


def test_every_kind_of_free_answer_is_on_the_page() -> None:
    """Text and date."""
    assert all(f"`{kind}`" in PAGE for kind in AskKind)


def test_every_need_of_the_machinery_is_on_the_page() -> None:
    """Phrases, commands and questions; the kinds of content by their pattern."""
    kinds = {f"unsupported_{kind}" for kind in MediaKind}
    names = {*need.PHRASES, *need.COMMANDS, *need.QUESTIONS} - kinds

    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []
    assert "`unsupported_<kind>`" in PAGE


def test_every_rule_of_the_check_is_on_the_page() -> None:
    """As the problems name them."""
    sources = [path.read_text(encoding="utf-8") for path in (PROJECT / "bot" / "lint").glob("*.py")]
    rules = {name for source in sources for name in re.findall(r'problem\(\s*"(\w+)"', source)}

    assert len(rules) > 10
    assert [rule for rule in sorted({*rules, "schema", "system"}) if f"`{rule}`" not in PAGE] == []
