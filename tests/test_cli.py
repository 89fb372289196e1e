"""The command line: every command calls its one function, and every end has its status and its sentence."""

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from bot import cli
from bot.app.flyer import Drawing
from bot.cli.part import FlowLint
from bot.model.exit import Exit, ExpectedError
from bot.model.finding import Finding
from bot.model.flyer import Flyer
from bot.settings import Settings, keyfile

CANARY = "canary7d1e"
COMMANDS = ("run", "sandbox", "check", "migrate", "doctor")


class Taken(ExpectedError):
    """Another process serves this bot."""

    status: ClassVar[Exit] = Exit.TRY_AGAIN
    advice: ClassVar[str] = "Stop the other one."


@dataclass
class FakeApp:
    """Remembers what was asked; raises `trouble` instead, if there is one."""

    calls: list[str] = field(default_factory=list)
    settings: Settings | None = None
    trouble: Exception | None = None
    findings: Sequence[Finding] = ()
    breach: str | None = None

    def _called(self, name: str, settings: Settings) -> None:
        self.calls.append(name)
        self.settings = settings
        if self.trouble:
            raise self.trouble

    async def run(self, settings: Settings) -> None:
        self._called("run", settings)

    async def run_on_leash(self, settings: Settings, *, ahead: float, volunteer: str | None) -> None:
        self._called(f"run_on_leash {ahead} {volunteer}", settings)

    async def sandbox(self, settings: Settings, directory: Path) -> None:
        self._called(f"sandbox {directory}", settings)

    async def migrate(self, settings: Settings) -> list[str]:
        self._called("migrate", settings)
        return ["data: new"]

    async def rotate_keys(self, settings: Settings) -> list[str]:
        self._called("rotate_keys", settings)
        return ["keys wrapped: 3"]

    async def doctor(self, settings: Settings) -> Sequence[Finding]:
        self._called("doctor", settings)
        return self.findings

    async def invite_or_ask(self, settings: Settings) -> list[str]:
        self._called("invite_or_ask", settings)
        return ["link", "key"]

    async def invitation_keys(self, settings: Settings) -> list[str]:
        self._called("invitation_keys", settings)
        return ["the key"]

    async def invite_volunteer(self, settings: Settings) -> list[str]:
        self._called("invite_volunteer", settings)
        return ["Link: somewhere"]

    async def waiting_phones(self, settings: Settings) -> list[str]:
        self._called("waiting_phones", settings)
        return ["ab12cd34"]

    async def confirm_phone(self, settings: Settings, name: str) -> None:
        self._called(f"confirm_phone {name}", settings)

    async def new_flyer(self, settings: Settings, name: str, *, days: int) -> Flyer:
        self._called(f"new_flyer {name} {days}", settings)
        return Flyer(code="k3f7x2ab", name=name, made_on=date.min, ends_on=date.max)

    async def list_flyers(self, settings: Settings) -> list[str]:
        self._called("list_flyers", settings)
        return ["k3f7x2ab"]

    async def retire_flyer(self, settings: Settings, code: str) -> list[str]:
        self._called(f"retire_flyer {code}", settings)
        return ["Ended."]

    async def draw_flyer(self, settings: Settings, drawing: Drawing) -> list[str]:
        asked = f"{drawing.code} {'+'.join(drawing.languages)} {drawing.bot} {drawing.out}"
        self._called(f"draw_flyer {asked}", settings)
        return ["written: page"]

    async def audited(self, settings: Settings) -> list[str]:
        self._called("audited", settings)
        return ["1 2026-11-24 console pause bot"]

    async def audit_breach(self, settings: Settings) -> str | None:
        self._called("audit_breach", settings)
        return self.breach

    async def seal(self, settings: Settings) -> list[str]:
        self._called("seal", settings)
        return ["Sealed."]

    async def unseal(self, settings: Settings, ask: Callable[[str], str]) -> list[str]:
        self._called("unseal", settings)
        return [ask("Code")]

    async def touched(self, settings: Settings) -> list[str]:
        self._called("touched", settings)
        return ["buddy.ask: 2"]


@dataclass
class FakeLint:
    """Finds what it was told to find."""

    problems: Sequence[str] = ()
    drawn: list[Path] = field(default_factory=list)

    def check(self, flows_dir: Path, locales_dir: Path) -> Sequence[str]:
        assert flows_dir.is_dir()
        assert locales_dir.is_dir()
        return self.problems

    def draw(self, flows_dir: Path, target: Path) -> Sequence[Path]:
        self.drawn.append(target)
        return [target / "buddy.mmd"]


