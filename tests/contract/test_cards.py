"""Pulled cards, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.model.review import PullReason
from bot.store import cards
from bot.store.cards import Pull
from bot.store.db import Database
from bot.store.withheld import Withheld, withheld

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def test_a_pull_is_of_one_content_until_it_is_taken_back(db: Database) -> None:
    """The first reason stays; what was not pulled cannot be taken back."""
    first = Pull(card="A9", content="aa", reason=PullReason.LAW, pulled_at=NOW)
    async with db.unit() as unit:
        await cards.pull(unit, "A9", "aa", reason=PullReason.LAW, now=NOW)
        await cards.pull(unit, "A9", "aa", reason=PullReason.OTHER, now=NOW + timedelta(hours=1))
        await cards.pull(unit, "A6", "bb", reason=PullReason.PHONE, now=NOW + timedelta(hours=2))
        await unit.commit()

    async with db.reading() as reading:
        assert await cards.pulled(reading) == {"aa", "bb"}
        assert await withheld(reading) == Withheld(pulled=frozenset({"aa", "bb"}), is_held=False)
        assert (await cards.pulls(reading))[0] == first

    async with db.unit() as unit:
        assert await cards.restore(unit, "A6", "bb")
        assert not await cards.restore(unit, "A6", "bb")
        assert not await cards.restore(unit, "A6", "aa")
        assert await cards.pulled(unit) == {"aa"}
