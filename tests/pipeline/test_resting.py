"""No role rests for ever: whatever happens to the sides of who has it, two organizers can see it, or it has ended."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.actions import phone as phones
from bot.actions.scene import Scene
from bot.model.person import Person as Nobody
from bot.model.person import Platform, Role
from bot.sandbox import Person
from bot.sandbox.signal import SignalPerson
from bot.store import audit, people, roles
from bot.store.people import Known
from bot.store.roles import Resting
from bot.store.unit import Unit
from tests.happening import CHANCE
from tests.stage import Stage, staged

KEEP: Final = "It was me; keep this app too"
OFF: Final = "Take the other app off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Somebody with a role in both apps; on Signal another phone answers, and has written."""

    stage: Stage
    person: Person
    phone: SignalPerson

    async def write(self, *words: str) -> None:
        """On Telegram."""
        for text in words:
            await self.person.send(text)
            await self.stage.settle()

    async def press(self, *labels: str) -> None:
        """On Telegram."""
        for label in labels:
            await self.person.press(label)
            await self.stage.settle()

    async def knock(self, *words: str) -> None:
        """On the other phone."""
        for text in words:
            await self.phone.send(text)
            await self.stage.settle()

    async def waiting(self) -> list[Resting]:
        """Whom organizers see."""
        async with self.stage.house.db.reading() as unit:
            return await phones.everyone(unit)

    async def settled(self) -> Known:
        """What two organizers say is done; what is known of them then."""
        (one,) = await self.waiting()
        async with self.stage.house.db.unit() as unit:
            await phones.let_back(scene_of(self.stage, unit), one)
            await unit.commit()
        await self.stage.settle()
        async with self.stage.house.db.reading() as unit:
            return (await people.load(unit, [one.person_id]))[one.person_id]

    async def is_kept(self) -> bool:
        """Whether a role is there at all, or rests."""
        async with self.stage.house.db.reading() as unit:
            rested = await roles.resting(unit)
            return bool(rested or [one for role in Role for one in await roles.holders(unit, role)])


def scene_of(stage: Stage, unit: Unit) -> Scene:
    return Scene(unit=unit, person=Nobody(id=0), addresses=(), now=stage.clock.now())


async def with_both(stage: Stage, role: Role, *, signal_first: bool = False) -> Both:
    """Telegram first and Signal later, or the other way round."""
    person = stage.emulator.person(language_code="en")
    phone = await stage.somebody("en")
    found = Both(stage=stage, person=person, phone=phone)
    if signal_first:
        await found.knock("hi", "1", "/move", "1")
        code = [word for one in phone.replies for word in CHANCE["moving"].findall(one.text)][-1]
        await person.start()
        await stage.settle()
        await found.write(code)
        await found.knock(phone.last.text.partition(KEEP)[0].rpartition("\n")[2].strip(" ."))
    else:
        await person.start()
        await stage.settle()
        await found.press("Go on")
        await found.write("/move")
        await found.press("Show a code")
        code = [word for one in person.history for word in CHANCE["moving"].findall(one.text)][-1]
        await found.knock(code)
        await found.press(KEEP)
    async with stage.house.db.unit() as unit:
        today, routing_id = stage.clock.now().date(), str(person.user_id)
        who = (await people.resolve(unit, Platform.TELEGRAM, [routing_id], today=today))[routing_id]
        assert len((await people.load(unit, [who]))[who].addresses) == 2
        await roles.grant(unit, who, role, today=today)
        await unit.commit()
    await phone.change_phone()
    await found.knock("what is this?")
    return found


async def nothing(both: Both) -> None:
    """They say nothing anywhere."""


async def says_it_is_them(both: Both) -> None:
    """At the door."""
    await both.knock("1")


async def takes_it_off(both: Both) -> None:
    """By /move, in the app that was there first."""
    await both.write("/move")
    await both.press(OFF, OFF)


async def takes_the_other_off(both: Both) -> None:
    """By /move, in the later app, which can take off itself only."""
    await both.write("/move")
    await both.press("Take this app off", "Take this app off")


async def stops(both: Both) -> None:
    """All that comes by itself."""
    await both.write("/stop")


