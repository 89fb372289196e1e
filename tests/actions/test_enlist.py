"""Joining as a volunteer, action by action: what lets somebody in, and what never does."""

from dataclasses import replace

import pytest

from bot.actions import Action, enlist
from bot.actions.scene import Scene
from bot.engine.alert import Alert, Alerted
from bot.model.consent import Consent, ConsentText, Method
from bot.model.person import Language, Role
from bot.model.volunteer import Standing
from bot.store import audit, codec, consents, inbox, invites, people, roles, spoken, volunteers
from bot.store.db import Database
from bot.store.proof import TRIES
from tests.store.shelf import NOW, meet

CONDUCT = ConsentText(purpose="conduct", shown="conduct.text", text="a" * 64)


class House:
    """One database and who is in it; every act is a turn of somebody's own."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def scene_of(self, number: str) -> int:
        """The id of whoever writes from that number."""
        (known,) = await meet(self.db, number)
        return known.person.id

    async def acts(self, number: str, act: Action, **inputs: str) -> tuple[str, dict[str, str]]:
        """One action in a turn; how it ended and with which values."""
        (known,) = await meet(self.db, number)
        async with self.db.unit() as unit:
            adult = replace(known.person, adult=number != "17")
            scene = Scene(
                unit=unit, person=adult, addresses=known.addresses, now=NOW, roles=known.roles, texts={}
            )
            outcome = await act(scene, inputs)
            await unit.commit()
        return outcome.name, dict(outcome.values)

    async def invite(self, *, by: int | None = None) -> str:
        """An open invitation to volunteer."""
        async with self.db.unit() as unit:
            payload = unit.keyring.entropy(13).hex()
            await invites.make(unit, Role.VOLUNTEER, payload=payload, secret=b"s", now=NOW, made_by=by)
            found = await invites.find(unit, payload, now=NOW)
            await unit.commit()
        assert found
        return str(found[0])

    async def agrees(self, number: str) -> None:
        """To the conduct as it reads now."""
        who = await self.scene_of(number)
        async with self.db.unit() as unit:
            await consents.publish(unit, [CONDUCT])
            given = Consent(
                purpose="conduct",
                text=CONDUCT.text,
                language=Language.HEBREW,
                method=Method.BUTTON,
                given_on=NOW.date(),
            )
            await consents.give(unit, who, given=given)
            await unit.commit()

    async def organizer(self, number: str) -> int:
        """Somebody who runs the bot."""
        who = await self.scene_of(number)
        async with self.db.unit() as unit:
            await roles.grant(unit, who, Role.ORGANIZER, today=NOW.date())
            await unit.commit()
        return who

    async def newcomer(self, number: str, *, by: int | None = None) -> str:
        """Somebody who waits for a voucher; their code."""
        await self.acts(number, enlist.enter, invite=await self.invite(by=by))
        await self.agrees(number)
        _, values = await self.acts(number, enlist.wait)
        return values["code"]

    async def standing(self, number: str) -> Standing | None:
        """How far they are trusted."""
        who = await self.scene_of(number)
        async with self.db.reading() as reading:
            found = await volunteers.load(reading, who)
        return found.standing if found else None


@pytest.fixture
def house(db: Database) -> House:
    """An empty one."""
    return House(db)


async def test_an_invitation_lets_an_adult_in_once(house: House) -> None:
    """As a newcomer without a role; a second use, and a minor's, are the same refusal."""
    invite = await house.invite()
    ends = [
        (await house.acts("17", enlist.enter, invite=await house.invite()))[0],
        (await house.acts("1", enlist.enter, invite=invite))[0],
        (await house.acts("2", enlist.enter, invite=invite))[0],
        (await house.acts("2", enlist.enter, invite=""))[0],
        (await house.acts("1", enlist.enter, invite=invite))[0],
    ]

    assert ends == ["gone", "entered", "gone", "gone", "entered"]
    assert [await house.standing(one) for one in ("17", "1", "2")] == [None, Standing.NEWCOMER, None]
    (known,) = await meet(house.db, "1")
    assert known.roles == frozenset()


async def test_the_menu_knows_how_far_somebody_is(house: House) -> None:
    """A stranger, somebody who has yet to agree, somebody who waits, a volunteer."""
    seen = [(await house.acts("1", enlist.look))[0]]
    await house.acts("1", enlist.enter, invite=await house.invite())
    seen.append((await house.acts("1", enlist.look))[0])
    await house.agrees("1")
    seen.append((await house.acts("1", enlist.look))[0])
    await house.organizer("9")
    _, values = await house.acts("1", enlist.wait)
    await house.acts("9", enlist.vouch, code=values["code"])
    seen.append((await house.acts("1", enlist.look))[0])

    assert seen == ["stranger", "to_agree", "waiting", "volunteer"]
    assert (await house.acts("1", enlist.wait))[0] == "gone"


async def test_organizers_hear_of_a_newcomer_once(house: House) -> None:
    """Whoever shows the page again gets a new code, and nobody is asked again."""
    organizer = await house.organizer("9")
    await house.newcomer("1")
    await house.acts("1", enlist.wait)

    async with house.db.reading() as reading:
        assert await inbox.waiting(reading, [organizer]) == {organizer}
        assert await inbox.depth(reading) == 1


