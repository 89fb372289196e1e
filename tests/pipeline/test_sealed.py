"""A name for the letter: in no file in the clear at any moment, and in none that anybody can open once it is sealed.

The real pipeline on real files, stage by stage. Copies of the data file are made all along, as by a thief or a backup;
at the end each is opened beside the key file as it is then, with the master key and every setting.
"""

import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.app.house import opened
from bot.app.world import World
from bot.model.person import Platform
from bot.sandbox import Person
from bot.store import drafts, inbox, mine, outbox, people, publications, signatures
from bot.store.codec import payload_to_bytes
from bot.store.db import Database
from bot.store.tables import signature
from tests.faults.test_canaries import found
from tests.stage import AT_ONCE, KEEPER, Stage, staged

HEBREW: Final = "סודשאישלאיקרא כהן"
ENGLISH: Final = "Canarynobodyreads Cohen"
ANEW: Final = "סודאחרלגמרי כהן"
NAMES: Final = [HEBREW.split()[0], ENGLISH.split()[0], ANEW.split()[0]]
WAY: Final = ("the letter", "~adult", "~read", "~more", "~about", "~none", "~full", "~go_on", "~agree")


@dataclass(slots=True)
class Thief:
    """Whoever copies the data of a stage again and again."""

    stage: Stage
    directory: Path
    copies: list[Path] = field(default_factory=list)
    clear: list[tuple[str, str]] = field(default_factory=list)

    def look(self) -> None:
        """Search every file for a name in the clear, and copy the data file with its log."""
        self.clear += found([path for path in self.directory.rglob("*") if path.is_file()], NAMES)
        copy = self.directory.parent / f"copy{len(self.copies)}"
        shutil.copytree(self._data, copy)
        self.copies.append(copy)

    @property
    def _data(self) -> Path:
        return Path(self.stage.settings.database_url.partition("///")[2]).parent

    @asynccontextmanager
    async def beside_the_keys(self, copy: Path) -> AsyncIterator[Database]:
        """A copy beside the keys there are now."""
        for file in self._data.glob("keys.db*"):
            shutil.copy(file, copy / file.name)
        settings = self.stage.settings.model_copy(
            update={
                "database_url": f"sqlite+aiosqlite:///{copy / 'bot.db'}",
                "keys_url": f"sqlite+aiosqlite:///{copy / 'keys.db'}",
            }
        )
        async with opened(settings, World(clock=self.stage.clock)) as db:
            yield db

    async def reads(self, copy: Path, person_id: int) -> bytes:
        """All that can be opened in a copy."""
        now = self.stage.clock.now()
        async with self.beside_the_keys(copy) as db, db.unit() as unit:
            events = await inbox.claim(unit, now=now, limit=99)
            calls = await outbox.claim(unit, now=now, lease=AT_ONCE, limit=99)
            known = await people.load(unit, [person_id])
            told = (await mine.collect(unit, person_id)).document
            lines = [await drafts.read(unit, one) for one in await signatures.of_person(unit, person_id)]
        parts = [event.body or b"" for event in events]
        parts += [payload_to_bytes(one.payload) for one in calls.deliveries]
        return b"\n".join([*parts, told, repr((lines, known)).encode()])


async def _act(stage: Stage, person: Person, thief: Thief, words: str) -> None:
    """Something a person writes, or presses (`~`), with a look after each stage of it."""
    await _do(person, words)
    await stage.receive()
    thief.look()
    while await stage.house.processor.batch():
        thief.look()
    await stage.settle()
    thief.look()


async def _do(person: Person, words: str) -> None:
    if not words.startswith("~"):
        await person.send(words)
        return
    buttons = [button for message in person.history for button in message.buttons]
    data = next(one.data for one in reversed(buttons) if one.data and one.data.endswith(f":{words[1:]}"))
    await person.press(data)


async def _come_to_the_name(stage: Stage) -> Person:
    """Up to the question for the name, a day later."""
    person = stage.emulator.person(language_code="en")
    for words in ("/start", "~go_on", *WAY):
        await _do(person, words)
        await stage.settle()
    await stage.pass_time(timedelta(days=1, minutes=1))
    for words in ("/letter", "~go_on"):
        await _do(person, words)
        await stage.settle()
    return person


