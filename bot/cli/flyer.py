"""The commands for printed codes that open the chat."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import console
from bot.cli.part import parts_of, settings_for

if TYPE_CHECKING:
    from bot.model.person import Language
    from bot.settings import Settings

flyer = typer.Typer(no_args_is_help=True, help="Printed codes that open the chat, and how often each did.")


class Printed(StrEnum):
    """What a flyer is printed in."""

    HEBREW = "he"
    ENGLISH = "en"
    BOTH = "both"


Out = Annotated[Path | None, typer.Option(help="A new folder for the files.")]
In = Annotated[Printed, typer.Option("--language", help="What it is printed in; both: one on each side.")]


@flyer.command()
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="For the team's list: a place or an occasion, nobody's name.")],
    *,
    days: Annotated[int, typer.Option(help="For how many days it is counted.")] = 91,
    language: In = Printed.BOTH,
    out: Out = None,
) -> None:
    """Make a flyer, and write what is printed of it into a new folder."""
    from bot.app.flyer import Drawing

    settings, app = _settings(), parts_of(context).app()
    code = console.wait(app.new_flyer(settings, name, days=days)).code
    console.say(f"code: {code}")
    drawing = Drawing(code=code, languages=_languages(language), out=out)
    console.say(*console.wait(app.draw_flyer(settings, drawing)))


@flyer.command()
def draw(
    context: typer.Context,
    code: str,
    *,
    language: In = Printed.BOTH,
    bot: Annotated[
        str | None, typer.Option(help="The bot's name on Telegram; else Telegram is asked.")
    ] = None,
    out: Out = None,
) -> None:
    """Write what is printed of a flyer into a new folder."""
    from bot.app.flyer import Drawing

    drawing = Drawing(code=code, languages=_languages(language), bot=bot, out=out)
    console.say(*console.wait(parts_of(context).app().draw_flyer(_settings(), drawing)))


@flyer.command("list")
def listed(context: typer.Context) -> None:
    """Every flyer: code, until when it counts, how often it was opened, name."""
    console.say(*console.wait(parts_of(context).app().list_flyers(_settings())))


@flyer.command()
def retire(context: typer.Context, code: str) -> None:
    """End a flyer: it still opens the chat, and is not counted any more."""
    console.say(*console.wait(parts_of(context).app().retire_flyer(_settings(), code)))


def _settings() -> "Settings":
    from bot.settings import Need

    return settings_for([Need.KEYS])


def _languages(printed: Printed) -> "tuple[Language, ...]":
    from bot.model.person import Language

    return tuple(Language) if printed is Printed.BOTH else (Language(printed),)
