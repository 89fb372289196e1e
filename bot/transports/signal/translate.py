"""From our payloads to the calls of signal-cli: spans to styles, ids to timestamps, files to data URIs. Pure.

Signal has no links behind words, so where one leads is written out; it counts styles in UTF-16 units, we in code
points. Nothing can be taken back but what the bot wrote.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, assert_never

from bot.model.incoming import AND, MediaKind
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    LeaveChat,
    MarkDelivered,
    Payload,
    Poll,
    RemoveKeyboard,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
    Tidying,
    TrustIdentity,
)
from bot.model.text import Rich, Span, Style, utf16_length

MARK: Final = "\N{OK HAND SIGN}"  # the same as on Telegram
STYLES: Final = {Style.BOLD: "BOLD", Style.ITALIC: "ITALIC", Style.CODE: "MONOSPACE"}
NAMES: Final = re.compile(r"([to])(\d{12,14})(?::[rv0-9]+)?(?:\+o\d{12,14})?")
TYPES: Final = {  # of the files the bot makes, by their ending
    "ics": "text/calendar",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
}
UNKNOWN_TYPE: Final = "application/octet-stream"
MEDIA: Final = {
    MediaKind.PHOTO: ("photo.jpg", "image/jpeg"),
    MediaKind.VOICE: ("voice.aac", "audio/aac"),
}

Params = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method of signal-cli and its parameters."""

    method: str
    params: Params


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Between whom: the person's uuid, and the account of the bot, which quotes of its own words name."""

    person: str
    account: str
    content: bytes = field(default=b"", repr=False)  # what a payload refers to

    def calls(self, payload: Payload) -> tuple[Call, ...]:
        """The calls that do `payload`, in order. Raises ValueError if an id in it is none of this chat's."""
        match payload:
            case SendMessage():
                return (self._send(payload.text, **self._quote(payload.reply_to)),)
            case SendFile():
                kind = TYPES.get(payload.name.rpartition(".")[2], UNKNOWN_TYPE)
                return (self._send(payload.caption, **_file(payload.name, kind, payload.content)),)
            case SendMedia():
                file = _file(*MEDIA[payload.media], self.content)
                return (self._send(payload.caption, **file, **self._quote(payload.reply_to)),)
            case SendChart():
                return (self._send(payload.caption, **_file("chart.png", "image/png", self.content)),)
            case EditMessage():
                return (self._send(payload.text, editTimestamp=_own(payload.message_id)),)
            case _:
                return self._tidy(payload)

    def poll(self, poll: Poll) -> Call:
        """The call that puts a poll below what was sent; of its options one can be chosen."""
        return self._call("sendPollCreate", question=poll.question, option=list(poll.options), noMulti=True)

    def _tidy(self, payload: Tidying) -> tuple[Call, ...]:
        match payload:
            case MarkDelivered():
                return (self._mark(payload.message_id),)
            case DeleteMessages():
                own = [_parts(name) for whole in payload.message_ids for name in whole.split(AND)]
                return tuple(
                    self._call("remoteDelete", targetTimestamp=time) for whose, time in own if whose == "o"
                )
            case SetExpiry():
                params = {"recipient": self.person, "expiration": payload.seconds}
                return (Call(method="updateContact", params=params),)
            case LeaveChat():
                return (Call(method="quitGroup", params={"groupId": payload.chat_id}),)
            case TrustIdentity():
                params = {"recipient": self.person, "trustAllKnownKeys": True}  # one, and no list of one
                return (Call(method="trust", params=params),)
            case RemoveKeyboard():
                raise ValueError("there are no keyboards")
            case _:
                assert_never(payload)

    def _call(self, method: str, **params: object) -> Call:
        return Call(method=method, params={"recipient": [self.person], **params})

    def _send(self, text: Rich, **more: object) -> Call:
        shown = written_out(text)
        words = {"message": shown.text} if shown.text or "editTimestamp" in more else {}
        return self._call("send", **words, **_styled(shown), **more)

    def _quote(self, name: str | None) -> dict[str, object]:
        """The message that this answers. Its words are in the other's app already; the daemon wants some."""
        if name is None:
            return {}
        whose, timestamp = _parts(name)
        author = self.person if whose == "t" else self.account
        return {"quoteTimestamp": timestamp, "quoteAuthor": author, "quoteMessage": ""}

    def _mark(self, name: str) -> Call:
        whose, timestamp = _parts(name)
        author = self.person if whose == "t" else self.account
        return self._call("sendReaction", emoji=MARK, targetAuthor=author, targetTimestamp=timestamp)


def _parts(name: str) -> tuple[str, int]:
    """Whose message an id names (`t` theirs, `o` ours) and when it was sent, in ms. Raises ValueError."""
    found = NAMES.fullmatch(name)
    if found is None:
        raise ValueError("not the id of a message here")
    return found[1], int(found[2])


def _own(name: str) -> int:
    whose, timestamp = _parts(name)
    if whose != "o":
        raise ValueError("not a message of the bot")
    return timestamp


def _file(name: str, kind: str, content: bytes) -> dict[str, object]:
    name = re.sub(r"[;,\s]", "_", name)
    return {"attachment": [f"data:{kind};filename={name};base64,{base64.b64encode(content).decode()}"]}


def _styled(rich: Rich) -> dict[str, object]:
    """Styles that lie in the text; one past its end is sent as it is, and apps do with it what they like."""
    found = [
        f"{utf16_length(rich.text[: span.start])}:{utf16_length(rich.text[span.start : span.end])}:{STYLES[span.style]}"
        for span in rich.spans
        if span.style in STYLES and 0 <= span.start < span.end <= len(rich.text)
    ]
    return {"textStyle": found} if found else {}


def written_out(rich: Rich) -> Rich:
    """The text with the address behind the words of each link, unless they say it already."""
    for link in sorted(rich.spans, key=lambda span: span.end, reverse=True):
        if link.style is Style.LINK and link.url and link.url != rich.text[link.start : link.end]:
            rich = _inserted(rich, f" ({link.url})", at=link.end)
    return rich


def _inserted(rich: Rich, words: str, *, at: int) -> Rich:
    """`rich` with words put in; a span that goes beyond that place covers them."""
    text = rich.text[:at] + words + rich.text[at:]
    return Rich(text, tuple(_shifted(span, at, len(words)) for span in rich.spans))


def _shifted(span: Span, at: int, by: int) -> Span:
    if span.start >= at:
        return replace(span, start=span.start + by)
    return replace(span, length=span.length + by) if span.end > at else span