async def test_a_voucher_lets_the_newcomer_in_on_probation(house: House) -> None:
    """The role, the standing, an alias for the desk, and an entry in the audit under the voucher's own."""
    organizer = await house.organizer("9")
    code = await house.newcomer("1")
    name, values = await house.acts("9", enlist.vouch, code=f"it is {code[:3]} {code[3:]}")
    (known,) = await meet(house.db, "1")

    assert (name, values["code"]) == ("vouched", "")
    assert known.roles == {Role.VOLUNTEER}
    assert await house.standing("1") is Standing.PROBATION
    async with house.db.reading() as reading:
        entry = (await audit.entries(reading))[-1]
        assert (entry.act, entry.thing) == ("vouch", "volunteer")
        assert entry.actor == await audit.alias_of(reading, organizer)
        assert values["alias"] == await roles.alias_of(reading, known.person.id, Role.VOLUNTEER)


async def test_a_code_counts_once(house: House) -> None:
    """Used, wrong and nobody's read the same."""
    await house.organizer("9")
    code = await house.newcomer("1")
    ends = [(await house.acts("9", enlist.vouch, code=said))[0] for said in ("nothing", code, code)]

    assert ends == ["wrong", "vouched", "wrong"]


async def test_whoever_invited_cannot_vouch(house: House) -> None:
    """It takes two people to let one in."""
    inviter = await house.organizer("9")
    await house.organizer("8")
    code = await house.newcomer("1", by=inviter)

    assert (await house.acts("9", enlist.vouch, code=code))[0] == "wrong"
    assert (await house.acts("8", enlist.vouch, code=code))[0] == "vouched"


async def test_a_volunteer_vouches_once_they_are_trusted_fully(house: House) -> None:
    """On probation they can't, as a newcomer they can't, and nobody vouches for themselves."""
    await house.organizer("9")
    await house.acts("9", enlist.vouch, code=await house.newcomer("1"))
    code = await house.newcomer("2")
    ends = [(await house.acts(number, enlist.vouch, code=code))[0] for number in ("1", "2")]
    who = await house.scene_of("1")
    async with house.db.unit() as unit:
        own = await volunteers.load(unit, who)
        assert own
        await volunteers.save(unit, replace(own, standing=Standing.FULL))
        await unit.commit()
    ends.append((await house.acts("1", enlist.vouch, code=code))[0])

    assert ends == ["wrong", "wrong", "vouched"]
    async with house.db.reading() as reading:
        entry = (await audit.entries(reading))[-1]
        assert entry.actor == await roles.alias_of(reading, who, Role.VOLUNTEER)


async def test_guessing_ends_after_a_few_codes(house: House) -> None:
    """Then the right one does not count either, for a while."""
    await house.organizer("9")
    code = await house.newcomer("1")
    for _ in range(TRIES):
        await house.acts("9", enlist.vouch, code="1")

    assert (await house.acts("9", enlist.vouch, code=code))[0] == "wrong"


async def test_who_took_back_the_conduct_is_not_let_in(house: House) -> None:
    """However right the code is."""
    await house.organizer("9")
    code, who = await house.newcomer("1"), await house.scene_of("1")
    async with house.db.unit() as unit:
        await consents.withdraw(unit, who, purposes=["conduct"], today=NOW.date())
        await unit.commit()

    assert (await house.acts("9", enlist.vouch, code=code))[0] == "wrong"


async def test_who_turns_back_leaves_nothing(house: House) -> None:
    """No row and no live consent; a volunteer is not ended by it, and a stranger neither."""
    await house.newcomer("1")
    await house.acts("1", enlist.turn_back)
    await house.acts("2", enlist.turn_back)
    who = await house.scene_of("1")

    assert await house.standing("1") is None
    async with house.db.reading() as reading:
        assert not await consents.may(reading, who, "conduct")
        assert not await spoken.has_given(reading, who)


async def test_a_deleted_newcomer_lets_nobody_in(house: House) -> None:
    """Their code is gone with them."""
    await house.organizer("9")
    code, who = await house.newcomer("1"), await house.scene_of("1")
    async with house.db.unit() as unit:
        await people.forget(unit, who)
        await unit.commit()

    assert (await house.acts("9", enlist.vouch, code=code))[0] == "wrong"


async def test_codes_that_are_guessed_are_told_to_the_organizers_once(house: House) -> None:
    """Not to whoever typed them; and a mistake is none of it."""
    await house.organizer("8")
    await house.organizer("9")
    told = []
    for _ in range(TRIES + 2):
        await house.acts("9", enlist.vouch, code="1")
        async with house.db.unit() as unit:
            told.append(len(await inbox.claim(unit, now=NOW, limit=9)))

    assert told == [0] * (TRIES - 1) + [1] * 3
    async with house.db.unit() as unit:
        (row,) = await inbox.claim(unit, now=NOW, limit=9)
    assert (row.lane.id, codec.event_from_bytes(row.body or b"")) == (
        await house.scene_of("8"),
        Alerted(alert=Alert.CODES),
    )
