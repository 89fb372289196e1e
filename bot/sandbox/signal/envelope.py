"""What signal-cli tells of an incoming message: its envelopes, as JSON objects. Pure."""

from __future__ import annotations

from typing import Any

from bot.sandbox.signal.note import LONG_TEXT, Enclosed, Quote, Style

Wire = dict[str, Any]


def envelope(*, uuid: str, name: str, timestamp: int, **what: object) -> Wire:
    """One envelope; `what` is one of dataMessage, editMessage, receiptMessage, typingMessage, or nothing."""
    return {
        "source": uuid,
        "sourceNumber": None,
        "sourceUuid": uuid,
        "sourceName": name,
        "sourceDevice": 1,
        "timestamp": timestamp,
        "serverReceivedTimestamp": timestamp + 1,
        "serverDeliveredTimestamp": timestamp + 2,
        **what,
    }


def data_message(timestamp: int, message: str | None, *, expires: int, **more: object) -> Wire:
    """A dataMessage: words, or None for what has none (reactions, deletions, the timer)."""
    return {
        "timestamp": timestamp,
        "message": message,
        "expiresInSeconds": expires,
        "viewOnce": False,
        **more,
    }


def quote(quoted: Quote, *, author: str, number: str | None) -> Wire:
    """The quote of a dataMessage; the number is known of the account itself alone."""
    return {
        "id": quoted.timestamp,
        "author": number or author,
        "authorNumber": number,
        "authorUuid": author,
        "text": quoted.text,
        "attachments": [],
    }


def styles(found: tuple[Style, ...]) -> list[Wire]:
    """The textStyles of a dataMessage."""
    return [{"style": one.style, "start": one.start, "length": one.length} for one in found]


def attachment(file: Enclosed, *, timestamp: int) -> Wire:
    """One entry of a dataMessage's attachments."""
    return {
        "contentType": file.kind,
        "filename": file.name,
        "id": file.id,
        "size": file.size,
        "width": None,
        "height": None,
        "caption": None,
        "uploadTimestamp": timestamp,
    }


def reaction(emoji: str, *, author: str, number: str | None, timestamp: int) -> Wire:
    """The reaction of a dataMessage."""
    return {
        "emoji": emoji,
        "targetAuthor": number or author,
        "targetAuthorNumber": number,
        "targetAuthorUuid": author,
        "targetSentTimestamp": timestamp,
        "isRemove": False,
    }


def vote(option: int, *, author: str, number: str | None, timestamp: int) -> Wire:
    """The pollVote of a dataMessage: one option, from zero."""
    return {
        "author": number or author,
        "authorNumber": number,
        "authorUuid": author,
        "targetSentTimestamp": timestamp,
        "optionIndexes": [option],
        "voteCount": 1,
    }


def receipt(when: int, timestamp: int, *, read: bool) -> Wire:
    """A receiptMessage for one message of the bot."""
    return {
        "when": when,
        "isDelivery": not read,
        "isRead": read,
        "isViewed": False,
        "timestamps": [timestamp],
    }


def cut(text: str) -> str:
    """The beginning of a long text, as many bytes as stand in the message itself (0.13.x)."""
    return text.encode()[:LONG_TEXT].decode(errors="ignore")
