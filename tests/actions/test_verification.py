"""Talks of the letter team with whoever signed: who is asked, who agrees, and what is written down by whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest

from bot.actions import case, letter, line, verification
from bot.actions.scene import Scene
from bot.model.case import Case, CaseState, Need
from bot.model.consent import ConsentText, Purpose
from bot.model.gentle import gentle_until
from bot.model.letter import PublicForm
from bot.model.person import Language, Role
from bot.model.publication import Stage
from bot.model.queue import Lane, LaneKind
from bot.model.signature import TALK, UNCONFIRMED, Verified
from bot.store import cases, consents, offers, people, publications, roles, signatures, timers
from bot.store.cases import Names
from bot.store.db import Database
from bot.store.people import Known
from bot.store.sealing import KeeperKey
from bot.store.unit import Unit
from tests.letters import LETTER, a_letter, signs
from tests.store.shelf import NOW, meet
from tests.volunteer import enlisted

NAMED: Final = {"letter": LETTER.id}
KEEPER: Final = KeeperKey(bytes(32 * [7])).public
A_DAY: Final = timedelta(days=1)
NOTES: Final = {TALK, UNCONFIRMED}


@dataclass(slots=True)
class Talk:
    """Dana, who stands under the letter with a full name; adi of the letter team; an organizer; and the line."""

    dana: Scene
    adi: Scene
    boss: Scene

    async def asked(self) -> None:
        """Whoever stands there is asked."""
        assert (await verification.ask(self.boss, NAMED)).name == "asked"

    async def agreed(self) -> Case:
        """Dana would talk."""
        await self.asked()
        assert (await verification.agree(self.dana, {})).name == "agreed"
        opened = await case.open_case(self.dana, {"need": "verify"})
        found = await cases.load(self.dana.unit, int(opened.values["case"]))
        assert found
        return found

    async def begun(self) -> Case:
        """Adi is on the line with her."""
        one, unit, adi = await self.agreed(), self.dana.unit, self.adi.person.id
        await cases.change(unit, one, CaseState.OFFERED, now=NOW)
        await offers.make(unit, one.id, [adi], epoch=one.epoch, now=NOW)
        found = await cases.claim(unit, one.id, adi, names=Names(person="oak", volunteer="elm"), now=NOW)
        assert found
        return found

    async def says(self, said: str, one: Case, *, by: Scene | None = None, who: str = "oak") -> str:
        """What comes of writing that down."""
        inputs = {"case": str(one.id), "who": who, "said": said}
        return (await verification.record(by or self.adi, inputs)).name

    async def verified(self) -> Verified | None:
        """What stands at what Dana signed."""
        (one,) = await signatures.of_person(self.dana.unit, self.dana.person.id)
        return one.verified

    async def notes(self) -> set[str]:
        """Which notes of the letter team are on their way to her."""
        lane = Lane(kind=LaneKind.PERSON, id=self.dana.person.id)
        return NOTES & set(await timers.of_lane(self.dana.unit, lane))

    async def published(self) -> None:
        """The letter is out, with Dana under it."""
        unit, today = self.dana.unit, NOW.date()
        one = await publications.open_one(
            unit, letter=LETTER.id, text=LETTER.fingerprint, closes_at=NOW + A_DAY, now=NOW
        )
        await publications.ask(unit, one)
        (theirs,) = await signatures.of_person(unit, self.dana.person.id)
        await publications.confirm(unit, one, theirs.id, now=NOW)
        await publications.move(unit, one, Stage.CLOSED, today=today)
        closed = await publications.load(unit, one.id)
        assert closed
        await publications.publish(unit, closed, today=today)


@pytest.fixture
async def talk(db: Database) -> AsyncIterator[Talk]:
    """Both of them, before anybody is asked."""
    dana, adi, boss = await meet(db, "1001", "2001", "3001")
    await enlisted(db, adi.person.id, now=NOW, needs=[Need.BUDDY, Need.VERIFY])
    async with db.unit() as unit:
        person = replace(dana.person, adult=True, language=Language.ENGLISH)
        await people.save(unit, [person])
        await consents.publish(
            unit, [ConsentText(purpose=one, shown="letter.confirm", text="0" * 64) for one in Purpose]
        )
        await signs(unit, person.id, "a1", text=LETTER.fingerprint)
        await roles.grant(unit, boss.person.id, Role.ORGANIZER, today=NOW.date())
        yield Talk(
            dana=_scene(unit, replace(dana, person=person)),
            adi=_scene(unit, adi, Role.VOLUNTEER),
            boss=_scene(unit, boss, Role.ORGANIZER),
        )


def _scene(unit: Unit, known: Known, *having: Role) -> Scene:
    return Scene(
        unit=unit,
        person=known.person,
        addresses=known.addresses,
        now=NOW,
        roles=frozenset(having),
        letters={LETTER.id: LETTER},
        keeper=KEEPER,
    )


async def test_everybody_with_a_name_is_asked_once_and_counted(talk: Talk) -> None:
    """A note is on its way; asked again, there is nobody left."""
    await talk.asked()
    counted = await verification.count(talk.boss, NAMED)

    assert (counted.name, dict(counted.values)) == (
        "counted",
        {"confirmed": "0", "refused": "0", "open": "1", "unasked": "0", "team": "1"},
    )
    assert await talk.notes() == {TALK}
    assert (await verification.ask(talk.boss, NAMED)).name == "none"


async def test_nobody_is_asked_while_nobody_could_talk_with_them(talk: Talk) -> None:
    """A volunteer who stepped back is of the team no more, and keeps whatever else they do."""
    assert (await verification.step_back(talk.adi, {})).name == "done"

    assert (await verification.ask(talk.boss, NAMED)).name == "nobody"
    assert (await talk.verified(), await talk.notes()) == (None, set())
    assert (await verification.count(talk.boss, NAMED)).values["team"] == "0"


@pytest.mark.parametrize("lost", ["letter", "keeper"])
async def test_of_a_letter_that_is_not_offered_nobody_is_asked(talk: Talk, lost: str) -> None:
    """Nor where names can't be sealed."""
    if lost == "letter":
        talk.boss.letters = {}
    else:
        talk.boss.keeper = None

    assert [(await action(talk.boss, NAMED)).name for action in (verification.ask, verification.count)] == [
        "gone",
        "gone",
    ]


