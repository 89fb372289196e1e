"""From the folder into the inbox: nothing lost, nothing kept longer than it is needed."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import orjson
import pytest
from typing_extensions import override

from bot.model.person import Platform
from bot.spool import reader as module
from bot.spool.box import PrivateHalf, Seal
from bot.spool.folder import ASIDE, PUBLIC, READER, Folder, Segment
from bot.spool.segment import Pen
from bot.store import owner
from bot.store.errors import StorageTroubled, Trouble
from bot.store.keyring import Keyring
from bot.transports.signal import envelope
from tests.spool.clerk import Clerk, until, written
from tests.store.shelf import Shelf
from tests.transports.signal.recorded import recorded


def lines(many: int, first: int = 0) -> list[bytes]:
    return [f'{{"line":{number}}}'.encode() for number in range(first, first + many)]


def aside(folder: Folder) -> list[Path]:
    return sorted((folder.path / ASIDE).iterdir())


async def test_what_was_written_is_stored_in_order(clerk: Clerk, folder: Folder) -> None:
    """Across segments, and the file of a whole one is gone afterwards."""
    await clerk.reader.prepare()
    written(folder, *lines(3))
    written(folder, *lines(250, first=3))

    await clerk.drain()

    assert clerk.stored == lines(253)
    assert folder.segments() == []


async def test_an_open_segment_is_read_as_it_grows(clerk: Clerk, folder: Folder) -> None:
    """The bot does not wait for its end; half a line waits."""
    await clerk.reader.prepare()
    pen = Pen(folder)
    pen.append(lines(1))
    (segment,) = folder.segments()
    whole = folder.file(segment).read_bytes()
    folder.file(segment).write_bytes(whole + whole[:20])

    await clerk.drain()
    folder.file(segment).write_bytes(whole + whole)
    await clerk.drain()

    assert clerk.stored == lines(1) * 2
    assert folder.segments() == [segment]


async def test_two_open_ends_are_both_remembered(clerk: Clerk, folder: Folder) -> None:
    """One segment may be ended and not yet whole while the next is written: nothing is read twice."""
    await clerk.reader.prepare()
    pen = Pen(folder)
    for number in range(3):
        pen.append(lines(1, first=number))
        await clerk.drain()
        pen.end()
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()
    pen.sync()
    await clerk.drain()

    assert clerk.stored == lines(3)
    assert folder.segments() == []


async def test_trouble_of_the_storage_lets_go_of_nothing(clerk: Clerk, folder: Folder) -> None:
    """What the inbox did not take is there for the next try."""
    await clerk.reader.prepare()
    written(folder, *lines(2))

    def troubled(raws: Sequence[bytes]) -> None:
        raise StorageTroubled(Trouble.BUSY)

    clerk.refuse = troubled
    with pytest.raises(StorageTroubled):
        await clerk.drain()
    clerk.refuse = lambda raws: None
    await clerk.drain()

    assert clerk.stored == lines(2)


async def test_a_crash_between_storing_and_noting_brings_a_line_twice(clerk: Clerk, folder: Folder) -> None:
    """Never not at all; that the inbox holds it once is shown with the whole bot."""
    await clerk.reader.prepare()
    written(folder, *lines(2))

    async def ingest_and_die(platform: Platform, raws: Sequence[bytes]) -> None:
        clerk.stored.append(b"then it died")
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await clerk.reader.once(ingest_and_die)
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()

    assert clerk.stored == [b"then it died", *lines(2)]


async def test_a_process_that_comes_back_goes_on_where_it_was(clerk: Clerk, folder: Folder) -> None:
    """How far it came stands in a file; a damaged one means from the beginning."""
    await clerk.reader.prepare()
    pen = Pen(folder)
    pen.append(lines(2))
    await clerk.drain()
    pen.append(lines(1, first=2))
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()
    (folder.path / "read").write_text("what")
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()

    assert clerk.stored == [*lines(3), *lines(3)]


async def test_a_torn_end_does_not_hide_the_rest(clerk: Clerk, folder: Folder) -> None:
    """What a loss of power cut in two is counted as unreadable, and all before it is stored."""
    await clerk.reader.prepare()
    written(folder, *lines(2))
    (segment,) = folder.segments()
    content = folder.file(segment).read_bytes()
    folder.file(segment).write_bytes(content + content[:30])

    await clerk.drain()

    assert clerk.stored == [*lines(2), content[:30]]
    assert [file.suffix for file in aside(folder)] == [".broken"]


async def test_what_cannot_be_opened_goes_in_as_it_is(clerk: Clerk, folder: Folder) -> None:
    """There nobody can read it either: it becomes a dead letter, which organizers hear of."""
    await clerk.reader.prepare()
    written(folder, *lines(1))
    (segment,) = folder.segments()
    folder.file(segment).write_bytes(b"noise\n\n" + folder.file(segment).read_bytes())

    await clerk.drain()

    assert clerk.stored == [b"noise", *lines(1)]
    assert [file.read_bytes() for file in aside(folder)] == [b"noise\n"]


@pytest.mark.parametrize("line", [b"noise", Seal(PrivateHalf(b"k" * 32).public).sealed(b"{}")])
def test_a_sealed_line_is_one_that_nobody_can_read(line: bytes) -> None:
    """It has a name of its own and no sender, and reading it fails: the pipeline's mark of a dead letter."""
    assert envelope.envelope(line).routing_id is None
    assert envelope.envelope(line).external_id != envelope.envelope(line + b"A").external_id
    with pytest.raises(ValueError):  # noqa: PT011 - any: the pipeline asks no more
        envelope.read(line)


