"""Rows that cannot be handled: an update nobody can read, and one the bot stumbles over. Nobody else waits."""

from tests.faults.crowd import WALK, judged, learned, visitor_at_home
from tests.faults.place import VICTIM, Place

LOST = "could not be handled"


async def test_an_unreadable_update_holds_nobody_up(place: Place) -> None:
    """Garbage of nobody is buried in silence, garbage of a person with a sentence; what is behind both is answered."""
    emulator = place.emulator
    await place.start()
    visitor = await visitor_at_home(emulator)
    emulator.inject({"message": {"nonsense": True}})
    emulator.inject({"message": {"chat": {"id": visitor.person.user_id, "type": "private"}, "text": "hello"}})
    seen = len(visitor.seen)
    await visitor.person.send("menu")
    await place.until(lambda: len(visitor.seen) > seen + 1)
    await place.until_quiet()

    assert await place.data.ask("SELECT cause FROM dead_letter") == [("unreadable",)] * 2
    assert [LOST in one.text for one in visitor.seen[seen:]].count(True) == 1
    assert visitor.seen[seen].text == visitor.seen[3].text


async def test_a_row_that_fails_three_times_is_given_up_honestly(place: Place) -> None:
    """Its person is told, what they wrote next is answered, and everybody else never notices."""
    emulator = place.emulator
    await place.start([*VICTIM, "--stumble-at", "stumble"])
    replies = await learned(emulator)
    visitor, other = await visitor_at_home(emulator), await visitor_at_home(emulator)
    seen = len(visitor.seen)
    await visitor.person.send("stumble")
    await visitor.person.send("menu")
    await other.step(WALK["home"][0])
    unharmed = len(visitor.seen) == seen
    await place.until(lambda: len(visitor.seen) > seen + 1)
    await place.until_quiet()

    assert unharmed, "the other person was answered first"
    judged([other], replies).check(in_flight=0)
    assert await place.data.ask("SELECT cause, error FROM dead_letter") == [("failed", "RuntimeError")]
    assert [LOST in one.text for one in visitor.seen[seen:]].count(True) == 1
