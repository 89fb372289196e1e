"""An invitation that is open is told from every other link; one that is not is told from none."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bot.model.outgoing import SendMessage
from bot.model.person import Role
from bot.store import counters, flyers, invites, roles, tables
from bot.store.crypto import totp_code
from tests.pipeline.works import DAN, NOA, Works, said

SECRET: Final = b"twenty bytes of key!"
PAYLOAD: Final = "a" * 26
NONE: Final = "b" * 26
RON: Final = 7_104_993_003
DAY: Final = timedelta(days=1)


async def _invite(works: Works) -> None:
    async with works.db.unit() as unit:
        await invites.make(unit, Role.ORGANIZER, payload=PAYLOAD, secret=SECRET, now=works.clock.now())
        await unit.commit()


def _code(works: Works) -> str:
    return totp_code(SECRET, seconds=int(works.clock.now().timestamp()))


async def _hears(works: Works, words: str, *, by: int) -> list[SendMessage]:
    before = len(works.transport.sent)
    await works.receive(said(words, by=by))
    await works.settle()
    return [
        replace(payload, rows=())
        for _, payload in works.transport.sent[before:]
        if isinstance(payload, SendMessage)
    ]


async def test_an_open_invitation_asks_for_the_code(works: Works) -> None:
    """And keeps nothing of its payload, not even in the sealed session."""
    await _invite(works)
    (asked,) = await _hears(works, f"/start {PAYLOAD.capitalize()}", by=NOA)
    known = await works.meet(NOA)

    assert asked.text.text.startswith("This is an invitation")
    assert known.session is not None
    assert PAYLOAD not in repr(known.session)


async def test_the_code_makes_an_organizer_and_does_not_stay(works: Works) -> None:
    """Wrong ones neither."""
    await _invite(works)
    await _hears(works, f"/start {PAYLOAD}", by=NOA)
    (again,) = await _hears(works, "999999", by=NOA)
    session = (await works.meet(NOA)).session
    welcome = await _hears(works, _code(works), by=NOA)

    assert again.text.text.startswith("That code was not right.")
    assert session is not None
    assert "999999" not in repr(session)
    assert welcome[0].text.text.startswith("Welcome.")
    assert (await works.meet(NOA)).roles == {Role.ORGANIZER}


async def _used(works: Works) -> None:
    await _hears(works, f"/start {PAYLOAD}", by=DAN)
    await _hears(works, _code(works), by=DAN)


async def _burned(works: Works) -> None:
    await _hears(works, f"/start {PAYLOAD}", by=DAN)
    for _ in range(3):
        await _hears(works, "999999", by=DAN)


async def _expired(works: Works) -> None:
    works.clock.pass_time(timedelta(days=7))


@pytest.mark.parametrize("ending", [_used, _burned, _expired])
async def test_an_ended_invitation_is_a_flyer_like_any_other(works: Works, ending: object) -> None:
    """Used, burned or expired: the same words and the same counter as for a link that never was an invitation."""
    await _invite(works)
    assert callable(ending)
    await ending(works)
    before = works.rows("counter")
    flyer = await _hears(works, f"/start {NONE}", by=NOA)
    counted = works.ask("SELECT name, value FROM counter WHERE name = 'start.link'")
    ended = await _hears(works, f"/start {PAYLOAD}", by=NOA + 10)

    assert ended == flyer
    assert works.rows("counter") == before + 1
    assert works.ask("SELECT name, value FROM counter WHERE name = 'start.link'") == [
        (name, value + 1) for name, value in counted
    ]


async def test_an_organizer_uses_up_no_invitation(works: Works) -> None:
    """For who is one already it is a flyer too."""
    await _invite(works)
    known = await works.meet(NOA)
    async with works.db.unit() as unit:
        await roles.grant(unit, known.person.id, Role.ORGANIZER, today=works.clock.now().date())
        await unit.commit()
    first, *_ = await _hears(works, f"/start {PAYLOAD}", by=NOA)

    assert first.text.text.startswith("Hello.")
    assert works.rows("invite") == 1


async def test_a_link_costs_the_same_whether_it_is_an_invitation(works: Works) -> None:
    """As many questions to the database: nobody can time them apart."""
    await _invite(works)
    costs = []
    for number, payload in enumerate((NONE, PAYLOAD, NONE)):
        await works.receive(said(f"/start {payload}", by=NOA + number))
        before = works.db.statements
        await works.handle()
        costs.append(works.db.statements - before)

    assert costs[0] in (costs[1], costs[1] + 1)
    assert costs[0] == costs[2]


async def _flyer(works: Works, *, ended: bool = False) -> str:
    today = works.clock.now().date()
    async with works.db.unit() as unit:
        one = await flyers.make(unit, "Station", today=today, ends_on=today + DAY)
        if ended:
            await flyers.retire(unit, one.code, today=today)
        await unit.commit()
    return one.payload


async def _counted(works: Works) -> dict[str, int]:
    async with works.db.reading() as unit:
        return await counters.of_day(unit, works.clock.now().date())


async def test_a_flyer_in_use_is_counted_each_time_it_is_opened(works: Works) -> None:
    """By its code, and with all of them; whoever opened it keeps nothing of it."""
    payload = await _flyer(works)
    for by in (NOA, DAN, NOA):
        await _hears(works, f"/start {payload}", by=by)
    counted, code = await _counted(works), payload.removeprefix("f_")

    assert (counted["flyer.scanned"], counted[f"flyer.scanned.{code}"], counted["start.link"]) == (3, 3, 3)
    assert code not in repr((await works.meet(NOA)).session)


async def test_whoever_opens_a_flyer_that_is_over_notices_nothing(works: Works) -> None:
    """Nor with one that never was: the same words as with one in use, and none is counted."""
    live, ended = await _flyer(works), await _flyer(works, ended=True)
    said = [
        [one.text.text for one in await _hears(works, f"/start {payload}", by=by)]
        for by, payload in ((NOA, live), (DAN, ended), (RON, "f_aaaaaaaa"))
    ]

    assert said[0]
    assert said[0] == said[1] == said[2]
    assert (await _counted(works))["flyer.scanned"] == 1


async def test_what_a_database_keeps_of_a_scan_leads_to_nobody(works: Works) -> None:
    """The code stands with the flyer and with its counter, and nowhere near a person."""
    payload = await _flyer(works)
    await _hears(works, f"/start {payload}", by=NOA)
    code = payload.removeprefix("f_")
    async with works.db.reading() as unit:
        found = {
            table.name
            for table in tables.metadata.tables.values()
            for row in await unit.fetch(select(table))
            if code in repr(row)
        }

    assert found == {"flyer", "counter"}
