"""Small facts the bot remembers about itself, such as the hash of the commands it set last. Nothing about people."""

from sqlalchemy import bindparam, delete, select

from bot.model.person import Platform
from bot.store.tables import memo
from bot.store.unit import Unit
from bot.store.upsert import for_both

RIDDLE = "riddle"
LINK = "signal_link"  # where the bot is on Signal

_GET = select(memo.c.value).where(memo.c.name == bindparam("which"))
_FORGET = delete(memo).where(memo.c.name == bindparam("which"))
_PUT = for_both(
    memo,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[memo.c.name], set_={"value": insert.excluded.value}
    ),
)


def riddle(platform: Platform) -> str:
    """The name of what somebody has to solve before a platform takes more messages."""
    return f"{RIDDLE}/{platform}"


async def get(unit: Unit, name: str) -> str | None:
    """What was remembered under `name`."""
    rows = await unit.fetch(_GET, {"which": name})
    return str(rows[0].value) if rows else None


async def put(unit: Unit, name: str, value: str) -> None:
    """Remember `value`, instead of what was there."""
    await unit.change(_PUT, {"name": name, "value": value})


async def forget(unit: Unit, name: str) -> None:
    """Remember nothing under `name` any more."""
    await unit.change(_FORGET, {"which": name})
