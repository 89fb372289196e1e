"""What reaches the other side of a line is what was said, and nothing that says who said it, where or when.

Every kind of message goes through the whole bot: Telegram's queue, the line, and the calls that the bot makes then.
"""

import logging
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.model.outgoing import Priority
from bot.model.person import Platform
from bot.sandbox import Fault, FaultKind, Person
from bot.store import outbox
from tests.bot_api import Marked, every_field
from tests.cast import Cast
from tests.darkroom import heard, picture, seen, sound
from tests.faults.test_canaries import found
from tests.signal_story import SignalPlayer
from tests.stage import Stage, staged
from tests.story import Player, Story

PEOPLE: Final = {"person": {}, "volunteer": {"volunteer": {"needs": ["buddy"]}}}
TO_THE_LINE: Final = ("go_on", "~human", "somebody", "buddy", "connect")
SECRET_ID: Final = 7_312_645_908  # whose it is, in no number by chance
FIRST: Final = 200_000  # of the numbers of injected messages
SAID_NOTHING: Final = frozenset({"forward_origin"})  # somebody else's words are not carried


@dataclass(slots=True)
class Line:
    """Two people on an open line: Noa writes, the other side sees what comes."""

    stage: Stage
    noa: Person
    other: Person
    marked: Marked = field(default_factory=Marked)
    _sent: int = 0

    async def hear(self, **content: Any) -> None:
        """Noa sends a message with this in it."""
        user = {**self.noa.user, **{name: self.marked.word() for name in ("last_name", "username")}}
        self._sent += 1
        outside = {"message_id": FIRST + self._sent, "date": self.stage.emulator.world.date()}
        self.stage.emulator.inject(
            {"message": {"from": user, "chat": self.noa.private.wire, **outside, **content}}
        )
        self.marked.marks.append(str(outside["date"]))
        await self.stage.settle()

    def file(self, kind: str) -> dict[str, Any]:
        """A photo or a voice message, marked in its file and at Telegram."""
        content = picture(self.marked.word()) if kind == "photo" else sound(self.marked.word())
        stored = self.stage.emulator.world.add_file(kind, content, self.marked.word())
        self.marked.marks.append(stored.file_id)
        found = {"file_id": stored.file_id, "file_unique_id": self.marked.word(), "file_size": len(content)}
        if kind == "photo":
            return {"photo": [{**found, "width": 400, "height": 200}]}
        return {"voice": {**found, "duration": 1}}

    def told(self) -> tuple[str, bytes]:
        """All the bot ever asked Telegram to show to the other side: parameters, and what was uploaded."""
        calls = [call.params for call in self.stage.emulator.calls(chat_id=self.other.user_id)]
        words = repr(
            [{name: value for name, value in one.items() if not isinstance(value, bytes)} for one in calls]
        )
        return words, b"".join(value for one in calls for value in one.values() if isinstance(value, bytes))

    def leaks(self, *said: str) -> list[str]:
        """The marks that the other side could find."""
        words, files = self.told()
        hidden = {str(SECRET_ID), *self.marked.marks} - set(said)
        return sorted(mark for mark in hidden if mark in words or mark.encode() in files)


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    """A line that was opened as people open it."""
    story = Story(path=tmp_path, title="", phone=Platform.TELEGRAM, steps=[], people=PEOPLE)
    async with staged(tmp_path) as stage:
        stage.emulator.person(SECRET_ID - 1)
        cast = await Cast.of(story, stage, "en", platform=Platform.TELEGRAM)
        noa, other = cast.players.values()
        assert isinstance(noa, Player)
        assert isinstance(other, Player)
        await cast.play({"start": ""})
        for choice in TO_THE_LINE:
            await cast.play({"press": choice})
        await cast.play({"by": "volunteer", "press": "accept"})
        await noa.person.voice()
        await stage.settle()
        yield Line(stage, noa.person, other.person)


