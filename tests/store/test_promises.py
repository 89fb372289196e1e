"""The privacy promises of the store, each by its name."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.engine.session import Frame, Session
from bot.model.outgoing import SendMessage
from bot.model.person import Platform
from bot.model.queue import Cause, DeadLetter, Ending, Keep, Lane, LaneKind, Settlement, Timer
from bot.model.text import Rich
from bot.store import inbox, outbox, owner, people, refs, sessions, tables, timers
from bot.store.crypto import Key, tag
from bot.store.db import Database
from bot.store.keys import MasterKeys
from tests.store.shelf import MASTER, NOW, Shelf, call, enqueue, event, meet, receive, sqlite_url, take, texts

CANARIES = ("סוד־שאיש־לא־יקרא", "canary-nobody-may-read", "972500004711", "canary-message-id")


async def _live_through_everything(db: Database) -> None:
    """One person leaves a canary in every place that can hold words, handled, given up and still open."""
    hebrew, english, routing_id, message_id = CANARIES
    (known,) = await meet(db, routing_id)
    who = known.person.id
    lane = Lane(kind=LaneKind.PERSON, id=who)
    words = f"{hebrew} {english}"
    await receive(db, *(event(who, f"{english}{n}", words.encode()) for n in range(3)))
    await enqueue(db, *(replace(call(known, words), keep=Keep.SENSITIVE) for _ in range(3)))
    sent, given_up, _ = (await take(db, limit=3)).deliveries
    async with db.unit() as unit:
        (row,) = await inbox.claim(unit, now=NOW, limit=1)
        await inbox.finish(unit, [row.id], now=NOW)
        (row,) = await inbox.claim(unit, now=NOW, limit=1)
        letter = DeadLetter(row_id=row.id, lane=lane, cause=Cause.FAILED, error="ValueError", died_at=NOW)
        await inbox.bury(unit, [letter])
        frame = Frame(flow="a", step="b", answers={"said": words})
        await sessions.save(unit, {who: Session(frames=(frame,))}, today=NOW.date())
        timer = Timer(lane=lane, kind="t", due_at=NOW, version="1", values={"said": words})
        await timers.put(unit, [timer, replace(timer, lane=Lane(kind=LaneKind.CASE, id=1))], now=NOW)
        settled = [
            Settlement(delivery=sent, ending=Ending.SENT, message_id=message_id),
            Settlement(delivery=given_up, ending=Ending.FAILED, reason="blocked"),
        ]
        await outbox.settle(unit, settled, now=NOW)
        await unit.commit()


def _found(files: list[Path]) -> list[tuple[str, str]]:
    """Which canaries stand in which files, in any encoding a database might use."""
    encodings = ("utf-8", "utf-16-le", "unicode_escape")
    return [
        (path.name, canary)
        for path in files
        for canary in CANARIES
        if any(canary.encode(encoding) in path.read_bytes() for encoding in encodings)
    ]


def _files_with(shelf: Shelf, words: str) -> list[str]:
    return [path.name for path in shelf.files if words.encode() in path.read_bytes()]


async def test_nothing_anybody_wrote_can_be_read_in_the_files(sqlite_shelf: Shelf) -> None:
    """Database, WAL and key file hold no word, id or answer in the clear, while open and after closing."""
    async with sqlite_shelf.opened() as db:
        await _live_through_everything(db)
        names = [path.name for path in sqlite_shelf.files]
        while_open = _found(sqlite_shelf.files)
        await db.checkpoint()
        after_checkpoint = _found(sqlite_shelf.files)

    assert {"bot.db", "bot.db-wal", "keys.db"} <= set(names)
    assert while_open == after_checkpoint == _found(sqlite_shelf.files) == []


async def test_the_scan_for_canaries_finds_what_is_there(sqlite_shelf: Shelf) -> None:
    """A scan that can't find anything would promise nothing."""
    note = Path(sqlite_shelf.data.partition("///")[2]).with_name("note")
    note.write_text(CANARIES[0], encoding="utf-8")

    assert _found(sqlite_shelf.files) == [("note", CANARIES[0])]


async def test_without_the_master_key_a_dictionary_of_ids_matches_nothing(sqlite_shelf: Shelf) -> None:
    """Both files in hand, no 32 bytes of them work as the index key that would tell which numbers wrote."""
    ids = [str(972_500_000_000 + number) for number in range(10)]
    async with sqlite_shelf.opened() as db:
        await meet(db, *ids)
        async with db.unit() as unit:
            stored = {row.tag for row in await unit.fetch(tables.address.select())}
        right = db.keyring.index(owner.of_addresses(Platform.TELEGRAM))
    files = b"".join(path.read_bytes() for path in sqlite_shelf.files)
    guesses = {b"", bytes(32), *(files[at : at + 32] for at in range(len(files) - 32))}

    hits = [one for one in ids for guess in guesses if tag(guess, one.encode()) in stored]

    assert {tag(right, one.encode()) for one in ids} == stored
    assert hits == []


