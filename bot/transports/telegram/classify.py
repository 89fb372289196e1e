"""What an error of python-telegram-bot means for the call that got it. Pure: tables and one small function.

The library strips "Bad Request: " and capitalises anew, and keeps "Forbidden: ", so phrases are compared in
lower case. They come from the Bot API server's source (tdlib/telegram-bot-api 10.0 and tdlib/td).
"""

import re
from datetime import timedelta
from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.model.outgoing import Failure, FailureKind
from bot.transports.telegram.request import NeverSent

Row = tuple[re.Pattern[str], FailureKind, str]
Table = tuple[Row, ...]


def _row(phrase: str, kind: FailureKind, reason: str) -> Row:
    return re.compile(phrase), kind, reason


# A status phrase and its number in the place of Telegram's words: something on the way answered (request.py).
MIDDLEBOX: Final = _row(r"^[a-z' -]+ \([34]\d\d\)$", FailureKind.PLATFORM_DOWN, "not_telegram")

FORBIDDEN: Final[Table] = (
    _row("blocked by the user", FailureKind.UNREACHABLE, "blocked"),
    _row("user is deactivated", FailureKind.UNREACHABLE, "deactivated"),
    _row("can't initiate conversation", FailureKind.UNREACHABLE, "never_started"),
    _row("bot was kicked", FailureKind.UNREACHABLE, "kicked"),
    _row("bot is not a member", FailureKind.UNREACHABLE, "not_a_member"),
    _row("group chat was deleted", FailureKind.UNREACHABLE, "group_deleted"),
    MIDDLEBOX,
    _row("", FailureKind.UNREACHABLE, "forbidden"),
)

BAD_REQUEST: Final[Table] = (
    MIDDLEBOX,
    _row("message is not modified", FailureKind.ALREADY_DONE, "not_modified"),
    _row("message to delete not found", FailureKind.ALREADY_DONE, "already_deleted"),
    _row("message to edit not found", FailureKind.REJECTED, "message_gone"),
    _row("message can't be edited", FailureKind.REJECTED, "not_editable"),
    _row("message can't be deleted", FailureKind.REJECTED, "not_deletable"),
    _row("query is too old", FailureKind.REJECTED, "press_expired"),
    _row("chat not found|user not found|chat identifier|chat_id is empty", FailureKind.NO_CHAT, "no_chat"),
    _row("(peer|chat|user)_id_invalid", FailureKind.NO_CHAT, "no_chat"),
    _row("entity|entities|can't find end", FailureKind.MARKUP, "entities"),
    _row("too long", FailureKind.REJECTED, "too_long"),
    _row("must be non-empty|text is empty", FailureKind.REJECTED, "empty"),
    _row("button", FailureKind.REJECTED, "button"),
    _row("not enough rights|have no rights|chat_write_forbidden", FailureKind.REJECTED, "no_rights"),
    _row("logged out|already been closed", FailureKind.PLATFORM_DOWN, "logged_out"),
    _row("", FailureKind.REJECTED, "bad_request"),
)

NO_ACCESS: Final[Table] = (
    MIDDLEBOX,
    _row("unauthorized", FailureKind.PLATFORM_DOWN, "bad_token"),
    _row("", FailureKind.PLATFORM_DOWN, "not_found"),
)

CONFLICT: Final[Table] = (
    MIDDLEBOX,
    _row("webhook", FailureKind.PLATFORM_DOWN, "webhook_active"),
    _row("", FailureKind.PLATFORM_DOWN, "other_poller"),
)

NETWORK: Final[Table] = (
    _row("too many requests", FailureKind.RATE_LIMITED, "flood"),
    _row("request entity too large", FailureKind.REJECTED, "too_long"),
    MIDDLEBOX,
    _row("misdirected request", FailureKind.PLATFORM_DOWN, "bad_token"),
    _row(r"internal server error|bad gateway|\(5\d\d\)$", FailureKind.AMBIGUOUS, "server_error"),
    _row("", FailureKind.AMBIGUOUS, "connection_lost"),
)

# In the order they are tried: BadRequest and TimedOut are kinds of NetworkError.
BY_CLASS: Final[tuple[tuple[type[TelegramError], Table], ...]] = (
    (Forbidden, FORBIDDEN),
    (BadRequest, BAD_REQUEST),
    (InvalidToken, NO_ACCESS),
    (EndPointNotFound, NO_ACCESS),
    (Conflict, CONFLICT),
    (TimedOut, (_row("", FailureKind.AMBIGUOUS, "timed_out"),)),
    (NetworkError, NETWORK),
)

# By name, so that HTTPXRequest may be put in for ours without importing its library here.
NEVER_LEFT: Final = frozenset({NeverSent.__name__, "ConnectError", "ConnectTimeout", "PoolTimeout"})


def classify(error: TelegramError) -> Failure:
    """The failure in the words the pipeline decides by."""
    if isinstance(error, RetryAfter):
        return _flood(error)
    if isinstance(error, ChatMigrated):
        return Failure(kind=FailureKind.MOVED, reason="moved")
    if type(error.__cause__).__name__ in NEVER_LEFT:
        return Failure(kind=FailureKind.UNREACHED, reason="no_connection")
    for kind, table in BY_CLASS:
        if isinstance(error, kind):
            return _found(error.message.lower(), table)
    return Failure(kind=FailureKind.AMBIGUOUS, reason="unreadable_answer")


def _found(text: str, table: Table) -> Failure:
    """The first row whose phrase is in `text`; the last row of each table is found in every text."""
    kind, reason = next((kind, reason) for phrase, kind, reason in table if phrase.search(text))
    return Failure(kind=kind, reason=reason)


def _flood(error: RetryAfter) -> Failure:
    wait = error.retry_after
    seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return Failure(kind=FailureKind.RATE_LIMITED, reason="flood", retry_after=seconds)
