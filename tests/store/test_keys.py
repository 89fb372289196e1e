"""The key file: master keys, making and destroying keys, rotation."""

import asyncio
import os
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.store import keyring as keyring_module
from bot.store import owner
from bot.store.errors import (
    BadMasterKey,
    EqualIndexKeys,
    NoDataFile,
    NoKeyFile,
    NotMigrated,
    StorageTroubled,
    Trouble,
    WrongMasterKey,
)
from bot.store.keys import MasterKeys, new_master_key, wrapped_key
from bot.store.link import Link
from tests.store.shelf import MASTER, NOW, Shelf, call, enqueue, event, meet, receive, sqlite_url, take, texts

NEW = bytes(reversed(range(32)))
TODAY = NOW.date()


class TestMasterKeys:
    """What BOT_MASTER_KEY may hold."""

    def test_a_new_one_can_be_read(self) -> None:
        """`bot keys new` prints what the setting takes, alone or before an old one."""
        one, two = new_master_key(os.urandom), new_master_key(os.urandom)

        keys = MasterKeys.parse(f"{two}, {one}\n")

        assert keys.primary == MasterKeys.parse(two).primary
        assert keys.of(MasterKeys.parse(one).primary.fingerprint) is not None

    @pytest.mark.parametrize("text", ["", "abc", "!!!", new_master_key(lambda n: bytes(n - 1))])
    def test_anything_else_is_refused(self, text: str) -> None:
        """Too short, or no base64."""
        with pytest.raises(BadMasterKey):
            MasterKeys.parse(text)

    def test_equal_keys_are_refused(self) -> None:
        """`new,old` with twice the same key is a rotation that does nothing."""
        with pytest.raises(BadMasterKey):
            MasterKeys([MASTER, MASTER])

    def test_nothing_prints_a_key(self) -> None:
        """Neither the keys nor one of them shows its bytes."""
        keys = MasterKeys([MASTER])

        assert repr(keys) == "***"
        assert "raw" not in repr(keys.primary)


class TestRounds:
    """Looking through the keys of people goes on where it stopped."""

    async def test_a_few_pages_at_a_time_come_to_everybody(self, shelf: Shelf) -> None:
        """However many there are, nobody is passed over for ever."""
        names = {f"person/{number}" for number in range(1200)}
        async with shelf.keyring() as keyring:
            await keyring.keys_for(names, create_on=TODAY)
            seen: set[str] = set()
            for _ in range(5):
                looked = keyring.people_before(TODAY + timedelta(days=1), pages=1)
                seen |= {f"person/{id_}" async for page in looked for id_ in page}

        assert seen == names


class TestOpening:
    """A keyring opens only with the right key beside the right data."""

    async def test_a_wrong_master_key_refuses(self, shelf: Shelf) -> None:
        """The error says what to do."""
        async with shelf.keyring(MASTER):
            pass

        with pytest.raises(WrongMasterKey) as refused:
            async with shelf.keyring(NEW):
                pass

        assert "while rotating" in refused.value.advice

    async def test_half_of_a_rotation_refuses(self, shelf: Shelf) -> None:
        """While some keys are still wrapped by the old master key, it must be given."""
        async with shelf.keyring(MASTER) as keyring:
            await keyring.keys_for(["person/1"], create_on=TODAY)
        async with shelf.keyring(NEW, MASTER) as keyring:
            await keyring.keys_for(["person/2"], create_on=TODAY)

        with pytest.raises(WrongMasterKey):
            async with shelf.keyring(NEW):
                pass

    async def test_a_file_that_is_not_migrated_refuses(self, tmp_path: object) -> None:
        """The error names the command."""
        url = sqlite_url(tmp_path / "none" / "keys.db")  # type: ignore[operator]

        with pytest.raises(NotMigrated) as refused:
            async with Shelf(data=url, keys=url).keyring():
                pass

        assert "bot migrate" in refused.value.advice

    async def test_equal_index_keys_refuse(self, shelf: Shelf) -> None:
        """A key file in which two index keys are the same is not opened."""
        async with shelf.keyring():
            pass
        master = MasterKeys([MASTER]).primary
        one, two = owner.INDEXES[1:3]
        link = await Link.open(shelf.keys)
        async with link.channel() as channel:
            (row,) = await channel.fetch(select(wrapped_key.c.wrapped).where(wrapped_key.c.owner == one))
            again = master.wrap(master.unwrap(row.wrapped, one), two, entropy=os.urandom)
            await channel.change(update(wrapped_key).where(wrapped_key.c.owner == two).values(wrapped=again))
            await channel.commit()
        await link.close()

        with pytest.raises(EqualIndexKeys):
            async with shelf.keyring():
                pass

    async def test_a_new_key_file_beside_old_data_refuses(self, shelf: Shelf) -> None:
        """Data whose key file was lost is not served as if nobody had ever written."""
        async with shelf.opened():
            pass
        link = await Link.open(shelf.keys)
        async with link.channel() as channel:
            await channel.change(wrapped_key.delete())
            await channel.commit()
        await link.close()

        with pytest.raises(NoKeyFile):
            async with shelf.opened():
                pass

    async def test_a_new_data_file_beside_old_keys_refuses(
        self, sqlite_shelf: Shelf, sqlite_template: object
    ) -> None:
        """Else the sweep would take every key for one of nobody."""
        async with sqlite_shelf.opened():
            pass
        empty = Shelf(data=sqlite_url(sqlite_template / "bot.db"), keys=sqlite_shelf.keys)  # type: ignore[operator]

        with pytest.raises(NoDataFile):
            async with empty.opened():
                pass

    async def test_a_keyring_does_not_print_itself(self, shelf: Shelf) -> None:
        """A keyring in a log line is three stars."""
        async with shelf.keyring() as keyring:
            assert repr(keyring) == "***"