async def _person_id(stage: Stage, person: Person) -> int:
    async with stage.house.db.unit() as unit:  # never committed: looking makes nobody
        found = await people.resolve(
            unit, Platform.TELEGRAM, [str(person.user_id)], today=stage.clock.now().date()
        )
        return found[str(person.user_id)]


def _hits(read: list[bytes]) -> int:
    """In how many of these a name can be read."""
    return sum(any(name.encode() in one or ascii(name).encode() in one for name in NAMES) for one in read)


async def test_with_full_access_to_the_server_no_confirmed_name_can_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No copy of any moment opens beside the keys that are left; before the second yes some did. No log has it."""
    caplog.set_level(logging.DEBUG, logger="bot")
    directory = tmp_path / "house"
    async with staged(directory) as stage:
        person = await _come_to_the_name(stage)
        who, thief = await _person_id(stage, person), Thief(stage, directory)
        for words in (HEBREW, "~yes", ENGLISH):
            await _act(stage, person, thief, words)
        before = [await thief.reads(copy, who) for copy in thief.copies]
        await _act(stage, person, thief, "~sign")
        after = [await thief.reads(copy, who) for copy in thief.copies]
        async with stage.house.db.unit() as unit:
            (row,) = await unit.fetch(signature.select())

    assert thief.clear == []
    assert _hits(before) > 5, "a thief who finds nothing at any time would prove nothing"
    assert _hits(after) == 0
    assert [name for name in NAMES if name in caplog.text] == []
    assert KEEPER.opened(row.sealed).he == HEBREW
    assert KEEPER.opened(row.sealed).en == ENGLISH


async def test_a_name_that_is_written_anew_at_the_final_call_cannot_be_read_either(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor the one before it: the new line is sealed as the first one was, and what was typed is gone."""
    caplog.set_level(logging.DEBUG, logger="bot")
    directory = tmp_path / "house"
    async with staged(directory) as stage:
        person = await _come_to_the_name(stage)
        who, thief = await _person_id(stage, person), Thief(stage, directory)
        for words in (HEBREW, "~no", "~sign", "~no"):
            await _act(stage, person, thief, words)
        await _call(stage)
        for words in ("/letter", "~read", "~more", "~name", ANEW):
            await _act(stage, person, thief, words)
        before = [await thief.reads(copy, who) for copy in thief.copies]
        for words in ("~no", "~sign"):
            await _act(stage, person, thief, words)
        after = [await thief.reads(copy, who) for copy in thief.copies]
        async with stage.house.db.unit() as unit:
            (row,) = await unit.fetch(signature.select())

    assert thief.clear == []
    assert _hits(before) > 0
    assert _hits(after) == 0
    assert [name for name in NAMES if name in caplog.text] == []
    assert KEEPER.opened(row.sealed).he == ANEW


async def _call(stage: Stage) -> None:
    """A final call begins, as two organizers would have it."""
    now, text = stage.clock.now(), stage.house.library.book.letters["reserves"].fingerprint
    async with stage.house.db.unit() as unit:
        closes_at = now + timedelta(days=3)
        made = await publications.open_one(unit, letter="reserves", text=text, closes_at=closes_at, now=now)
        await publications.ask(unit, made)
        await unit.commit()


async def test_a_name_that_is_given_up_cannot_be_read_either(tmp_path: Path) -> None:
    """Nor one that nobody said anything about for an hour."""
    directory = tmp_path / "house"
    async with staged(directory) as stage:
        person = await _come_to_the_name(stage)
        who, thief = await _person_id(stage, person), Thief(stage, directory)
        await _act(stage, person, thief, ENGLISH)
        await _act(stage, person, thief, "~not_now")
        given_up = [await thief.reads(copy, who) for copy in thief.copies]
        for words in ("/letter", "~go_on", HEBREW):
            await _act(stage, person, thief, words)
        there = [await thief.reads(copy, who) for copy in thief.copies]
        await stage.pass_time(timedelta(hours=1))
        silent = [await thief.reads(copy, who) for copy in thief.copies]

    assert thief.clear == []
    assert (_hits(given_up), _hits(silent)) == (0, 0)
    assert _hits(there) > 0
