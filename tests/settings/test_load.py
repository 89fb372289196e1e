"""Reading the settings: everything at once, nothing repeated, nothing forgotten."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from bot import settings
from bot.model.card import ContentPolicy
from bot.model.case import Need
from bot.model.exit import Exit
from bot.settings import Mode, Settings, SettingsRefused, keyfile
from bot.settings.field import PREFIX
from bot.settings.load import KEEPER_FILE
from bot.store.sealing import LOCKED, OPEN, KeeperKey, seal
from tests.letters import an_entry

NOWHERE = Path("/nonexistent/.env")
KEY = base64.b64encode(bytes(range(32))).decode()
OLD = base64.b64encode(bytes(range(1, 33))).decode()
CANARY = "canary7d1e"
NUMBER = "+15550104711"
NUMBER = "+15550104711"


class World:
    """An environment to set, and the settings read from it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def given(self, **values: str) -> "World":
        for name, value in values.items():
            self._monkeypatch.setenv(PREFIX + name.upper(), value)
        return self

    def refused(self, *needs: settings.Need) -> dict[str, str]:
        """What is wrong, by variable."""
        with pytest.raises(SettingsRefused) as caught:
            settings.load(needs=needs, env_file=NOWHERE)
        assert CANARY not in str(caught.value)
        return {problem.variable: problem.wrong for problem in caught.value.problems}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def test_without_any_setting_the_defaults_hold() -> None:
    """Nothing given is no problem for a command that needs nothing."""
    read = settings.load(env_file=NOWHERE)

    assert read.telegram_mode is Mode.POLLING
    assert read.content_policy is ContentPolicy.APPROVED
    assert (read.http_listen.host, read.http_listen.port) == ("127.0.0.1", 8080)
    assert read.flows_dir.name == "flows"
    assert read.master_keys() == ()


def test_all_problems_are_told_at_once(world: World) -> None:
    """One start shows every mistake: shapes, contradictions, what is missing and what is misspelled."""
    world.given(
        telegram_mode="webhook",
        telegram_rate=CANARY,
        http_listen="0.0.0.0:80",
        master_key=CANARY,
        timzone="UTC",
    )

    assert set(world.refused(settings.Need.PLATFORM, settings.Need.KEYS)) == {
        "BOT_TELEGRAM_TOKEN",
        "BOT_TELEGRAM_RATE",
        "BOT_WEBHOOK_URL",
        "BOT_WEBHOOK_SECRET",
        "BOT_HTTP_LISTEN",
        "BOT_MASTER_KEY",
        "BOT_TIMZONE",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("telegram_token", CANARY),
        ("telegram_token", f"123:{CANARY}/x"),
        ("telegram_api_url", f"ftp://{CANARY}"),
        ("telegram_api_url", f"http://127.0.0.1:8081/{CANARY}"),
        ("telegram_api_url", f"http://u:{CANARY}@127.0.0.1"),
        ("telegram_api_url", "http://127.0.0.1:99999"),
        ("telegram_mode", CANARY),
        ("telegram_proxy", f"socks4://{CANARY}"),
        ("telegram_rate", "0"),
        ("telegram_rate", "500000"),
        ("signal_rate", "0"),
        ("signal_timer", "0"),
        ("signal_timer", "29"),
        ("signal_timer", CANARY),
        ("flood_factor", "0"),
        ("flood_factor", CANARY),
        ("case_times", CANARY),
        ("claims_a_day", "0"),
        ("claims_a_day", CANARY),
        ("case_times", "15/60/60"),
        ("case_times", f"15/60/180,{CANARY}=1/2/3"),
        ("case_times", "15/60/180,urgent"),
        ("webhook_url", f"http://{CANARY}.example.org/"),
        ("webhook_url", f"https://bot.example.org/?secret={CANARY}"),
        ("webhook_secret", f"{CANARY} with spaces"),
        ("http_listen", f"{CANARY}:8080"),
        ("http_listen", "0.0.0.0:8080"),
        ("http_listen", "127.0.0.1"),
        ("http_listen", "127.0.0.1:70000"),
        ("signal_rpc", f"udp://{CANARY}:1"),
        ("signal_rpc", f"tcp://{CANARY}"),
        ("database_url", f"mysql://{CANARY}"),
        ("keys_url", f"sqlite:///{CANARY}"),
        ("master_key", CANARY),
        ("master_key", base64.b64encode(b"short").decode()),
        ("master_key", f"{KEY},{KEY}"),
        ("master_key", f"{KEY},{OLD},{base64.b64encode(bytes(32)).decode()}"),
        ("letter_public_key", CANARY),
        ("letter_public_key", OPEN + KEY),
        ("letter_public_key", LOCKED + KEY),
        ("letter_public_key", base64.b64encode(bytes(32)).decode()),
        ("flows_dir", f"/nonexistent/{CANARY}"),
        ("locales_dir", f"/nonexistent/{CANARY}"),
        ("timezone", CANARY),
        ("timezone", f"../../{CANARY}"),
        ("content_policy", CANARY),
        ("log_level", CANARY),
    ],
)
def test_a_wrong_value_is_refused_without_being_repeated(world: World, field: str, value: str) -> None:
    """Each shape is checked, and the refusal names the variable and never the value."""
    assert set(world.given(**{field: value}).refused()) == {PREFIX + field.upper()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("telegram_token", "123456789:AAE-fresh_token"),
        ("telegram_api_url", "http://127.0.0.1:8081/"),
        ("telegram_proxy", "http://127.0.0.1:3128"),
        ("telegram_rate", "2.5"),
        ("case_times", "10/20/30"),
        ("http_listen", "[::1]:9000"),
        ("http_listen", "localhost:0"),
        ("database_url", "postgresql+asyncpg://user:word@db/bot"),
        ("master_key", f"{KEY},{OLD}"),
        ("letter_public_key", KEY),
        ("timezone", "Europe/Berlin"),
        ("log_level", "DEBUG"),
    ],
)
def test_a_good_value_is_taken(world: World, field: str, value: str) -> None:
    """Each shape has good examples."""
    world.given(**{field: value})

    assert getattr(settings.load(env_file=NOWHERE), field) is not None


