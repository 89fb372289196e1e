"""The bot's side of a lab: the transport as `bot run` has it, and what came in as the spooler would keep it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.model.incoming import Envelope, Happening, Ignored
from bot.transports.signal.adapter import SignalTransport
from bot.transports.signal.rpc import Rpc
from tests.signal_lab.lab import BOT
from tests.signal_lab.rpc import SOON


class BotSide:
    """A transport, and every line that the daemon brought by itself."""

    def __init__(self, transport: SignalTransport, rpc: Rpc) -> None:
        self.transport, self.rpc = transport, rpc
        self.raws: list[bytes] = []
        self._came = asyncio.Event()

    def take(self, raw: bytes) -> None:
        """A line came."""
        self.raws.append(raw)
        self._came.set()

    async def hears(self, wanted: Callable[[Happening], bool], *, within: float = SOON) -> Happening:
        """The next thing that is wanted; what says nothing is passed over. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                while self.raws:
                    happening = self.transport.read(self.raws.pop(0)).happening
                    if not isinstance(happening, Ignored) and wanted(happening):
                        return happening
                self._came.clear()
                await self._came.wait()

    async def outside(self, *, within: float = SOON) -> Envelope:
        """The outside of the next line that is somebody's."""
        async with asyncio.timeout(within):
            while True:
                while self.raws:
                    envelope = self.transport.envelope(self.raws.pop(0))
                    if envelope.routing_id:
                        return envelope
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def bot_side(endpoint: str) -> AsyncIterator[BotSide]:
    """Connected, and listening over a connection of its own."""
    async with Rpc(endpoint, account=BOT) as sending:
        side = BotSide(SignalTransport(sending, account=BOT), sending)

        async def subscribe() -> None:
            await listening.call("subscribeReceive")

        listening = Rpc(endpoint, account=BOT, on_line=side.take, on_connect=subscribe)
        async with listening:
            yield side