async def test_a_lost_key_keeps_its_lines_until_it_is_back(
    clerk: Clerk, folder: Folder, sqlite_shelf: Shelf
) -> None:
    """A key file from an older backup opens nothing newer; once the right one is restored, it is read after all."""
    await clerk.reader.prepare()
    written(folder, *lines(2))
    file = sqlite_shelf.keys.partition("///")[2]
    with closing(sqlite3.connect(file, isolation_level=None)) as keys:
        row = keys.execute("DELETE FROM wrapped_key WHERE owner LIKE 'spool/%' RETURNING *").fetchone()
        without = Clerk(folder, clerk.keyring)
        await without.reader.prepare()
        await without.drain()
        keys.execute("INSERT INTO wrapped_key VALUES (?, ?, ?, ?)", row)
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()

    assert len(without.stored) == 2
    assert clerk.stored == lines(2)
    assert aside(folder) == []


async def test_what_lies_aside_goes_in_time_while_the_bot_runs(clerk: Clerk, folder: Folder) -> None:
    """It is looked at hour by hour; a bot that runs for long keeps nothing for longer than it says."""
    await clerk.reader.prepare()
    file = folder.path / ASIDE / f"{1:020d}.aa.lost"
    file.touch()
    os.utime(file, times=(clerk.clock.at.timestamp(),) * 2)
    clerk.later(days=6, hours=23)
    await clerk.drain()
    kept = aside(folder)
    clerk.later(hours=2)
    await clerk.drain()

    assert kept == [file]
    assert aside(folder) == []


async def test_what_lies_aside_goes_after_a_week(clerk: Clerk, folder: Folder) -> None:
    """Nothing is kept for ever."""
    await clerk.reader.prepare()
    written(folder, *lines(1))
    (segment,) = folder.segments()
    folder.file(segment).write_bytes(b"noise\n")
    await clerk.drain()
    (file,) = aside(folder)
    os.utime(file, (clerk.clock.at.timestamp(),) * 2)

    clerk.later(days=6)
    await clerk.reader.prepare()
    kept = aside(folder)
    clerk.later(days=2)
    await clerk.reader.prepare()

    assert kept == [file]
    assert aside(folder) == []


async def test_a_line_the_inbox_will_not_have_stops_no_other(clerk: Clerk, folder: Folder) -> None:
    """A defect of ours over one message: it goes in sealed, as what nobody can read, and aside."""
    await clerk.reader.prepare()
    written(folder, *lines(3))

    def defect(raws: Sequence[bytes]) -> None:
        if lines(3)[1] in raws:
            raise KeyError

    clerk.refuse = defect
    await clerk.drain()

    assert [clerk.stored[0], clerk.stored[2]] == [lines(3)[0], lines(3)[2]]
    assert len(clerk.stored) == 3
    assert len(aside(folder)) == 1


