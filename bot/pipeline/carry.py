"""What goes out beside words: somebody's photo or voice, fetched when it is sent and made anew; a chart, drawn then.

The bytes exist in this process only between the one call and the other. What is wrong with a file is told by the same
failures as what is wrong with a send; nothing was sent then.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import orjson

from bot.model.chart import Chart
from bot.model.incoming import MediaKind
from bot.model.limit import is_carried
from bot.model.outgoing import Failure, FailureKind, SendChart, SendFailed, SendMedia
from bot.model.person import Platform
from bot.pipeline.program import made
from bot.ports import Transport

RECODE: Final = Path(__file__).with_name("recode.py")
PLOT: Final = Path(__file__).with_name("plot.py")
FONTS: Final = Path(__file__).parents[1] / "fonts"
AT_ONCE: Final = 2  # of another process each
PREPARED_WITHIN: Final = 30.0  # seconds, together with `SENT_WITHIN` less than the lease of a row allows
SENT_WITHIN: Final = 35.0

MADE: Final = {(MediaKind.VOICE, Platform.SIGNAL): "voice_aac"}  # what its own apps record, and can play

# What a failure to fetch means for the row: nothing was sent, and nothing is known of its recipient.
PASSING: Final = {
    FailureKind.UNREACHED: FailureKind.NOT_SENT,
    FailureKind.NOT_SENT: FailureKind.NOT_SENT,
    FailureKind.AMBIGUOUS: FailureKind.NOT_SENT,
    FailureKind.PLATFORM_DOWN: FailureKind.NOT_SENT,
    FailureKind.RATE_LIMITED: FailureKind.RATE_LIMITED,
}


class NotBrought(SendFailed):
    """What was to be sent could not be had; no call was made for its recipient."""


class Carrier:
    """Brings what a `SendMedia` refers to, and what a `SendChart` shows."""

    def __init__(self, transports: Mapping[Platform, Transport]) -> None:
        self._transports = transports
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def bring(self, payload: SendMedia | SendChart, *, to: Platform) -> bytes:
        """The bytes to send there. Raises NotBrought, never for what concerns the recipient."""
        if isinstance(payload, SendChart):
            return await self._drawn(payload.chart)
        return await self._media(payload, MADE.get((payload.media, to), payload.media))

    async def _drawn(self, chart: Chart) -> bytes:
        """A chart as PNG. Whatever is wrong, it is not tried again: there are the words."""
        with suppress(TimeoutError, SendFailed):
            async with asyncio.timeout(PREPARED_WITHIN), self._turn:
                return await made(str(PLOT), str(FONTS), content=orjson.dumps(chart))
        raise NotBrought(Failure(kind=FailureKind.REJECTED, reason="not_drawn"))

    async def _media(self, payload: SendMedia, kind: str) -> bytes:
        if not is_carried(payload.file):
            raise NotBrought(Failure(kind=FailureKind.REJECTED, reason="too_big"))
        try:
            async with asyncio.timeout(PREPARED_WITHIN):
                content = await self._transports[payload.source].fetch(payload.file)
                async with self._turn:
                    return await made(str(RECODE), kind, content=content)
        except TimeoutError:
            failure = Failure(kind=FailureKind.NOT_SENT, reason="slow_file")
        except SendFailed as failed:
            failure = _passing(failed.failure)
        raise NotBrought(failure)


def _passing(failure: Failure) -> Failure:
    kind = PASSING.get(failure.kind, FailureKind.REJECTED)
    return Failure(kind=kind, reason=failure.reason, retry_after=failure.retry_after)
