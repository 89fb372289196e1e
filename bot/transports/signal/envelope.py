"""What a line of signal-cli says: its outside when it is received, its content when it is processed. Pure.

A person is their uuid (a number is mostly not there). `t1795691844770` is a message of theirs, `o1795691844770` one of
the bot's, by the time at which it was sent, in ms: so a quote tells whose words it is about with nothing kept.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from bot.model.incoming import (
    By,
    Command,
    Deleted,
    Edited,
    Envelope,
    ExpiryChanged,
    GroupContact,
    Happening,
    IdentityChanged,
    Ignored,
    Incoming,
    Media,
    MediaKind,
    Text,
)
from bot.transports.signal.content import PART, attached, is_ours, ours, theirs, typed, words

Fields = Mapping[str, object]

UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
UNTRUSTED: Final = "UntrustedIdentityException"
LATEST: Final = 2**42  # ms; beyond that no moment is meant

# What nobody wrote. What is neither here nor read below is MediaKind.OTHER.
BARE: Final = frozenset({"timestamp", "message", "expiresInSeconds", "viewOnce"})
SILENT: Final = frozenset({"adminDelete", "pinMessage", "unpinMessage", "pollTerminate"})
OTHER: Final = {
    "sticker": MediaKind.STICKER,
    "contacts": MediaKind.CONTACT,
    "payment": MediaKind.OTHER,
    "pollCreate": MediaKind.OTHER,
}


def envelope(raw: bytes) -> Envelope:
    """The outside of a line; never raises. One without a sender and a time gets the hash of its bytes.

    Nobody's is what asks for nothing: a receipt must not make a stranger of its sender.
    """
    try:
        said = _said(raw)
        kind, happening = _happening(said)
        source, timestamp = _source(said), _time(said, "timestamp")
    except ValueError:
        source = None
    if source is None or timestamp is None:
        return Envelope(external_id="sha256:" + hashlib.sha256(raw).hexdigest(), routing_id=None)
    match happening:
        case Ignored():
            routing_id = None
        case GroupContact():
            routing_id = happening.chat_id
        case _:
            routing_id = source
    return Envelope(external_id=f"{source}:{timestamp}:{kind}", routing_id=routing_id)


def read(raw: bytes) -> Incoming:
    """What a line says. Raises ValueError if it is no envelope; a kind it does not know asks for nothing."""
    said = _said(raw)
    moment = _time(said, "serverReceivedTimestamp") or _time(said, "timestamp")
    written_at = EPOCH + timedelta(milliseconds=moment) if moment is not None else None
    match happening := _happening(said)[1]:
        case Text(by=By.HAND) | Command() | Media():
            expiry = _expiry(said.get("dataMessage"))
        case _:  # apps send the rest without one
            expiry = None
    return Incoming(happening=happening, written_at=written_at, expiry=expiry)


def _said(raw: bytes) -> Fields:
    """The envelope in a line, told with or without a subscription. Raises ValueError.

    One that could not be opened has nothing in it but its outside; where that is for another phone's safety number,
    `UNTRUSTED` stands in it.
    """
    match orjson.loads(raw):
        case (
            {"params": {"result": {"envelope": dict(said), **beside}}}
            | {"params": {"envelope": dict(said), **beside}}
            | {"envelope": dict(said), **beside}
        ):
            return {**said, UNTRUSTED: _is_untrusted(beside)}
        case _:
            raise ValueError("not an envelope")


def _is_untrusted(beside: Mapping[object, object]) -> bool:
    match beside:
        case {"exception": {"type": str(kind)}}:
            return kind == UNTRUSTED
        case _:
            return False


def _source(said: Fields) -> str | None:
    uuid = str(said.get("sourceUuid")).lower()
    return uuid if UUID.fullmatch(uuid) else None


def _time(fields: Fields, name: str) -> int | None:
    found = fields.get(name)
    return found if type(found) is int and 0 < found < LATEST else None


def _happening(said: Fields) -> tuple[str, Happening]:
    """The kind of an envelope, by which its redelivery is known, and what it says."""
    source, timestamp = _source(said), _time(said, "timestamp")
    if source is None or timestamp is None:
        return "nobody", Ignored()
    if said.get(UNTRUSTED):
        return "identity", IdentityChanged()
    match said:
        case {"dataMessage": dict(data)}:
            number = data.get(PART, 1)
            ending = ("", "") if number == 1 else (f".{number}", f":{number}")
            return f"data{ending[0]}", _data(data, f"{theirs(timestamp)}{ending[1]}", source)
        case {"editMessage": dict(edit)}:
            return "edit", _edit(edit, source, renamed=theirs(timestamp))
        case _:
            return next((name for name in said if name.endswith("Message")), "outside"), Ignored()


def _data(data: Fields, message_id: str, source: str) -> Happening:
    if group := _group(data):
        return group
    match data.get("remoteDelete"), data.get("reaction"), data.get("pollVote"):
        case {"timestamp": int(target)}, _, _:
            return Deleted(message_id=theirs(target))
        case _, dict(about), _:
            return _reaction(about, message_id, source)
        case _, _, dict(about):
            return _vote(about, message_id)
        case _:
            return _written(data, message_id, source)


def _group(data: Fields) -> GroupContact | None:
    match data.get("groupInfo"):
        case {"groupId": str(group)}:
            return GroupContact(chat_id=group)
        case _:
            return None


def _reaction(about: Fields, message_id: str, source: str) -> Happening:
    """A sign on a message of the bot is said about that; one on somebody's own message says nothing to it."""
    author = str(about.get("targetAuthorUuid") or about.get("targetAuthor")).lower()
    target, sign = _time(about, "targetSentTimestamp"), about.get("emoji")
    if about.get("isRemove") or author == source or target is None or not isinstance(sign, str) or not sign:
        return Ignored()
    return Text(text=sign, message_id=f"{message_id}:r", reply_to=ours(target), by=By.SIGN)


