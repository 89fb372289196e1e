"""The `bot` command: reads the command line, calls one function of `bot.app` or `bot.lint`, says how it went.

No work is done here, and everything heavy is imported by the command that needs it. `docs/operations.md` explains
each command and each exit status.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from bot import console, logs
from bot.cli import card, desk, flyer, letter, signal
from bot.cli.part import Parts, parts_of, settings_for
from bot.model.exit import Exit

__all__ = ["Parts", "commands", "main"]

SANDBOX_DIR: Final = Path("data/sandbox")

commands = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a pretty traceback would show local variables
    help="A conversational bot on Telegram and Signal, in Hebrew and English.",
)
keys = typer.Typer(no_args_is_help=True, help="Make and change the master key.")
commands.add_typer(keys, name="keys")
commands.add_typer(desk.invite, name="invite")
commands.add_typer(desk.audit, name="audit")
commands.add_typer(card.cards, name="cards")
commands.add_typer(letter.letter, name="letter")
commands.add_typer(flyer.flyer, name="flyer")
commands.add_typer(signal.signal, name="signal")


def main(arguments: Sequence[str] | None = None, *, parts: Parts | None = None) -> None:
    """Do what the command line says and end the process with its exit status."""
    sys.exit(console.ended(lambda: commands(args=arguments, obj=parts or Parts(), prog_name="bot")))


@commands.command()
def run(context: typer.Context) -> None:
    """Serve people: receive, answer and deliver until told to stop."""
    from bot.settings import Need

    settings = settings_for([Need.PLATFORM, Need.KEYS])
    console.serve(parts_of(context).app().run(settings))


@commands.command()
def sandbox(
    context: typer.Context,
    directory: Annotated[Path, typer.Option("--dir", help="Where its databases and key live.")] = SANDBOX_DIR,
) -> None:
    """Try the bot on this machine, with an emulated Telegram and a page of phones. Needs no settings."""
    from bot import settings

    chosen = settings.sandbox(directory)
    logs.setup(chosen.log_level, secrets=chosen.secrets())
    console.serve(parts_of(context).playground().sandbox(chosen, directory))


@commands.command(hidden=True)
def leashed(
    context: typer.Context,
    *,
    ahead: Annotated[float, typer.Option(help="How many seconds its clock is ahead.")] = 0.0,
    volunteer: Annotated[str | None, typer.Option(help="Who is a volunteer from the start.")] = None,
) -> None:
    """The bot of a sandbox, started by the sandbox and ended with it; its settings are all in the environment."""
    from bot.settings import Need

    settings = settings_for([Need.PLATFORM, Need.KEYS], env_file=Path(os.devnull))
    console.serve(parts_of(context).app().run_on_leash(settings, ahead=ahead, volunteer=volunteer))


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
    from bot.i18n.hidden import unhidden

    settings = settings_for([])
    lint = parts_of(context).lint()
    problems = lint.check(settings.flows_dir, settings.locales_dir)
    console.say(*(unhidden(str(problem)) for problem in problems))
    if mermaid:
        console.say(*lint.draw(settings.flows_dir, mermaid))
    if live:
        console.say(*console.wait(parts_of(context).app().touched(settings)))
    console.say(f"problems: {len(problems)}")
    raise typer.Exit(Exit.FAILED if problems else Exit.OK)


@commands.command()
def migrate(context: typer.Context) -> None:
    """Bring both databases up to date, or create them."""
    console.say(*console.wait(parts_of(context).app().migrate(settings_for([]))))


@commands.command()
def doctor(context: typer.Context) -> None:
    """Look at everything the bot needs, and say what to do where something is missing."""
    findings = console.wait(parts_of(context).app().doctor(settings_for([], at_a_terminal=True)))
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

    console.say(*console.wait(parts_of(context).app().rotate_keys(settings_for([Need.KEYS]))))


commands.command()(desk.seal)
commands.command()(desk.unseal)
