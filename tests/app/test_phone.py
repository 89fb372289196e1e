"""The machine says that somebody's other phone is theirs, where too few organizers are left to say so."""

from pathlib import Path

import pytest

from bot import app
from bot.app.house import opened
from bot.app.phone import NOBODY, NotWaiting, TwoOrganizers
from bot.app.world import World
from bot.model.person import Platform, Role
from bot.sandbox import Emulator
from bot.settings import Settings
from bot.store import audit, people, rekeyed, roles
from tests.app.bots import migrated


async def organizers(settings: Settings, *numbers: str) -> list[int]:
    """Organizers with these numbers on Signal."""
    world = World()
    async with opened(settings, world) as db, db.unit() as unit:
        now = world.clock.now()
        found = await people.resolve(unit, Platform.SIGNAL, numbers, today=now.date())
        for who in found.values():
            await roles.grant(unit, who, Role.ORGANIZER, today=now.date())
        await unit.commit()
    return [found[number] for number in numbers]


async def another_phone(settings: Settings, person_id: int) -> None:
    """Another phone answers for this person, and what they may do rests."""
    world = World()
    async with opened(settings, world) as db, db.unit() as unit:
        known = (await people.load(unit, [person_id]))[person_id]
        await rekeyed.mark(unit, known.addresses[0].id, now=world.clock.now())
        await roles.rest(unit, person_id, now=world.clock.now())
        await unit.commit()


async def test_one_of_the_only_two_gets_the_role_back_by_the_machine(
    tmp_path: Path, emulator: Emulator
) -> None:
    """The other one alone could not say the second yes; the audit has it as the console's."""
    settings = await migrated(tmp_path, emulator)
    first, _ = await organizers(settings, "one", "two")
    before = await app.waiting_phones(settings)
    await another_phone(settings, first)
    (line,) = await app.waiting_phones(settings)
    with pytest.raises(NotWaiting):
        await app.confirm_phone(settings, "nobody")
    await app.confirm_phone(settings, line.split()[0])
    async with opened(settings, World()) as db, db.reading() as unit:
        holders, entries = await roles.holders(unit, Role.ORGANIZER), await audit.entries(unit)
        known = (await people.load(unit, [first]))[first]

    assert before == [NOBODY]
    assert len(holders) == 2
    assert (known.rests, dict(known.rekeyed)) == (False, {})
    assert [(one.actor, one.act, one.thing) for one in entries] == [("console", "restore", "organizer")]


async def test_where_two_can_say_it_the_machine_does_not(tmp_path: Path, emulator: Emulator) -> None:
    """So that nobody with the machine takes a role unseen."""
    settings = await migrated(tmp_path, emulator)
    first, *_ = await organizers(settings, "one", "two", "three")
    await another_phone(settings, first)
    (line,) = await app.waiting_phones(settings)

    with pytest.raises(TwoOrganizers):
        await app.confirm_phone(settings, line.split()[0])
