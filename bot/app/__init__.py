"""The composition root: builds every part, owns every task in one TaskGroup, and is the only place that knows all.

`world` is what a test replaces, `house` builds, `serve` runs, `upkeep` holds the commands around it. Imported by
`bot.cli` only.
"""

from bot.app.house import House, house, telegram_api
from bot.app.serve import run, sandbox
from bot.app.upkeep import doctor, migrate, rotate_keys, touched
from bot.app.world import World

__all__ = [
    "House",
    "World",
    "doctor",
    "house",
    "migrate",
    "rotate_keys",
    "run",
    "sandbox",
    "telegram_api",
    "touched",
]
