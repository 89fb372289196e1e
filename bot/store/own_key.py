"""Words that lie about for weeks, each under a key of its own in the key file, which is destroyed with them.

So no copy of the data file from before opens again what is wiped, with all the keys there still are. Used by the
tables of letters of support and of what people say about facts.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from bot.model.kept import DataClass
from bot.model.retention import lifetime
from bot.store import owner
from bot.store.crypto import Key
from bot.store.moment import day_of
from bot.store.unit import Unit

_A_DAY: Final = timedelta(days=1)


async def made(unit: Unit, row_id: int, *, today: date) -> Key:
    """The key of a row that is about to be written."""
    name = owner.of_words(row_id)
    return (await unit.keyring.keys_for([name], create_on=today))[name]


async def of(unit: Unit, row_ids: Collection[int]) -> Mapping[int, Key]:
    """The keys of rows; one whose key is gone is missing."""
    names = {owner.of_words(row_id): row_id for row_id in row_ids}
    return {names[name]: key for name, key in (await unit.keyring.keys_for(names)).items()}


def doom(unit: Unit, row_ids: Collection[int]) -> None:
    """The words of these rows are wiped: with the commit their keys go."""
    unit.doom(*map(owner.of_words, row_ids))


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Destroy the keys that a crash left behind; no words live as long as these have; how many."""
    after = lifetime(DataClass.WORDS_KEY) - _A_DAY
    return {DataClass.WORDS_KEY: await unit.keyring.prune(owner.WORDS, day_of(now), after=after)}
