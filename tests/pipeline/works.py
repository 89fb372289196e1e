"""The stages of the pipeline on a real database, with a platform that does what a test says.

The clock stands still, nonces come in order. `Works.settle` handles and delivers what is there until nothing is left
that is due.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import orjson

from bot.app.words import words
from bot.i18n.vocabulary import Vocabulary
from bot.model.flood import raised
from bot.model.incoming import Deleted, Edited, Envelope, FileRef, IdentityChanged, Incoming
from bot.model.outgoing import Failure, FailureKind, Payload, Receipt, SendFailed, SendMedia, SendMessage
from bot.model.person import Platform
from bot.model.queue import NewOutbox
from bot.pipeline.announce import Announcer
from bot.pipeline.copying import Copying
from bot.pipeline.deliver import Deliverer
from bot.pipeline.flood import Turnstile
from bot.pipeline.ground import Ground
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.process import Processor
from bot.pipeline.receive import Receiver
from bot.pipeline.retention import Retention
from bot.pipeline.speech import Library
from bot.pipeline.tick import Ticker
from bot.pipeline.turn import TurnTaker
from bot.pipeline.urgent import Urgency
from bot.pipeline.watch import Watch
from bot.settings import Settings
from bot.store import people
from bot.store.db import Database
from bot.store.people import Known
from bot.transports.telegram import update
from tests.stage import TUESDAY, OrderedNonces, StillClock
from tests.store.shelf import Shelf, call, enqueue

NOA: Final = 7_104_993_001  # long, so that no figure in a log is it by chance
DAN: Final = 7_104_993_002
NEW_PHONE: Final = "a new phone"
DELETED: Final = "deleted for everyone"
End = Failure | Exception | asyncio.Event | None


class ScriptedTransport:
    """Telegram as far as a test says: reads real updates, and ends each send as the next of `ends` says.

    A failure is raised, an event is waited for, None and an empty script are a success. Reading an update that has
    one of `stumbles` in it fails as a defect does; one with `NEW_PHONE` in it says that another phone is there, an
    edit with `DELETED` in it that the message is deleted, as Signal says.
    With `renames`, an edit gives its message the next number, as on Signal it gets another name.
    """

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.sent: list[tuple[str, Payload]] = []
        self.acknowledged: list[str] = []
        self.stumbles: set[str] = set()
        self.renames = False
        self.files: dict[str, bytes | Failure] = {}
        self.uploaded: list[bytes] = []
        self.before_acknowledging: Callable[[], object] = lambda: None
        self.spinning: asyncio.Event | None = None

    @property
    def platform(self) -> Platform:
        return Platform.TELEGRAM

    def envelope(self, raw: bytes) -> Envelope:
        return update.envelope(raw)

    def read(self, raw: bytes) -> Incoming:
        if any(word.encode() in raw for word in self.stumbles):
            raise RuntimeError("a defect")
        found = update.read(raw)
        if NEW_PHONE.encode() in raw:
            return Incoming(happening=IdentityChanged())
        if isinstance(found.happening, Edited) and found.happening.text == DELETED:
            return replace(found, happening=Deleted(message_id=found.happening.message_id))
        if self.renames and isinstance(found.happening, Edited):
            name = str(int(found.happening.message_id) + 1)
            return replace(found, happening=replace(found.happening, renamed=name))
        return found

    async def send(self, routing_id: str, payload: Payload, *, content: bytes = b"") -> Receipt:
        self.sent.append((routing_id, payload))
        self.uploaded += [content] if content else []
        number = len(self.sent)
        end = self.ends.pop(0) if self.ends else None
        if isinstance(end, asyncio.Event):
            await end.wait()
        elif isinstance(end, Failure):
            raise SendFailed(end)
        elif isinstance(end, Exception):
            raise end
        file = FileRef(file_id=f"kept-{number}") if isinstance(payload, SendMedia) else None
        return Receipt(message_id=str(number), file=file)

    async def fetch(self, file: FileRef) -> bytes:
        found = self.files[file.file_id]
        if isinstance(found, Failure):
            raise SendFailed(found)
        return found

    async def acknowledge(self, press_id: str) -> None:
        self.acknowledged.append(press_id)
        if self.spinning:
            await self.spinning.wait()
        self.before_acknowledging()

    @property
    def texts(self) -> list[str]:
        """The words that were sent, in order."""
        return [payload.text.text for _, payload in self.sent if isinstance(payload, SendMessage)]


@dataclass(slots=True, kw_only=True)
class Works:
    """One process' stages."""

    shelf: Shelf
    ground: Ground
    clock: StillClock
    transport: ScriptedTransport
    turns: TurnTaker
    limiter: BulkLimiter
    turnstile: Turnstile
    receiver: Receiver = field(init=False)
    processor: Processor = field(init=False)
    deliverer: Deliverer = field(init=False)
    retention: Retention = field(init=False)
    watch: Watch = field(init=False)
    ticker: Ticker = field(init=False)

    def __post_init__(self) -> None:
        self.receiver = self.another_receiver()
        self.processor = Processor(self.ground, self.turns)
        self.deliverer = self.another_deliverer(self.limiter)
        self.retention = Retention(self.ground)
        self.watch = Watch(self.ground, self.retention, cards=self.turns.library.cards)
        self.ticker = Ticker(self.ground, self.retention, self.watch)

    def another_receiver(self) -> Receiver:
        """The first stage of another process."""
        urgency = Urgency(self.turns.library.book, self.turns.vocabulary)
        return Receiver(self.ground, urgency=urgency, turnstile=self.turnstile)

    def another_deliverer(
        self, limiter: BulkLimiter | None = None, *, signal: BulkLimiter | None = None
    ) -> Deliverer:
        """The last stage of another process; with `signal` it serves that too."""
        words = Announcer(book=self.turns.library.book, renderer=self.turns.renderer)
        limiters = {Platform.SIGNAL: signal} if signal else {}
        limiters[Platform.TELEGRAM] = limiter or BulkLimiter(rate=25)
        return Deliverer(self.ground, limiters, Copying(words, zone=self.turns.zone))

    @property
    def db(self) -> Database:
        return self.ground.db

    @property
    def path(self) -> Path:
        """The data file."""
        return Path(self.shelf.data.partition("///")[2])

    async def receive(self, *raws: bytes) -> None:
        """These updates come in one batch."""
        await self.receiver(Platform.TELEGRAM, raws)

    async def handle(self) -> None:
        """Process what is due."""
        while await self.processor.batch():
            pass

    async def deliver(self) -> None:
        """Send what is due."""
        while await self.deliverer.round() or self.deliverer.is_busy:
            if self.deliverer.is_busy:
                await self.ground.deliver.wait()

    async def settle(self) -> None:
        """Process and send what is due."""
        await self.handle()
        await self.deliver()

    async def meet(self, number: int = NOA, *, on: Platform = Platform.TELEGRAM) -> Known:
        """What is known of a person, who is new if nobody is."""
        async with self.db.unit() as unit:
            found = await people.resolve(unit, on, [str(number)], today=self.clock.now().date())
            known = await people.load(unit, found.values())
            await unit.commit()
        return known[found[str(number)]]

    async def enqueue(self, *rows: NewOutbox) -> None:
        """Put calls into the outbox."""
        await enqueue(self.db, *rows, at=self.clock.now())

    async def post(self, known: Known, *texts: str, **more: Any) -> None:
        """Put messages to a person into the outbox."""
        await self.enqueue(*(call(known, text, **more) for text in texts))

    def ask(self, question: str) -> list[Any]:
        """The rows of a query, from outside."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(question).fetchall()

    def number(self, question: str) -> Any:
        """The one value of a query."""
        return self.ask(question)[0][0]

    def rows(self, *tables: str) -> int:
        """How many rows these tables have together."""
        return sum(self.number(f'SELECT count(*) FROM "{table}"') for table in tables)  # noqa: S608 - names in tests

    async def until_number(self, question: str, wanted: int) -> None:
        """Return when a query answers this number. Raises TimeoutError."""
        async with asyncio.timeout(5):
            while self.number(question) != wanted:  # noqa: ASYNC110 - a file tells nobody
                await asyncio.sleep(0.01)

    def metric(self, line: str) -> bool:
        """Whether the metrics have this line."""
        return line in self.ground.metrics.render().decode().splitlines()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What can be said and understood: read once for all tests."""

    library: Library
    renderer: Any
    vocabulary: Vocabulary


