"""What can be seen of how signal-cli was started."""

import os
import socket
from pathlib import Path

import pytest

from bot.transports.signal.started import Started, started

LINE = ("java", "-cp", "/opt/lib/*", "org.asamk.signal.Main", "--config", "/var/lib/signal-cli", "daemon")


def process(table: Path, pid: int, *words: str) -> None:
    (table / str(pid)).mkdir(parents=True)
    (table / str(pid) / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in words))


@pytest.mark.parametrize(
    ("words", "port"),
    [(("--tcp",), 7583), (("--tcp", "127.0.0.1:9000"), 9000), (("--tcp=localhost:9000",), 9000)],
)
def test_a_port_leads_to_its_process(tmp_path: Path, words: tuple[str, ...], port: int) -> None:
    """However it was written; another program with such a word, and one that has ended, are passed over."""
    process(tmp_path, 1, "vim", "signal-cli", "daemon", "--tcp", "127.0.0.1:1")
    process(tmp_path, 2, *LINE, "--http", "127.0.0.1:9000")
    (tmp_path / "3").mkdir()
    (tmp_path / "self").mkdir()
    process(tmp_path, 4, *LINE, *words)

    found = started(f"tcp://127.0.0.1:{port}", processes=tmp_path)

    assert found
    assert found.folder == Path("/var/lib/signal-cli")
    assert started("tcp://127.0.0.1:7", processes=tmp_path) is None


def test_a_socket_leads_to_its_process(tmp_path: Path) -> None:
    """The system names who listens: here, these tests."""
    path = tmp_path / "rpc"
    process(tmp_path / "table", os.getpid(), *LINE, "--socket", str(path))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        found = started(f"unix://{path}", processes=tmp_path / "table")

    assert found
    assert found.has("--socket")
    assert started(f"unix://{path}", processes=tmp_path / "table") is None


def test_what_is_elsewhere_is_not_seen(tmp_path: Path) -> None:
    """On another machine, or where the system shows no processes."""
    process(tmp_path, 4, *LINE, "--tcp", "0.0.0.0:9000")

    assert started("tcp://192.0.2.1:9000", processes=tmp_path) is None
    assert started("tcp://127.0.0.1:9000", processes=tmp_path / "nothing") is None


def test_a_folder_that_was_not_named_is_not_guessed() -> None:
    """Nor one that depends on where it was started."""
    assert Started(("signal-cli", "daemon")).folder is None
    assert Started(("signal-cli", "-c", "cfg", "daemon")).folder is None
    assert Started(("signal-cli", "--data-dir=/srv/x", "daemon")).folder == Path("/srv/x")


def test_an_option_that_ends_the_line_has_its_default() -> None:
    """And so has one that another option follows."""
    assert Started(("--tcp",)).value("--tcp", default="x") == "x"
    assert Started(("--tcp", "--http")).value("--tcp", default="x") == "x"
    assert Started(("--tcp=", "--http")).value("--tcp", default="x") == "x"