@dataclass
class Desk:
    """The command line with fakes behind it, in an empty folder."""

    capsys: pytest.CaptureFixture[str]
    app: FakeApp = field(default_factory=FakeApp)
    lint: FakeLint = field(default_factory=FakeLint)
    out: str = ""
    err: str = ""

    @property
    def parts(self) -> cli.Parts:
        return cli.Parts(app=lambda: self.app, playground=lambda: self.app, lint=lambda: self.lint)

    def type(self, line: str) -> int:
        """The exit status of `bot <line>`; what was printed is in `out` and `err`."""
        with pytest.raises(SystemExit) as end:
            cli.main(line.split(), parts=self.parts)
        self.out, self.err = self.capsys.readouterr()
        return int(end.value.code or 0)


@pytest.fixture
def desk(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    untouched_logging: None,
) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(capsys)


def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that `run` needs."""
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", f"123:{CANARY}")
    monkeypatch.setenv("BOT_MASTER_KEY", keyfile.fresh())


def test_run_serves_with_the_settings(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a platform and a key, the app runs, and its end is a good one."""
    ready(monkeypatch)

    assert desk.type("run") == Exit.OK
    assert desk.app.calls == ["run"]


def test_run_without_settings_says_what_is_missing(desk: Desk) -> None:
    """Status 78, each variable on its line, and nothing started."""
    assert desk.type("run") == Exit.SETTINGS
    assert desk.app.calls == []
    assert "BOT_TELEGRAM_TOKEN" in desk.err
    assert "BOT_MASTER_KEY" in desk.err
    assert ".env.example" in desk.err


def test_sandbox_needs_nothing(desk: Desk) -> None:
    """No settings: it makes its folder, its key and its token."""
    assert desk.type("sandbox") == Exit.OK
    assert desk.app.calls == ["sandbox data/sandbox"]
    assert Path("data/sandbox/master.key").exists()


def test_sandbox_can_live_elsewhere(desk: Desk) -> None:
    """So that two can stand side by side."""
    assert desk.type("sandbox --dir box") == Exit.OK
    assert desk.app.settings
    assert "box/bot.db" in desk.app.settings.database_url
    assert desk.app.calls == ["sandbox box"]


def test_a_sandboxs_bot_takes_its_settings_from_the_environment_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tries the bot out beside their real `.env` gets nothing of it."""
    ready(monkeypatch)
    Path(".env").write_text("BOT_LOG_LEVEL=DEBUG\n", encoding="utf-8")

    assert desk.type("leashed --ahead 60 --volunteer 7") == Exit.OK
    assert desk.app.calls == ["run_on_leash 60.0 7"]
    assert desk.app.settings
    assert desk.app.settings.log_level == "INFO"


def test_check_is_content_with_good_flows(desk: Desk) -> None:
    """Status 0, and the count says so."""
    assert desk.type("check") == Exit.OK
    assert desk.out == "problems: 0\n"


def test_check_lists_what_is_wrong(desk: Desk) -> None:
    """Status 1, one line each."""
    desk.lint.problems = ["flows/buddy.yaml:3: no such step", "flows/case.yaml:9: a dead end"]

    assert desk.type("check") == Exit.FAILED
    assert desk.out.splitlines() == [*desk.lint.problems, "problems: 2"]


def test_check_draws_and_looks_at_live_sessions(desk: Desk) -> None:
    """Pictures go into the folder; sessions come from the database."""
    assert desk.type("check --live --mermaid pictures") == Exit.OK
    assert desk.app.calls == ["touched"]
    assert desk.lint.drawn == [Path("pictures")]
    assert desk.out.splitlines() == ["pictures/buddy.mmd", "buddy.ask: 2", "problems: 0"]


def test_migrate_says_what_was_done(desk: Desk) -> None:
    """Line by line."""
    assert desk.type("migrate") == Exit.OK
    assert desk.out == "data: new\n"


def test_doctor_is_content_when_all_is_well(desk: Desk) -> None:
    """Status 0, and each thing it looked at."""
    desk.app.findings = [Finding(name="database", ok=True, detail="up to date", advice="not shown")]

    assert desk.type("doctor") == Exit.OK
    assert re.search(r"ok\s+database\s+up to date", desk.out)
    assert "not shown" not in desk.out


def test_doctor_gives_advice_where_something_is_missing(desk: Desk) -> None:
    """Status 1, what was found, and what to do."""
    desk.app.findings = [
        Finding(name="token", ok=False, detail="refused by [Telegram]", advice="Ask @BotFather.")
    ]

    assert desk.type("doctor") == Exit.FAILED
    assert "NOT OK" in desk.out
    assert "refused by [Telegram]" in desk.out
    assert "Ask @BotFather." in desk.out


def test_keys_new_prints_a_key_alone_on_its_output(desk: Desk) -> None:
    """So that it can be piped; where it goes is said beside it."""
    assert desk.type("keys new") == Exit.OK
    assert re.fullmatch(r"[A-Za-z0-9+/]{43}=\n", desk.out)
    assert "BOT_MASTER_KEY" in desk.err


def test_keys_new_writes_a_file_only_when_told(desk: Desk) -> None:
    """Mode 0600, the key not printed, an existing file never overwritten."""
    assert desk.type("keys new --file master.key") == Exit.OK
    key = Path("master.key").read_text().strip()
    assert key not in desk.out + desk.err
    assert Path("master.key").stat().st_mode & 0o777 == 0o600

    assert desk.type("keys new --file master.key") == Exit.FAILED
    assert Path("master.key").read_text().strip() == key


def test_keys_rotate_needs_a_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one it says so; with one it says what was done."""
    assert desk.type("keys rotate") == Exit.SETTINGS
    monkeypatch.setenv("BOT_MASTER_KEY", f"{keyfile.fresh()},{keyfile.fresh()}")

    assert desk.type("keys rotate") == Exit.OK
    assert desk.out == "keys wrapped: 3\n"