def read_words(settings: Settings) -> Words:
    """The project's own flows and translations."""
    library, renderer, vocabulary = words(settings)
    return Words(library=library, renderer=renderer, vocabulary=vocabulary)


@asynccontextmanager
async def working(
    shelf: Shelf, found: Words, *, rate: float = 25.0, floods: int = 1_000_000
) -> AsyncIterator[Works]:
    """The stages on the databases of `shelf`; whatever is under way at the end is cut off.

    The clock stands still, so everything comes at once: thresholds are `floods` times as high.
    """
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(shelf.opened())
        tasks = await stack.enter_async_context(_cut_off_at_the_end())
        clock, transport = StillClock(), ScriptedTransport()
        yield Works(
            shelf=shelf,
            ground=Ground(
                db=db, transports={Platform.TELEGRAM: transport}, clock=clock, spawn=tasks.create_task
            ),
            clock=clock,
            transport=transport,
            limiter=BulkLimiter(rate=rate),
            turnstile=Turnstile(raised(floods)),
            turns=TurnTaker(
                library=found.library,
                renderer=found.renderer,
                vocabulary=found.vocabulary,
                nonces=OrderedNonces(),
                zone="Asia/Jerusalem",
            ),
        )


@asynccontextmanager
async def _cut_off_at_the_end() -> AsyncIterator[asyncio.TaskGroup]:
    async def wait() -> None:
        await asyncio.Event().wait()

    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
            raise _End
    except* _End:
        pass