def test_the_times_of_a_search_are_given_by_need(world: World) -> None:
    """Without any, urgent ones are short; given, only what is named has times of its own."""
    usual = settings.load(env_file=NOWHERE).case_times
    world.given(case_times="10/20/30, legal=1/2/3")
    given = settings.load(env_file=NOWHERE).case_times

    assert usual.of(Need.URGENT).told == timedelta(minutes=10)
    assert usual.of(Need.BUDDY).told == timedelta(hours=3)
    assert given.of(Need.LEGAL).everybody == timedelta(minutes=1)
    assert given.of(Need.URGENT).organizers == timedelta(minutes=20)


def test_the_api_address_loses_its_slash(world: World) -> None:
    """So that paths can be put behind it."""
    world.given(telegram_api_url="http://127.0.0.1:8081/")

    assert settings.load(env_file=NOWHERE).telegram_api_url == "http://127.0.0.1:8081"


def test_an_empty_value_counts_as_not_set(world: World) -> None:
    """A line left empty in .env is not a mistake."""
    world.given(telegram_token="", timezone="")

    assert settings.load(env_file=NOWHERE).timezone == "Asia/Jerusalem"


def test_a_misspelled_variable_is_named_with_the_closest_one(world: World) -> None:
    """A typing error is never silently ignored."""
    assert "did you mean BOT_MASTER_KEY" in world.given(master_kay=KEY).refused()["BOT_MASTER_KAY"]


def test_a_misspelled_variable_in_the_file_is_seen_too(tmp_path: Path) -> None:
    """The file is read with the same eyes as the environment."""
    file = tmp_path / ".env"
    file.write_text("BOT_TELEGRAM_TOKE=1:a\nOTHER=1\n")

    with pytest.raises(SettingsRefused, match="did you mean BOT_TELEGRAM_TOKEN"):
        settings.load(env_file=file)


