"""Deaths at a chosen stage, one process after the other: each lives exactly until it is there."""

from collections.abc import Sequence
from typing import Final

from tests.faults.place import VICTIM, Bot, Place
from tests.faults.victim import Kill
from tests.faults.watch import Stage, Watch

LEASE: Final = ("--lease", "2")  # seconds, instead of two minutes; matters on PostgreSQL only


async def killed_at(place: Place, stage: Stage, *, nth: int = 1) -> None:
    """A bot starts and takes up what waits, and at the `nth` entry into `stage` it is gone."""
    file = place.directory / "watch"
    Watch.made(file).close()
    aim = Kill(stage=stage, nth=nth).written()
    bot = await place.start([*VICTIM, "--watch", str(file), *LEASE, "--kill", aim], ready=False)
    assert await bot.ended() == -9, bot.log


async def revived(place: Place) -> Bot:
    """A bot starts that nobody kills, and does all there is to do."""
    bot = await place.start([*VICTIM, *LEASE])
    await place.until_quiet()
    return bot


async def left(place: Place, questions: Sequence[str]) -> list[int]:
    """The one number of each question about what a killed bot left."""
    return [int((await place.data.ask_the_dead(question))[0][0]) for question in questions]
