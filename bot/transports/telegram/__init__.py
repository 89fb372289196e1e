"""Telegram: translates between the Bot API and the words of `bot.model`, and nothing more.

The only home of python-telegram-bot: its errors, request classes and constants are used, its `ext` never.
"""

import os
import sys

# The library imports httpx, and httpx its own command line with rich and pygments where they are installed: 6 MB and
# 40 ms for nothing. It is prepared for their absence.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # how Python says "not to be had"

# Read by python-telegram-bot whenever a flood error is made: without it each one raises deprecation warnings.
os.environ["PTB_TIMEDELTA"] = "1"  # noqa: TID251  a switch of the library, not a setting of ours
