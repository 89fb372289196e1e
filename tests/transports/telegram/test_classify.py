"""Every error text of the Bot API server that decides something, through the library's own parsing."""

import httpx
import pytest
from telegram.error import EndPointNotFound, NetworkError, TelegramError, TimedOut

from bot.model.outgoing import Failure, FailureKind, SendFailed
from bot.transports.telegram.api import Api
from bot.transports.telegram.classify import classify
from bot.transports.telegram.request import NeverSent
from tests.transports.telegram.double import TOKEN, Answer, RecordingRequest, refused

K = FailureKind

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)

REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", K.UNREACHABLE, "blocked"),
    (403, "Forbidden: user is deactivated", K.UNREACHABLE, "deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user", K.UNREACHABLE, "never_started"),
    (403, "Forbidden: bot was kicked from the group chat", K.UNREACHABLE, "kicked"),
    (403, "Forbidden: bot was kicked from the supergroup chat", K.UNREACHABLE, "kicked"),
    (403, "Forbidden: bot was kicked from the channel chat", K.UNREACHABLE, "kicked"),
    (403, "Forbidden: bot is not a member of the supergroup chat", K.UNREACHABLE, "not_a_member"),
    (403, "Forbidden: bot is not a member of the channel chat", K.UNREACHABLE, "not_a_member"),
    (403, "Forbidden: the group chat was deleted", K.UNREACHABLE, "group_deleted"),
    (403, "Forbidden: bots can't send messages to bots", K.UNREACHABLE, "forbidden"),
    (400, "Bad Request: chat not found", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: private chat not found", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: user not found", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: PEER_ID_INVALID", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: CHAT_ID_INVALID", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: USER_ID_INVALID", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: chat_id is empty", K.NO_CHAT, "no_chat"),
    (400, "Bad Request: chat identifier must be a valid Integer", K.NO_CHAT, "no_chat"),
    (
        400,
        NOT_MODIFIED,
        K.ALREADY_DONE,
        "not_modified",
    ),
    (400, "Bad Request: message to delete not found", K.ALREADY_DONE, "already_deleted"),
    (400, "Bad Request: message to edit not found", K.REJECTED, "message_gone"),
    (400, "Bad Request: message can't be edited", K.REJECTED, "not_editable"),
    (400, "Bad Request: message can't be deleted", K.REJECTED, "not_deletable"),
    (400, "Bad Request: message can't be deleted for everyone", K.REJECTED, "not_deletable"),
    (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        K.REJECTED,
        "press_expired",
    ),
    (400, "Bad Request: message is too long", K.REJECTED, "too_long"),
    (400, "Bad Request: text is too long", K.REJECTED, "too_long"),
    (400, "Bad Request: reply markup is too long", K.REJECTED, "too_long"),
    (400, "Bad Request: text must be non-empty", K.REJECTED, "empty"),
    (400, "Bad Request: message text is empty", K.REJECTED, "empty"),
    (400, "Bad Request: BUTTON_DATA_INVALID", K.REJECTED, "button"),
    (400, "Bad Request: not enough rights to send text messages to the chat", K.REJECTED, "no_rights"),
    (400, "Bad Request: have no rights to send a message", K.REJECTED, "no_rights"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", K.REJECTED, "no_rights"),
    (400, "Bad Request: wrong HTTP URL specified", K.REJECTED, "bad_request"),
    (400, "Bad Request: can't parse entities: unclosed start tag at byte offset 3", K.MARKUP, "entities"),
    (400, "Bad Request: can't parse MessageEntity: wrong type", K.MARKUP, "entities"),
    (400, "Bad Request: can't find end of the entity starting at byte offset 3", K.MARKUP, "entities"),
    (400, "Bad Request: can't find end of a URL at byte offset 3", K.MARKUP, "entities"),
    (400, "Bad Request: entity begins after the end of the text at UTF-16 offset 9", K.MARKUP, "entities"),
    (400, "Bad Request: receive an entity with incorrect offset -1", K.MARKUP, "entities"),
    (400, "Bad Request: ENTITY_BOUNDS_INVALID", K.MARKUP, "entities"),
    (400, "Logged out", K.PLATFORM_DOWN, "logged_out"),
    (400, "Bad Request: the bot has already been closed", K.PLATFORM_DOWN, "logged_out"),
    (401, "Unauthorized", K.PLATFORM_DOWN, "bad_token"),
    (401, "Unauthorized: invalid token specified", K.PLATFORM_DOWN, "bad_token"),
    (404, "Not Found", K.PLATFORM_DOWN, "not_found"),
    (404, "Not Found: method not found", K.PLATFORM_DOWN, "not_found"),
    (421, "Misdirected Request: unallowed token specified", K.PLATFORM_DOWN, "bad_token"),
    (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        K.PLATFORM_DOWN,
        "other_poller",
    ),
    (409, "Conflict: terminated by setWebhook request", K.PLATFORM_DOWN, "webhook_active"),
    (
        409,
        WEBHOOK_ACTIVE,
        K.PLATFORM_DOWN,
        "webhook_active",
    ),
    (413, "Request Entity Too Large", K.REJECTED, "too_long"),
    (429, "Too Many Requests", K.RATE_LIMITED, "flood"),
    (500, "Internal Server Error: restart", K.AMBIGUOUS, "server_error"),
    (502, "Bad Gateway", K.AMBIGUOUS, "server_error"),
]

