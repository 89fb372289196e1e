"""How the Bot API says no.

One exception carries code, description and retry time; the functions name the refusals more than one module
needs, worded as Telegram's own server words them. Raised by the methods, turned into JSON by ``api``.
"""

from __future__ import annotations

from typing import Any


class SandboxError(Exception):
    """A simulated person tried something a person could not do."""


class NoSuchButton(SandboxError):
    """No visible message carries that button now."""


class NotSeen(SandboxError, TimeoutError):
    """What was waited for did not appear in the chat in time."""


class Refusal(Exception):
    """The Bot API answers with an error: ``code``, ``description`` and, for 429, ``retry_after`` seconds."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def answer(self) -> dict[str, Any]:
        """The JSON object of the answer, as Telegram shapes it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(reason: str) -> Refusal:
    """400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refusal:
    """403 with Telegram's prefix, e.g. ``bot was blocked by the user``."""
    return Refusal(403, f"Forbidden: {reason}")


def too_many_requests(seconds: int) -> Refusal:
    """429 that asks the caller to stay away for whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def second_poller() -> Refusal:
    """409 for the poller that was there first."""
    return Refusal(
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )


def webhook_active() -> Refusal:
    """409 for polling while a webhook is set."""
    return Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first",
    )


def query_too_old() -> Refusal:
    """400 for a callback query that was answered, never existed, or is past its time."""
    return bad_request("query is too old and response timeout expired or query ID is invalid")
