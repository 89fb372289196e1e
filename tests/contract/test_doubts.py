"""What people say is wrong with facts, held on SQLite and on PostgreSQL alike."""

from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bot.model.doubt import MOST
from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.store import doubts, own_key, owner, retention, tables
from bot.store.crypto import place_of
from bot.store.db import Database
from bot.store.errors import Unopenable
from tests.store.shelf import NOW

TODAY: Final = NOW.date()
ONE: Final = "1" * 64
OTHER: Final = "2" * 64
SENTENCE: Final = "The law names another number"


class TestDoubts:
    """A fact, a day, perhaps a sentence, and nobody."""

    async def test_they_are_counted_and_read_by_the_words_they_are_about(self, db: Database) -> None:
        """Also those who wrote nothing."""
        async with db.unit() as unit:
            await doubts.add(unit, ONE, words=SENTENCE, today=TODAY)
            await doubts.add(unit, ONE, words="", today=TODAY)
            await doubts.add(unit, OTHER, words="", today=TODAY)
            counts = await doubts.counts(unit)
            found = await doubts.of(unit, ONE)
            rows = await unit.fetch(select(tables.card_doubt))

        assert counts == {ONE: 2, OTHER: 1}
        assert sorted(one.words for one in found) == ["", SENTENCE]
        assert all(SENTENCE.encode() not in (row.text_sealed or b"") for row in rows)

    async def test_a_flood_of_them_is_counted_elsewhere_only(self, db: Database) -> None:
        """Nobody reads more than that, and other facts are none of it."""
        async with db.unit() as unit:
            taken = [await doubts.add(unit, ONE, words="", today=TODAY) for _ in range(MOST + 1)]
            other = await doubts.add(unit, OTHER, words="", today=TODAY)

        assert taken == [True] * MOST + [False]
        assert other

    async def test_only_what_was_looked_at_is_wiped(self, db: Database) -> None:
        """What was said meanwhile waits for the next look."""
        async with db.unit() as unit:
            await doubts.add(unit, ONE, words=SENTENCE, today=TODAY)
            looked = [one.id for one in await doubts.of(unit, ONE)]
            await doubts.add(unit, ONE, words="later", today=TODAY)
            ended = [await doubts.end(unit, looked) for _ in range(2)]
            left = await doubts.of(unit, ONE)

        assert ended == [1, 0]
        assert [one.words for one in left] == ["later"]

    async def test_a_copy_from_before_does_not_open_again(self, db: Database) -> None:
        """The key of a sentence goes with it; no other key opens it."""
        async with db.unit() as unit:
            await doubts.add(unit, ONE, words=SENTENCE, today=TODAY)
            (row,) = await unit.fetch(select(tables.card_doubt))
            await unit.commit()
        async with db.unit() as unit:
            await doubts.end(unit, [row.id])
            await unit.commit()
        place = place_of("card_doubt.text_sealed", row=row.id, owner=owner.of_words(row.id))
        service = (await db.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]

        async with db.unit() as unit:
            assert await own_key.of(unit, [row.id]) == {}
        with pytest.raises(Unopenable):
            service.opened(row.text_sealed, place=place)

    async def test_they_go_after_their_time(self, db: Database) -> None:
        """Looked at or not, with their keys; a key that a crash left behind goes too."""
        days = lifetime(DataClass.CARD_DOUBT)
        lost = NOW.date() - lifetime(DataClass.WORDS_KEY)
        async with db.unit() as unit:
            await doubts.add(unit, ONE, words=SENTENCE, today=TODAY - days)
            await doubts.add(unit, ONE, words="young", today=TODAY - days + timedelta(days=1))
            await own_key.made(unit, 7, today=lost)
            removed = await retention.sweep(unit, now=NOW)
            left = await doubts.of(unit, ONE)
            orphans = await own_key.of(unit, [7])

        assert [one.words for one in left] == ["young"]
        assert (removed[DataClass.CARD_DOUBT], removed[DataClass.WORDS_KEY], orphans) == (1, 1, {})
