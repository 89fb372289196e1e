"""kill -9 while words are on their way over a line: they arrive, in order, at whoever has the case and nobody else."""

from datetime import UTC, datetime
from typing import Final

import pytest

from bot.model.case import Why
from bot.sandbox import Person
from bot.sandbox.fault import Fault, FaultKind
from bot.store import cases
from tests.faults.aimed import killed_at, left, revived
from tests.faults.place import PATIENCE, Bot, Place
from tests.faults.test_case import ALERT, HELD, HERE, WAITING, at_rest, has_heard, shown
from tests.faults.watch import Stage
from tests.store.shelf import Shelf

CARRIED: Final = "SELECT count(*) FROM inbox WHERE handled_at IS NULL AND origin = 'turn'"
ON_THE_WAY: Final = "SELECT count(*) FROM outbox WHERE line_id IS NOT NULL"
UNHEARD: Final = "Nobody has read it"
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


def read(person: Person, words: list[str]) -> list[str]:
    """Which of these words somebody has been shown, in order, each at its first time."""
    seen = [word for message in person.replies for word in words if word in message.text]
    return list(dict.fromkeys(seen))


async def quiet(place: Place, bot: Bot) -> None:
    """The bot is ended in order: what is written now waits at Telegram."""
    bot.terminate()
    await bot.ended()


@pytest.mark.timeout(240)
async def test_words_on_a_line_survive_every_death_of_the_bot(place: Place) -> None:
    """At each stage between received and delivered: they arrive in order, and twice at most what was in flight."""
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    await quiet(place, await connected(place, seeker, volunteer))
    words = ["firstzz", "secondzz"]
    for one in words:
        await seeker.send(one)

    await killed_at(place, Stage.RECEIVED)
    assert await left(place, [WAITING, ON_THE_WAY]) == [2, 0]
    await killed_at(place, Stage.IN_TRANSACTION, nth=2)
    assert await left(place, [CARRIED, ON_THE_WAY]) == [1, 0], "out of one lane, and not yet out of the other"
    await killed_at(place, Stage.COMMITTED)
    assert await left(place, [ON_THE_WAY]) == [1]
    assert read(volunteer, words) == []
    await killed_at(place, Stage.SENT)
    await revived(place)

    assert read(volunteer, words) == words
    doubles = sum(word in one.text for one in volunteer.replies for word in words) - len(words)
    assert doubles <= 1, "one death cut a call short, and one call to a chat is in flight at a time"
    assert await place.data.ask("SELECT cause FROM dead_letter") == []


async def lost_case(place: Place) -> None:
    """While no bot runs, whoever has the case has it no more."""
    now = datetime.now(UTC)
    shelf = Shelf(data=place.urls["BOT_DATABASE_URL"], keys=place.urls["BOT_KEYS_URL"])
    (row,) = await place.data.ask('SELECT volunteer_id FROM "case"')
    async with shelf.opened() as db, db.unit() as unit:
        await cases.free_all(unit, row[0], why=Why.REVOKED, now=now)
        await unit.commit()


async def two_words_meet_nobody(place: Place) -> None:
    """One waits in the reader's lane and one to be sent when the case changes hands; the writer hears of both."""
    seeker, volunteer = place.emulator.person(), place.emulator.person()
    await quiet(place, await connected(place, seeker, volunteer))
    words = ["firstzz", "secondzz"]
    for one in words:
        await seeker.send(one)
    heard = len(seeker.replies)

    await killed_at(place, Stage.COMMITTED)
    assert await left(place, [CARRIED, ON_THE_WAY]) == [1, 1]
    await lost_case(place)
    await revived(place)

    assert read(volunteer, words) == []
    assert len([one for one in seeker.replies[heard:] if UNHEARD in one.text]) == len(words)


@pytest.mark.timeout(240)
async def test_words_on_their_way_at_a_death_do_not_reach_who_lost_the_case(place: Place) -> None:
    """Neither what was to be said at the old epoch nor what was to be sent."""
    await two_words_meet_nobody(place)


@pytest.mark.timeout(240)
async def test_words_on_their_way_at_a_death_reach_nobody_else_on_postgresql(postgres_place: Place) -> None:
    """The same there."""
    await two_words_meet_nobody(postgres_place)


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
