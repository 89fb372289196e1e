"""What people see of the bot on Signal, set when it starts and only where it has changed: name, about, no number.

The chat is there without it, so a failure is told in the log and stops nothing. Called by `serve`.
"""

import asyncio
import hashlib
import json
import logging
from itertools import count
from typing import Final

from bot.app.house import House
from bot.model.person import Form, Language, Voice
from bot.pipeline.retry import backoff
from bot.store import memo
from bot.store.errors import StorageTroubled
from bot.transports.signal import account
from bot.transports.signal.account import NobodyKnows, NoDaemon, Refused
from bot.transports.signal.rpc import Rpc

MEMO: Final = "signal_profile"
ABOUT: Final = 140  # characters that Signal shows

log = logging.getLogger(__name__)


async def introduce(home: House) -> None:
    """Have it as the settings and the flows say. What Signal refuses is tried again at the next start only."""
    for attempt in count(1):
        try:
            await _set(home)
        except Refused as error:
            log.warning("setup_failed", extra={"action": MEMO, "error": type(error).__name__})
            return
        except (NoDaemon, NobodyKnows, StorageTroubled) as error:
            log.warning("setup_failed", extra={"action": MEMO, "error": type(error).__name__})
            await asyncio.sleep(backoff(attempt).total_seconds())
        else:
            return


async def _set(home: House) -> None:
    settings = home.settings
    words = about(home)
    wanted = [settings.signal_name, words, account.UNSEEN, account.UNTOLD]
    fingerprint = hashlib.sha256(json.dumps(wanted).encode()).hexdigest()
    async with home.db.reading() as unit:
        if await memo.get(unit, MEMO) == fingerprint:
            return
    number = settings.signal_account.get_secret_value() if settings.signal_account else None
    async with Rpc(settings.signal_rpc or "", account=number) as rpc:
        await account.introduce(rpc, settings.signal_name, about=words)
    async with home.db.unit() as unit:
        await memo.put(unit, MEMO, fingerprint)
        await unit.commit()


def about(home: House) -> str:
    """The line below the name: one for everybody, so in the language of most."""
    voice, phrases = Voice(language=Language.HEBREW, form=Form.NEUTRAL), home.library.book.phrases
    return home.renderer.label(voice, phrases["profile_short"])[:ABOUT]
