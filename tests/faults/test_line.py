"""kill -9 while words are on their way over a line: they arrive, in order, at whoever has the case and nobody else."""

import asyncio
from typing import Final

import pytest

from bot.sandbox import Person
from bot.sandbox.fault import Fault, FaultKind
from tests.faults.place import PATIENCE, Bot, Place
from tests.faults.test_case import ALERT, HELD, at_rest, has_heard, shown

INSTANTS: Final = (0.0, 0.03, 0.1)  # seconds from the words to the death
HERE: Final = "on the line with"
LATE: Final = "too late for them"


async def connected(place: Place, seeker: Person, volunteer: Person) -> Bot:
    """Both are on the line."""
    await at_rest(place, seeker, volunteer)
    bot = await place.start()
    await seeker.send("/human")
    for choice in ("Somebody of the team", "Somebody to talk with", "Yes, please look"):
        await shown(seeker, choice)
        await seeker.press(choice)
    await volunteer.wait_for(
        lambda message: ALERT in message.text and "Accept" in message.labels, timeout=PATIENCE
    )
    await volunteer.press("Accept")
    await place.until_number(HELD, 1)
    for one in (seeker, volunteer):
        await one.wait_for(HERE, timeout=PATIENCE)
    await place.until_quiet()
    return bot


async def died(place: Place, bot: Bot, instant: float) -> Bot:
    """Another process goes on where this one was killed."""
    await asyncio.sleep(instant)
    bot.kill()
    await bot.ended()
    return await place.start()


def read(person: Person, words: list[str]) -> list[str]:
    """Which of these words somebody has been shown, in order, each at its first time."""
    seen = [word for message in person.replies for word in words if word in message.text]
    return list(dict.fromkeys(seen))


@pytest.mark.timeout(240)
async def test_words_on_a_line_survive_the_death_of_the_bot(place: Place) -> None:
    """At whichever instant: all of them arrive in order, and doubled is at most what was in flight."""
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    bot = await connected(place, seeker, volunteer)
    there = [f"there{number}zz" for number in range(2 * len(INSTANTS))]
    back = [f"back{number}zz" for number in range(len(INSTANTS))]

    for number, instant in enumerate(INSTANTS):
        for words in there[2 * number : 2 * number + 2]:
            await seeker.send(words)
        await volunteer.send(back[number])
        bot = await died(place, bot, instant)
        await place.until_quiet()

    assert read(volunteer, there) == there
    assert read(seeker, back) == back
    doubles = sum(word in one.text for one in volunteer.replies for word in there) - len(there)
    assert doubles <= len(INSTANTS), "one call to a chat is in flight at a time"
    assert await place.data.ask("SELECT cause FROM dead_letter") == []


@pytest.mark.timeout(240)
async def test_words_never_reach_whoever_no_longer_has_the_case(place: Place) -> None:
    """They could not be sent before the line changed hands and the bot was killed; afterwards they never are."""
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    bot = await connected(place, seeker, volunteer)
    place.emulator.faults.add(
        Fault(kind=FaultKind.BAD_GATEWAY, method="sendMessage", chat_id=volunteer.user_id, times=None)
    )
    await seeker.send(LATE)
    await place.until_number("SELECT count(*) FROM outbox WHERE case_id IS NOT NULL", 1)
    await seeker.send("/line")
    for choice in ("Somebody else", "Yes, somebody else"):
        await shown(seeker, choice)
        await seeker.press(choice)
    await place.until_number('SELECT count(*) FROM "case" WHERE volunteer_id IS NULL', 1)
    heard = len(volunteer.replies)
    bot.kill()
    await bot.ended()
    place.emulator.faults.clear()
    await place.start()
    await place.until_quiet()

    assert has_heard(volunteer, heard), "that the line is over does arrive"
    assert read(volunteer, [LATE]) == []