def test_the_environment_wins_over_the_file(world: World, tmp_path: Path) -> None:
    """What an operator sets for one start counts."""
    file = tmp_path / ".env"
    file.write_text("BOT_TIMEZONE=UTC\nBOT_LOG_LEVEL=DEBUG\n")
    world.given(timezone="Europe/Berlin")

    read = settings.load(env_file=file)

    assert (read.timezone, read.log_level) == ("Europe/Berlin", "DEBUG")


def test_the_suite_has_switches_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """BOT_TEST_ variables are not settings and not mistakes."""
    monkeypatch.setenv("BOT_TEST_REQUIRE_ALL", "1")

    assert settings.load(env_file=NOWHERE).timezone == "Asia/Jerusalem"


def test_half_a_signal_is_refused(world: World) -> None:
    """The socket and the account belong together."""
    assert set(world.given(signal_rpc="unix:///run/signal.sock").refused()) == {"BOT_SIGNAL_ACCOUNT"}


@pytest.mark.parametrize("number", ["15550100", "050-1234567", "+1 555 0100", "+0555", "a name"])
def test_a_number_that_signal_does_not_know_by_that_name_is_refused(world: World, number: str) -> None:
    """With its country's code, and digits alone: else the daemon says that there is no such account."""
    given = world.given(signal_rpc="unix:///run/signal.sock", signal_account=number)

    assert set(given.refused()) == {"BOT_SIGNAL_ACCOUNT"}


def test_signal_alone_is_a_platform(world: World) -> None:
    """A bot without Telegram can serve."""
    world.given(signal_rpc="tcp://127.0.0.1:7583", signal_account="+15550100")

    assert settings.load(needs=[settings.Need.PLATFORM], env_file=NOWHERE).telegram_token is None


def test_keys_beside_the_data_are_refused(world: World) -> None:
    """Two names for one database would put the keys into the data's backup."""
    assert set(world.given(keys_url="sqlite+aiosqlite:///data/bot.db").refused()) == {"BOT_KEYS_URL"}


def test_the_key_list_is_newest_first(world: World) -> None:
    """new,old is read in that order."""
    world.given(master_key=f"{KEY},{OLD}")

    assert settings.load(env_file=NOWHERE).master_keys() == (bytes(range(32)), bytes(range(1, 33)))


def test_the_key_comes_from_a_file(world: World, tmp_path: Path) -> None:
    """A file its owner alone may read is taken."""
    file = tmp_path / "master.key"
    keyfile.write(file, KEY)
    world.given(master_key_file=str(file))

    assert settings.load(needs=[settings.Need.KEYS], env_file=NOWHERE).master_keys() == (bytes(range(32)),)


def test_a_key_file_others_can_read_is_refused(world: World, tmp_path: Path) -> None:
    """The mode is checked before the file is read."""
    file = tmp_path / "master.key"
    keyfile.write(file, KEY)
    file.chmod(0o640)

    assert "chmod 600" in world.given(master_key_file=str(file)).refused()["BOT_MASTER_KEY_FILE"]


def test_a_key_file_that_is_missing_or_wrong_is_refused(world: World, tmp_path: Path) -> None:
    """Neither a missing file nor one with something else in it passes."""
    wrong = tmp_path / "wrong.key"
    keyfile.write(wrong, CANARY)

    assert set(world.given(master_key_file=str(tmp_path / "none")).refused()) == {"BOT_MASTER_KEY_FILE"}
    assert set(world.given(master_key_file=str(wrong)).refused()) == {"BOT_MASTER_KEY_FILE"}
    wrong.write_bytes(b"\xff\xfe")
    assert set(world.refused()) == {"BOT_MASTER_KEY_FILE"}


@pytest.mark.parametrize("named", ["master_key", "master_key_file", "keys_url"])
def test_a_command_that_needs_no_key_can_do_without_one(world: World, named: str) -> None:
    """Sealing in a hurry: what is wrong with a key is no problem then, and everything else still is."""
    world.given(**{named: "gone" if named == "master_key_file" else CANARY})

    assert settings.load(env_file=NOWHERE, keyless=True).master_keys() == ()
    assert list(world.refused()) == [PREFIX + named.upper()]
    world.given(timezone=CANARY)
    with pytest.raises(SettingsRefused) as caught:
        settings.load(env_file=NOWHERE, keyless=True)
    assert [problem.variable for problem in caught.value.problems] == ["BOT_TIMEZONE"]


