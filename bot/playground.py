"""`bot sandbox`: Telegram and Signal, emulated, with a page of phones, and the bot behind them in processes of its own.

Builds nothing of the bot and imports nothing of it, so that the page is there at once; the processes it keeps alive are
`bot leashed`, which is `bot run` with a clock that the page can move, and the spooler. Called by `bot.cli`.
"""

import asyncio
import json
import secrets
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Final

from bot.model.exit import Exit, ExpectedError
from bot.sandbox import Diary, Emulator, Invite, NeverServed, Peer, Room, Server, Supervisor, serving
from bot.sandbox.companion import Companion
from bot.settings import Listen, Secret, Settings, environment

LOOPBACK: Final = "127.0.0.1"
PAGE_PORT: Final = 8081
CLOCK_FILE: Final = "clock"
INVITE_FILE: Final = "organizer.json"
VOLUNTEER_FILE: Final = "volunteer"
PEER_FILE: Final = "second.json"


class NoBot(ExpectedError):
    """The bot ended before it could serve anybody."""

    status: ClassVar[Exit] = Exit.FAILED
    advice: ClassVar[str] = "What it said about it stands above."


@dataclass(frozen=True, slots=True)
class Memory:
    """What the sandbox's folder remembers beside the bot's own data: its time, its organizers and its volunteer."""

    directory: Path

    @property
    def ahead(self) -> float:
        """Seconds: the bot's data would not understand a clock that went back."""
        with suppress(OSError, ValueError):
            return float((self.directory / CLOCK_FILE).read_text(encoding="utf-8"))
        return 0.0

    def travelled(self, ahead: float) -> None:
        """Remember it for the next start."""
        (self.directory / CLOCK_FILE).write_text(str(ahead), encoding="utf-8")

    @property
    def invite(self) -> Invite | None:
        """What makes the organizer, and then is the organizer's authenticator."""
        with suppress(OSError, ValueError, TypeError):
            return Invite(**json.loads((self.directory / INVITE_FILE).read_text(encoding="utf-8")))
        return None

    def invited(self, invite: Invite) -> None:
        """Remember it: the bot itself does not know it any more."""
        self._keep(INVITE_FILE, asdict(invite))

    @property
    def peer(self) -> Peer | None:
        """The second organizer, if there is one."""
        with suppress(OSError, ValueError, TypeError):
            return Peer(**json.loads((self.directory / PEER_FILE).read_text(encoding="utf-8")))
        return None

    def joined(self, peer: Peer) -> None:
        """Remember them, and their authenticator."""
        self._keep(PEER_FILE, asdict(peer))

    def _keep(self, name: str, content: Mapping[str, object]) -> None:
        """In a file for its owner alone."""
        file = self.directory / name
        file.touch(mode=0o600)
        file.write_text(json.dumps(content), encoding="utf-8")

    @property
    def volunteer(self) -> int:
        """Who volunteers here: in every run the same, because the bot's data knows them."""
        file = self.directory / VOLUNTEER_FILE
        with suppress(OSError, ValueError):
            return int(file.read_text(encoding="utf-8"))
        made = _stranger()
        file.write_text(str(made), encoding="utf-8")
        return made


async def sandbox(settings: Settings, directory: Path) -> None:
    """Serve the emulator with its page, and keep the bot behind it alive. Where a port is taken, a free one is.

    Every run is a new bot to the data file, with people it has not met. Raises NoBot if the bot can't start.
    """
    memory = Memory(directory)
    emulator = Emulator(f"{secrets.randbelow(10**9) + 1}:sandbox", first_person=_stranger())
    emulator.advance(memory.ahead)
    emulator.signal.attachments = settings.signal_attachments
    volunteer = emulator.person(memory.volunteer, started=True)
    if memory.peer:
        emulator.person(memory.peer.user_id, started=True)
    supervisor = Supervisor(
        lambda: (
            *(sys.executable, "-m", "bot", "leashed", "--ahead", str(emulator.clock.offset)),
            *("--volunteer", str(volunteer.user_id)),
        ),
        lambda: _environment(settings, emulator),
        final={Exit.SEALED},
    )
    spooler = Companion(
        lambda: (sys.executable, "-m", "bot", "signal", "spool", "--leash"),
        lambda: _environment(settings, emulator),
    )
    room = Room(
        emulator=emulator,
        supervisor=supervisor,
        diary=Diary(),
        memory=memory,
        invite=memory.invite,
        volunteer=volunteer.user_id,
        peer=memory.peer,
    )
    supervisor.on_note = room.hear
    try:
        async with serving(Server(emulator, page=True, room=room), port=_free(LOOPBACK, PAGE_PORT)):
            sys.stdout.write(f"The sandbox is at {emulator.url}\n")
            sys.stdout.flush()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(spooler.run())
                tasks.create_task(supervisor.run())
    except* NeverServed as errors:
        raise NoBot from errors.exceptions[0]


def _stranger() -> int:
    """The id of somebody whom no earlier run knows, most likely."""
    return 1001 + 100 * secrets.randbelow(10**4)


def _environment(settings: Settings, emulator: Emulator) -> Mapping[str, str]:
    """What the bot's process is told: all of `settings`, and where its Telegram and its Signal are."""
    listen = settings.http_listen
    chosen = {
        "telegram_token": Secret(emulator.token),
        "telegram_api_url": emulator.url,
        "signal_rpc": emulator.signal.rpc,
        "signal_account": Secret(emulator.signal.account.number),
        "http_listen": Listen(host=listen.host, port=_free(listen.host, listen.port)),
    }
    return environment(settings.model_copy(update=chosen))


def _free(host: str, port: int) -> int:
    """`port` if nobody listens there, else 0: any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
    return port
