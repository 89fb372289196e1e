"""What every test gets: Hypothesis profiles, and an environment without anybody's settings in it."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot import logs
from tests.tracing import pause_in_greenlets

settings.register_profile("dev", max_examples=50, deadline=None)
settings.register_profile(
    "ci",
    max_examples=300,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` rewrites the golden chats with what is seen now."""
    parser.addoption("--update", action="store_true", help="rewrite tests/transcripts with what is seen")


def pytest_collection_finish() -> None:
    """Where coverage is measured, SQLAlchemy's greenlets run without it."""
    pause_in_greenlets()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """`make test` has several workers; `tests.sharing` says which test is whose."""
    from tests.sharing import Sharing

    return Sharing(config, log)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings change no test; BOT_TEST_ switches are the suite's."""
    for name in os.environ:
        if name.startswith("BOT_") and not name.startswith("BOT_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture
def untouched_logging() -> Iterator[None]:
    """`logs.setup` changes the whole process; afterwards it is as before."""
    names = ("", logs.OWN, *logs.QUIET)
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().handlers[:] = handlers
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
