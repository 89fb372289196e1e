"""A sheet that is drawn when it is sent, by another process: what draws is larger than the bot.

Where it can't be drawn, its words say so: whoever waits for a file hears of it. Called by `send` for one row at a time.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Final

from bot.model.flyer import Sheet
from bot.model.outgoing import SendFailed, SendFile, SendMessage
from bot.pipeline.carry import PREPARED_WITHIN
from bot.pipeline.program import made

PROGRAM: Final = "bot.paper"

log = logging.getLogger(__name__)


class Press:
    """Draws one sheet after the other."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def drawn(self, file: SendFile, sheet: Sheet) -> SendFile | SendMessage:
        """The file with its content drawn; the words for where it can't be. Never raises but for cancellation."""
        try:
            async with asyncio.timeout(PREPARED_WITHIN), self._turn:
                content = await made("-m", PROGRAM, sheet, content=file.content)
        except (TimeoutError, SendFailed) as error:
            log.warning("not_drawn", extra={"action": "deliver", "error": type(error).__name__})
            return SendMessage(text=file.instead)
        return replace(file, content=content, sheet=None)
