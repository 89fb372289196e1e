"""Inviting somebody to a role: a link that works once, and the secret that goes another way.

A terminal alone makes organizers only until there are two, so that nobody with the machine adds a third one unseen.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.app.house import opened
from bot.app.known import bot_name
from bot.app.world import World
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.exit import Exit, ExpectedError
from bot.model.person import Role
from bot.settings import Settings
from bot.store import audit, invites, roles
from bot.store.crypto import TOTP_BYTES, totp_uri
from bot.store.db import Database
from bot.store.unit import Unit

ALONE: Final = 2  # organizers that a terminal makes by itself
PAYLOAD_BYTES: Final = 16
APP_NAME: Final = "desk"  # beside the code on somebody's phone: says nothing
UNNAMED: Final = "The bot's name is not known here: open the chat with it by hand."


class EnoughOrganizers(ExpectedError):
    """There are two organizers, or open invitations for them: a terminal alone makes no more."""

    advice = (
        "An open invitation ends after seven days. Once there are two organizers, they are asked for more."
    )


class InvitingAlready(ExpectedError):
    """Somebody else is making an invitation at this moment."""

    status = Exit.TRY_AGAIN
    advice = "Try again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What one person gets: `payload` over one way, `secret` (base32) or `uri` over another. Neither is stored."""

    payload: str = field(repr=False)
    secret: str = field(repr=False)
    uri: str = field(repr=False)
    link: str | None = field(default=None, repr=False)

    @property
    def lines(self) -> list[str]:
        """All of it as a terminal shows it."""
        way = f"Link: {self.link}" if self.link else UNNAMED
        return [
            "An invitation for one person and one use, good for seven days.",
            way,
            f"Or, written to the bot: /start {self.payload}",
            "",
            "Give this over another way than the link, never in the chat with the bot. An authenticator app reads it:",
            self.uri,
            f"By hand: {self.secret}",
            "Whoever has both joins. Three wrong codes end the invitation.",
        ]


async def invite_organizer(settings: Settings, world: World | None = None) -> Invitation:
    """Invite one organizer. Raises EnoughOrganizers, InvitingAlready.

    Telegram is asked before anything is written: who loses patience with it leaves no invitation that nobody has seen
    and that would stand in the way of others for a week.
    """
    world = world or World()
    async with opened(settings, world) as db, db.hold("invite") as ours:
        if not ours:
            raise InvitingAlready
        async with db.reading() as reading:
            await refuse_if_enough(reading, now=world.clock.now())
        name = await bot_name(settings, db)
        payload, secret = _code(world.entropy(PAYLOAD_BYTES)), world.entropy(TOTP_BYTES)
        await _invite(db, payload, secret, world)
    return Invitation(
        payload=payload,
        secret=_code(secret).upper(),
        uri=totp_uri(secret, name=APP_NAME),
        link=f"https://t.me/{name}?start={payload}" if name else None,
    )


async def invite_volunteer(settings: Settings, world: World | None = None) -> list[str]:
    """Invite one volunteer; the lines for a terminal. Any number can be open: somebody else has to vouch for each."""
    world = world or World()
    async with opened(settings, world) as db:
        name = await bot_name(settings, db)
        payload, now = _code(world.entropy(PAYLOAD_BYTES)), world.clock.now()
        async with db.unit() as unit:
            await invites.make(
                unit, Role.VOLUNTEER, payload=payload, secret=world.entropy(TOTP_BYTES), now=now
            )
            await audit.write(unit, actor=CONSOLE, act=Act.INVITE, thing=Thing.VOLUNTEER, today=now.date())
            await unit.commit()
    return [
        "An invitation to volunteer, for one person and one use, good for seven days.",
        f"Link: https://t.me/{name}?start={payload}" if name else UNNAMED,
        f"Or, written to the bot: /start {payload}",
        "Whoever opens it agrees to the conduct; then somebody on the team who knows them vouches for them.",
    ]


async def refuse_if_enough(unit: Unit, *, now: datetime) -> None:
    """Raises EnoughOrganizers."""
    there = len(await roles.holders(unit, Role.ORGANIZER))
    if there + await invites.count_open(unit, Role.ORGANIZER, now=now) >= ALONE:
        raise EnoughOrganizers


async def _invite(db: Database, payload: str, secret: bytes, world: World) -> None:
    now = world.clock.now()
    async with db.unit() as unit:
        await refuse_if_enough(unit, now=now)
        await invites.make(unit, Role.ORGANIZER, payload=payload, secret=secret, now=now)
        await audit.write(unit, actor=CONSOLE, act=Act.INVITE, thing=Thing.ORGANIZER, today=now.date())
        await unit.commit()


def _code(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()
