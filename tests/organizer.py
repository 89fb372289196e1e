"""An organizer for tests: the role, and an authenticator app on a known secret."""

from datetime import datetime
from typing import Final

from bot.model.person import Role
from bot.store import proof, roles
from bot.store.crypto import TOTP_PERIOD, totp_code
from bot.store.db import Database
from bot.store.proof import Enrolment

SECRET: Final = b"twenty bytes of key!"
OTHER: Final = b"another twenty bytes"


async def enrolled(db: Database, person_id: int, *, now: datetime, secret: bytes = SECRET) -> int:
    """This person is an organizer with that secret; every code from `now` on is fresh."""
    step = int(now.timestamp()) // TOTP_PERIOD - 2
    async with db.unit() as unit:
        await roles.grant(unit, person_id, Role.ORGANIZER, today=now.date())
        await proof.enrol(unit, person_id, Enrolment(secret=secret, step=step))
        await unit.commit()
    return person_id


def shown(now: datetime, *, secret: bytes = SECRET) -> str:
    """The code on the organizer's app."""
    return totp_code(secret, seconds=int(now.timestamp()))
