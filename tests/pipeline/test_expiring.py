"""Disappearing messages: set once, put back once each time, and never where their person wants less."""

from dataclasses import replace
from typing import Final

import pytest

from bot.engine.effect import Say
from bot.model.expiry import USUAL, Expiry
from bot.model.incoming import ExpiryChanged, Incoming, Text
from bot.model.outgoing import SetExpiry
from bot.model.person import Address, Language, Platform
from bot.pipeline.expiring import Expiring, expiring
from bot.store import people
from bot.store.people import Known
from bot.store.unit import Unit
from tests.pipeline.works import Works

UUID: Final = "0a1b2c3d-0000-4000-8000-000000000001"
HOUR, WEEK, MONTH = 3600, 604_800, 2_419_200
HELLO: Final = Text(text="hello", message_id="t1795691844770")


async def noa(unit: Unit, works: Works) -> Known:
    """Somebody with Signal, as the files have her."""
    today = works.clock.now().date()
    who = (await people.resolve(unit, Platform.SIGNAL, [UUID], today=today))[UUID]
    known = (await people.load(unit, [who]))[who]
    return replace(known, person=replace(known.person, language=Language.ENGLISH))


def wrote(seconds: int | None) -> Incoming:
    """A message that disappears after that."""
    return Incoming(happening=HELLO, expiry=seconds)


def chose(seconds: int) -> Incoming:
    """A change of the time."""
    return Incoming(happening=ExpiryChanged(seconds=seconds))


async def came(works: Works, heard: Incoming | None) -> tuple[list[int], int]:
    """What one turn sets, in seconds, and how many lines it says why."""
    async with works.db.unit() as unit:
        known = await noa(unit, works)
        chat = expiring(unit, known, here=known.addresses[0], heard=heard, usual=USUAL)
        assert chat is not None
        said = await chat.remark(works.turns.library.book)
        calls = await (chat.calls() if said or not chat.is_change else chat.told())
        await unit.commit()
    assert all(isinstance(one, Say) for one in said)
    return [one.payload.seconds for one in calls if isinstance(one.payload, SetExpiry)], len(said)


async def kept(works: Works) -> Expiry:
    """What is known of her chat."""
    async with works.db.unit() as unit:
        known = await noa(unit, works)
        return known.expiries[known.addresses[0].id]


async def test_the_first_turn_sets_it_and_no_other_does(works: Works) -> None:
    """Without a line of its own: the greeting says it."""
    first = await came(works, wrote(0))
    later = [await came(works, one) for one in (wrote(WEEK), None, wrote(None), chose(WEEK))]

    assert first == ([WEEK], 0)
    assert later == [([], 0)] * 4


async def test_who_begins_with_a_shorter_time_keeps_it(works: Works) -> None:
    """Nothing is set at all."""
    assert await came(works, wrote(HOUR)) == ([], 0)
    assert await kept(works) == Expiry(now=HOUR, own=HOUR)


@pytest.mark.parametrize("seconds", [0, MONTH])
async def test_a_longer_time_is_put_back_each_time_with_a_line_why(works: Works, seconds: int) -> None:
    """Once for each change."""
    await came(works, wrote(0))
    found = [await came(works, one) for one in (chose(seconds), wrote(WEEK), chose(seconds))]

    assert found == [([WEEK], 1), ([], 0), ([WEEK], 1)]


async def test_a_shorter_time_is_left_without_a_word(works: Works) -> None:
    """And after it a longer one is put back to the usual."""
    await came(works, wrote(0))
    shorter = [await came(works, one) for one in (chose(HOUR), wrote(HOUR), None)]

    assert shorter == [([], 0)] * 3
    assert await kept(works) == Expiry(now=HOUR, own=HOUR)
    assert await came(works, chose(0)) == ([WEEK], 1)


async def test_a_message_that_would_stay_longer_sets_it_again_quietly(works: Works) -> None:
    """The call may have been lost, or the daemon have forgotten; a shorter one was written before the last change."""
    await came(works, wrote(0))

    assert await came(works, wrote(0)) == ([WEEK], 0)
    assert await came(works, wrote(HOUR)) == ([], 0)


async def test_there_is_nothing_to_set_on_telegram_nor_for_a_stranger_who_wrote_nothing(works: Works) -> None:
    """A stranger who writes is somebody to set it for."""

    def chat(known: Known, heard: Incoming, here: Address | None) -> Expiring | None:
        return expiring(unit, known, here=here, heard=heard, usual=USUAL)

    async with works.db.unit() as unit:
        known = await noa(unit, works)
        (here,) = known.addresses
        stranger = replace(known, person=replace(known.person, language=None))

        assert chat(known, wrote(0), replace(here, platform=Platform.TELEGRAM)) is None
        assert chat(known, wrote(0), None) is None
        assert chat(stranger, chose(0), here) is None
        assert chat(stranger, wrote(0), here) is not None
