"""A signal-cli daemon as people run it, as a process that a test may stop, kill and start again."""

import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.signal_lab.kit import Kit

_SOON: Final = 120.0  # seconds; a busy machine is slow to start Java


class Daemon:
    """One daemon with its data directory; its port stays the same when it is started again."""

    def __init__(self, kit: Kit, directory: Path, *, proxy: int) -> None:
        self._kit, self._proxy = kit, proxy
        self.data = directory / "data"
        self.socket = directory / "rpc.socket"
        self.port = _free_port()
        self._log = directory / "log"
        self._scratch = directory / "tmp"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def tcp(self) -> str:
        """Where it listens, as BOT_SIGNAL_RPC says it."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def unix(self) -> str:
        """The same, by its socket."""
        return f"unix://{self.socket}"

    def start(self, account: str | None = None, *, mode: str = "manual") -> None:
        """Start it, for one account alone if it is named, and wait until it answers."""
        self.launch(account, mode=mode)
        self.wait()

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError with its last words when it ends instead."""
        until = time.monotonic() + _SOON
        while not self._answers():
            if self._process is None or self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def launch(self, account: str | None = None, *, mode: str = "manual") -> None:
        """Start it as docs/signal.md says, unless it is another mode; and leave it at that."""
        self.data.mkdir(parents=True, mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        shutil.rmtree(self._scratch, ignore_errors=True)  # who is killed leaves its libraries there
        self._scratch.mkdir()
        one = ("-a", account) if account else ()
        where = ("--tcp", f"127.0.0.1:{self.port}", "--socket", str(self.socket))
        told = ("daemon", *where, "--no-receive-stdout", f"--receive-mode={mode}")
        arguments = ("--config", str(self.data), "--disable-send-log", *one, *told)
        command = self._kit.command(*arguments, proxy=self._proxy, scratch=self._scratch)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        """As systemd stops it."""
        if self._process:
            self._process.terminate()
            self._ended()

    def kill(self) -> None:
        """As the kernel kills it."""
        if self._process:
            self._process.kill()
            self._ended()

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None and self._process.poll() is None

    def _ended(self) -> None:
        assert self._process
        self._process.wait(_SOON)
        self._process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
