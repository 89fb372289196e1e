"""A flood with the thresholds as they are, and kill -9 in the middle of it: nothing of anybody else is lost."""

from typing import Final

import pytest

from bot.sandbox import Emulator, Person
from tests.faults.place import Place

NORMAL: Final = 5
HOSTILE: Final = 5
ROUNDS: Final = 70  # messages of each hostile account
KILLS: Final = (20, 65)  # while they are slowed down, and when nothing more of theirs is stored
CRISIS: Final = "I want to kill myself"


def people(emulator: Emulator, first: int, count: int) -> list[Person]:
    """So many people whose apps speak English."""
    return [emulator.person(first + number, language_code="en") for number in range(count)]


@pytest.mark.timeout(180)
async def test_a_kill_in_a_flood_loses_nothing_of_others(place: Place) -> None:
    """Twice: whoever writes now and then is answered every time, and so is every crisis phrase of the hostile ones."""
    place.flood_factor = 1
    normal, hostile = people(place.emulator, 1, NORMAL), people(place.emulator, 5000, HOSTILE)
    bot = await place.start()
    for number in range(ROUNDS):
        for one in hostile:
            await one.send(f"abuse {number}")
        if number in KILLS:
            bot.kill()
            await bot.ended()
            for one in normal:
                await one.send("/start")
            bot = await place.start()
    for one in hostile:
        await one.send(CRISIS)
    await place.until(lambda: all(_answers(one, "run by volunteers") >= len(KILLS) for one in normal))
    await place.until(lambda: all(_answers(one, "You do not have to be alone") for one in hostile))

    assert [_answers(one, "You do not have to be alone") for one in hostile] == [1] * HOSTILE


def _answers(one: Person, words: str) -> int:
    return sum(words in message.text for message in one.replies)
