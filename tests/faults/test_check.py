"""The judge of the fault tests is judged: it finds one message lost and one message doubled, and nothing in calm."""

import pytest

from bot.sandbox.fault import Fault, FaultKind
from tests.faults.crowd import WALK, Replies, judged, learned, visitor_at_home
from tests.faults.place import Place


@pytest.fixture
async def replies(place: Place) -> Replies:
    """A bot that runs, and what it answers."""
    await place.start()
    return await learned(place.emulator)


async def test_a_calm_conversation_passes(place: Place, replies: Replies) -> None:
    """Nothing is lost and nothing doubled where nothing went wrong."""
    visitor = await visitor_at_home(place.emulator)
    await place.until_quiet()

    judged([visitor], replies).check(in_flight=0)


@pytest.mark.parametrize("nth", [0, 1, 2])
async def test_a_lost_message_fails_the_check(place: Place, replies: Replies, nth: int) -> None:
    """A message that Telegram took and nobody saw is found, a question or one of several in an answer."""
    visitor = await visitor_at_home(place.emulator)
    await visitor.step(WALK["home"][1])
    await visitor.step(WALK["help"][0])
    place.emulator.faults.add(
        Fault(kind=FaultKind.LOSE, method="sendMessage", chat_id=visitor.person.user_id, skip=nth)
    )
    visitor.patience = 1.0
    await visitor.step(WALK["options"][0])
    await place.until_quiet()

    with pytest.raises(AssertionError, match="lost"):
        judged([visitor], replies).check(in_flight=1000)


async def test_a_doubled_message_fails_the_check(place: Place, replies: Replies) -> None:
    """A message that was sent again after a lost answer is found where no kill allows it."""
    visitor = await visitor_at_home(place.emulator)
    place.emulator.faults.add(
        Fault(kind=FaultKind.DROP_AFTER, method="sendMessage", chat_id=visitor.person.user_id)
    )
    await visitor.step(WALK["home"][0])
    await place.until_quiet()
    verdict = judged([visitor], replies)

    verdict.check(in_flight=1)
    with pytest.raises(AssertionError, match="1 doubles"):
        verdict.check(in_flight=0)
