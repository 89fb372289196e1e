"""What `bot signal spool` runs: whatever Signal's daemon says is sealed and on disk at once. No keys, no database.

The daemon forgets a message once it has written it to the socket, so nothing here waits while there is something to
read, and a line is with the system before the next is looked at. Where nothing can be written, the daemon is told to
stop, and Signal keeps the rest. The end is in order: unsubscribe, read what was on its way, have it on the disk.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar, Final

from bot.model.exit import Exit, ExpectedError
from bot.spool.folder import SPOOLER, Folder
from bot.spool.lookout import look_out
from bot.spool.segment import NoKey, Pen
from bot.transports.signal.error import RpcError, SignalError
from bot.transports.signal.rpc import Rpc

TURN: Final = 1.0  # seconds at most from a line to the disk
GROUP: Final = 0.02  # seconds in which what comes shares one way to the disk
BEAT: Final = 15.0  # seconds between two questions whether the daemon still answers
ANSWER: Final = 10.0  # seconds it may take for that, and for the end of a subscription
ON_ITS_WAY: Final = 0.3  # seconds in which something may still come after that
REFUSED: Final = 15.0  # seconds until the daemon is asked again for what it has refused
AGAIN: Final = 0.5  # seconds between two tries to write
LOOKS: Final = 10  # for the lock: whoever only looks whether a spooler runs has it for an instant
GLANCE: Final = 0.1  # seconds between two
DROPPED: Final = (b'"receiptMessage":{', b'"typingMessage":{')
KEPT: Final = (b'"dataMessage":', b'"editMessage":', b'"syncMessage":', b'"exception":')

log = logging.getLogger(__name__)


class AlreadySpooling(ExpectedError):
    """Another process writes into this folder."""

    status: ClassVar[Exit] = Exit.TRY_AGAIN
    advice: ClassVar[str] = "One spooler is enough for an account: stop it first."


class NoRoom(ExpectedError):
    """The spool's folder can't be written to."""

    status: ClassVar[Exit] = Exit.UNAVAILABLE
    advice: ClassVar[str] = (
        "Make room on its disk, or set BOT_SIGNAL_SPOOL. Signal keeps what has not been read."
    )


class Spooler:
    """Reads the daemon at `endpoint` into a folder; `account` is named where the daemon serves several."""

    def __init__(self, folder: Folder, endpoint: str, *, account: str | None = None) -> None:
        self._folder = folder
        self._endpoint = endpoint
        self._account = account
        self._pen = Pen(folder)
        self._held: list[bytes] = []  # what came and could not be written yet
        self._came = asyncio.Event()
        self._is_troubled = False
        self._is_new = False  # the connection: nothing is subscribed to over it
        self._ask_at = 0.0  # on the loop's clock: not at once again, where the daemon has refused
        self._subscription: object = None
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Work until cancelled. Raises AlreadySpooling, NoRoom."""
        try:
            self._folder.make()
            async with self._alone():
                self._pen.begin()
                await self._run()
        except OSError as error:
            raise NoRoom from error

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Nobody else writes meanwhile; who only looks has the lock for an instant. Raises AlreadySpooling."""
        for _ in range(LOOKS):
            with self._folder.held(SPOOLER) as ours:
                if ours:
                    yield
                    return
            await asyncio.sleep(GLANCE)
        raise AlreadySpooling

    async def _run(self) -> None:
        """One connection after the other: a new one only where what comes can be written."""
        try:
            while True:
                await self._until_writable()
                await self._read_on()
        finally:
            self._pen.end()
            self._flush()
            self._pen.sync()
            if self._held:
                log.error("spool_lost", extra={"action": "spool", "count": len(self._held)})
                raise NoRoom

    async def _until_writable(self) -> None:
        """Wait for a key to seal to, for room, and until all that came is written."""
        told = False
        while not self._is_writable():
            what = "spool_full" if self._folder.public() else "spool_waits_for_key"
            told = told or _tell(what, level=logging.ERROR if self._folder.public() else logging.WARNING)
            await asyncio.sleep(AGAIN)
        self._is_troubled = False

    def _is_writable(self) -> bool:
        self._flush()
        try:
            self._pen.keep_room()
        except OSError:
            return False
        return not self._held and self._folder.public() is not None

    async def _read_on(self) -> None:
        """Read until nothing can be written any more or this ends; connections come and go."""
        self._is_new, self._asking = False, None
        rpc = Rpc(self._endpoint, account=self._account, on_line=self._take, on_connect=self._connected)
        async with rpc, asyncio.TaskGroup() as tasks:
            beside = (tasks.create_task(self._beat(rpc)), tasks.create_task(look_out(rpc, self._folder)))
            try:
                while not self._is_troubled:
                    await self._turn()
                    if self._is_new and asyncio.get_running_loop().time() >= self._ask_at:
                        self._asking = tasks.create_task(self._subscribe(rpc))
            finally:
                for task in beside:
                    task.cancel()
                await self._unsubscribe(rpc)

    async def _turn(self) -> None:
        """Wait for lines, then have all that are there on the disk at once."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TURN):
                await self._came.wait()
                await asyncio.sleep(GROUP)
        self._came.clear()
        self._pen.turn()
        try:
            if self._pen.is_dirty:
                await asyncio.to_thread(self._pen.sync)
        except OSError as error:
            self._trouble(error)
        if self._folder.public() is None:
            self._trouble(NoKey())

    def _take(self, raw: bytes) -> None:
        """A line of the daemon: with the system on return, or in memory where that is in trouble."""
        if is_passing(raw):
            return
        self._held.append(raw.strip())
        self._flush()
        self._came.set()

    def _flush(self) -> None:
        if not self._held:
            return
        try:
            self._pen.append(self._held)
        except OSError as error:
            self._trouble(error)
            self._pen.make_room()
            with suppress(OSError, NoKey):
                self._pen.append(self._held)
                self._held.clear()
        except NoKey as error:
            self._trouble(error)
        else:
            self._held.clear()

    def _trouble(self, error: Exception) -> None:
        if not self._is_troubled:
            _tell("spool_troubled", error)
        self._is_troubled = True
        self._came.set()

    async def _connected(self) -> None:
        """An old subscription went with its connection."""
        self._subscription, self._is_new, self._ask_at = None, True, 0.0
        self._came.set()

    async def _subscribe(self, rpc: Rpc) -> None:
        """Once for each connection; where nobody knows whether it was done, the next connection decides."""
        self._is_new = False
        try:
            self._subscription = await rpc.call("subscribeReceive")
        except SignalError as error:
            _tell("spool_not_subscribed", error)
            self._is_new = isinstance(error, RpcError)
            self._ask_at = asyncio.get_running_loop().time() + REFUSED
        else:
            log.info("subscribed", extra={"action": "spool"})
            self._beat_once()

    async def _unsubscribe(self, rpc: Rpc) -> None:
        """Have the daemon stop, and read what is on its way: also where it has only just been asked to begin."""
        if self._asking:
            await asyncio.wait([self._asking], timeout=ANSWER)
        subscription, self._subscription = self._subscription, None
        if subscription is None:
            return
        try:
            await rpc.call("unsubscribeReceive", {"subscription": subscription}, timeout=ANSWER)
        except SignalError as error:
            _tell("spool_not_unsubscribed", error)
        else:
            await asyncio.sleep(ON_ITS_WAY)

    async def _beat(self, rpc: Rpc) -> None:
        """Show that there is a subscription, and somebody at its other end."""
        while True:
            await asyncio.sleep(BEAT)
            if self._subscription is not None:
                with suppress(SignalError):
                    await rpc.call("version", timeout=ANSWER)
                    self._beat_once()

    def _beat_once(self) -> None:
        with suppress(OSError):
            self._folder.beat()


def is_passing(raw: bytes) -> bool:
    """Whether a line is a receipt or somebody typing. Inside a text, quotes are escaped: it can't look like one."""
    return any(mark in raw for mark in DROPPED) and not any(mark in raw for mark in KEPT)


def _tell(what: str, error: Exception | None = None, *, level: int = logging.ERROR) -> bool:
    log.log(level, what, extra={"action": "spool"} | ({"error": type(error).__name__} if error else {}))
    return True