class _End(Exception):
    """The test is over."""


_numbers = iter(range(1, 1_000_000))


def said(
    text: str, *, by: int = NOA, language: str = "en", number: int | None = None, message: int = 17
) -> bytes:
    """A message a person wrote."""
    return raw("message", {"message_id": message, **_private(by, language), "text": text}, number)


def photo(*, album: str, by: int = NOA) -> bytes:
    """A photo a person sent with others."""
    size = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    content = {"message_id": 18, **_private(by, "en"), "photo": [size], "media_group_id": album}
    return raw("message", content, None)


def voice(*, by: int = NOA) -> bytes:
    """A voice message of a person."""
    content = {"file_id": "v", "file_unique_id": "u", "duration": 3}
    return raw("message", {"message_id": 19, **_private(by, "en"), "voice": content}, None)


def pressed(data: str, *, by: int = NOA, press: str = "q1", number: int | None = None) -> bytes:
    """A press of a button under message 5."""
    shown = {"message_id": 5, **_private(by, "en"), "text": "Asked"}
    query = {"id": press, "from": shown["from"], "chat_instance": "c", "message": shown, "data": data}
    return raw("callback_query", query, number)


def membership(status: str, *, by: int = NOA, chat: int | None = None) -> bytes:
    """The bot's standing with a person, or in a group, changed."""
    place = _private(by, "en")
    if chat is not None:
        place["chat"] = {"id": chat, "type": "group", "title": "Group"}
    change = {**place, "old_chat_member": {"status": "left"}, "new_chat_member": {"status": status}}
    return raw("my_chat_member", change, None)


def garbage(*, of: int | None = NOA) -> bytes:
    """An update nobody can read, of somebody's or of nobody."""
    if of is None:
        return raw("message", {"nonsense": True}, None)
    return raw("message", {"chat": {"id": of, "type": "private"}, "text": "hello"}, None)


def raw(kind: str, body: object, number: int | None) -> bytes:
    """One update as bytes."""
    return orjson.dumps({"update_id": number or next(_numbers), kind: body})


def _private(by: int, language: str) -> dict[str, Any]:
    return {
        "from": {"id": by, "is_bot": False, "first_name": "Noa", "language_code": language},
        "chat": {"id": by, "type": "private"},
        "date": int(TUESDAY.timestamp()),
    }


def failure(kind: FailureKind, reason: str = "scripted", **more: Any) -> Failure:
    """A classified failure."""
    return Failure(kind=kind, reason=reason, **more)
