"""The `bot` command: reads the command line, calls one function of `bot.app` or `bot.lint`, says how it went.

No work is done here, and everything heavy is imported by the command that needs it. `docs/operations.md` explains
each command and each exit status.
"""

import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Protocol

import typer

from bot import console, logs
from bot.model.exit import Exit
from bot.model.finding import Finding

if TYPE_CHECKING:
    from bot.settings import Need, Settings

SANDBOX_DIR: Final = Path("data/sandbox")


class App(Protocol):
    """What the commands ask of `bot.app`; whatever returns lines says what was done or found."""

    async def run(self, settings: "Settings") -> None:
        """Serve people until cancelled."""

    async def sandbox(self, settings: "Settings") -> None:
        """Serve the emulator and its page until cancelled."""

    async def migrate(self, settings: "Settings") -> Sequence[str]:
        """Bring both databases up to date."""
        ...

    async def rotate_keys(self, settings: "Settings") -> Sequence[str]:
        """Wrap every key with the newest master key."""
        ...

    async def doctor(self, settings: "Settings") -> Sequence[Finding]:
        """Look at everything the bot needs."""
        ...

    async def touched(self, settings: "Settings") -> Sequence[str]:
        """The live sessions that the flows on disk would interrupt."""
        ...


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


class FlowLint:
    """`bot.lint` as the commands use it: with every action that there is."""

    def check(self, flows_dir: Path, locales_dir: Path) -> Sequence[object]:
        """Everything wrong with the flows; each reads as one line."""
        from bot.actions import ACTIONS
        from bot.lint import check

        return check(flows_dir, locales_dir, actions=ACTIONS.keys())

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
    lint: Callable[[], Lint] = FlowLint


commands = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a pretty traceback would show local variables
    help="A conversational bot on Telegram and Signal, in Hebrew and English.",
)
keys = typer.Typer(no_args_is_help=True, help="Make and change the master key.")
commands.add_typer(keys, name="keys")


def main(arguments: Sequence[str] | None = None, *, parts: Parts | None = None) -> None:
    """Do what the command line says and end the process with its exit status."""
    sys.exit(console.ended(lambda: commands(args=arguments, obj=parts or Parts(), prog_name="bot")))


@commands.command()
def run(context: typer.Context) -> None:
    """Serve people: receive, answer and deliver until told to stop."""
    from bot.settings import Need

    settings = _settings([Need.PLATFORM, Need.KEYS])
    console.serve(_parts(context).app().run(settings))


@commands.command()
def sandbox(
    context: typer.Context,
    directory: Annotated[Path, typer.Option("--dir", help="Where its databases and key live.")] = SANDBOX_DIR,
) -> None:
    """Try the bot on this machine, with an emulated Telegram and a page with a phone. Needs no settings."""
    from bot import settings

    chosen = settings.sandbox(directory)
    logs.setup(chosen.log_level, secrets=chosen.secrets())
    console.serve(_parts(context).app().sandbox(chosen))


@commands.command()
def check(
    context: typer.Context,
    *,
    live: Annotated[
        bool, typer.Option(help="Also list the live sessions these flows would interrupt.")
    ] = False,
    mermaid: Annotated[Path | None, typer.Option(help="Draw each flow into this folder.")] = None,
) -> None:
    """Hold the flows, cards and translations against the rules."""
    settings = _settings([])
    lint = _parts(context).lint()
    problems = lint.check(settings.flows_dir, settings.locales_dir)
    console.say(*problems)
    if mermaid:
        console.say(*lint.draw(settings.flows_dir, mermaid))
    if live:
        console.say(*console.wait(_parts(context).app().touched(settings)))
    console.say(f"problems: {len(problems)}")
    raise typer.Exit(Exit.FAILED if problems else Exit.OK)


@commands.command()
def migrate(context: typer.Context) -> None:
    """Bring both databases up to date, or create them."""
    console.say(*console.wait(_parts(context).app().migrate(_settings([]))))


@commands.command()
def doctor(context: typer.Context) -> None:
    """Look at everything the bot needs, and say what to do where something is missing."""
    findings = console.wait(_parts(context).app().doctor(_settings([])))
    console.show_findings(findings)
    raise typer.Exit(Exit.OK if all(found.ok for found in findings) else Exit.FAILED)


@keys.command()
def new(
    file: Annotated[Path | None, typer.Option(help="Write it into this new file, mode 0600.")] = None,
) -> None:
    """Make a fresh master key and say where it goes."""
    from bot.settings import keyfile

    key = keyfile.fresh()
    if file:
        keyfile.write(file, key)
        console.say(f"Written. Give it to the bot as BOT_MASTER_KEY_FILE={file}")
    else:
        console.say(key)
        console.advise(
            "Give it to the bot as BOT_MASTER_KEY, as a file, or at its prompt; see docs/operations.md."
        )
    console.advise("Keep a copy away from this machine: without the key, nothing stored can be read again.")


@keys.command()
def rotate(context: typer.Context) -> None:
    """Wrap every key with the new master key; give both as BOT_MASTER_KEY=new,old."""
    from bot.settings import Need

    console.say(*console.wait(_parts(context).app().rotate_keys(_settings([Need.KEYS]))))


def _settings(needs: "Collection[Need]") -> "Settings":
    """The settings, with logging set up by them. Raises SettingsRefused."""
    from bot.settings import load

    settings = load(needs=needs, ask=_ask if sys.stdin.isatty() else None)
    logs.setup(settings.log_level, secrets=settings.secrets())
    return settings


def _ask() -> str:
    return getpass("Master key (not shown): ")


def _parts(context: typer.Context) -> Parts:
    parts: Parts = context.obj
    return parts