async def test_a_forgotten_person_stays_unreadable_in_yesterdays_backup(sqlite_shelf: Shelf) -> None:
    """Yesterday's copy of the data beside today's key file: the one is noise, everybody else is there."""
    async with sqlite_shelf.opened() as db:
        gone, stays = await meet(db, "1", "2")
        session = Session(frames=(Frame(flow="a", step="b"),))
        async with db.unit() as unit:
            both = {gone.person.id: session, stays.person.id: session}
            await sessions.save(unit, both, today=NOW.date())
            await unit.commit()
        await enqueue(db, call(gone, "for the one"), call(stays, "for the other"))
    data = Path(sqlite_shelf.data.partition("///")[2])
    backup = Path(shutil.copy(data, data.with_name("backup")))
    async with sqlite_shelf.opened() as db, db.unit() as unit:
        await people.forget(unit, gone.person.id)
        await unit.commit()

    shutil.copy(backup, data)

    async with sqlite_shelf.opened() as db, db.unit() as unit:
        known = await people.load(unit, [gone.person.id, stays.person.id])
        assert (known[gone.person.id].addresses, known[gone.person.id].session) == ((), None)
        assert known[stays.person.id].addresses == stays.addresses
        assert known[stays.person.id].session == session
        claim = await outbox.claim(unit, now=NOW, lease=timedelta(minutes=1), limit=9)
        assert texts(claim) == ["for the other"]
        assert [one.refusal for one in claim.refused] == [outbox.Refusal.UNREADABLE]


async def test_a_forgotten_persons_key_is_in_no_file(sqlite_shelf: Shelf) -> None:
    """The wrapped key is overwritten on disk at once, in the WAL too, not only unlinked."""
    async with sqlite_shelf.opened() as db:
        (known,) = await meet(db, "1")
        was_there = _files_with(sqlite_shelf, f"person/{known.person.id}")

        async with db.unit() as unit:
            await people.forget(unit, known.person.id)
            await unit.commit()
            still_there = _files_with(sqlite_shelf, f"person/{known.person.id}")

    assert (was_there, still_there) == (["keys.db-wal"], [])


async def test_a_crash_while_somebody_new_is_stored_leaves_at_most_a_key(shelf: Shelf) -> None:
    """The key is on disk before the rows: rows without a key can't exist."""
    async with shelf.opened() as db:
        async with db.unit() as unit:
            await people.resolve(unit, Platform.TELEGRAM, ["1"], today=NOW.date())
        looked = db.keyring.people_before(NOW.date() + timedelta(days=1), pages=2)
        found = {id_ async for page in looked for id_ in page}

        assert len(found) == 1
        async with db.unit() as unit:
            assert await people.load(unit, found) == {}


async def test_handled_events_leave_no_body(shelf: Shelf) -> None:
    """The row that knows a redelivery holds nothing of what was said."""
    async with shelf.opened() as db:
        await receive(db, event(1, "a", b"words"))
        async with db.unit() as unit:
            rows = await inbox.claim(unit, now=NOW, limit=1)
            await inbox.finish(unit, [row.id for row in rows], now=NOW)
            (left,) = await unit.fetch(tables.inbox.select())

    assert left.body is None


async def test_a_key_file_row_moved_to_another_owner_is_refused() -> None:
    """A wrapped key opens only as its own owner's."""
    master = MasterKeys([MASTER]).primary
    wrapped = master.wrap(bytes(32), "person/1", entropy=os.urandom)

    assert master.unwrap(wrapped, "person/1") == bytes(32)
    with pytest.raises(Exception, match="cannot be opened"):
        master.unwrap(wrapped, "person/2")


async def test_references_open_only_where_they_stand(shelf: Shelf) -> None:
    """A sealed message id copied to another row is not shown."""
    async with shelf.opened() as db:
        one, two = await meet(db, "1", "2")
        await enqueue(db, *(replace(call(known), keep=Keep.SCREEN) for known in (one, two)))
        done = [
            Settlement(delivery=delivery, ending=Ending.SENT, message_id="m")
            for delivery in (await take(db)).deliveries
        ]
        async with db.unit() as unit:
            await outbox.settle(unit, done, now=NOW)
            table = tables.message_ref
            (first, *_) = await unit.fetch(table.select().order_by(table.c.id))
            await unit.change(table.update().values(message_sealed=first.message_sealed))

            found = await refs.of_people(unit, [one.person.id, two.person.id])

    assert len(found) == 1


def test_a_sealed_text_is_not_a_pattern() -> None:
    """Two equal payloads under one key have nothing in common but their length."""
    body = repr(SendMessage(text=Rich("the same"))).encode()
    one, two = (Key(bytes(32)).seal(body, place=b"", entropy=os.urandom) for _ in range(2))

    assert one[13:] != two[13:]
    assert len(one) == len(two)


async def test_files_are_their_owners_only(sqlite_shelf: Shelf, tmp_path: Path) -> None:
    """Files are 0600 and a directory made for them is 0700, the WAL included."""
    async with sqlite_shelf.opened() as db:
        await meet(db, "1")
        modes = {path.stat().st_mode & 0o777 for path in sqlite_shelf.files if ".db" in path.name}
    url = sqlite_url(tmp_path / "made" / "keys.db")
    with pytest.raises(Exception, match="version"):
        async with Shelf(data=url, keys=url).keyring():
            pass

    assert modes == {0o600}
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