class TestKeys:
    """Keys come once and go for good."""

    async def test_a_key_stays_the_same(self, shelf: Shelf) -> None:
        """What one opening of the file made, the next one finds."""
        async with shelf.keyring() as keyring:
            first = await keyring.keys_for(["person/1"], create_on=TODAY)
            sealed = first["person/1"].seal(b"words", place=b"here", entropy=os.urandom)

        async with shelf.keyring() as keyring:
            again = await keyring.keys_for(["person/1", "person/2"])

        assert again.keys() == {"person/1"}
        assert again["person/1"].opened(sealed, place=b"here") == b"words"

    async def test_known_keys_cost_no_statement(self, shelf: Shelf) -> None:
        """Unwrapped keys are remembered."""
        async with shelf.keyring() as keyring:
            await keyring.keys_for(["person/1"], create_on=TODAY)
            before = keyring.statements

            await keyring.keys_for(["person/1"])

            assert keyring.statements == before

    async def test_two_processes_agree_on_a_new_key(self, shelf: Shelf) -> None:
        """Whoever is quicker: both have the key that is on disk."""
        async with shelf.keyring() as one, shelf.keyring() as two:
            made = await asyncio.gather(
                *(keyring.keys_for(["day/2026-11-24"], create_on=TODAY) for keyring in (one, two))
            )

        sealed = made[0]["day/2026-11-24"].seal(b"words", place=b"", entropy=os.urandom)
        assert made[1]["day/2026-11-24"].opened(sealed, place=b"") == b"words"

    async def test_the_memory_of_keys_is_bounded(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        """The key used longest ago is forgotten first, and found again on disk."""
        monkeypatch.setattr(keyring_module, "_CACHED", 2)
        async with shelf.keyring() as keyring:
            for name in ("person/1", "person/2", "person/3"):
                await keyring.keys_for([name], create_on=TODAY)
            before = keyring.statements

            assert (await keyring.keys_for(["person/1"])).keys() == {"person/1"}
            assert keyring.statements == before + 1

    async def test_a_destroyed_key_is_gone(self, shelf: Shelf) -> None:
        """From memory and from the file."""
        async with shelf.keyring() as keyring:
            await keyring.keys_for(["person/1", "person/2"], create_on=TODAY)

            await keyring.destroy(["person/1"])

            assert (await keyring.keys_for(["person/1", "person/2"])).keys() == {"person/2"}
        async with shelf.keyring() as keyring:
            assert (await keyring.keys_for(["person/1", "person/2"])).keys() == {"person/2"}

    async def test_what_cannot_be_destroyed_now_is_destroyed_next(self, sqlite_shelf: Shelf) -> None:
        """A key file that is busy makes a deletion late, never undone."""
        async with sqlite_shelf.keyring() as keyring:
            await keyring.keys_for(["person/1", "person/2"], create_on=TODAY)
            blocker = await Link.open(sqlite_shelf.keys)
            async with blocker.channel() as channel:
                await channel.change(wrapped_key.delete().where(wrapped_key.c.owner == "none"))
                await keyring.destroy(["person/1"])
            await blocker.close()

            await keyring.destroy(["person/2"])

            assert await keyring.keys_for(["person/1", "person/2"]) == {}

    async def test_day_keys_live_two_days(self, shelf: Shelf) -> None:
        """Bodies of the day before yesterday can no longer be opened by anybody."""
        days = [TODAY - timedelta(days=days) for days in range(5)]
        async with shelf.keyring() as keyring:
            await keyring.keys_for([owner.of_day(day) for day in days], create_on=TODAY)

            gone = await keyring.prune_days(TODAY)

            left = await keyring.keys_for([owner.of_day(day) for day in days])
        assert gone == 2
        assert left.keys() == {owner.of_day(day) for day in days[:3]}

    async def test_index_keys_are_never_pruned(self, shelf: Shelf) -> None:
        """Pruning takes keys of days and of messages, nothing else."""
        async with shelf.keyring() as keyring:
            pair = keyring.pair_tag()
            await keyring.keys_for(["message/1", "person/1"], create_on=TODAY - timedelta(days=9))
            await keyring.prune_days(TODAY + timedelta(days=999))

            assert await keyring.prune(owner.MESSAGE, TODAY) == 1
            assert (await keyring.keys_for(["message/1", "person/1"])).keys() == {"person/1"}
        async with shelf.keyring() as keyring:
            assert keyring.pair_tag() == pair


class TestRotation:
    """A new master key, without a pause."""

    async def test_rotation_rewraps_everything_while_serving(self, shelf: Shelf) -> None:
        """People write and are answered meanwhile; afterwards the new key alone opens it all, found as before."""
        async with shelf.opened(MASTER) as db:
            (before, *_) = await meet(db, "1", *map(str, range(2, 1200)))
            await enqueue(db, call(before, "sealed before"))

        async with shelf.opened(NEW, MASTER) as db:
            rewrapping = asyncio.get_running_loop().create_task(db.keyring.rewrap())
            (during,) = await meet(db, "newcomer")
            await receive(db, event(during.person.id, "while"))
            assert await rewrapping >= 1200
            assert await db.keyring.is_rotated()

        async with shelf.opened(NEW) as db:
            assert await meet(db, "1", "newcomer") == [before, during]
            assert texts(await take(db)) == ["sealed before"]

    async def test_the_old_key_opens_nothing_afterwards(self, shelf: Shelf) -> None:
        """A stolen old key is worth nothing once rotation is done."""
        async with shelf.keyring(MASTER):
            pass
        async with shelf.keyring(NEW, MASTER) as keyring:
            assert not await keyring.is_rotated()
            await keyring.rewrap()

        with pytest.raises(WrongMasterKey):
            async with shelf.keyring(MASTER):
                pass

    async def test_a_process_left_behind_waits(self, shelf: Shelf) -> None:
        """One that was not given the new key pauses; it must not take other people's messages for unreadable."""
        async with shelf.opened(MASTER) as behind, shelf.keyring(NEW, MASTER) as ahead:
            await ahead.keys_for(["person/1"], create_on=TODAY)

            with pytest.raises(StorageTroubled) as told:
                await behind.keyring.keys_for(["person/1"])

        assert told.value.trouble is Trouble.SEALED

    async def test_a_tampered_key_is_one_persons_matter(self, shelf: Shelf) -> None:
        """The others of the batch are read."""
        async with shelf.keyring() as keyring:
            await keyring.keys_for(["person/1", "person/2"], create_on=TODAY)
        link = await Link.open(shelf.keys)
        async with link.channel() as channel:
            row = wrapped_key.c.owner == "person/1"
            await channel.change(update(wrapped_key).where(row).values(wrapped=b"noise"))
            await channel.commit()
        await link.close()

        async with shelf.keyring() as keyring:
            assert (await keyring.keys_for(["person/1", "person/2"])).keys() == {"person/2"}

    async def test_a_destroyed_key_does_not_come_back_by_rotation(self, shelf: Shelf) -> None:
        """Who was forgotten between two pages stays forgotten."""
        async with shelf.keyring(MASTER) as keyring:
            await keyring.keys_for(["person/1"], create_on=TODAY)
        async with shelf.keyring(NEW, MASTER) as keyring:
            await keyring.destroy(["person/1"])
            await keyring.rewrap()

            assert await keyring.keys_for(["person/1"]) == {}