def _vote(about: Fields, message_id: str) -> Happening:
    """The first option that was chosen, as the number that stands before it."""
    target = _time(about, "targetSentTimestamp")
    match about.get("optionIndexes"):
        case [int(chosen), *_] if target is not None:
            return Text(text=str(chosen + 1), message_id=f"{message_id}:v", reply_to=ours(target), by=By.VOTE)
        case _:
            return Ignored()


def _written(data: Fields, message_id: str, source: str) -> Happening:
    """Words, a file, or another thing that somebody sent."""
    if not SILENT.isdisjoint(name for name, value in data.items() if value):
        return Ignored()
    if kind := next((kind for name, kind in OTHER.items() if data.get(name)), None):
        return Media(media=kind, message_id=message_id, caption=words(data))
    quoted, file = _quoted(data, source), attached(data)
    if file:
        return Media(
            media=file.media,
            message_id=message_id,
            album=message_id.partition(":")[0] if PART in data else None,
            file=file.ref,
            caption=words(data),
            reply_to=quoted,
        )
    text = words(data)
    about_own = _own_words(data) if quoted and is_ours(quoted) else None
    return typed(text, message_id, reply_to=quoted, quoted=about_own) if text else _silent(data)


def _silent(data: Fields) -> Happening:
    """A change of the timer. Daemons before 0.13.21 do not call it one, and nor do they other things without words."""
    seconds = _expiry(data)
    if seconds is not None and (data.get("isExpirationUpdate") or (data.keys() <= BARE and seconds)):
        return ExpiryChanged(seconds=seconds)
    return Ignored()


def _expiry(data: object) -> int | None:
    """After how many seconds a message disappears."""
    match data:
        case {"expiresInSeconds": int(seconds)} if not isinstance(seconds, bool) and 0 <= seconds < LATEST:
            return seconds
        case _:
            return None


def _edit(edit: Fields, source: str, *, renamed: str) -> Happening:
    target, data = _time(edit, "targetSentTimestamp"), edit.get("dataMessage")
    if target is None or not isinstance(data, dict):
        return Ignored()
    file = attached(data)
    return _group(data) or Edited(
        text=words(data),
        message_id=theirs(target),
        media=file.media if file else None,
        reply_to=_quoted(data, source),
        renamed=renamed,
    )


def _quoted(data: Fields, source: str) -> str | None:
    """The message that is quoted: whose it is and when it was sent."""
    match data.get("quote"):
        case dict(quote) if timestamp := _time(quote, "id"):
            author = str(quote.get("authorUuid") or quote.get("author")).lower()
            return theirs(timestamp) if author == source else ours(timestamp)
        case _:
            return None


def _own_words(data: Fields) -> str | None:
    """The bot's own words that are quoted: in a list, they say which question is answered."""
    match data.get("quote"):
        case {"text": str(text)} if text:
            return text
        case _:
            return None
