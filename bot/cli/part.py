"""What the commands stand on: what they ask of `bot.app` and `bot.lint`, and the settings with logging set up."""

import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import typer

from bot import logs
from bot.model.finding import Finding

if TYPE_CHECKING:
    from bot.app.flyer import Drawing
    from bot.model.flyer import Flyer
    from bot.settings import Need, Settings


class App(Protocol):
    """What the commands ask of `bot.app`; whatever returns lines says what was done or found."""

    async def run(self, settings: "Settings") -> None:
        """Serve people until cancelled."""

    async def run_on_leash(self, settings: "Settings", *, ahead: float, volunteer: str | None) -> None:
        """Serve people on a moved clock, until cancelled or left alone."""

    async def migrate(self, settings: "Settings") -> Sequence[str]:
        """Bring both databases up to date."""
        ...

    async def rotate_keys(self, settings: "Settings") -> Sequence[str]:
        """Wrap every key with the newest master key."""
        ...

    async def doctor(self, settings: "Settings") -> Sequence[Finding]:
        """Look at everything the bot needs."""
        ...

    async def invite_or_ask(self, settings: "Settings") -> Sequence[str]:
        """Make an invitation for one organizer, or ask the organizers for it."""
        ...

    async def invitation_keys(self, settings: "Settings") -> Sequence[str]:
        """The keys of the open invitations for organizers."""
        ...

    async def invite_volunteer(self, settings: "Settings") -> Sequence[str]:
        """Make an invitation for one volunteer."""
        ...

    async def waiting_phones(self, settings: "Settings") -> Sequence[str]:
        """Who of the team has another phone that waits to be confirmed."""
        ...

    async def confirm_phone(self, settings: "Settings", name: str) -> None:
        """That phone is theirs."""

    async def new_flyer(self, settings: "Settings", name: str, *, days: int) -> "Flyer":
        """Make a flyer."""
        ...

    async def list_flyers(self, settings: "Settings") -> Sequence[str]:
        """The flyers."""
        ...

    async def retire_flyer(self, settings: "Settings", code: str) -> Sequence[str]:
        """End a flyer."""
        ...

    async def draw_flyer(self, settings: "Settings", drawing: "Drawing") -> Sequence[str]:
        """Write what is printed of a flyer into a folder."""
        ...

    async def audited(self, settings: "Settings") -> Sequence[str]:
        """The privileged acts."""
        ...

    async def audit_breach(self, settings: "Settings") -> str | None:
        """Where the chain of privileged acts does not hold."""
        ...

    async def seal(self, settings: "Settings") -> Sequence[str]:
        """Have every process of the bot end, and none start."""
        ...

    async def unseal(self, settings: "Settings", ask: Callable[[str], str]) -> Sequence[str]:
        """Let the bot start again, once organizers have proven who they are."""
        ...

    async def touched(self, settings: "Settings") -> Sequence[str]:
        """The live sessions that the flows on disk would interrupt."""
        ...


class Playground(Protocol):
    """What the commands ask of `bot.playground`."""

    async def sandbox(self, settings: "Settings", directory: Path) -> None:
        """Serve the emulator and its page until cancelled, and keep the bot behind it alive."""


class Lint(Protocol):
    """What the commands ask of `bot.lint`."""

    def check(self, flows_dir: Path, locales_dir: Path) -> Sequence[object]:
        """Everything wrong with the flows; each reads as one line."""
        ...

    def draw(self, flows_dir: Path, target: Path) -> Sequence[Path]:
        """Each flow as a Mermaid picture in `target`."""
        ...


def _real_app() -> App:
    from bot import app

    return app


def _real_playground() -> Playground:
    from bot import playground

    return playground


class FlowLint:
    """`bot.lint` as the commands use it: with every action that there is."""

    def check(self, flows_dir: Path, locales_dir: Path) -> Sequence[object]:
        """Everything wrong with the flows; each reads as one line."""
        from bot.actions import ACTIONS
        from bot.app import World
        from bot.lint import check

        today = World().clock.now().date()
        return check(flows_dir, locales_dir, today=today, actions=ACTIONS.keys())

    def draw(self, flows_dir: Path, target: Path) -> Sequence[Path]:
        """One file a flow. Raises FlowsRefused if the flows can't be read."""
        from bot.engine.parse import read_book
        from bot.lint import mermaid

        target.mkdir(parents=True, exist_ok=True)
        pictures = {
            target / f"{name}.mmd": mermaid(flow) for name, flow in read_book(flows_dir).flows.items()
        }
        for path, picture in pictures.items():
            path.write_text(picture, encoding="utf-8")
        return sorted(pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where the commands find what they call; tests give their own."""

    app: Callable[[], App] = _real_app
    playground: Callable[[], Playground] = _real_playground
    lint: Callable[[], Lint] = FlowLint


def settings_for(
    needs: "Collection[Need]",
    *,
    env_file: Path = Path(".env"),
    keyless: bool = False,
    at_a_terminal: bool = False,
) -> "Settings":
    """The settings for a command with these needs, with logging set up by them. Raises SettingsRefused.

    `at_a_terminal`: what it says is for whoever typed it, so of the usual log only errors stand beside that.
    """
    from bot.settings import load

    ask = _ask if sys.stdin.isatty() else None
    settings = load(needs=needs, env_file=env_file, ask=ask, keyless=keyless)
    level = "ERROR" if at_a_terminal and settings.log_level == "INFO" else settings.log_level
    logs.setup(level, secrets=settings.secrets())
    return settings


def _ask() -> str:
    return getpass("Master key (not shown): ")


def parts_of(context: typer.Context) -> Parts:
    """What `main` was given."""
    parts: Parts = context.obj
    return parts
