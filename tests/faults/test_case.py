"""kill -9 while somebody accepts a case: it is theirs or still anybody's, and nobody is left without a word."""

from typing import Final

import pytest

from bot.model.case import Need
from bot.model.person import Form, Language
from bot.sandbox import Person
from bot.store import people
from tests.faults.aimed import killed_at, left, revived
from tests.faults.place import PATIENCE, Place
from tests.faults.watch import Stage
from tests.store.shelf import NOW, Shelf
from tests.volunteer import enlisted, welcomed

ALERT: Final = "looking for"
HERE: Final = "on the line with"
WAITING: Final = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"
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


async def offered(place: Place, seeker: Person, volunteer: Person) -> None:
    """Somebody asked for help, a volunteer was asked and presses Accept, and no bot runs that could hear it."""
    await at_rest(place, seeker, volunteer)
    bot = await place.start()
    await seeker.send("/human")
    for choice in ("Somebody of the team", "Somebody to talk with", "Yes, please look"):
        await shown(seeker, choice)
        await seeker.press(choice)
    await volunteer.wait_for(
        lambda message: ALERT in message.text and "Accept" in message.labels, timeout=PATIENCE
    )
    await place.until_quiet()
    bot.terminate()
    await bot.ended()
    await volunteer.press("Accept")


async def has_one_volunteer(place: Place, seeker: Person, heard: int) -> None:
    """The case is theirs since its first claim, and both sides know."""
    rows = await place.data.ask('SELECT count(volunteer_id), max(epoch), max(state) FROM "case"')
    assert [tuple(row) for row in rows] == [(1, 1, "connected")]
    assert has_heard(seeker, heard)
    assert [row[0] for row in await place.data.ask("SELECT cause FROM dead_letter")] == []


@pytest.mark.timeout(240)
async def test_a_case_survives_every_death_of_the_bot_while_it_is_accepted(place: Place) -> None:
    """Before the claim is written, between claim and connecting, and on the way to both; it is one claim."""
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    await offered(place, seeker, volunteer)
    heard = len(seeker.replies)

    await killed_at(place, Stage.IN_TRANSACTION)
    assert await left(place, [HELD, WAITING]) == [0, 1]
    await killed_at(place, Stage.IN_TRANSACTION, nth=2)
    assert await left(place, [HELD, WAITING]) == [1, 2], "claimed, and neither of the two knows"
    assert not has_heard(seeker, heard)
    await killed_at(place, Stage.SENDING)
    bot = await revived(place)

    await has_one_volunteer(place, seeker, heard)
    for one in (seeker, volunteer):
        assert any(HERE in message.text for message in one.replies)
    assert bot.is_alive


@pytest.mark.timeout(240)
async def test_a_case_survives_a_death_between_claim_and_connecting_on_postgresql(
    postgres_place: Place,
) -> None:
    """The other process connects both, at the epoch of the claim."""
    place = postgres_place
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    await offered(place, seeker, volunteer)
    heard = len(seeker.replies)

    await killed_at(place, Stage.IN_TRANSACTION, nth=2)
    assert await left(place, [HELD, WAITING]) == [1, 2]
    await revived(place)

    await has_one_volunteer(place, seeker, heard)
