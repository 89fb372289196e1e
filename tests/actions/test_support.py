"""Letters of support: writing, reading, printing, and hearing of it, with no way from a letter to whoever wrote it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import select

from bot.actions import addressee, person, privacy, screening, support
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.case import Need
from bot.model.person import Language, Role
from bot.model.queue import Lane, LaneKind
from bot.model.support import A_DAY, MOST, Agreed, Fate, Given
from bot.model.volunteer import Standing, Volunteer
from bot.store import addressees, audit, roles, strangers, supports, tables, timers, volunteers
from bot.store.db import Database
from tests.store.shelf import NOW, meet

TODAY: Final = NOW.date()
WORDS: Final = "People here think of you"
DAY: Final = timedelta(days=1)


@pytest.fixture
async def scene(db: Database) -> AsyncIterator[Scene]:
    """The turn of somebody who is a supporter, an organizer and of the letter team at once."""
    (known,) = await meet(db, "9")
    async with db.unit() as unit:
        for role in Role:
            await roles.grant(unit, known.person.id, role, today=TODAY)
        await volunteers.add(
            unit,
            Volunteer(
                id=known.person.id,
                standing=Standing.FULL,
                languages=frozenset({Language.ENGLISH}),
                needs=frozenset({Need.VERIFY}),
                capacity=1,
            ),
            today=TODAY,
        )
        await addressees.add(unit, "Shaked", given=Given.SELF, agreed=Agreed.WEEK, ends_on=TODAY + 30 * DAY)
        yield Scene(
            unit=unit,
            person=known.person,
            addresses=known.addresses,
            now=NOW,
            roles=frozenset(Role),
            here=known.addresses[0],
        )


async def _whom(scene: Scene) -> str:
    return (await support.next_one(scene, {"addressee": ""})).values["addressee"]


async def _send(scene: Scene, written: str = WORDS, *, signed: str = "") -> str:
    inputs = {"addressee": await _whom(scene), "written": written, "signed": signed}
    return (await support.send(scene, inputs)).name


async def _read(scene: Scene, said: str = "accepted", why: str = "") -> Outcome:
    shown = await screening.next_one(scene, {"lease": "", "skipped": ""})
    return await screening.decide(scene, {"lease": shown.values["lease"], "said": said, "why": why})


async def _values(scene: Scene) -> dict[str, str]:
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    found = [one for one in await timers.all_of_lane(scene.unit, lane) if one.kind == support.TIMER]
    return dict(found[0].values) if found else {}


async def _word(scene: Scene) -> Outcome:
    """What is said when the timer fires."""
    values = await _values(scene)
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    await timers.cancel(scene.unit, lane, [support.TIMER])
    return await support.word(scene, values)


async def test_a_reader_of_the_letters_with_their_keys_finds_no_writer(scene: Scene) -> None:
    """The receipt is under the key of whoever wrote; the row has a blind index of it, and no number of a person."""
    await _send(scene)
    (row,) = await scene.unit.fetch(select(tables.support))
    (held,) = [one for one in await scene.unit.fetch(select(tables.timer)) if one.kind == support.TIMER]
    receipt = (await _values(scene))["letters"].partition("=")[0]

    assert scene.person.id not in tuple(row)
    assert receipt.encode() not in held.values_sealed
    assert not {receipt, str(row.id)} & {str(value) for value in (*held, row.receipt_tag)}


async def test_a_writer_hears_each_step_of_it_once(scene: Scene) -> None:
    """Read, accepted, printed; then nothing of it is looked at any more."""
    said = []
    await _send(scene)
    said.append((await _word(scene)).name)
    await _read(scene)
    said += [(await _word(scene)).name, (await _word(scene)).name]
    made = await addressee.printed_for(scene, {"addressee": await _whom(scene)})
    said.append((await _word(scene)).name)
    still = await addressee.unconfirmed(scene, made.values)
    done = [(await addressee.confirm(scene, made.values)).name for _ in range(2)]
    over = await addressee.unconfirmed(scene, made.values)
    said.append((await _word(scene)).name)

    assert said == ["nothing", "accepted", "nothing", "nothing", "sent"]
    assert (still.name, over.name, done) == ("still", "over", ["wiped", "gone"])
    assert await _values(scene) == {}


async def test_several_letters_are_told_one_after_the_other(scene: Scene) -> None:
    """With the note of the one that came back, and words that were written meanwhile."""
    await _send(scene)
    await _send(scene, "Another")
    await _read(scene, "returned", "army")
    await _read(scene, "refused", "threat")
    values = await _values(scene)
    lane = Lane(kind=LaneKind.PERSON, id=scene.person.id)
    await timers.cancel(scene.unit, lane, [support.TIMER])
    await _send(scene, "Meanwhile")
    first = await support.word(scene, values)
    second = await _word(scene)

    assert {first.name, second.name} == {"returned", "refused"}
    assert {first.values["reason"], second.values["reason"]} == {"reason_army", "reason_threat"}
    assert len((await _values(scene))["letters"].split()) == 1


async def test_so_many_letters_are_taken_in_a_day(scene: Scene) -> None:
    """The next day there is room again."""
    sent = [await _send(scene) for _ in range(A_DAY + 1)]
    scene.now += DAY

    assert sent == ["sent"] * A_DAY + ["too_many"]
    assert await _send(scene) == "sent"


async def test_a_second_tap_hands_in_nothing(scene: Scene) -> None:
    """The words went out of the conversation with the first."""
    assert await _send(scene, " ") == "empty"
    assert await scene.unit.fetch(select(tables.support)) == []


@pytest.mark.parametrize(
    ("written", "outcome"),
    [(WORDS, "fit"), ("x" * (MOST + 1), "long"), ("a\u202eb", "unreadable"), (" ", "unreadable")],
)
async def test_a_letter_is_shown_as_it_would_be_printed(scene: Scene, written: str, outcome: str) -> None:
    """One that is too long, or has signs nobody sees, is not kept."""
    found = await support.check(scene, {"written": written, "signed": "Dan"})

    assert found.name == outcome
    assert scene.attached == (f"{WORDS}\nDan".encode() if outcome == "fit" else None)


@pytest.mark.parametrize(
    ("typed", "outcome"), [(" Dan  B ", "fit"), ("x" * 41, "unfit"), ("a\u202e", "unfit")]
)
async def test_a_name_under_a_letter_is_what_was_typed(scene: Scene, typed: str, outcome: str) -> None:
    """In one line, and not too long."""
    found = await support.signed(scene, {"signed": typed})

    assert (found.name, found.values["signed"]) == (outcome, "Dan B" if outcome == "fit" else "")


async def test_thrown_away_words_are_forgotten(scene: Scene) -> None:
    """The conversation keeps none of them."""
    assert (await support.drop(scene, {})).values == {"written": "", "signed": ""}


async def test_taking_back_ends_what_is_in_no_file(scene: Scene) -> None:
    """What is in a file is too late; without any letter there is nothing to take back."""
    none = await support.withdraw(scene, {})
    await _send(scene)
    withdrawn = await support.withdraw(scene, {})
    await _send(scene)
    await _read(scene)
    await addressee.printed_for(scene, {"addressee": await _whom(scene)})
    late = await support.withdraw(scene, {})

    assert [one.name for one in (none, withdrawn, late)] == ["none", "withdrawn", "late"]


async def test_deleting_oneself_takes_letters_back(scene: Scene) -> None:
    """The rows are gone before the key is."""
    await _send(scene)
    await privacy.delete(scene, {})

    assert await scene.unit.fetch(select(tables.support)) == []


async def test_whoever_stopped_everything_hears_nothing_and_can_still_take_back(scene: Scene) -> None:
    """The letter itself goes its way."""
    await _send(scene)
    await person.stop(scene, {})
    await _read(scene, "accepted")
    said = await _word(scene)

    assert said.name == "nothing"
    assert (await support.withdraw(scene, {})).name == "withdrawn"


async def test_the_team_hears_of_the_first_letter_that_waits(scene: Scene) -> None:
    """Whoever wrote it does not, and nobody hears of the second while one waits."""
    own = await volunteers.load(scene.unit, scene.person.id)
    assert own
    other = (await strangers.meet(scene.unit, scene.addresses[0].platform, ["77"], today=TODAY)).ids["77"]
    await volunteers.add(scene.unit, replace(own, id=other), today=TODAY)
    await _send(scene)
    await _send(scene)

    assert [row.lane_id for row in await scene.unit.fetch(select(tables.inbox))] == [other]


async def test_only_the_letter_team_reads(scene: Scene) -> None:
    """Whoever left it decides nothing either."""
    await _send(scene)
    own = await volunteers.load(scene.unit, scene.person.id)
    assert own
    await volunteers.save(scene.unit, replace(own, needs=frozenset()))
    shown = await screening.next_one(scene, {"lease": "", "skipped": ""})
    decided = await screening.decide(scene, {"lease": "1", "said": "accepted", "why": ""})

    assert (shown.name, decided.name) == ("not_on_it", "not_on_it")


async def test_a_letter_is_read_and_decided_once(scene: Scene) -> None:
    """It is shown with its signature, also again; a second tap decides nothing."""
    await _send(scene, signed="Dan")
    first = await screening.next_one(scene, {"lease": "", "skipped": ""})
    again = await screening.next_one(scene, {"lease": first.values["lease"], "skipped": ""})
    inputs = {"lease": first.values["lease"], "said": "accepted", "why": ""}
    decided = [(await screening.decide(scene, inputs)).name for _ in range(2)]
    none = await screening.next_one(scene, {"lease": "", "skipped": ""})

    assert again.values == first.values
    assert scene.attached == f"{WORDS}\nDan".encode()
    assert (decided, none.name) == (["done", "over"], "none")


async def test_a_letter_can_be_left_to_others(scene: Scene) -> None:
    """It does not come back to whoever left it; leaving it twice is nothing."""
    await _send(scene)
    first = await screening.next_one(scene, {"lease": "", "skipped": ""})
    left = await screening.skip(scene, {"lease": first.values["lease"], "skipped": ""})
    twice = await screening.skip(scene, {"lease": first.values["lease"], "skipped": ""})
    none = await screening.next_one(scene, left.values)

    assert (left.name, twice.name, none.name) == ("done", "done", "none")


async def test_ending_somebody_wipes_what_waits_for_them(scene: Scene) -> None:
    """Whoever wrote hears it, and nobody can write any more."""
    which = await _whom(scene)
    await _send(scene)
    ended = [(await addressee.close(scene, {"addressee": which})).name for _ in range(2)]
    gone = await support.send(scene, {"addressee": which, "written": WORDS, "signed": ""})
    said = await _word(scene)
    nobody = await support.next_one(scene, {"addressee": ""})
    shown = await addressee.next_one(scene, {"addressee": ""})

    assert (ended, said.name) == (["closed", "already"], "closed")
    assert (gone.name, nobody.name, shown.name) == ("gone", "none", "ended")


async def test_pages_are_made_of_what_was_accepted(scene: Scene) -> None:
    """Each file is in the audit; without letters, and where no files can be sent, there is none."""
    which = {"addressee": await _whom(scene)}
    nothing = await addressee.printed_for(scene, which)
    await _send(scene, signed="Dan")
    await _read(scene)
    made = await addressee.printed_for(scene, which)
    counted = await supports.counts(scene.unit)
    scene.here = None
    no_files = await addressee.printed_for(scene, which)

    assert [one.name for one in (nothing, made, no_files)] == ["nothing", "drawn", "no_files"]
    assert scene.attached == f'[["{WORDS}", "Dan"]]'.encode()
    assert counted == {(int(which["addressee"]), Fate.TAKEN): 1}
    assert [(one.act, one.thing) for one in await audit.entries(scene.unit)] == [("export", "support")]


@pytest.mark.parametrize(("typed", "outcome"), [(" Shaked ", "fit"), ("", "unfit"), ("x" * 41, "unfit")])
async def test_a_name_to_write_to_fits_a_line(scene: Scene, typed: str, outcome: str) -> None:
    """It does not stay in the conversation as it was typed."""
    found = await addressee.check(scene, {"name": typed, "days": "14"})

    assert (found.name, found.values["name"]) == (outcome, "")


async def test_nobody_is_named_up_to_a_day_that_is_past(scene: Scene) -> None:
    """Nor without a name."""
    inputs = {"called": "Shaked", "given": "given_self", "agreed": "agreed_week", "ends": TODAY.isoformat()}

    assert await addressee.what_is_named(scene, inputs) is None
    assert await addressee.what_is_named(scene, {**inputs, "called": ""}) is None