async def test_the_key_changes_by_the_hour_and_the_old_one_is_destroyed(
    clerk: Clerk, folder: Folder, keyring: Keyring
) -> None:
    """What was read cannot be opened any more, by anybody, once its segment is gone."""
    await clerk.reader.prepare()
    first = folder.public()
    assert first
    written(folder, *lines(1))
    await clerk.drain()
    clerk.later(minutes=61)
    await clerk.drain()
    second = folder.public()
    names = await keyring.names(owner.SPOOL)

    assert second
    assert second != first
    assert [name.rpartition("/")[2] for name in names] == [second.name]


async def test_a_key_that_nothing_was_sealed_to_stays(clerk: Clerk, folder: Folder) -> None:
    """A quiet night makes no keys."""
    await clerk.reader.prepare()
    written(folder, *lines(1))
    await clerk.drain()
    clerk.later(hours=2)
    await clerk.drain()
    given = folder.public()
    clerk.later(hours=20)
    await clerk.drain()

    assert folder.public() == given


async def test_a_key_is_destroyed_only_when_no_segment_needs_it(
    clerk: Clerk, folder: Folder, keyring: Keyring
) -> None:
    """What waits can be opened, however old its key; and the spooler goes over to the new one at once."""
    await clerk.reader.prepare()
    written(folder, *lines(1))
    pen = Pen(folder)
    pen.append(lines(1, first=1))
    await clerk.drain()
    clerk.later(hours=2)
    await clerk.drain()
    both = await keyring.names(owner.SPOOL)
    pen.append(lines(1, first=2))
    pen.turn()
    pen.sync()
    await clerk.drain()

    assert len(both) == 2
    assert len(await keyring.names(owner.SPOOL)) == 1
    assert clerk.stored == lines(3)


@dataclass(frozen=True, slots=True)
class LongFolder(Folder):
    """With so many files that one which gets another name meanwhile is missing from each second list of them."""

    turn: Iterator[int] = field(default_factory=count)

    @override
    def segments(self) -> list[Segment]:
        found = Folder.segments(self)
        return found if next(self.turn) % 2 else [one for one in found if not one.is_open]


@pytest.mark.parametrize("turn", [0, 1])
async def test_a_key_is_kept_for_a_segment_that_a_list_has_missed(
    clerk: Clerk, folder: Folder, turn: int
) -> None:
    """The system lists a long folder piece by piece, and the spooler names its files meanwhile."""
    clerk.folder = LongFolder(folder.path, turn=count(turn))
    clerk.again()
    await clerk.reader.prepare()
    written(folder, *lines(1))
    await clerk.drain()
    pen = Pen(folder)
    pen.append(lines(1, first=1))
    clerk.later(minutes=61)
    await clerk.drain()
    clerk.again()
    pen.end()
    pen.sync()
    await clerk.reader.prepare()
    await clerk.drain()

    assert clerk.stored == lines(2)


async def test_a_restart_keeps_the_key(clerk: Clerk, folder: Folder) -> None:
    """And takes up what was sealed to it meanwhile."""
    await clerk.reader.prepare()
    given = folder.public()
    written(folder, *lines(2))
    clerk.again()
    await clerk.reader.prepare()
    await clerk.drain()

    assert folder.public() == given
    assert clerk.stored == lines(2)


async def test_a_rotated_master_key_opens_what_waits(folder: Folder, sqlite_shelf: Shelf) -> None:
    """The private half is wrapped again like every other key."""
    new = bytes(reversed(range(32)))
    async with sqlite_shelf.keyring() as ring:
        await Clerk(folder, ring).reader.prepare()
    written(folder, *lines(1))
    async with sqlite_shelf.keyring(new, bytes(range(32))) as ring:
        await ring.rewrap()
    async with sqlite_shelf.keyring(new) as ring:
        clerk = Clerk(folder, ring)
        await clerk.reader.prepare()
        await clerk.drain()

    assert clerk.stored == lines(1)


