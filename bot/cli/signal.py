"""The commands for Signal: the spooler, a process of its own that keeps what comes in. See docs/operations.md."""

import asyncio
import signal as signals
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot import console
from bot.cli.part import settings_for

if TYPE_CHECKING:
    from bot.spool.writer import Spooler

signal = typer.Typer(no_args_is_help=True, help="Signal: receive, and look after the bot's account there.")


@signal.callback()
def _signal() -> None:
    """With a callback, `spool` stays a command of its own while it is the only one."""


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


async def _leashed(spooler: "Spooler") -> None:
    """The spooler of a sandbox: whoever started it holds its standard input, and its end is the spooler's."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_let_go(reader))
        await spooler.run()


async def _let_go(reader: asyncio.StreamReader) -> None:
    await reader.read()
    signals.raise_signal(signals.SIGTERM)
