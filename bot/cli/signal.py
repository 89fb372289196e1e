"""The commands for Signal: the spooler, a process of its own that keeps what comes in. See docs/operations.md."""

import typer

from bot import console
from bot.cli.part import settings_for

signal = typer.Typer(no_args_is_help=True, help="Signal: receive, and look after the bot's account there.")


@signal.callback()
def _signal() -> None:
    """With a callback, `spool` stays a command of its own while it is the only one."""


@signal.command()
def spool() -> None:
    """Keep every message that Signal brings, sealed, until told to stop. Runs beside `bot run`; needs no master key."""
    from bot.settings import Need
    from bot.spool.folder import Folder
    from bot.spool.writer import Spooler

    settings = settings_for([Need.SIGNAL], keyless=True)
    account = settings.signal_account.get_secret_value() if settings.signal_account else None
    spooler = Spooler(Folder(settings.signal_spool), settings.signal_rpc or "", account=account)
    console.serve(spooler.run())