async def test_the_question_is_there_once_it_was_asked_and_until_it_is_answered(talk: Talk) -> None:
    """Not for whoever nobody asked."""
    seen = [(await verification.look(talk.dana, {})).name]
    await talk.asked()
    seen.append((await verification.look(talk.dana, {})).name)
    await verification.agree(talk.dana, {})
    await case.open_case(talk.dana, {"need": "verify"})
    seen.append((await verification.look(talk.dana, {})).name)

    assert seen == ["over", "asked", "over"]


async def test_in_hard_days_nobody_is_asked_to_decide_it(talk: Talk) -> None:
    """The question waits, also for a button that was pressed before them."""
    await talk.asked()
    talk.dana.gentle_until = gentle_until(NOW)

    assert (await verification.look(talk.dana, {})).name == "gentle"
    assert (await verification.agree(talk.dana, {})).name == "gentle"
    assert await talk.verified() is Verified.ASKED


@pytest.mark.parametrize("lost", ["words", "adult", "published", "taken back"])
async def test_the_question_is_over_where_there_is_nothing_to_talk_about(talk: Talk, lost: str) -> None:
    """Other words, somebody who may not be asked, what is out already, or what is there no more."""
    await talk.asked()
    match lost:
        case "words":
            talk.dana.letters = {"reserves": a_letter(version=2)}
        case "adult":
            talk.dana.person = replace(talk.dana.person, adult=None)
        case "published":
            await talk.published()
        case _:
            await letter.withdraw(talk.dana, NAMED)

    assert (await verification.look(talk.dana, {})).name == "over"
    assert (await verification.agree(talk.dana, {})).name == "over"


async def test_a_yes_is_one_word_and_a_number(talk: Talk) -> None:
    """Nobody is sent anything about it."""
    one = await talk.begun()

    assert await talk.says("yes", one) == "yes"
    assert (await talk.verified(), UNCONFIRMED in await talk.notes()) == (Verified.YES, False)
    assert talk.adi.counts["letter.verified.yes"] == 1


async def test_a_no_is_told_to_whom_it_is_about(talk: Talk) -> None:
    """By a note of its own; said twice, it is still one."""
    one = await talk.begun()

    assert [await talk.says("no", one) for _ in range(2)] == ["no", "no"]
    assert await talk.verified() is Verified.NO
    assert UNCONFIRMED in await talk.notes()
    assert (await verification.told(talk.dana, {})).name == "unconfirmed"


