"""Reading the settings: from the environment and `.env`, every problem found before anything is refused."""

import os
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.model.card import ContentPolicy
from bot.settings import keyfile
from bot.settings.field import PREFIX, Mode, Settings, variable
from bot.settings.problem import Problem, SettingsRefused
from bot.settings.value import Secret, key_list
from bot.store.sealing import KeeperKey

ENV_FILE: Final = Path(".env")
KEEPER_FILE: Final = "letter.key"
TESTS_OWN: Final = "BOT_TEST_"  # switches of the test suite, none of our business
KEYS: Final = frozenset(variable(field) for field in ("keys_url", "master_key", "master_key_file"))


class Need(StrEnum):
    """What a command can't do without."""

    PLATFORM = "platform"
    KEYS = "keys"
    SIGNAL = "signal"


def load(
    *,
    needs: Collection[Need] = (),
    env_file: Path = ENV_FILE,
    ask: Callable[[], str] | None = None,
    keyless: bool = False,
) -> Settings:
    """The settings. `ask` is how to get the master key from a terminal, None without one.

    `keyless`: whatever is wrong with the keys is no problem, they are as if not given.
    Raises SettingsRefused with every problem at once.
    """
    settings, problems = _read(env_file)
    refused = {problem.variable for problem in problems}
    settings, key_problems = _with_key_file(settings)
    later = [*_contradictions(settings), *_missing(settings, needs, ask), *key_problems]
    problems += [problem for problem in later if problem.variable not in refused]
    problems += _unknown(env_file)
    if keyless:
        problems = [problem for problem in problems if problem.variable not in KEYS]
    if problems:
        raise SettingsRefused(problems)
    return _asked(settings, ask) if ask and Need.KEYS in needs and not settings.master_key else settings


def sandbox(directory: Path, *, env_file: Path = ENV_FILE) -> Settings:
    """Settings for trying the bot out: databases and keys in `directory`, no platform, drafts shown.

    Of the environment only the web address, the folders, the zone, the log level and polls count.
    """
    key = directory / "master.key"
    if not key.exists():
        keyfile.write(key, keyfile.fresh())
    settings, problems = _read(env_file, **_sandboxed(directory, key))
    settings, key_problems = _with_key_file(settings)
    if problems := [*problems, *_contradictions(settings), *key_problems]:
        raise SettingsRefused(problems)
    return settings


def _sandboxed(directory: Path, key: Path) -> dict[str, Any]:
    kept = {"http_listen", "flows_dir", "locales_dir", "timezone", "log_level", "signal_polls"}
    plain = {name: field.default for name, field in Settings.model_fields.items() if name not in kept}
    return plain | {
        "telegram_token": Secret("1:sandbox"),
        "database_url": f"sqlite+aiosqlite:///{directory / 'bot.db'}",
        "keys_url": f"sqlite+aiosqlite:///{directory / 'keys.db'}",
        "master_key_file": key,
        "signal_spool": directory / "spool",
        "signal_attachments": directory / "attachments",
        "letter_public_key": _keeper(directory / KEEPER_FILE).public,
        "content_policy": ContentPolicy.DRAFT,
    }


def _keeper(file: Path) -> KeeperKey:
    """The sandbox's own letter keeper: both halves lie here, where nobody's real name is."""
    if not file.exists():
        keyfile.write(file, KeeperKey.fresh().text())
    try:
        return KeeperKey.of(keyfile.read(file))
    except ValueError as error:
        raise SettingsRefused([_problem("letter_public_key", f"{file.name}: {error}")]) from None


def _read(env_file: Path, **fixed: Any) -> tuple[Settings, list[Problem]]:
    """The settings with every refused one replaced by its default, and what was refused."""
    try:
        return _settings(env_file, fixed), []
    except ValidationError as error:
        wrong = {
            str(detail["loc"][0]).lower(): _wrong(detail) for detail in error.errors(include_input=False)
        }
    problems = [_problem(field, wrong[field]) for field in Settings.model_fields if field in wrong]
    for field in wrong:
        fixed[field] = Settings.model_fields[field].default
    return _settings(env_file, fixed), problems


