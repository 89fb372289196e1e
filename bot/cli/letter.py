"""The commands of the letter keeper, for a machine that is not the server: a key pair, and a bundle opened."""

from pathlib import Path
from typing import Annotated

import typer

from bot import console
from bot.cli.part import settings_for
from bot.cli.passphrase import passphrase

letter = typer.Typer(no_args_is_help=True, help="For the letter keeper, offline: make keys, open a bundle.")


PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file with the key's passphrase, mode 0600.")
]


@letter.command()
def keys(
    out: Annotated[Path, typer.Option(help="Write the private half into this new file, mode 0600.")],
    *,
    lock: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase and lock the file with it.")
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make the keeper's key pair and print the public half, which the bot gets as BOT_LETTER_PUBLIC_KEY."""
    from bot.app import keeper

    is_locked = lock or passphrase_file is not None
    secret = passphrase(passphrase_file, twice=True) if is_locked else ""
    console.say(keeper.make_keys(out, passphrase=secret))
    console.advise("This is the public half: give it to the bot as BOT_LETTER_PUBLIC_KEY.")
    if not is_locked:
        console.advise(
            "The private half has no passphrase: whoever has the file has the key. --passphrase locks it."
        )
    console.advise(
        f"The private half is in {out}. It never goes to the server; without it no name can be read again."
    )


@letter.command("open")
def opened(
    bundle: Path,
    *,
    key: Annotated[
        list[Path], typer.Option(help="The keeper's private key; give it again for an older one.")
    ],
    approved: Annotated[str, typer.Option("--hash", help="The hash that organizers approved.")] = "",
    before: Annotated[
        Path | None, typer.Option(help="The bundle of the last publication: what has to come off its list.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A new folder for the files.")] = None,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Open a bundle and write the list: text and a page to print in both languages, and a table."""
    from bot.app import keeper

    settings = settings_for([])

    def ask() -> str:
        return passphrase(passphrase_file)

    found = keeper.open_bundle(bundle, keys=key, approved=approved, ask=ask)
    if before:
        found = keeper.compared(found, keeper.open_bundle(before, keys=key, approved="", ask=ask))
    counts = keeper.counts_of(settings.flows_dir, settings.locales_dir)
    console.say(*keeper.write_list(found, out=out, counts=counts))