async def unregisters(both: Both) -> None:
    """On Signal."""
    both.phone.has_left = True
    await both.write("/menu")


async def blocks_telegram(both: Both) -> None:
    """The app where no other phone answers."""
    await both.person.block()
    await both.stage.settle()


async def starts_over(both: Both) -> None:
    """At the door."""
    await both.knock("2")


async def deletes(both: Both) -> None:
    """Everything, in the app that was there first."""
    await both.write("/delete")
    await both.press("Delete everything now")


Way = Callable[[Both], Awaitable[None]]
WAITS: Final[tuple[Way, ...]] = (
    nothing,
    says_it_is_them,
    takes_it_off,
    stops,
    unregisters,
    blocks_telegram,
    starts_over,
)


@pytest.mark.parametrize("way", WAITS)
async def test_a_role_that_rests_is_seen_and_given_back(tmp_path: Path, way: Way) -> None:
    """Whatever became of the side where another phone answered."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER)
        await way(both)
        known = await both.settled()

        assert (known.roles, known.rests, dict(known.rekeyed)) == (frozenset({Role.VOLUNTEER}), False, {})
        assert await both.waiting() == []


async def test_where_signal_was_first_the_later_side_can_go_and_the_role_is_seen(tmp_path: Path) -> None:
    """It is seen as before."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER, signal_first=True)
        await takes_the_other_off(both)

        assert [one.role for one in await both.waiting()] == [Role.VOLUNTEER]


@pytest.mark.parametrize("way", [deletes, takes_it_off])
async def test_what_ends_everything_ends_the_role(tmp_path: Path, way: Way) -> None:
    """An organizer who deletes leaves, which the audit has, though the role rested."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.ORGANIZER)
        await way(both)
        if way is takes_it_off:
            await deletes(both)
        async with stage.house.db.reading() as unit:
            done = [(one.act, one.thing) for one in await audit.entries(unit)]

        assert await both.waiting() == []
        assert not await both.is_kept()
        assert done[-1] == ("leave", "organizer")


async def test_what_another_phone_wrote_is_not_done_once_its_side_is_off(tmp_path: Path) -> None:
    """Neither when the role comes back nor ever: it is not known who wrote it."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER)
        await both.knock("/delete", "Delete everything now")
        await takes_it_off(both)
        told = [one.text for one in both.person.chat]
        known = await both.settled()

        assert any("Your part in the team rests" in text for text in told)
        assert [one.platform for one in known.addresses] == [Platform.TELEGRAM]
        assert any("It goes on from where it was" in one.text for one in both.person.chat)


async def test_a_role_that_was_given_meanwhile_rests_with_the_answer_of_the_phone(tmp_path: Path) -> None:
    """Whoever says there that it is them is not believed alone, as with a role from before."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER)
        (one,) = await both.waiting()
        async with stage.house.db.unit() as unit:
            await roles.revoke(unit, one.person_id, Role.VOLUNTEER)
            await roles.grant(unit, one.person_id, Role.VOLUNTEER, today=stage.clock.now().date())
            await unit.commit()
        before = await both.waiting()
        await both.knock("1")

        assert before == []
        assert "Two of us still have to make sure" in both.phone.last.text
        assert [one.role for one in await both.waiting()] == [Role.VOLUNTEER]


async def test_each_other_phone_is_another_one_to_be_sure_of(tmp_path: Path) -> None:
    """So a yes to the one before is none to this one."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER)
        (before,) = await both.waiting()
        stage.clock.pass_time(timedelta(hours=1))
        await both.phone.change_phone()
        await both.knock("what is this?")
        (after,) = await both.waiting()

        assert after.since - before.since >= timedelta(hours=1)


async def test_whoever_had_no_role_hears_of_none(tmp_path: Path) -> None:
    """Taking the side off says only what becomes of the words there."""
    async with staged(tmp_path) as stage:
        both = await with_both(stage, Role.VOLUNTEER)
        (one,) = await both.waiting()
        async with stage.house.db.unit() as unit:
            await roles.restore(unit, one.person_id)
            await roles.revoke(unit, one.person_id, Role.VOLUNTEER)
            await unit.commit()
        await takes_it_off(both)

        assert any(one.text.endswith("is deleted unread.") for one in both.person.chat)
