"""Two processes on one PostgreSQL database: they share the work, keep the order, and stand in for each other."""

from collections.abc import Sequence
from typing import Final

from tests.faults.crowd import Replies, Visitor, crowd, going_about, judged, learned
from tests.faults.place import VICTIM, Bot, Place
from tests.faults.watch import Stage, Watch

SHORT: Final = ("--lease", "2")  # seconds, instead of two minutes
BUSY: Final = 20  # calls, after which a worker has its share


async def worker(place: Place, name: str, *, ready: bool, lease: Sequence[str]) -> tuple[Bot, Watch]:
    """A watched process; only the one that receives greets Telegram."""
    file = place.directory / name
    watch = Watch.made(file)
    return await place.start([*VICTIM, "--watch", str(file), *lease], ready=ready), watch


async def begun(
    place: Place, *, lease: Sequence[str] = SHORT
) -> tuple[list[tuple[Bot, Watch]], Replies, list[Visitor]]:
    """Two workers, the first of which receives, what they answer, and people to write to them."""
    first = await worker(place, "first", ready=True, lease=lease)
    replies = await learned(place.emulator)
    second = await worker(place, "second", ready=False, lease=lease)
    return [first, second], replies, crowd(place.emulator, 30, seed=7)


async def test_two_workers_handle_everything_once_and_in_order(postgres_place: Place) -> None:
    """Both send, no answer comes twice, none before the one it follows; nobody dies, so the lease is the real one."""
    place = postgres_place
    workers, replies, visitors = await begun(place, lease=())
    async with going_about(visitors):
        await place.until(lambda: all(watch.get("calls") > BUSY for _, watch in workers))
    await place.until_quiet()

    assert await place.number("SELECT count(*) FROM dead_letter") == 0
    judged(visitors, replies).check(in_flight=0)


async def test_a_worker_takes_over_from_one_that_was_killed(postgres_place: Place) -> None:
    """The one that receives dies; the other one receives, and nothing is lost."""
    place = postgres_place
    ((receiver, mark), (other, watch)), replies, visitors = await begun(place)
    async with going_about(visitors):
        await place.until(lambda: watch.get("calls") > BUSY)
        receiver.kill()
        await receiver.ended()
        before = len(visitors[0].done)
        await place.until(lambda: len(visitors[0].done) > before + 3)
    await place.until_quiet()

    assert other.is_alive
    judged(visitors, replies).check(in_flight=mark.get(Stage.SENDING) + mark.get(Stage.SENT))


async def test_workers_survive_a_restart_of_the_database(postgres_place: Place) -> None:
    """Every connection breaks at once; both go on, and nobody waits in vain."""
    place = postgres_place
    workers, replies, visitors = await begun(place)
    async with going_about(visitors):
        await place.until(lambda: all(watch.get("calls") > BUSY for _, watch in workers))
        await place.data.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        before = len(visitors[0].done)
        await place.until(lambda: len(visitors[0].done) > before + 3)
    await place.until_quiet()

    assert all(bot.is_alive for bot, _ in workers)
    assert judged(visitors, replies).lost == ()
