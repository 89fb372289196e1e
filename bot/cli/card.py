"""The commands for those who review cards: what stands where, signing, pulling one at once. See docs/cards.md."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot import console
from bot.cli.part import settings_for
from bot.cli.passphrase import passphrase
from bot.model.exit import Exit
from bot.model.review import PullReason, ReviewRole

if TYPE_CHECKING:
    from bot.app.pull import Heard

cards = typer.Typer(no_args_is_help=True, help="Review cards: list, show, sign, pull.")
reviewer = typer.Typer(no_args_is_help=True, help="Who may sign cards.")
cards.add_typer(reviewer, name="reviewer")

DAYS: Final = 14
MOST_DAYS: Final = 3660
KeyFile = Annotated[Path, typer.Option("--key", help="The file of the reviewer's private key.")]
PassphraseFile = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file with the key's passphrase, mode 0600.")
]


@cards.command("list")
def listed() -> None:
    """Every card: where it stands, until when, and who has yet to sign."""
    from bot.app import review

    heard = _heard()
    console.say(*review.listed(_cards_dir(), today=_today(), pulled=heard.contents), *heard.pulls)


@cards.command()
def show(card: str) -> None:
    """One card as a reviewer sees it, in both languages."""
    from bot.app import review

    heard = _heard()
    console.say(*review.shown(review.find(_cards_dir(), card), today=_today(), pulled=heard.contents))
    console.say(*heard.doubts(card))


@cards.command()
def due(days: Annotated[int, typer.Option(help="How many days ahead.", min=0, max=MOST_DAYS)] = DAYS) -> None:
    """The approved cards whose time has run out, or ends soon."""
    from bot.app import review

    console.say(*review.due_soon(_cards_dir(), today=_today(), days=days))


@cards.command()
def approve(card: str, *, key: KeyFile, passphrase_file: PassphraseFile = None) -> None:
    """Read a card, and sign exactly these words."""
    from bot.app import review

    folder, today = _cards_dir(), _today()
    secret = passphrase(passphrase_file)
    proposal = review.propose(folder, card, key=key, passphrase=secret, today=today)
    console.say(*review.shown(proposal.review, today=today), "")
    typed = typer.prompt(f"To sign this as {proposal.approval.role}, type the card's id")
    if typed.strip() != card:
        console.advise("That is another id: nothing was signed.")
        raise typer.Exit(Exit.FAILED)
    console.say(*review.sign(folder, proposal))


@cards.command()
def pull(
    card: str,
    *,
    reason: Annotated[PullReason, typer.Option(help="Why, in one word.")] = PullReason.OTHER,
    undo: Annotated[bool, typer.Option("--undo", help="Take a pull back.")] = False,
) -> None:
    """Show a card to nobody from the next turn on, without a deploy. 1201, 101 and 100 cannot be pulled."""
    from bot.app import pull as pulling
    from bot.settings import Need

    settings = settings_for([Need.KEYS])
    done = pulling.restore(settings, card) if undo else pulling.pull(settings, card, reason=reason)
    console.say(console.wait(done))


@reviewer.command()
def new(
    name: str,
    *,
    role: Annotated[ReviewRole, typer.Option(help="What they are asked about.")],
    key: KeyFile,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Make a key for a reviewer, by pseudonym, and register its public half."""
    from bot.app import review

    secret = passphrase(passphrase_file, twice=True)
    console.say(*review.add_reviewer(_cards_dir(), name, role=role, key=key, passphrase=secret))


def _cards_dir() -> Path:
    return settings_for([]).flows_dir / "cards"


def _today() -> date:
    from bot.app import World

    return World().clock.now().date()


def _heard() -> "Heard":
    """What the bot knows of its cards, where its database can be read; a reviewer's machine has none."""
    from bot.app import pull as pulling

    settings = settings_for([])
    return console.wait(pulling.heard(settings)) if settings.master_keys() else pulling.Heard()
