"""More organizers than two: a terminal asks those there are, and shows the keys of the invitations they approved.

What is asked here is approved in the chat by any organizer, who gets the link there. The terminal has the key and not
the link, the chat the link and not the key.
"""

import base64

from bot.app.house import opened
from bot.app.invite import ALONE, APP_NAME, EnoughOrganizers, invite_organizer
from bot.app.world import World
from bot.engine.event import Raised
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.exit import Exit, ExpectedError
from bot.model.person import Role
from bot.model.proposal import Deed
from bot.settings import Settings
from bot.store import audit, invites, lanes, proposals, roles
from bot.store.crypto import totp_uri


class AskedAlready(ExpectedError):
    """Something waits for a second yes of the organizers already."""

    status = Exit.TRY_AGAIN
    advice = "It ends within half an hour. An organizer sees it under /desk."


async def invite_or_ask(settings: Settings, world: World | None = None) -> list[str]:
    """An organizer's invitation while there are fewer than two of them, else a question to them; as lines.

    Raises EnoughOrganizers, InvitingAlready, AskedAlready.
    """
    try:
        return (await invite_organizer(settings, world)).lines
    except EnoughOrganizers:
        return await _ask(settings, world or World())


async def _ask(settings: Settings, world: World) -> list[str]:
    """Raises EnoughOrganizers while it is open invitations that make them enough."""
    async with opened(settings, world) as db, db.unit() as unit:
        now = world.clock.now()
        there = await roles.holders(unit, Role.ORGANIZER)
        if len(there) < ALONE:
            raise EnoughOrganizers
        if await proposals.all_open(unit, now=now):
            raise AskedAlready
        made = await proposals.propose(unit, Deed.ADD_ORGANIZER, proposer=CONSOLE, now=now)
        await audit.write(unit, actor=CONSOLE, act=Act.PROPOSE, thing=Thing.ORGANIZER, today=now.date())
        asked = Raised(flow="proposed", subject=str(made.id))
        await lanes.to_people(unit, [(one, asked) for one in there], now=now)
        await unit.commit()
    return [
        "There are two organizers, so this takes one of them: they have been asked, in the chat.",
        "If one approves within half an hour, the link comes to them there. The key is shown by `bot invite key`.",
    ]


async def invitation_keys(settings: Settings, world: World | None = None) -> list[str]:
    """The authenticator keys of the open invitations for organizers, as lines. That they were shown is in the audit."""
    world = world or World()
    async with opened(settings, world) as db, db.unit() as unit:
        now = world.clock.now()
        secrets = await invites.secrets(unit, Role.ORGANIZER, now=now)
        if not secrets:
            return ["There is no open invitation for an organizer."]
        await audit.write(unit, actor=CONSOLE, act=Act.KEY, thing=Thing.ORGANIZER, today=now.date())
        await unit.commit()
    lines = ["Give a key over another way than the link, and never in the chat with the bot."]
    for made_at, secret in secrets:
        by_hand = base64.b32encode(secret).decode().rstrip("=")
        lines += [
            "",
            f"Invitation of {made_at:%Y-%m-%d %H:%M} UTC",
            totp_uri(secret, name=APP_NAME),
            f"By hand: {by_hand}",
        ]
    return lines