def test_two_sources_of_the_key_are_refused(world: World, tmp_path: Path) -> None:
    """Nobody should wonder which one counted."""
    world.given(master_key=KEY, master_key_file=str(tmp_path / "master.key"))

    assert set(world.refused(settings.Need.KEYS)) == {"BOT_MASTER_KEY_FILE"}


def test_a_needed_key_is_asked_for_at_a_terminal() -> None:
    """With no key given and somebody there, the prompt decides."""
    read = settings.load(needs=[settings.Need.KEYS], env_file=NOWHERE, ask=lambda: KEY)

    assert read.master_keys() == (bytes(range(32)),)


def test_a_wrong_answer_at_the_prompt_is_refused() -> None:
    """What is typed is held to the same shape, and not repeated."""
    with pytest.raises(SettingsRefused) as caught:
        settings.load(needs=[settings.Need.KEYS], env_file=NOWHERE, ask=lambda: CANARY)

    assert "BOT_MASTER_KEY" in str(caught.value)
    assert CANARY not in str(caught.value)


def test_nobody_is_asked_when_a_key_is_not_needed_or_given(world: World) -> None:
    """A prompt never comes as a surprise."""

    def ask() -> str:
        raise AssertionError

    assert settings.load(env_file=NOWHERE, ask=ask).master_keys() == ()
    world.given(master_key=KEY)
    assert settings.load(needs=[settings.Need.KEYS], env_file=NOWHERE, ask=ask).master_keys()


def test_no_key_and_no_terminal_is_refused(world: World) -> None:
    """A service without its key does not start."""
    assert set(world.refused(settings.Need.KEYS)) == {"BOT_MASTER_KEY"}


def test_secrets_read_as_stars(world: World) -> None:
    """No way to print the settings shows a secret, a password or a proxy."""
    world.given(
        telegram_token=f"123:{CANARY}",
        webhook_secret=CANARY,
        master_key=KEY,
        signal_rpc="tcp://127.0.0.1:1",
        signal_account=NUMBER,
        database_url=f"postgresql+asyncpg://u:{CANARY}@db/bot",
        telegram_proxy=f"http://u:{CANARY}@127.0.0.1",
    )
    read = settings.load(env_file=NOWHERE)

    shown = f"{read!r} {read} {read.telegram_token} {read.telegram_token!r} {[read.webhook_secret]}"

    assert CANARY not in shown
    assert NUMBER not in shown
    assert KEY not in shown
    assert repr(read.telegram_token) == str(read.telegram_token) == "***"


def test_the_secrets_to_blank_are_all_of_them(world: World) -> None:
    """The log gets each secret, and each key of a list."""
    world.given(telegram_token=f"123:{CANARY}", master_key=f"{KEY},{OLD}")

    assert set(settings.load(env_file=NOWHERE).secrets()) == {f"123:{CANARY}", f"{KEY},{OLD}", KEY, OLD}


def test_a_refusal_says_how_to_end_and_what_to_do(world: World) -> None:
    """The exit status is that of a configuration error; each line has an example."""
    world.given(timezone="Mars")
    with pytest.raises(SettingsRefused) as caught:
        settings.load(env_file=NOWHERE)

    assert caught.value.status is Exit.SETTINGS
    assert "Example: BOT_TIMEZONE=Asia/Jerusalem" in str(caught.value)
    assert caught.value.details == [
        ("BOT_TIMEZONE", "this is not the name of a time zone", "for example Asia/Jerusalem")
    ]
    assert caught.value.__context__ is None


def test_every_setting_has_a_description_and_an_example() -> None:
    """Whoever gets it wrong is told what it is for."""
    assert all(field.description and field.examples for field in Settings.model_fields.values())


