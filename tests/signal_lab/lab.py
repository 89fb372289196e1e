"""One lab: the service, the bot's daemon and the friends' daemon, brought up once for all tests of a run."""

import asyncio
import json
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession

from tests.signal_lab.daemon import Daemon
from tests.signal_lab.fetch import HOME
from tests.signal_lab.kit import Kit, kit
from tests.signal_lab.rpc import Line, line

BOT: Final = "+15550100001"
_PROJECT: Final = Path(__file__).parents[2]
_CODE: Final = "123-456"


class Lab:
    """What tests hold on to; every number in it belongs to nobody."""

    def __init__(self, directory: Path, ports: dict[str, int], tools: Kit) -> None:
        self._directory, self._ports, self._kit = directory, ports, tools
        self._numbers = count(2)
        self._serials = count(1)
        self._started: list[Daemon] = []
        self.daemon = self._new_daemon("bot")
        self.friends = self._new_daemon("friends")

    def start(self) -> None:
        """Start both daemons, and give the bot its number."""
        self.daemon.launch()
        self.friends.start()
        self.daemon.wait()
        asyncio.run(self._name_the_bot())

    def end(self) -> None:
        """End every daemon."""
        for daemon in self._started:
            daemon.kill()

    def another_phone(self, *, mode: str = "manual") -> Daemon:
        """A daemon with nothing on it: what a friend has who got a new phone."""
        daemon = self._new_daemon("friends")
        daemon.start(mode=mode)
        return daemon

    def next_number(self) -> str:
        """A number that nobody in the lab has had."""
        return f"+155501{next(self._numbers):05}"

    async def state(self) -> dict[str, Any]:
        """What the service knows: accounts by number, and the calls it answered last."""
        async with ClientSession() as session, session.get(f"{self._control}/state") as answer:
            state: dict[str, Any] = await answer.json()
            return state

    async def waiting(self, number: str = BOT) -> int:
        """How much lies at the service for an account."""
        account: dict[str, int] = (await self.state())["accounts"][number]
        return account["waiting"]

    async def is_listening(self, number: str = BOT) -> bool:
        """Whether a daemon fetches what comes for an account."""
        account: dict[str, int] = (await self.state())["accounts"][number]
        return account["connected"] > 0

    async def faults(self, *faults: dict[str, object]) -> None:
        """From now on these happen, and no others."""
        await self._told("fault", list(faults))

    async def network(self, *, up: bool, who: str = "bot") -> None:
        """Cut the way between one daemon and the service, or mend it."""
        await self._told("net", {"who": who, "up": up})

    @property
    def _control(self) -> str:
        return f"http://127.0.0.1:{self._ports['control']}"

    async def _told(self, path: str, said: object) -> None:
        async with ClientSession() as session, session.post(f"{self._control}/{path}", json=said) as answer:
            answer.raise_for_status()

    def _new_daemon(self, way: str) -> Daemon:
        place = self._directory / f"daemon{next(self._serials)}"
        place.mkdir()
        daemon = Daemon(self._kit, place, proxy=self._ports[way])
        self._started.append(daemon)
        return daemon

    async def _name_the_bot(self) -> None:
        async with line(self.daemon.port) as told:
            await enrolled(told, BOT, name="The bot")


async def enrolled(told: Line, number: str, *, name: str) -> None:
    """Take a number with this daemon, as a person does with a phone."""
    await told.call("register", account=number)
    await told.call("verify", account=number, verificationCode=_CODE)
    await told.call("updateProfile", account=number, givenName=name)


@contextmanager
def running() -> Iterator[Lab]:
    """A lab while the block lasts, in a directory of its own that is gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="siglab"))
    service = subprocess.Popen(
        [sys.executable, "-m", "tests.signal_lab.service", str(directory)],
        cwd=_PROJECT,
        stdout=subprocess.PIPE,
    )
    try:
        assert service.stdout
        ports = json.loads(service.stdout.readline())
        lab = Lab(directory, ports, kit(directory))
        try:
            lab.start()
            yield lab
        finally:
            lab.end()
    finally:
        service.terminate()
        service.communicate()
        shutil.rmtree(directory)


def is_here() -> bool:
    """Whether `make lab` has been done, on a machine that signal-cli was built for."""
    return (HOME / "complete").exists() and (platform.machine() == "x86_64" or sys.platform == "darwin")
