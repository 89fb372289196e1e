"""kill -9 while somebody accepts a case: it is theirs or still anybody's, and nobody is left without a word."""

import asyncio
from functools import partial
from typing import Final

import pytest

from bot.model.case import Need
from bot.model.person import Form, Language
from bot.sandbox import Person
from bot.store import people
from tests.faults.place import PATIENCE, Place
from tests.store.shelf import NOW, Shelf
from tests.volunteer import enlisted, welcomed

INSTANTS: Final = (0.0, 0.03, 0.1)  # seconds from the press to the death
ALERT: Final = "looking for"
HELD: Final = "SELECT count(*) FROM \"case\" WHERE state IN ('claimed', 'connected')"


async def at_rest(place: Place, *persons: Person) -> None:
    """Everybody has read the welcome, and the last of them volunteers."""
    bot = await place.start()
    for one in persons:
        await one.start()
        await one.wait_for(lambda message: bool(message.labels), timeout=PATIENCE)
    await place.until_quiet()
    bot.terminate()
    await bot.ended()
    ids = [row[0] for row in await place.data.ask("SELECT person_id FROM address ORDER BY id")]
    async with Shelf(data=place.urls["BOT_DATABASE_URL"], keys=place.urls["BOT_KEYS_URL"]).opened() as db:
        async with db.unit() as unit:
            known = await people.load(unit, ids)
        for who in ids:
            await welcomed(db, who, language=Language.ENGLISH, form=Form.NEUTRAL, now=NOW)
        volunteer = str(persons[-1].user_id)
        (helper,) = (id_ for id_, one in known.items() if one.addresses[0].routing_id == volunteer)
        await enlisted(db, helper, now=NOW, needs=[Need.BUDDY], capacity=5)


async def shown(person: Person, label: str) -> None:
    """Somebody sees a button."""
    await person.wait_for(lambda message: label in message.labels, timeout=PATIENCE)


def has_heard(person: Person, before: int) -> bool:
    """Somebody has seen more than they had."""
    return len(person.replies) > before


@pytest.mark.timeout(240)
async def test_a_case_survives_the_death_of_the_bot_while_it_is_accepted(place: Place) -> None:
    """At whichever instant: afterwards it has one volunteer, and both sides have heard of each other."""
    seekers = [place.emulator.person() for _ in INSTANTS]
    volunteer = place.emulator.person()
    await at_rest(place, *seekers, volunteer)
    bot = await place.start()

    for number, (seeker, instant) in enumerate(zip(seekers, INSTANTS, strict=True), start=1):
        await seeker.send("/human")
        for choice in ("Somebody of the team", "Somebody to talk with", "Yes, please look"):
            await shown(seeker, choice)
            await seeker.press(choice)
        await volunteer.wait_for(
            lambda message: ALERT in message.text and "Accept" in message.labels, timeout=PATIENCE
        )
        await place.until_quiet()
        heard = len(seeker.replies)
        await volunteer.press("Accept")
        await asyncio.sleep(instant)
        bot.kill()
        await bot.ended()
        bot = await place.start()
        await place.until_number(HELD, number)
        await place.until(partial(has_heard, seeker, heard))
        await place.until_quiet()

    rows = await place.data.ask('SELECT count(DISTINCT volunteer_id), max(epoch) FROM "case"')
    assert rows == [(1, 1)]
    assert await place.data.ask("SELECT cause FROM dead_letter") == []
