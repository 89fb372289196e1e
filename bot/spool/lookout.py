"""Whether signal-cli still reaches Signal, looked at beside the reading, and left in the folder for the bot to see.

signal-cli answers the spooler while its own network is away: without this nobody would notice in a quiet night.
"""

import asyncio
from contextlib import suppress
from typing import Final

from bot.spool.folder import Folder
from bot.transports.signal.reach import Reach, reach
from bot.transports.signal.rpc import Rpc

EVERY: Final = 300.0  # seconds between two looks while all is well: Signal has to answer each
AGAIN: Final = 30.0  # and while it is not
WITHIN: Final = 30.0


async def look_out(rpc: Rpc, folder: Folder) -> None:
    """Look until cancelled. What signal-cli did not answer says nothing of Signal."""
    while True:
        found = await reach(rpc, within=WITHIN)
        if found is not Reach.UNKNOWN:
            with suppress(OSError):
                folder.note_away(is_so=found is not Reach.REACHED)
        await asyncio.sleep(EVERY if found is Reach.REACHED else AGAIN)
