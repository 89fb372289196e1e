"""The loop every stage runs in: woken, it works until nothing is left, and no error ends it.

Storage in trouble is nobody's fault and passes; anything else is a defect that is logged with its class and place.
Either way the work is tried again after a pause, because what it stands for is on disk.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.pipeline.wake import Wake
from bot.store.errors import StorageTroubled

PAUSE: Final = 1.0  # seconds after an error

log = logging.getLogger(__name__)


async def forever(work: Callable[[], Awaitable[int]], wake: Wake, *, name: str) -> None:
    """Do `work` whenever woken, as long as it says that there was something to do."""
    while True:
        await wake.wait()
        try:
            while await work():  # noqa: ASYNC110 - nothing is polled: the loop gives way
                await asyncio.sleep(0)  # whoever this woke goes first; looking for more work can wait
        except StorageTroubled as trouble:
            log.warning("storage_troubled", extra={"action": name, "error": type(trouble).__name__})
            await asyncio.sleep(PAUSE)
            wake.set()
        except Exception as error:
            log.error("stage_failed", extra={"action": name, "error": type(error).__name__}, exc_info=error)
            await asyncio.sleep(PAUSE)
            wake.set()