# What Python's own status phrases become when the answer was not Telegram's.
FOREIGN = [
    (302, K.PLATFORM_DOWN, "not_telegram"),
    (400, K.PLATFORM_DOWN, "not_telegram"),
    (401, K.PLATFORM_DOWN, "not_telegram"),
    (403, K.PLATFORM_DOWN, "not_telegram"),
    (404, K.PLATFORM_DOWN, "not_telegram"),
    (407, K.PLATFORM_DOWN, "not_telegram"),
    (409, K.PLATFORM_DOWN, "not_telegram"),
    (413, K.REJECTED, "too_long"),
    (429, K.RATE_LIMITED, "flood"),
    (499, K.PLATFORM_DOWN, "not_telegram"),
    (500, K.AMBIGUOUS, "server_error"),
    (502, K.AMBIGUOUS, "server_error"),
    (503, K.AMBIGUOUS, "server_error"),
    (504, K.AMBIGUOUS, "server_error"),
    (521, K.AMBIGUOUS, "server_error"),
]


async def failure_after(answer: Answer) -> Failure:
    """The failure of a call that is answered like this."""
    with pytest.raises(SendFailed) as caught:
        await Api(TOKEN, request=RecordingRequest(answer)).call("sendMessage")
    return caught.value.failure


@pytest.mark.parametrize(("code", "description", "kind", "reason"), REFUSALS)
async def test_a_refusal_of_telegram_has_its_meaning(
    code: int, description: str, kind: FailureKind, reason: str
) -> None:
    """Each text of the server's source gives its kind and a fixed word."""
    assert await failure_after(refused(code, description)) == Failure(kind=kind, reason=reason)


@pytest.mark.parametrize(("code", "kind", "reason"), FOREIGN)
async def test_an_answer_of_a_middlebox_blames_nobody(code: int, kind: FailureKind, reason: str) -> None:
    """A 403 of a proxy must not mark a person as unreachable, nor a 400 reject their message."""
    assert await failure_after((code, {"ok": False})) == Failure(kind=kind, reason=reason)


async def test_a_flood_says_how_long_to_wait() -> None:
    """429 carries seconds, and making its error raises no deprecation warning."""
    failure = await failure_after(refused(429, "Too Many Requests: retry after 35", retry_after=35))
    assert failure == Failure(kind=K.RATE_LIMITED, reason="flood", retry_after=35.0)


async def test_a_flood_is_read_without_the_setting_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """If something unset PTB_TIMEDELTA, the seconds are the same and only warnings are louder."""
    monkeypatch.delenv("PTB_TIMEDELTA")
    with pytest.warns(DeprecationWarning, match="retry_after"):
        failure = await failure_after(refused(429, "Too Many Requests: retry after 35", retry_after=35))
    assert failure.retry_after == 35.0


async def test_a_moved_chat_names_its_new_id() -> None:
    """A group that became a supergroup."""
    answer = refused(
        400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001
    )
    assert await failure_after(answer) == Failure(kind=K.MOVED, reason="moved")


async def test_a_yes_without_a_result_is_ambiguous() -> None:
    """Status 200 with a refusal in the body: nobody knows."""
    failure = await failure_after((200, {"ok": False, "description": "?"}))
    assert failure == Failure(kind=K.AMBIGUOUS, reason="unreadable_answer")


def caused(error: TelegramError, cause: Exception | None) -> TelegramError:
    """The error as if raised from `cause`."""
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (caused(NetworkError("x"), NeverSent()), K.UNREACHED, "no_connection"),
        (caused(TimedOut(), NeverSent()), K.UNREACHED, "no_connection"),
        (caused(NetworkError("x"), httpx.ConnectError("x")), K.UNREACHED, "no_connection"),
        (caused(TimedOut(), httpx.ConnectTimeout("x")), K.UNREACHED, "no_connection"),
        (caused(TimedOut(), httpx.PoolTimeout("x")), K.UNREACHED, "no_connection"),
        (caused(TimedOut(), httpx.ReadTimeout("x")), K.AMBIGUOUS, "timed_out"),
        (caused(TimedOut(), httpx.WriteTimeout("x")), K.AMBIGUOUS, "timed_out"),
        (caused(TimedOut(), None), K.AMBIGUOUS, "timed_out"),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("x")), K.AMBIGUOUS, "connection_lost"),
        (caused(NetworkError("x"), httpx.ReadError("x")), K.AMBIGUOUS, "connection_lost"),
        (caused(NetworkError("x"), httpx.WriteError("x")), K.AMBIGUOUS, "connection_lost"),
        (NetworkError("ServerDisconnectedError"), K.AMBIGUOUS, "connection_lost"),
        (EndPointNotFound("x"), K.PLATFORM_DOWN, "not_found"),
        (TelegramError("Invalid server response"), K.AMBIGUOUS, "unreadable_answer"),
    ],
)
def test_a_network_error_tells_whether_it_was_sent(
    error: TelegramError, kind: FailureKind, reason: str
) -> None:
    """Only what failed before the first byte is surely not sent, with our client or the library's."""
    assert classify(error) == Failure(kind=kind, reason=reason)
