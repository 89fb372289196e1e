"""The sandbox's volunteer and its second organizer: let in at once. Nobody else comes in so.

Called by `leash`, which also makes the invitation for the sandbox's first organizer.
"""

import base64
from dataclasses import replace
from datetime import date
from typing import Final

from bot.app.house import House
from bot.app.invite import refuse_if_enough
from bot.engine.session import Session
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.consent import Consent, Method, Purpose
from bot.model.hours import ALWAYS
from bot.model.person import Language, Platform, Role
from bot.model.volunteer import OFFERED, Standing, Volunteer
from bot.store import audit, consents, people, proof, roles, sessions, volunteers
from bot.store.crypto import TOTP_BYTES, TOTP_PERIOD
from bot.store.proof import Enrolment
from bot.store.unit import Unit

CONDUCT: Final = "conduct.text"
CAPACITY: Final = 3
LANGUAGE: Final = Language.HEBREW


async def enlist(home: House, routing_id: str) -> None:
    """Who has this id on the emulated Telegram volunteers, unless they do already."""
    today = home.world.clock.now().date()
    async with home.db.unit() as unit:
        who = await _met(unit, routing_id, today=today)
        if await volunteers.load(unit, who):
            return
        await _welcome(unit, who, today=today)
        await roles.grant(unit, who, Role.VOLUNTEER, today=today)
        await volunteers.add(unit, _on_duty(who), today=today)
        given = Consent(
            purpose=Purpose.CONDUCT,
            text=home.library.texts[CONDUCT],
            language=LANGUAGE,
            method=Method.BUTTON,
            given_on=today,
        )
        await consents.give(unit, who, given=given)
        await unit.commit()


async def appoint(home: House, routing_id: str) -> str | None:
    """Who has this id on the emulated Telegram is an organizer; the secret (base32) of their authenticator.

    None where they are one already. Raises EnoughOrganizers: here too, two are all that come in unseen by another.
    """
    now, secret = home.world.clock.now(), home.world.entropy(TOTP_BYTES)
    async with home.db.unit() as unit:
        who = await _met(unit, routing_id, today=now.date())
        if who in await roles.holders(unit, Role.ORGANIZER):
            return None
        await refuse_if_enough(unit, now=now)
        await _welcome(unit, who, today=now.date())
        await roles.grant(unit, who, Role.ORGANIZER, today=now.date())
        step = int(now.timestamp()) // TOTP_PERIOD - 1  # the code of this moment is fresh
        await proof.enrol(unit, who, Enrolment(secret=secret, step=step))
        await audit.write(unit, actor=CONSOLE, act=Act.JOIN, thing=Thing.ORGANIZER, today=now.date())
        await unit.commit()
    return base64.b32encode(secret).decode()


async def _met(unit: Unit, routing_id: str, *, today: date) -> int:
    """Their id here."""
    return (await people.resolve(unit, Platform.TELEGRAM, [routing_id], today=today))[routing_id]


async def _welcome(unit: Unit, who: int, *, today: date) -> None:
    """An adult who was told what everybody is told first."""
    known = (await people.load(unit, [who]))[who]
    await people.save(unit, [replace(known.person, language=LANGUAGE, onboarded=True, adult=True)])
    await sessions.save(unit, {who: Session()}, today=today)


def _on_duty(who: int) -> Volunteer:
    """Everything, in both languages, day and night."""
    return Volunteer(
        id=who,
        standing=Standing.FULL,
        languages=frozenset(Language),
        needs=OFFERED,
        capacity=CAPACITY,
        hours=ALWAYS,
    )