async def test_a_master_key_that_came_in_between_only_delays(
    clerk: Clerk, folder: Folder, sqlite_shelf: Shelf
) -> None:
    """This process can open nothing new any more; the lines wait for one that can."""
    await clerk.reader.prepare()
    written(folder, *lines(1))
    new = bytes(reversed(range(32)))
    async with sqlite_shelf.keyring(new, bytes(range(32))) as ring:
        await ring.rewrap()
    clerk.again()

    with pytest.raises(StorageTroubled):
        await clerk.reader.prepare()
    assert len(folder.segments()) == 1


async def test_listening_goes_on_after_trouble(
    clerk: Clerk, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails, the lines stay where they are and are read again."""
    monkeypatch.setattr(module, "PAUSE", 0.01)
    times = []

    def troubled(raws: Sequence[bytes]) -> None:
        times.append(len(raws))
        if len(times) < 3:
            raise StorageTroubled(Trouble.FULL)

    clerk.refuse = troubled
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(clerk.reader.listen(clerk.ingest))
        await until(lambda: folder.public() is not None)
        written(folder, *lines(1))
        await until(lambda: bool(clerk.stored))
        listening.cancel()

    assert clerk.stored == lines(1)


async def test_one_process_reads_a_folder(
    clerk: Clerk, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second waits until the first is gone."""
    monkeypatch.setattr(module, "OTHERS", 0.01)
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        with folder.held(READER) as ours:
            listening = tasks.create_task(clerk.reader.listen(clerk.ingest))
            await asyncio.sleep(0.05)
            waited = folder.public() is None
        await until(lambda: folder.public() is not None)
        listening.cancel()

    assert ours
    assert waited


def test_everything_is_for_its_owner_alone(folder: Folder) -> None:
    """Folders 0700, files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        folder.make()
        folder.put(PUBLIC, b"")
        folder.beat()
        with folder.held(READER):
            pass
    finally:
        os.umask(before)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in folder.path.iterdir()}

    assert oct(folder.path.stat().st_mode & 0o777) == "0o700"
    assert modes.pop(ASIDE) == "0o700"
    assert set(modes.values()) == {"0o600"}


def test_other_files_are_no_segments() -> None:
    """Only what the spooler names."""
    names = ["public", "1.k.new", "x.k.seg", "1..seg", "1.k-k.open", "read.new"]

    assert [Segment.read(name) for name in names] == [None] * len(names)


async def test_a_message_with_two_files_is_stored_as_two(clerk: Clerk, folder: Folder) -> None:
    """So that neither is lost: what reads a stored line knows of one file."""
    await clerk.reader.prepare()
    written(folder, recorded()["two_files"], recorded()["text"])

    await clerk.drain()

    assert len(clerk.stored) == 3
    assert [b"paper.pdf" in line for line in clerk.stored] == [False, True, False]


def refuses(raws: Sequence[bytes]) -> None:
    raise StorageTroubled(Trouble.FULL)


async def test_files_that_nobody_will_ask_for_go_once_their_line_is_stored(
    clerk: Clerk, folder: Folder
) -> None:
    """Not before: where it is refused they stay, and go the next time. What can be passed on stays."""
    gone: list[str] = []
    clerk.again(gone.append)
    files = [{"id": "a.jpg", "contentType": "image/jpeg"}, {"id": "b.pdf", "contentType": "application/pdf"}]
    said = orjson.loads(recorded()["two_files"])
    said["params"]["result"]["envelope"]["dataMessage"]["attachments"] = files
    await clerk.reader.prepare()
    written(folder, orjson.dumps(said))
    clerk.refuse = refuses
    with pytest.raises(StorageTroubled):
        await clerk.drain()
    before = list(gone)
    clerk.refuse = lambda raws: None
    await clerk.drain()

    assert before == []
    assert gone == ["b.pdf"]
    assert len(clerk.stored) == 2
