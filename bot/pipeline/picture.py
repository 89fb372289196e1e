"""The picture of a notice: fetched and made anew once, uploaded until the platform has it, then sent by its own name.

What is kept is in this process: one picture's bytes at most, and how the platform calls it. A file that could not be
had is not asked for by every copy: for a short while, or for good where it is gone, all hear the same.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.model.incoming import FileRef
from bot.model.outgoing import Failure, FailureKind, Receipt, SendFailed, SendMedia
from bot.model.person import Platform
from bot.pipeline.carry import NotBrought
from bot.ports import Clock

AGAIN_AFTER: Final = timedelta(seconds=10)  # what could not be fetched may be there then
Key = tuple[Platform, Platform, str]
Send = Callable[[SendMedia, bytes], Awaitable[Receipt]]


class Bring(Protocol):
    """What fetches a picture and makes it anew; one photo is the same on every platform."""

    async def __call__(self, payload: SendMedia, *, to: Platform) -> bytes:
        """Its bytes. Raises NotBrought."""
        ...


class Pictures:
    """What is known of the pictures of notices."""

    def __init__(self, bring: Bring, clock: Clock) -> None:
        self._bring = bring
        self._clock = clock
        self._kept: dict[Key, FileRef] = {}
        self._made: tuple[FileRef, bytes] | None = None
        self._failed: dict[FileRef, tuple[Failure, datetime]] = {}
        self._turn = asyncio.Lock()

    async def send(self, payload: SendMedia, *, on: Platform, send: Send) -> Receipt:
        """Send it by the name the platform has for it, or else its bytes. Raises SendFailed."""
        key = on, payload.source, payload.file.file_id
        if kept := self._kept.get(key):
            try:
                return await send(replace(payload, again=kept), b"")
            except SendFailed as failed:
                if failed.failure.kind is not FailureKind.REJECTED:
                    raise
                self._kept.pop(key, None)
        receipt = await send(payload, await self._content(payload, on))
        if receipt.file:
            self._kept[key] = receipt.file
        return receipt

    async def _content(self, payload: SendMedia, on: Platform) -> bytes:
        """Its bytes, made anew by whoever comes first; the others wait for that, and no longer."""
        async with self._turn:
            if self._made and self._made[0] == payload.file:
                return self._made[1]
            failure, until = self._failed.get(payload.file, (None, None))
            if failure and until and (failure.kind is FailureKind.REJECTED or self._clock.now() < until):
                raise NotBrought(failure)
            try:
                content = await self._bring(payload, to=on)
            except NotBrought as failed:
                self._failed[payload.file] = failed.failure, self._clock.now() + AGAIN_AFTER
                raise
            self._made = payload.file, content
            return content
