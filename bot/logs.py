"""Logging, set up so that it can't tell on anybody: what is not known to be harmless is left out.

A line holds the time, the level, the logger, a fixed message and allow-listed fields. Arguments of log calls are
never filled in, exceptions are class names and places in the code, and what still looks like a token or a number is
blanked. `setup` is called once, by the command line; everybody else asks `logging.getLogger(__name__)`.
"""

import logging
import re
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from typing_extensions import override

OWN: Final = "bot"
QUIET: Final = (
    "httpx",
    "httpcore",
    "aiohttp",
    "aiosqlite",
    "sqlalchemy",
    "telegram",
    "apscheduler",
    "asyncio",
)
WORDS: Final = ("action", "platform", "stage", "flow", "step", "outcome", "error")
NUMBERS: Final = ("row", "count", "attempt", "seconds")
WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}")
BLANKED: Final = (
    re.compile(r"\d+:[A-Za-z0-9_-]{30,}"),  # a bot token
    re.compile(r"(?<=//)[^/\s@]+@"),  # user and password in a URL
    re.compile(r"\+?\d(?:[\s().-]?\d){5,}"),  # a phone number or an id
)
BLANK: Final = "***"
LONGEST_CHAIN: Final = 10
LONGEST_LINE: Final = 2000
FRAMES: Final = 4


def setup(level: str, *, secrets: Collection[str] = (), stream: TextIO | None = None) -> None:
    """Log our own records from `level`, foreign ones from WARNING, to `stream` (stderr); blank the `secrets`."""
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(Line(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    _catch_strays()


class Line(logging.Formatter):
    """One record as one line that is safe to keep."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if secret), key=len, reverse=True)

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Example: 2026-11-24T07:00:00Z INFO bot.pipeline.process batch done action=process count=12."""
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        parts = [record.name, _message(record), *_words(record)]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(f"exception={described(record.exc_info[1])}")
        told = self._blanked(" ".join(parts))[:LONGEST_LINE]
        return " ".join([moment, record.levelname, told, *_numbers(record)])

    def _blanked(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, BLANK)
        for pattern in BLANKED:
            text = pattern.sub(BLANK, text)
        return "".join(letter if letter.isprintable() else " " for letter in text)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; if one can't be written, says only that."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """The standard way prints the record's arguments to stderr: never that. A full disk may hold the log, too."""
        with suppress(OSError):
            sys.stderr.write("a log line was lost\n")


def described(error: BaseException) -> str:
    """An exception by class names and code places, without a word of its text. Newest first, then its causes."""
    return "<-".join(_one(link) for link in _chain(error))


def _message(record: logging.LogRecord) -> str:
    """The template as the code has it. A foreign message without arguments may be an f-string: withheld."""
    own = record.name == OWN or record.name.startswith(OWN + ".")
    if isinstance(record.msg, str) and (own or record.args):
        return record.msg
    return f"(withheld, {record.module}:{record.lineno})"


def _words(record: logging.LogRecord) -> Iterator[str]:
    for key in WORDS:
        value = getattr(record, key, None)
        if isinstance(value, str):
            yield f"{key}={value if WORD.fullmatch(value) else BLANK}"


def _numbers(record: logging.LogRecord) -> Iterator[str]:
    """Numbers are not blanked: a row id may be as long as a phone number."""
    for key in NUMBERS:
        value = getattr(record, key, None)
        if isinstance(value, int | float):
            yield f"{key}={round(value, 3)}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in seen and len(seen) < LONGEST_CHAIN:
        seen.append(link)
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _one(error: BaseException) -> str:
    """One exception, and for a group those inside. Example: KeyError@bot.store.db:12,bot.pipeline.process:80."""
    places = [f"{module}:{line}" for module, line in _places(error.__traceback__)]
    name = type(error).__qualname__ + (f"@{','.join(reversed(places[-FRAMES:]))}" if places else "")
    if isinstance(error, BaseExceptionGroup):
        return f"{name}[{' | '.join(described(inner) for inner in error.exceptions[:LONGEST_CHAIN])}]"
    return name


def _places(trace: TracebackType | None) -> Iterator[tuple[str, int]]:
    while trace is not None:
        yield str(trace.tb_frame.f_globals.get("__name__", "?")), trace.tb_lineno
        trace = trace.tb_next


def _catch_strays() -> None:
    """Errors that nobody caught are printed by Python with their text, unless these hooks are ours."""
    log = logging.getLogger(__name__)

    def stray(_kind: object, error: BaseException | None, _trace: object) -> None:
        log.critical("uncaught", exc_info=error)

    sys.excepthook = stray
    threading.excepthook = lambda args: stray(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: stray(args.exc_type, args.exc_value, args.exc_traceback)
