"""The composition root: builds every part, owns every task in one TaskGroup, and is the only place that knows all.

`world` is what a test replaces, `house` builds, `serve` runs, `leash` runs for the sandbox, `upkeep` holds the
commands around it. Imported by `bot.cli` only.
"""

from bot.app.audit import audit_breach, audited
from bot.app.flyer import draw_flyer, list_flyers, new_flyer, retire_flyer
from bot.app.house import House, house, telegram_api
from bot.app.invite import Invitation, invite_organizer, invite_volunteer
from bot.app.leash import run_on_leash
from bot.app.phone import confirm_phone, waiting_phones
from bot.app.propose import invitation_keys, invite_or_ask
from bot.app.seal import seal, unseal
from bot.app.serve import run
from bot.app.upkeep import doctor, migrate, rotate_keys, touched
from bot.app.world import World

__all__ = [
    "House",
    "Invitation",
    "World",
    "audit_breach",
    "audited",
    "confirm_phone",
    "doctor",
    "draw_flyer",
    "house",
    "invitation_keys",
    "invite_or_ask",
    "invite_organizer",
    "invite_volunteer",
    "list_flyers",
    "migrate",
    "new_flyer",
    "retire_flyer",
    "rotate_keys",
    "run",
    "run_on_leash",
    "seal",
    "telegram_api",
    "touched",
    "unseal",
    "waiting_phones",
]
