"""How processes begin and end beside each other: a second one is refused, one that is told to stop stops soon."""

from bot.model.exit import Exit
from tests.faults.crowd import crowd, going_about, judged, learned, visitor_at_home
from tests.faults.place import Place, make_slow


async def test_a_second_process_on_one_file_is_refused(place: Place) -> None:
    """It ends at once with a sentence that says why; the first one goes on."""
    first = await place.start()
    second = await place.start(ready=False)

    assert await second.ended() == Exit.TRY_AGAIN
    assert "Another process is serving from this database." in second.log
    assert first.is_alive
    await visitor_at_home(place.emulator)


async def test_a_bot_told_to_stop_stops_and_loses_nothing(place: Place) -> None:
    """SIGTERM ends it within seconds in the middle of everything; the next one goes on, and nothing comes twice."""
    bot = await place.start()
    replies = await learned(place.emulator)
    make_slow(place.emulator, seed=6)
    visitors = crowd(place.emulator, 20, seed=6)
    async with going_about(visitors):
        await place.until(lambda: sum(len(visitor.done) for visitor in visitors) > 100)
        bot.terminate()
        status = await bot.ended(within=8.0)
        left = await place.number("SELECT count(*) FROM outbox WHERE sending")
        await place.start()
    await place.until_quiet()

    assert status == Exit.OK
    assert left == 0
    judged(visitors, replies).check(in_flight=0)
    assert "ERROR" not in bot.log