def test_the_sandbox_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    """It makes its own key file once, and shows drafts."""
    first = settings.sandbox(tmp_path / "box", env_file=NOWHERE)
    second = settings.sandbox(tmp_path / "box", env_file=NOWHERE)

    assert first.master_keys() == second.master_keys()
    assert len(first.master_keys()[0]) == 32
    assert first.content_policy is ContentPolicy.DRAFT
    assert first.telegram_token is not None
    assert (tmp_path / "box" / "master.key").stat().st_mode & 0o777 == 0o600


def test_the_sandbox_is_its_own_letter_keeper(tmp_path: Path) -> None:
    """What is sealed there opens with the file beside its data, in this run and the next."""
    for _ in range(2):
        public = settings.sandbox(tmp_path / "box", env_file=NOWHERE).letter_public_key
        assert public is not None
        file = tmp_path / "box" / KEEPER_FILE
        assert KeeperKey.of(keyfile.read(file)).opened(seal(public, an_entry())) == an_entry()
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_sandbox_whose_keeper_lost_the_key_is_refused(tmp_path: Path) -> None:
    """A new key would leave behind what was sealed to the old one."""
    settings.sandbox(tmp_path, env_file=NOWHERE)
    (tmp_path / KEEPER_FILE).write_text("gone")

    with pytest.raises(SettingsRefused, match=r"letter\.key"):
        settings.sandbox(tmp_path, env_file=NOWHERE)


def test_the_master_key_seals_no_letter(world: World) -> None:
    """It is on the server, and what is sealed to it the server could open."""
    refused = world.given(master_key=KEY, letter_public_key=KEY).refused()

    assert set(refused) == {"BOT_LETTER_PUBLIC_KEY"}


def test_the_sandbox_touches_nothing_real(world: World, tmp_path: Path) -> None:
    """Real tokens, databases and keys in the environment are not used, not even wrong ones."""
    world.given(
        telegram_token=f"123:{CANARY}",
        telegram_mode="webhook",
        telegram_api_url="https://telegram.example.org",
        database_url="sqlite+aiosqlite:///real.db",
        master_key=CANARY,
        signal_rpc="tcp://127.0.0.1:1",
        http_listen="127.0.0.1:9999",
    )

    read = settings.sandbox(tmp_path, env_file=NOWHERE)

    assert str(tmp_path) in read.database_url
    assert str(tmp_path) in read.keys_url
    assert read.telegram_mode is Mode.POLLING
    assert read.signal_rpc is None
    assert CANARY not in "".join(read.secrets())
    assert read.http_listen.port == 9999


def test_a_sandbox_that_cannot_be_is_refused(world: World, tmp_path: Path) -> None:
    """What the sandbox does read must be right."""
    world.given(timezone="Mars", flows_dir="/nonexistent")

    with pytest.raises(SettingsRefused) as caught:
        settings.sandbox(tmp_path, env_file=NOWHERE)

    assert [problem.variable for problem in caught.value.problems] == ["BOT_TIMEZONE", "BOT_FLOWS_DIR"]


def test_another_process_reads_the_same_settings(world: World, tmp_path: Path) -> None:
    """What is spelled out as an environment is read as it was; foreign variables go along, ours only if settled."""
    told = settings.sandbox(tmp_path / "box", env_file=NOWHERE).model_copy(
        update={
            "telegram_token": settings.Secret(f"123:{CANARY}"),
            "telegram_rate": 12.5,
            "http_listen": settings.Listen(host="::1", port=0),
            "letter_public_key": bytes(range(32)),
            "webhook_url": "https://bot.example.org/telegram",
        }
    )
    world.given(telegram_proxy="http://127.0.0.1:3128")
    spelled = settings.environment(told)
    world.given(telegram_proxy="")
    for name, value in spelled.items():
        if name.startswith("BOT_"):
            world.given(**{name.removeprefix("BOT_").lower(): value})

    assert settings.load(env_file=NOWHERE) == told
    assert "BOT_TELEGRAM_PROXY" not in spelled
    assert spelled["PATH"]


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """Losing a master key loses everything under it."""
    file = tmp_path / "master.key"
    keyfile.write(file, KEY)

    with pytest.raises(keyfile.KeyFileExists):
        keyfile.write(file, OLD)
    assert keyfile.read(file) == KEY
