"""`docs/signal.md` can be followed: its units, its compose file and its commands are held against the real things."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from bot.settings import Settings
from bot.settings.field import variable
from bot.transports.signal.started import Started
from tests.test_docs import command_lines, read, settings_in

PAGE: Final = read("docs/signal.md")
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS: Final = FENCE.findall(PAGE)
UNITS: Final = {
    body.partition("\n")[0].split()[1].rstrip(":"): body for kind, body in BLOCKS if kind == "ini"
}
COMPOSE: Final[dict[str, Any]] = YAML(typ="safe").load(next(body for kind, body in BLOCKS if kind == "yaml"))
WITH_SERVICE: Final = ("/etc/systemd/system/signal-cli.service", "ExecStart=")


def started_by_systemd() -> Started:
    file, key = WITH_SERVICE
    line = UNITS[file].replace("\\\n", " ").partition(key)[2].partition("\n")[0]
    return Started(tuple(shlex.split(line)))


def started_by_compose() -> Started:
    return Started(tuple(COMPOSE["services"]["signal-cli"]["command"]))


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    """Every line of them is one that it knows, also of what is added to the bot's own unit."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    own = next(body for kind, body in FENCE.findall(read("docs/operations.md")) if kind == "ini")
    for name, body in {**UNITS, "/etc/systemd/system/bot.service": own}.items():
        file = tmp_path / Path(name).relative_to("/etc/systemd/system")
        file.parent.mkdir(exist_ok=True)
        file.write_text(re.sub(r"^(ExecStart(?:Pre)?=)\S+", r"\1/bin/true", body, flags=re.MULTILINE))
    units = [str(one) for one in sorted(tmp_path.glob("*.service"))]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )

    assert len(units) == 3
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if str(tmp_path) in line] == []


@pytest.mark.parametrize("start", [started_by_systemd(), started_by_compose()], ids=["systemd", "compose"])
def test_signal_cli_is_started_as_the_doctor_wants_it(start: Started) -> None:
    """Nothing is lost, nothing logged, nobody trusted unseen, and only a socket listens."""
    assert "daemon" in start.words
    assert start.value("--receive-mode", default="") == "manual"
    assert start.has("--disable-send-log")
    assert start.has("--scrub-log")
    assert start.has("--no-receive-stdout")
    assert not start.has("--trust-new-identities")
    assert not start.has("--tcp")
    assert not start.has("--http")
    assert start.value("--socket", default="") == "/run/signal-cli/socket"


def test_both_ways_start_it_alike() -> None:
    """But for the folder, which its image names itself."""
    by_systemd, by_compose = started_by_systemd(), started_by_compose()
    names = {word.partition("=")[0] for word in by_systemd.words if word.startswith("--")}

    assert by_systemd.folder == Path("/var/lib/signal-cli")
    assert names - {"--config"} == {
        word.partition("=")[0] for word in by_compose.words if word.startswith("--")
    }


def test_a_daemon_that_hangs_at_its_end_is_not_waited_for_long() -> None:
    """A signal-cli that is told to end in a burst sometimes does not; both ways say for how long they wait."""
    assert "TimeoutStopSec=20\n" in UNITS[WITH_SERVICE[0]]
    assert COMPOSE["services"]["signal-cli"]["stop_grace_period"] == "20s"


def test_the_account_is_closed_to_others() -> None:
    """Its folder has mode 0700, whoever is in the group."""
    assert "StateDirectoryMode=0700\n" in UNITS[WITH_SERVICE[0]]
    assert "-m 0700 /srv/signal-cli" in PAGE


def test_containers_publish_nothing_and_share_what_is_declared() -> None:
    """Every named volume is there, in memory; the spooler has no network; all run as one user."""
    services = COMPOSE["services"]
    shared = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service["volumes"]
        if not volume.startswith("/")
    }

    assert not any("ports" in service for service in services.values())
    assert services["spool"]["network_mode"] == "none"
    assert services["signal-cli"]["user"] == "10001:10001"
    assert "--uid 10001 " in read("Dockerfile")
    assert shared == set(COMPOSE["volumes"])
    assert all(volume["driver_opts"]["type"] == "tmpfs" for volume in COMPOSE["volumes"].values())


def test_the_settings_of_the_page_exist_and_have_a_shape_that_is_taken() -> None:
    """In the units and in the compose file alike."""
    known = {variable(field) for field in Settings.model_fields}
    given = {name for service in COMPOSE["services"].values() for name in service.get("environment", {})}

    assert settings_in(PAGE) <= known
    assert given <= known
    assert set(re.findall(r"BOT_SIGNAL_RPC[=:] ?(\S+)", PAGE)) == {"unix:///run/signal-cli/socket"}


def test_every_command_of_the_page_exists() -> None:
    """Also in the middle of a sentence."""
    called = set(re.findall(r"\bbot (signal \w+|doctor|run|migrate)\b", PAGE))

    assert called <= set(command_lines())
    assert {
        f"signal {name}" for name in ("status", "spool", "register", "verify", "link", "profile")
    } <= called
