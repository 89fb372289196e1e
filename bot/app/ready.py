"""The sandbox's volunteer: let in at once, agreed to the conduct, on duty at all hours. Nobody else comes in so.

Called by `leash`, which also makes the invitation for the sandbox's organizer.
"""

from dataclasses import replace
from typing import Final

from bot.app.house import House
from bot.engine.session import Session
from bot.model.consent import Consent, Method, Purpose
from bot.model.hours import ALWAYS
from bot.model.person import Language, Platform, Role
from bot.model.volunteer import OFFERED, Standing, Volunteer
from bot.store import consents, people, roles, sessions, volunteers

CONDUCT: Final = "conduct.text"
CAPACITY: Final = 3
LANGUAGE: Final = Language.HEBREW


async def enlist(home: House, routing_id: str) -> None:
    """Who has this id on the emulated Telegram volunteers, unless they do already."""
    today = home.world.clock.now().date()
    async with home.db.unit() as unit:
        found = await people.resolve(unit, Platform.TELEGRAM, [routing_id], today=today)
        who = found[routing_id]
        if await volunteers.load(unit, who):
            return
        known = (await people.load(unit, [who]))[who]
        await people.save(unit, [replace(known.person, language=LANGUAGE, onboarded=True, adult=True)])
        await sessions.save(unit, {who: Session()}, today=today)
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
