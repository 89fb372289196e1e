"""The commands for those who run the bot: inviting them, and looking at what they did."""

from typing import Annotated

import typer

from bot import console
from bot.cli.part import parts_of, settings_for
from bot.model.exit import Exit

NameOfWaiting = Annotated[str | None, typer.Argument(help="What the audit calls them.")]
invite = typer.Typer(no_args_is_help=True, help="Invite somebody to help run the bot.")
audit = typer.Typer(no_args_is_help=True, help="Look at what organizers and this terminal did.")


@invite.command()
def organizer(context: typer.Context) -> None:
    """Make a link for one organizer, and the key for their app; once there are two, ask them for it."""
    from bot.settings import Need

    console.say(*console.wait(parts_of(context).app().invite_or_ask(settings_for([Need.KEYS]))))


@invite.command()
def key(context: typer.Context) -> None:
    """Show the authenticator keys of the open invitations for organizers. Who has the key has no link yet."""
    from bot.settings import Need

    console.say(*console.wait(parts_of(context).app().invitation_keys(settings_for([Need.KEYS]))))


@invite.command()
def volunteer(context: typer.Context) -> None:
    """Make a link for one volunteer. Somebody on the team who knows them has to vouch for them as well."""
    from bot.settings import Need

    console.say(*console.wait(parts_of(context).app().invite_volunteer(settings_for([Need.KEYS]))))


@invite.command()
def phone(context: typer.Context, name: NameOfWaiting = None) -> None:
    """Show whose other phone waits; with a name, confirm it, while fewer than two organizers are left to do so."""
    from bot.settings import Need

    app, settings = parts_of(context).app(), settings_for([Need.KEYS])
    if name is None:
        console.say(*console.wait(app.waiting_phones(settings)))
        return
    console.wait(app.confirm_phone(settings, name))
    console.say("The role is theirs again, and what waited for them goes out.")


def seal(context: typer.Context) -> None:
    """End the bot on every machine, and let none start, until organizers unseal it. Needs no key."""
    console.say(*console.wait(parts_of(context).app().seal(settings_for([], keyless=True))))


def unseal(context: typer.Context) -> None:
    """Let a sealed bot start again: two organizers type a code each."""
    from bot.settings import Need

    app = parts_of(context).app()
    console.say(*console.wait(app.unseal(settings_for([Need.KEYS]), _code)))


def _code(question: str) -> str:
    return str(typer.prompt(question))


@audit.command()
def verify(context: typer.Context) -> None:
    """See that no act was changed, taken out or cut off."""
    from bot.settings import Need

    breach = console.wait(parts_of(context).app().audit_breach(settings_for([Need.KEYS])))
    console.say(breach or "Every act follows from the one before it.")
    raise typer.Exit(Exit.FAILED if breach else Exit.OK)


@audit.command("list")
def listed(context: typer.Context) -> None:
    """Every act: number, day, who, what, to what kind of thing."""
    from bot.settings import Need

    console.say(*console.wait(parts_of(context).app().audited(settings_for([Need.KEYS]))))