def _settings(env_file: Path, fixed: dict[str, Any]) -> Settings:
    return Settings(_env_file=env_file, **fixed)


def _wrong(detail: Any) -> str:
    """Our own sentence, or pydantic's; both without the value."""
    own = detail.get("ctx", {}).get("error")
    sentence = str(own) if own else str(detail["msg"])
    return sentence[:1].lower() + sentence[1:]


def _problem(field: str, wrong: str) -> Problem:
    examples = Settings.model_fields[field].examples or [""]
    return Problem(variable=variable(field), wrong=wrong, example=str(examples[0]))


def _unknown(env_file: Path) -> list[Problem]:
    """Variables with our prefix that no setting has: most likely typing errors."""
    known = {variable(field) for field in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *dotenv_values(env_file))}
    strange = {name for name in given - known if name.startswith(PREFIX) and not name.startswith(TESTS_OWN)}
    return [_typo(name, known) for name in sorted(strange)]


def _typo(name: str, known: Collection[str]) -> Problem:
    close = get_close_matches(name, known, n=1)
    return Problem(
        variable=name, wrong="no setting has this name" + (f"; did you mean {close[0]}?" if close else "")
    )


def _missing(settings: Settings, needs: Collection[Need], ask: Callable[[], str] | None) -> Iterator[Problem]:
    """What the command needs and nobody gave."""
    if Need.PLATFORM in needs and not settings.telegram_token and not settings.signal_rpc:
        yield _problem("telegram_token", "neither Telegram nor Signal is set up")
    if Need.SIGNAL in needs and not settings.signal_rpc:
        yield _problem("signal_rpc", "Signal is not set up")
    if Need.KEYS in needs and not (settings.master_key or settings.master_key_file or ask):
        yield _problem("master_key", "no master key is given, neither here nor as BOT_MASTER_KEY_FILE")


def _contradictions(settings: Settings) -> Iterator[Problem]:
    """What is wrong between settings, or between a setting and the machine."""
    for field in ("flows_dir", "locales_dir"):
        if not getattr(settings, field).is_dir():
            yield _problem(field, "there is no such directory")
    if settings.telegram_mode is Mode.WEBHOOK:
        for field in ("webhook_url", "webhook_secret"):
            if getattr(settings, field) is None:
                yield _problem(field, "webhook mode needs it")
    if (settings.signal_rpc is None) != (settings.signal_account is None):
        missing = "signal_account" if settings.signal_rpc else "signal_rpc"
        yield _problem(missing, "Signal needs both BOT_SIGNAL_RPC and BOT_SIGNAL_ACCOUNT")
    yield from _confused_keys(settings)


def _confused_keys(settings: Settings) -> Iterator[Problem]:
    """A key that lies where it protects nothing."""
    if settings.keys_url == settings.database_url:
        yield _problem("keys_url", "the keys must not lie in the database they protect")
    if settings.letter_public_key in settings.master_keys():
        yield _problem(
            "letter_public_key", "this is the master key; the letter keeper has a pair of their own"
        )


def _with_key_file(settings: Settings) -> tuple[Settings, list[Problem]]:
    """The settings with the master key out of its file, if there is one."""
    if settings.master_key_file is None:
        return settings, []
    if settings.master_key:
        return settings, [_problem("master_key_file", "BOT_MASTER_KEY is given too; keep one of the two")]
    try:
        return _with_key(settings, keyfile.read(settings.master_key_file)), []
    except ValueError as error:
        return settings, [_problem("master_key_file", str(error))]


def _asked(settings: Settings, ask: Callable[[], str]) -> Settings:
    try:
        return _with_key(settings, ask())
    except ValueError as error:
        raise SettingsRefused([_problem("master_key", str(error))]) from None


def _with_key(settings: Settings, text: str) -> Settings:
    """The settings with this master key. Raises ValueError if it is none."""
    key_list(text)
    return settings.model_copy(update={"master_key": Secret(text)})
