"""Somebody with Signal, on a real account of their own: what a person does to the bot, and what they get to see."""

import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.signal_lab.lab import BOT, Lab, enrolled
from tests.signal_lab.rpc import SOON, Line, line

_LONG_TEXT: Final = "text/x-signal-plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A message of the bot as it came: `id` is its moment, by which it is quoted, edited and deleted."""

    id: int
    text: str
    files: tuple[dict[str, Any], ...] = ()
    styles: tuple[tuple[str, int, int], ...] = ()
    quoted: int | None = None
    expires: int = 0
    edits: int | None = None


class Friend:
    """One person. Whatever the bot does is waited for."""

    def __init__(self, lab: Lab, number: str) -> None:
        self._lab, self.number = lab, number
        self._phone = AsyncExitStack()
        self._line: Line
        self.uuid = ""
        self.bot = ""

    async def take_up(self, port: int) -> None:
        """Register on a daemon, and listen there from now on."""
        self._line = await self._phone.enter_async_context(line(port))
        await enrolled(self._line, self.number, name="A friend")
        await self._line.call("subscribeReceive", account=self.number)
        accounts = (await self._lab.state())["accounts"]
        self.uuid, self.bot = accounts[self.number]["aci"], accounts[BOT]["aci"]

    async def put_down(self) -> None:
        """Look no more."""
        await self._phone.aclose()

    async def new_phone(self) -> None:
        """Install Signal anew: the same number, another safety number."""
        await self.put_down()
        self._phone = AsyncExitStack()
        await self.take_up(self._lab.another_phone().port)

    async def send(self, text: str | None = None, **more: object) -> int:
        """Write to the bot; `more` is what signal-cli's `send` takes. The message's moment."""
        said = {} if text is None else {"message": text}
        return await self._told("send", recipient=[self.bot], **said, **more)

    async def quote(self, text: str, of: Seen) -> int:
        """Answer one message of the bot."""
        quoted = {"quoteTimestamp": of.id, "quoteAuthor": self.bot, "quoteMessage": of.text}
        return await self.send(text, **quoted)

    async def attach(self, content: bytes, kind: str, *, text: str | None = None) -> int:
        """Send a file of this content type."""
        data = base64.b64encode(content).decode()
        return await self.send(text, attachment=[f"data:{kind};filename=file;base64,{data}"])

    async def edit(self, moment: int, text: str) -> int:
        """Change what one wrote."""
        return await self.send(text, editTimestamp=moment)

    async def react(self, emoji: str, to: Seen, *, remove: bool = False) -> int:
        """Put an emoji on a message of the bot, or take it away."""
        target = {"targetAuthor": self.bot, "targetTimestamp": to.id, "remove": remove}
        return await self._told("sendReaction", recipient=[self.bot], emoji=emoji, **target)

    async def delete(self, moment: int) -> None:
        """Delete for everyone what one wrote."""
        await self._told("remoteDelete", recipient=[self.bot], targetTimestamp=moment)

    async def timer(self, seconds: int) -> None:
        """Set after how long messages disappear."""
        await self._line.call("updateContact", account=self.number, recipient=self.bot, expiration=seconds)

    async def sees_timer(self, seconds: int) -> None:
        """The bot sets after how long messages disappear."""
        await self._line.until(
            lambda said: _data(said).get("message") is None and _data(said).get("expiresInSeconds") == seconds
        )

    async def sees(self, words: str = "", *, within: float = SOON) -> Seen:
        """The next message or edit of the bot that has these words in it; what came before it is passed over."""
        return _seen(await self._line.until(lambda said: words in _text(said), within=within))

    async def sees_deleted(self, moment: int) -> None:
        """The bot deletes one of its messages for everyone."""
        await self._line.until(lambda said: _data(said).get("remoteDelete", {}).get("timestamp") == moment)

    async def sees_reaction(self, moment: int) -> str:
        """The bot puts an emoji on a message; the emoji."""

        def on_it(said: dict[str, Any]) -> bool:
            reaction: dict[str, Any] = _data(said).get("reaction", {})
            return bool(reaction.get("targetSentTimestamp") == moment)

        emoji: str = _data(await self._line.until(on_it))["reaction"]["emoji"]
        return emoji

    async def file(self, file: dict[str, Any]) -> bytes:
        """What is in a file that the bot sent."""
        found = await self._line.call("getAttachment", account=self.number, id=file["id"], recipient=self.bot)
        return base64.b64decode(found["data"])

    async def whole(self, seen: Seen) -> str:
        """A text with its tail, which this version leaves in a file of its own."""
        for file in seen.files:
            if file["contentType"] == _LONG_TEXT:
                return (await self.file(file)).decode()
        return seen.text

    def heard(self, wanted: Callable[[Seen], bool] = lambda _: True) -> list[Seen]:
        """What came from the bot and was not looked at yet."""
        return [seen for said in self._line.heard if _text(said) for seen in [_seen(said)] if wanted(seen)]

    async def _told(self, method: str, **params: object) -> int:
        moment: int = (await self._line.call(method, account=self.number, **params))["timestamp"]
        return moment


@asynccontextmanager
async def friend(lab: Lab) -> AsyncIterator[Friend]:
    """Somebody new, while the block lasts."""
    somebody = Friend(lab, lab.next_number())
    try:
        await somebody.take_up(lab.friends.port)
        yield somebody
    finally:
        await somebody.put_down()


def _data(said: dict[str, Any]) -> dict[str, Any]:
    envelope = said.get("envelope", {})
    found: dict[str, Any] = envelope.get("editMessage", envelope).get("dataMessage") or {}
    return found


def _text(said: dict[str, Any]) -> str:
    data = _data(said)
    return data.get("message") or ("\ufffc" if data.get("attachments") else "")


def _seen(said: dict[str, Any]) -> Seen:
    data = _data(said)
    styles = [(one["style"], one["start"], one["length"]) for one in data.get("textStyles", [])]
    return Seen(
        id=data["timestamp"],
        text=data.get("message") or "",
        files=tuple(data.get("attachments", [])),
        styles=tuple(styles),
        quoted=data.get("quote", {}).get("id"),
        expires=data.get("expiresInSeconds", 0),
        edits=said["envelope"].get("editMessage", {}).get("targetSentTimestamp"),
    )
