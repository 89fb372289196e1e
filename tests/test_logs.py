"""The log can't tell on anybody: canaries go in everywhere, and none comes out."""

import io
import logging
import sys
import threading
import warnings
from types import SimpleNamespace

import pytest

from bot import logs

TOKEN = "123456789:AAEcanaryTOKEN_abcdefghijklmnopqrst"
SHORT = "77:shorttoken"
CANARY = "canary7d1e"
PHONE = "+972 54-123-4567"
NUMBER = "5512345678"
OWN = logging.getLogger("bot.somewhere")


class Log:
    """What was written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def is_clean(self) -> bool:
        return not any(word in self.text for word in (TOKEN, SHORT, CANARY, PHONE, "54-123", NUMBER))


@pytest.fixture
def log(untouched_logging: None) -> Log:
    """Logging set up as a command does it, at DEBUG."""
    written = Log()
    logs.setup("DEBUG", secrets=[SHORT], stream=written.stream)
    return written


def test_a_line_holds_what_is_allowed(log: Log) -> None:
    """Time, level, logger, message, then the known fields."""
    OWN.info("batch done", extra={"action": "process", "row": 12345678, "count": 3, "seconds": 0.12345})

    assert log.text.endswith(
        "Z INFO bot.somewhere batch done action=process row=12345678 count=3 seconds=0.123\n"
    )


def test_unknown_fields_are_left_out(log: Log) -> None:
    """A field nobody allowed is dropped with its name."""
    OWN.info("sent", extra={"routing_id": NUMBER, "text": CANARY, "outcome": "sent"})

    assert log.is_clean()
    assert "outcome=sent" in log.text


def test_known_fields_take_only_words_and_numbers(log: Log) -> None:
    """A sentence in a field for a word is blanked; a text in a field for a number is dropped."""
    OWN.info("x", extra={"action": f"said {CANARY}", "row": NUMBER, "step": f"s{NUMBER}", "error": TOKEN})

    assert log.is_clean()


def test_arguments_are_never_filled_in(log: Log) -> None:
    """The template is printed as the code has it."""
    OWN.debug("sent %s to %s", CANARY, NUMBER)

    assert log.is_clean()
    assert "sent %s to %s" in log.text


def test_a_message_with_a_secret_in_it_is_blanked(log: Log) -> None:
    """Tokens, known secrets, phone numbers, ids and passwords in addresses go, even from our own messages."""
    OWN.warning(f"at https://x/bot{TOKEN}/getMe {SHORT} {PHONE} {NUMBER} postgresql://u:{CANARY}@db")

    assert log.is_clean()
    assert "***" in log.text


def test_a_message_stays_one_line(log: Log) -> None:
    """Nobody can write a second line into the log, nor turn its direction."""
    OWN.warning("first\nsecond\r\x1b[31m\u202ethird")

    assert log.text.count("\n") == 1
    assert "\u202e" not in log.text
    assert "\x1b" not in log.text


def test_a_foreign_message_with_arguments_shows_its_template(log: Log) -> None:
    """A library's constant words are useful; what it puts in is not ours to show."""
    logging.getLogger("somelib").warning("retrying %s", f"https://x/bot{TOKEN}")

    assert log.is_clean()
    assert "retrying %s" in log.text


def test_a_foreign_message_built_beforehand_is_withheld(log: Log) -> None:
    """It may hold anything; its place in the code is shown instead."""
    logging.getLogger("somelib").error(f"failed for {CANARY}")  # noqa: G004

    assert log.is_clean()
    assert "somelib (withheld, test_logs:" in log.text


def test_a_message_that_is_no_text_is_withheld(log: Log) -> None:
    """An exception given as a message would print its text."""
    OWN.error(ValueError(CANARY))

    assert log.is_clean()


@pytest.mark.parametrize("name", logs.QUIET)
def test_libraries_stay_quiet_below_a_warning(log: Log, name: str) -> None:
    """Even at DEBUG: they print addresses with the token in them."""
    for child in (name, f"{name}.child"):
        logging.getLogger(child).info("HTTP Request: %s", TOKEN)

    assert log.text == ""


def test_an_exception_is_a_class_and_places(log: Log) -> None:
    """Its text, its arguments, its notes and its locals stay inside."""
    try:
        local = CANARY
        error = ValueError(TOKEN, local, NUMBER)
        error.add_note(CANARY)
        raise error
    except ValueError:
        OWN.exception("row failed", extra={"row": 4})

    assert log.is_clean()
    assert "exception=ValueError@" in log.text
    assert "test_logs:" in log.text
    assert log.text.count("\n") == 1


def test_a_chain_of_exceptions_is_told_without_its_words(log: Log) -> None:
    """Causes and contexts show as classes, newest first."""
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as inner:
            raise OSError(TOKEN) from inner
    except OSError:
        OWN.exception("failed")

    assert log.is_clean()
    assert log.text.index("OSError@") < log.text.index("<-KeyError@")


def test_a_chain_that_bites_its_tail_ends(log: Log) -> None:
    """A cause may lead back to where it came from."""
    first, second = ValueError(CANARY), KeyError(CANARY)
    first.__cause__, second.__cause__ = second, first

    OWN.error("failed", exc_info=first)

    assert log.is_clean()
    assert "exception=ValueError<-KeyError\n" in log.text


def test_a_group_of_exceptions_tells_each(log: Log) -> None:
    """A task group's error shows what was inside, in the same way."""
    OWN.error("failed", exc_info=ExceptionGroup(CANARY, [ValueError(TOKEN), KeyError(NUMBER)]))

    assert log.is_clean()
    assert "ExceptionGroup[ValueError | KeyError]" in log.text


def test_stack_info_is_left_out(log: Log) -> None:
    """Source lines may hold values."""
    OWN.warning("here", stack_info=True)

    assert log.text.count("\n") == 1


def test_an_uncaught_exception_is_logged_the_same_way(log: Log) -> None:
    """In the main thread, in another thread, and in a finalizer."""
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)
    threading.excepthook(SimpleNamespace(exc_type=ValueError, exc_value=error, exc_traceback=None))  # type: ignore[arg-type]
    sys.unraisablehook(SimpleNamespace(exc_type=ValueError, exc_value=error, exc_traceback=None))

    assert log.is_clean()
    assert log.text.count("CRITICAL bot.logs uncaught exception=ValueError") == 3


def test_a_warning_is_caught_too(log: Log) -> None:
    """Warnings of libraries go the same way."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn(CANARY, stacklevel=1)
        logging.captureWarnings(False)

    assert log.is_clean()
    assert "py.warnings" in log.text


def test_a_line_that_cannot_be_written_is_not_printed_elsewhere(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python's own fallback would print the arguments."""
    log.stream.close()

    OWN.error("x %s", CANARY)

    assert capsys.readouterr().err == "a log line was lost\n"


def test_the_level_is_that_of_our_own_loggers(log: Log) -> None:
    """At WARNING, our own lines below it are left out."""
    logs.setup("WARNING", stream=log.stream)
    OWN.info("not this")
    OWN.warning("but this")

    assert "not this" not in log.text
    assert "but this" in log.text