@pytest.mark.timeout(180)
async def test_of_every_kind_of_message_only_what_was_said_arrives(line: Line) -> None:
    """Each field that Telegram can send, beside words; some of them under a photo or a voice message too."""
    fields = every_field()
    before, said = len(line.other.replies), []
    for number, (name, choice) in enumerate(fields):
        beside = (
            {} if name in ("text", "photo", "voice", "caption") else {name: line.marked.field(name, choice)}
        )
        said.append(f"words {number}.")
        await line.hear(text=said[-1], **beside)
        if number % 12 == 0:
            said.append(f"caption {number}.")
            kind = "photo" if number % 24 else "voice"
            await line.hear(**line.file(kind), caption=said[-1], **beside)
        line.stage.clock.pass_time(timedelta(seconds=20))  # so many at once would be a flood

    arrived = line.other.replies[before:]
    refused = sum(name in SAID_NOTHING for name, _ in fields)
    assert len(line.marked.marks) > 2000
    assert [message.text for message in arrived if message.text not in said] == []
    assert len(said) - len(arrived) <= refused * 2
    assert line.leaks() == []
    assert said[0] in line.told()[0]
    assert all(message.protected and not message.entities for message in arrived)


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_the_file_that_arrives_is_a_new_one(line: Line, kind: str) -> None:
    """Its picture or its sound is the same; nothing else of the file is left, and no name of it."""
    await line.hear(**line.file(kind))
    arrived = line.other.last
    assert arrived.file is not None
    content = line.stage.emulator.world.files[arrived.file.file_id].content

    assert arrived.kind == kind
    assert line.leaks() == []
    if kind == "photo":
        assert (seen(content).size, dict(seen(content).getexif())) == ((400, 200), {})
    else:
        assert heard(content)[3] == {}


async def test_a_photo_reaches_signal_as_new(tmp_path: Path) -> None:
    """It is fetched from Telegram, made anew, and nothing of the sender's is in it."""
    story = Story(path=tmp_path, title="", phone=Platform.TELEGRAM, steps=[], people=PEOPLE)
    async with staged(tmp_path) as stage:
        cast = await Cast.of(story, stage, "en", platform=Platform.SIGNAL)
        for step in (
            {"start": ""},
            *({"press": choice} for choice in TO_THE_LINE),
            {"by": "volunteer", "press": "accept"},
            {"by": "volunteer", "send": "photo"},
        ):
            await cast.play(step)
        first = cast.players["person"]
        assert isinstance(first, SignalPlayer)
        (arrived,) = first.person.last.files
        content = stage.emulator.signal.files[arrived.id]

        assert arrived.kind == "image/jpeg"
        assert dict(seen(content).getexif()) == {}


async def test_what_cannot_be_fetched_is_told_to_its_sender(line: Line) -> None:
    """It is gone at Telegram; the other side sees nothing, and the line goes on."""
    content = line.file("photo")
    line.stage.emulator.world.files.clear()
    before = len(line.other.replies)
    await line.hear(**content)

    assert "could not be passed on" in line.noa.last.text
    assert len(line.other.replies) == before


def files_in(directory: Path) -> list[Path]:
    """Databases with WAL and shared memory, and whatever else there is."""
    return [path for path in directory.rglob("*") if path.is_file()]


async def test_no_file_and_no_log_holds_what_went_across(
    line: Line, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not the words, not the bytes, not the names of the files; also of what still waits to be sent."""
    caplog.set_level(logging.DEBUG, logger="bot")
    words = [f"canary{secrets.token_hex(8)}" for _ in range(3)]
    await line.hear(text=words[0])
    await line.hear(**line.file("voice"), caption=words[1])
    line.stage.emulator.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendPhoto"))
    await line.hear(**line.file("photo"), caption=words[2])
    async with line.stage.house.db.reading() as unit:
        waiting = await outbox.depth(unit)

    hidden = [*words, *(mark for mark in line.marked.marks if not mark.isdigit())]
    assert waiting[Priority.RELAY] == 1
    assert found(files_in(tmp_path), hidden) == []
    assert [word for word in hidden if word in caplog.text] == []
    assert "send_failed" in caplog.text


@pytest.mark.parametrize("content", [{"file_size": 11 * 2**20}, {"duration": 601}])
async def test_what_is_too_large_is_refused_kindly(line: Line, content: dict[str, int]) -> None:
    """Before it is fetched."""
    voice = {**line.file("voice")["voice"], **content}
    await line.hear(voice=voice)

    assert "too large" in line.noa.last.text
    assert line.stage.emulator.calls("getFile") == []
