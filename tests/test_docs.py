"""The documents are true: settings, commands, exit statuses, links and examples are held against the code."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot.cli import commands
from bot.model.exit import Exit
from bot.model.flood import RULES
from bot.settings import Settings
from bot.settings.field import variable

PROJECT: Final = Path(__file__).parents[1]
PAGES: Final = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
FENCE: Final = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bBOT_[A-Z_]+[A-Z]\b", text)) - {"BOT_TEST"}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


def command_lines() -> Iterator[str]:
    """Every command a person types. Example: "keys new"."""
    yield from _lines_of(get_command(commands))


def _lines_of(group: object) -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if command.hidden:
            continue
        inner = list(_lines_of(command))
        yield from (f"{name} {part}" for part in inner) if inner else [name]


def fences(language: str) -> list[str]:
    return [
        body
        for page in PAGES
        for kind, body in FENCE.findall(page.read_text(encoding="utf-8"))
        if kind == language
    ]


@pytest.mark.parametrize("page", [".env.example", "docs/operations.md"])
def test_every_setting_is_documented_and_no_other(page: str) -> None:
    """A setting that is not explained does not exist; one that is explained does."""
    assert settings_in(read(page)) == {variable(field) for field in Settings.model_fields}


def test_the_example_settings_give_their_default() -> None:
    """A line somebody uncomments unread changes nothing."""
    given = dict(re.findall(r"^#?(BOT_[A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    defaults = {variable(name): field.default for name, field in Settings.model_fields.items()}
    examples = {
        "BOT_TELEGRAM_API_URL",
        "BOT_TELEGRAM_PROXY",
        "BOT_WEBHOOK_URL",
        "BOT_SIGNAL_RPC",
        "BOT_SIGNAL_ATTACHMENTS",
        "BOT_MASTER_KEY_FILE",
    }

    same = {
        "BOT_HTTP_LISTEN": "127.0.0.1:8080",
        "BOT_CASE_TIMES": "15/60/180,urgent=2/5/10",
        "BOT_TELEGRAM_RATE": "25",
        "BOT_FLOWS_DIR": "flows",
        "BOT_LOCALES_DIR": "locales",
    }
    wrong = [
        name
        for name, value in given.items()
        if value and name not in examples and value != same.get(name, str(defaults[name]))
    ]

    assert wrong == []


def test_every_command_is_documented() -> None:
    """Operations explains each."""
    assert [line for line in command_lines() if f"`bot {line}`" not in read("docs/operations.md")] == []


@pytest.mark.parametrize("status", Exit)
def test_every_exit_status_is_documented(status: Exit) -> None:
    """A service manager's owner looks them up."""
    assert f"\n| {status} |" in read("docs/operations.md")


def test_the_readme_has_its_two_commands() -> None:
    """`make sandbox` and `make test` stand alone in a block each, and exist."""
    alone = {body.strip() for body in fences("sh") if "\n" not in body.strip()}

    assert {"make sandbox", "make test"} <= alone
    assert {"sandbox", "test", "setup", "check", "bench", "soak", "lock", "lab"} <= targets()


def test_ci_runs_the_readmes_test_command() -> None:
    """What a reader is told is what is held."""
    assert "make test" in read(".ci/run")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A file that is named beside a document is there."""
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_file_the_readme_names_exists() -> None:
    """The order of reading is a promise."""
    paths = re.findall(r"`((?:bot|docs|flows|tests)/[\w./]+)`", read("README.md"))

    assert paths
    assert [path for path in paths if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("example", fences("yaml"))
def test_yaml_examples_can_be_read(example: str) -> None:
    """An example with a typing error teaches the error."""
    assert YAML(typ="safe").load(example) is not None


def test_python_examples_compile() -> None:
    """The same, for Python."""
    for example in fences("python"):
        compile(example, "example", "exec")


@pytest.mark.parametrize("example", fences("sh"))
def test_shell_examples_name_commands_that_exist(example: str) -> None:
    """Every `make` and every `bot` in a block is one we have."""
    made = set(re.findall(r"^make (\w+)", example, re.MULTILINE))
    called = re.findall(
        r"\.venv/bin/bot ((?:(?:keys|invite|audit|letter|signal|cards(?: reviewer)?) )?\w+)", example
    )

    assert made <= targets()
    assert set(called) <= set(command_lines())


def test_decisions_are_numbered_in_order() -> None:
    """Each has its context, its choice and its cost, in three lines."""
    text = read("docs/decisions.md")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]

    assert numbers == list(range(1, len(numbers) + 1))
    for word in ("Context", "Choice", "Cost"):
        assert len(re.findall(rf"^{word}: ", text, re.MULTILINE)) == len(numbers)


def test_the_thresholds_of_floods_are_what_the_code_has() -> None:
    """One line for each rule of `bot.model.flood`."""
    lines = [
        f"| {rule.counted} | {rule.more_than} | {span(rule.within)} | {rule.then} |"
        for rule in RULES.values()
    ]

    assert "\n".join(lines) in read("docs/operations.md")


def span(length: timedelta) -> str:
    seconds = length.total_seconds()
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