def test_invite_organizer_shows_link_and_key(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left out, and it needs the master key."""
    assert desk.type("invite organizer") == Exit.SETTINGS
    ready(monkeypatch)

    assert desk.type("invite organizer") == Exit.OK
    assert desk.out == "link\nkey\n"


def test_invite_key_shows_keys(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is at the machine has the key, and not the link."""
    assert desk.type("invite key") == Exit.SETTINGS
    ready(monkeypatch)

    assert desk.type("invite key") == Exit.OK
    assert desk.out == "the key\n"


def test_invite_phone_shows_who_waits_and_confirms_whom_it_names(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two things under one name: looking changes nothing."""
    ready(monkeypatch)

    assert desk.type("invite phone") == Exit.OK
    assert desk.out == "ab12cd34\n"
    assert desk.type("invite phone ab12cd34") == Exit.OK
    assert "confirm_phone ab12cd34" in str(desk.app.calls)


def test_invite_volunteer_shows_the_link(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs the master key, too."""
    assert desk.type("invite volunteer") == Exit.SETTINGS
    ready(monkeypatch)

    assert desk.type("invite volunteer") == Exit.OK
    assert desk.out == "Link: somewhere\n"


def test_flyer_new_makes_one_and_draws_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In both languages, for a quarter, where nothing else is said; it needs the master key."""
    assert desk.type("flyer new Station") == Exit.SETTINGS
    ready(monkeypatch)

    assert desk.type("flyer new Station") == Exit.OK
    assert desk.out == "code: k3f7x2ab\nwritten: page\n"
    assert desk.app.calls == ["new_flyer Station 91", "draw_flyer k3f7x2ab he+en None None"]


def test_flyer_draw_takes_a_language_a_name_and_a_folder(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as an option."""
    ready(monkeypatch)

    assert desk.type("flyer draw k3f7x2ab --language en --bot a_bot --out there") == Exit.OK
    assert desk.app.calls == ["draw_flyer k3f7x2ab en a_bot there"]


@pytest.mark.parametrize(
    ("line", "call", "shown"),
    [
        ("flyer list", "list_flyers", "k3f7x2ab\n"),
        ("flyer retire k3f7x2ab", "retire_flyer k3f7x2ab", "Ended.\n"),
    ],
)
def test_flyers_are_listed_and_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, line: str, call: str, shown: str
) -> None:
    """One call each, and what it says."""
    ready(monkeypatch)

    assert desk.type(line) == Exit.OK
    assert (desk.app.calls, desk.out) == ([call], shown)


def test_audit_list_shows_every_act(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One a line."""
    ready(monkeypatch)

    assert desk.type("audit list") == Exit.OK
    assert desk.out == "1 2026-11-24 console pause bot\n"


def test_audit_verify_ends_by_what_it_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 0 if the chain holds, else 1 and the row."""
    ready(monkeypatch)
    assert desk.type("audit verify") == Exit.OK
    desk.app.breach = "Row 2 is missing."

    assert desk.type("audit verify") == Exit.FAILED
    assert desk.out == "Row 2 is missing.\n"


def test_seal_needs_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, no token, not even a key file that is there: whoever is at the machine can end it."""
    monkeypatch.setenv("BOT_MASTER_KEY_FILE", "gone")
    assert desk.type("seal") == Exit.OK
    assert desk.out == "Sealed.\n"


def test_unseal_asks_for_codes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed reaches the app; it needs the master key."""
    assert desk.type("unseal") == Exit.SETTINGS
    ready(monkeypatch)
    monkeypatch.setattr("sys.stdin", io.StringIO("123456\n"))

    assert desk.type("unseal") == Exit.OK
    assert desk.out == "Code: 123456\n"


def test_an_expected_error_is_one_sentence_and_what_to_do(desk: Desk) -> None:
    """With the status it carries, and no traceback."""
    desk.app.trouble = Taken()

    assert desk.type("migrate") == Exit.TRY_AGAIN
    assert desk.err == "Another process serves this bot.\nStop the other one.\n"


def test_an_expected_error_is_found_inside_a_group(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task group wraps what its tasks raise."""
    ready(monkeypatch)
    desk.app.trouble = ExceptionGroup("tasks", [ValueError(CANARY), ExceptionGroup("more", [Taken()])])

    assert desk.type("run") == Exit.TRY_AGAIN
    assert "Another process serves this bot." in desk.err


def test_an_unexpected_error_shows_its_class_and_place_only(desk: Desk) -> None:
    """Its text may hold anything; so may its locals."""
    desk.app.trouble = ValueError(CANARY)

    assert desk.type("migrate") == Exit.DEFECT
    assert "ValueError@" in desk.err
    assert "test_cli" in desk.err
    assert CANARY not in desk.out + desk.err


def test_an_interrupt_at_the_keyboard_ends_quietly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 130, as shells expect."""

    async def interrupted(_settings: Settings) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(desk.app, "migrate", interrupted)

    assert desk.type("migrate") == 130


@pytest.mark.parametrize("line", ["nonsense", "run --nonsense", "keys nonsense"])
def test_a_wrong_command_line_is_a_usage_error(desk: Desk, line: str) -> None:
    """Status 2, and nothing done."""
    assert desk.type(line) == Exit.USAGE
    assert desk.app.calls == []


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_serving_in_good_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stop: signal.Signals
) -> None:
    """The app is cancelled, may finish what it does even when told twice, and the status is 0."""
    ready(monkeypatch)
    finished = []

    async def serve(_settings: Settings) -> None:
        os.kill(os.getpid(), stop)
        try:
            await asyncio.sleep(10)
        finally:
            if stop == signal.SIGTERM:
                os.kill(os.getpid(), stop)
            await asyncio.sleep(0.05)
            finished.append(True)

    monkeypatch.setattr(desk.app, "run", serve)

    assert desk.type("run") == Exit.OK
    assert finished == [True]


@pytest.mark.parametrize(
    "command", [*COMMANDS, "keys new", "keys rotate", "cards list", "cards reviewer new", ""]
)
def test_every_command_explains_itself(desk: Desk, command: str) -> None:
    """--help works everywhere."""
    assert desk.type(f"{command} --help") == Exit.OK
    assert "Usage" in desk.out


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """`python -m bot` is the same as `bot`."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "keys", "new"],
        cwd=tmp_path,
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == Exit.OK
    assert len(done.stdout) == 45


def heavy_after(code: str) -> set[str]:
    """Which heavy libraries a fresh Python has loaded after `code`."""
    heavy = (
        "telegram",
        "sqlalchemy",
        "aiohttp",
        "rich.console",
        "pydantic",
        "cryptography",
        "apscheduler",
        "uvloop",
    )
    script = f"import sys\n{code}\nprint(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "loaded"), [("import bot.cli", set()), ("from bot import settings", {"pydantic"})]
)
def test_the_command_line_starts_light(code: str, loaded: set[str]) -> None:
    """Heavy libraries wait for the command that needs them."""
    assert heavy_after(code) == loaded


def test_the_projects_own_flows_are_drawn(tmp_path: Path) -> None:
    """One Mermaid picture for each."""
    flows = Path(cli.__file__).parents[2] / "flows"

    drawn = FlowLint().draw(flows, tmp_path / "new")

    assert tmp_path / "new" / "system.mmd" in drawn
    assert all(path.read_text(encoding="utf-8").startswith("flowchart") for path in drawn)