async def test_a_no_that_is_corrected_is_not_told_any_more(talk: Talk) -> None:
    """Neither by the note, nor where it is on the screen already and is opened only now."""
    one = await talk.begun()
    await talk.says("no", one)

    assert await talk.says("yes", one) == "yes"
    assert (await talk.verified(), UNCONFIRMED in await talk.notes()) == (Verified.YES, False)
    assert (await verification.told(talk.dana, {})).name == "over"


@pytest.mark.parametrize("who", ["dana", "other", "left", "revoked", "closed"])
async def test_nobody_else_says_anything_of_a_signature(talk: Talk, who: str) -> None:
    """Not its person, nobody at another name, nobody who is of the team no more, and nobody after the line."""
    one, by, named = await talk.begun(), talk.adi, "oak"
    match who:
        case "dana":
            by, named = talk.dana, "elm"
        case "other":
            named = "fig"
        case "left":
            await verification.step_back(talk.adi, {})
        case "revoked":
            by = replace(talk.adi, roles=frozenset())
        case _:
            assert (await line.close(talk.adi, {"case": str(one.id), "who": "oak"})).name == "verifier"

    assert await talk.says("no", one, by=by, who=named) == "gone"
    assert await talk.verified() is Verified.AGREED


async def test_nothing_is_said_on_a_line_that_is_about_something_else(talk: Talk) -> None:
    """A volunteer who is beside somebody has no say about what they signed."""
    unit, adi = talk.dana.unit, talk.adi.person.id
    await talk.agreed()
    opened = await case.open_case(talk.dana, {"need": "buddy"})
    one = await cases.load(unit, int(opened.values["case"]))
    assert one
    await cases.change(unit, one, CaseState.OFFERED, now=NOW)
    await offers.make(unit, one.id, [adi], epoch=one.epoch, now=NOW)
    await cases.claim(unit, one.id, adi, names=Names(person="oak", volunteer="elm"), now=NOW)

    assert await talk.says("no", one) == "gone"


@pytest.mark.parametrize("changed", ["published", "anew"])
async def test_of_what_is_not_there_any_more_nothing_is_written(talk: Talk, changed: str) -> None:
    """It is out, or something else was sealed meanwhile."""
    one = await talk.begun()
    if changed == "published":
        await talk.published()
    else:
        await signs(talk.dana.unit, talk.dana.person.id, "b2", form=PublicForm.INITIAL)

    assert await talk.says("no", one) == "changed"
    assert await talk.verified() is not Verified.NO
    assert UNCONFIRMED not in await talk.notes()


async def test_who_stepped_back_has_no_such_line_any_more(talk: Talk) -> None:
    """It is offered to others of the team, and whatever else they do is theirs."""
    one = await talk.begun()
    await verification.step_back(talk.adi, {})
    freed = await cases.load(talk.dana.unit, one.id)

    assert freed
    assert (freed.state, freed.volunteer_id) == (CaseState.HANDED_BACK, None)


async def test_a_talk_that_did_not_come_about_can_be_asked_for_again(talk: Talk) -> None:
    """Whoever stopped looking, or whose line ended without a word of it, finds the question under the letter."""
    one = await talk.agreed()
    assert (await letter.look(talk.dana, NAMED)).name == "signed"
    assert (await case.stop(talk.dana, {"case": str(one.id)})).name == "stopped"

    assert (await letter.look(talk.dana, NAMED)).name == "wanted"
    assert (await verification.look(talk.dana, {})).name == "asked"
    assert (await verification.agree(talk.dana, {})).name == "agreed"
    assert await talk.verified() is Verified.AGREED


async def test_a_talk_that_is_over_leads_to_nobody(talk: Talk) -> None:
    """What is kept of it says that its volunteer had one, and not with whom: so nobody reads there who said no."""
    one = await talk.begun()
    await talk.says("no", one)
    await line.close(talk.adi, {"case": str(one.id), "who": "oak"})
    closed = await cases.load(talk.dana.unit, one.id)

    assert closed
    assert (closed.state, closed.volunteer_id) == (CaseState.CLOSED, talk.adi.person.id)
    assert closed.person_id not in (talk.dana.person.id, talk.adi.person.id)


async def test_nobody_gives_a_contact_in_a_talk_about_a_signature(talk: Talk) -> None:
    """It would put a name to it, on the screen of whoever is at the other end."""
    one = await talk.begun()
    asked = [
        (await line.propose(scene, {"case": str(one.id), "who": who})).name
        for scene, who in ((talk.dana, "elm"), (talk.adi, "oak"))
    ]

    assert asked == ["gone", "gone"]
