"""The settings of the bot, and the only code that reads the environment or `.env`.

`load` reads everything at once and raises one `SettingsRefused` that lists every problem; `sandbox` needs nothing
from outside. Only the command line and `bot.app` import this: below them, settings arrive as arguments.
"""

from bot.settings.environment import environment
from bot.settings.field import Mode, Settings
from bot.settings.load import Need, load, sandbox
from bot.settings.problem import Problem, SettingsRefused
from bot.settings.value import Listen, Secret

__all__ = [
    "Listen",
    "Mode",
    "Need",
    "Problem",
    "Secret",
    "Settings",
    "SettingsRefused",
    "environment",
    "load",
    "sandbox",
]
