"""The commands for Signal: the spooler, a process of its own, and the bot's account there. See docs/signal.md."""

import asyncio
import signal as signals
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot import console
from bot.cli.part import settings_for
from bot.cli.passphrase import new_pin, typed_pin
from bot.model.exit import Exit

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.spool.writer import Spooler

signal = typer.Typer(no_args_is_help=True, help="Signal: receive, and look after the bot's account there.")


@signal.command()
def spool(
    *,
    leash: Annotated[bool, typer.Option("--leash", hidden=True, help="End with the standard input.")] = False,
) -> None:
    """Keep every message that Signal brings, sealed, until told to stop. Runs beside `bot run`; needs no master key."""
    from bot.settings import Need
    from bot.spool.folder import Folder
    from bot.spool.writer import Spooler

    settings = settings_for([Need.SIGNAL], keyless=True)
    account = settings.signal_account.get_secret_value() if settings.signal_account else None
    spooler = Spooler(Folder(settings.signal_spool), settings.signal_rpc or "", account=account)
    console.serve(_leashed(spooler) if leash else spooler.run())


@signal.command()
def register(
    *,
    captcha: Annotated[str | None, typer.Option(help="The whole link of a solved captcha.")] = None,
    voice: Annotated[bool, typer.Option(help="Have the code said by a call, for a landline.")] = False,
) -> None:
    """Make the number of BOT_SIGNAL_ACCOUNT the bot's own: Signal sends a code to it."""
    from bot.app import account

    console.say(*console.wait(account.register(_settings(), captcha=captcha, voice=voice)))


@signal.command()
def verify(
    code: Annotated[str, typer.Argument(help="The six digits that came.")],
    *,
    pin: Annotated[
        bool, typer.Option("--pin", help="Ask for the PIN that the number has at Signal.")
    ] = False,
) -> None:
    """Give Signal the code that `register` asked for."""
    from bot.app import account

    console.say(*console.wait(account.verify(_settings(), code, pin=typed_pin() if pin else None)))


@signal.command()
def link() -> None:
    """Instead of registering: be one of the devices of a phone that has the number."""
    console.wait(_say_link(_settings()))


@signal.command()
def profile(name: Annotated[str, typer.Argument(help="What people see instead of the number.")]) -> None:
    """Set the name people see, and hide the number."""
    from bot.app import account

    console.say(*console.wait(account.profile(_settings(), name)))


@signal.command()
def pin(*, remove: Annotated[bool, typer.Option("--remove", help="Take it away instead.")] = False) -> None:
    """Lock the number with a PIN, asked for unseen: nobody registers it anew without."""
    from bot.app import account

    settings = _settings()
    console.say(*console.wait(account.lock(settings, None if remove else new_pin())))


@signal.command()
def username(name: Annotated[str, typer.Argument(help="Letters a to z, digits, _.")]) -> None:
    """Have people find the bot by a name: prints its link and a code to scan."""
    from bot.app import account

    console.say(*console.wait(account.username(_settings(), name)))


@signal.command()
def challenge(
    captcha: Annotated[str, typer.Argument(help="The whole link of a solved captcha.")],
) -> None:
    """Give Signal the captcha it wants before it takes more messages."""
    from bot.app import account
    from bot.settings import Need

    settings = settings_for([Need.SIGNAL, Need.KEYS], at_a_terminal=True)
    console.say(*console.wait(account.challenge(settings, captcha)))


@signal.command()
def status() -> None:
    """Look at signal-cli and the account."""
    from bot.app import account

    findings = console.wait(account.status(_settings()))
    console.show_findings(findings)
    raise typer.Exit(Exit.OK if all(found.ok for found in findings) else Exit.FAILED)


def _settings() -> "Settings":
    from bot.settings import Need

    return settings_for([Need.SIGNAL], keyless=True, at_a_terminal=True)


async def _say_link(settings: "Settings") -> None:
    from bot.app import account

    async for line in account.link(settings):
        console.say(line)


async def _leashed(spooler: "Spooler") -> None:
    """The spooler of a sandbox: whoever started it holds its standard input, and its end is the spooler's."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    leash, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_let_go(reader))
            await spooler.run()
    finally:
        leash.close()


async def _let_go(reader: asyncio.StreamReader) -> None:
    await reader.read()
    signals.raise_signal(signals.SIGTERM)
