"""Signatures, and the key of a name that is being typed, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.letter import PublicForm
from bot.model.person import Platform
from bot.model.queue import Cause, DeadLetter
from bot.model.signature import Signature, SignatureState
from bot.store import drafts, inbox, outbox, owner, people, retention, signatures, strangers, tables
from bot.store.db import Database
from bot.store.people import Known
from tests.store.shelf import NOW, call, enqueue, event, meet, receive, take, texts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WISH = Signature(
    id=11,
    letter="reserves",
    text="f" * 64,
    form=PublicForm.FULL,
    state=SignatureState.THINKING,
    ready_at=NOW + DAY,
    agreed_on=NOW.date(),
)


@pytest.fixture
async def noa(db: Database) -> Known:
    """Somebody who said a first yes."""
    (known,) = await meet(db, "1")
    async with db.unit() as unit:
        await signatures.think(unit, known.person.id, wish=WISH)
        await unit.commit()
    return known


async def _of(db: Database, known: Known) -> dict[SignatureState, Signature]:
    async with db.unit() as unit:
        return await signatures.of_letter(unit, known.person.id, "reserves")


async def _begun(db: Database, known: Known) -> Signature:
    """The first yes, once a name is being typed."""
    async with db.unit() as unit:
        await drafts.begin(unit, WISH, now=NOW)
        await unit.commit()
    return (await _of(db, known))[SignatureState.THINKING]


async def _signed(db: Database, known: Known, one: Signature, *, entry: str = "a1") -> None:
    async with db.unit() as unit:
        signed = replace(one, entry=entry, agreed_on=NOW.date())
        await signatures.sign(unit, known.person.id, signed=signed, sealed=b"box")
        await unit.commit()


async def _is_there(db: Database, draft: int | None) -> bool:
    name = owner.of_draft(draft or 0)
    return name in await db.keyring.keys_for([name])


class TestSignatures:
    """One row for each letter somebody stands under, or thinks of."""

    async def test_a_first_yes_is_there_as_it_was_said(self, db: Database, noa: Known) -> None:
        """With the letter, the form and the time."""
        assert await _of(db, noa) == {SignatureState.THINKING: WISH}

    async def test_a_second_thought_takes_the_place_of_the_first(self, db: Database, noa: Known) -> None:
        """There is one first yes to a letter at a time."""
        other = replace(WISH, id=12, form=PublicForm.COUNTED)
        async with db.unit() as unit:
            await signatures.think(unit, noa.person.id, wish=other)
            await unit.commit()

        assert await _of(db, noa) == {SignatureState.THINKING: other}

    async def test_who_signs_again_stands_there_once_and_as_they_said_last(
        self, db: Database, noa: Known
    ) -> None:
        """Until the second yes the first signature stays."""
        await _signed(db, noa, WISH)
        async with db.unit() as unit:
            await signatures.think(unit, noa.person.id, wish=replace(WISH, id=12))
            await unit.commit()
        between = await _of(db, noa)
        await _signed(db, noa, replace(WISH, id=12), entry="b2")

        assert between.keys() == {SignatureState.THINKING, SignatureState.SIGNED}
        assert {one.entry for one in (await _of(db, noa)).values()} == {"b2"}

    async def test_what_is_taken_back_leaves_no_row(self, db: Database, noa: Known) -> None:
        """Whatever its state."""
        await _signed(db, noa, await _begun(db, noa))
        async with db.unit() as unit:
            await signatures.remove(unit, await signatures.of_person(unit, noa.person.id))
            await unit.commit()

        assert await _of(db, noa) == {}

    async def test_a_first_yes_goes_after_two_weeks_and_a_signature_stays(
        self, db: Database, noa: Known
    ) -> None:
        """Silence means no; what was confirmed is there until it is taken back."""
        await _signed(db, noa, WISH)
        async with db.unit() as unit:
            await signatures.think(unit, noa.person.id, wish=replace(WISH, id=12))
            await unit.commit()
        for days, left in ((13, 2), (14, 1)):
            async with db.unit() as unit:
                await retention.sweep(unit, now=NOW + days * DAY)
                await unit.commit()
            assert len(await _of(db, noa)) == left


class TestDrafts:
    """What shows a name that is being typed is under a key that goes with it."""

    async def test_who_types_a_name_is_known_when_they_write(self, db: Database, noa: Known) -> None:
        """So that already the update it comes in is under that key."""
        before = await _met(db)
        one = await _begun(db, noa)

        assert before == {}
        assert await _met(db) == {noa.person.id: one.draft}

    async def test_the_lines_are_there_until_the_draft_is_over(self, db: Database, noa: Known) -> None:
        """Then they are not."""
        one = await _begun(db, noa)
        async with db.unit() as unit:
            nothing = await drafts.read(unit, one)
            written = await drafts.write(unit, one, ("נועה כהן", "Noa Cohen"), now=NOW)
            found = await drafts.read(unit, one)
            await drafts.end(unit, one)
            await unit.commit()

        assert (nothing, written, found) == (("", ""), True, ("נועה כהן", "Noa Cohen"))
        async with db.unit() as unit:
            assert await drafts.read(unit, one) == ("", "")
            assert await drafts.write(unit, one, ("נועה כהן", ""), now=NOW) is False

    @pytest.mark.parametrize("how", ["sign", "remove", "end", "forget", "wipe"])
    async def test_its_key_is_destroyed_with_the_yes_the_no_the_hour_and_the_person(
        self, db: Database, noa: Known, how: str
    ) -> None:
        """Whatever copies there are of what it sealed."""
        one = await _begun(db, noa)
        there = await _is_there(db, one.draft)
        async with db.unit() as unit:
            match how:
                case "sign":
                    signed = replace(one, entry="a1")
                    await signatures.sign(unit, noa.person.id, signed=signed, sealed=b"box")
                case "remove":
                    await signatures.remove(unit, [one])
                case "end":
                    await drafts.end(unit, one)
                case "forget":
                    await people.forget(unit, noa.person.id)
                case _:
                    await retention.sweep(unit, now=NOW + timedelta(minutes=51))
            await unit.commit()

        assert there
        assert not await _is_there(db, one.draft)

    async def test_no_name_is_kept_for_an_hour(self, db: Database, noa: Known) -> None:
        """The sweep comes every five minutes; the first yes stays."""
        await _begun(db, noa)
        counts = []
        for minutes in (50, 55):
            async with db.unit() as unit:
                counts.append(await drafts.wipe(unit, before=NOW + timedelta(minutes=minutes - 50)))
                await unit.commit()

        assert counts == [0, 1]
        assert (await _of(db, noa))[SignatureState.THINKING] == WISH

    async def test_a_key_that_a_crash_left_goes_after_two_days(self, db: Database, noa: Known) -> None:
        """Its row is on the other file and never came to be."""
        async with db.unit() as unit:
            draft = await drafts.begin(unit, WISH, now=NOW)  # and no commit
        kept = await db.keyring.prune(owner.DRAFT, NOW.date() + DAY)
        gone = await db.keyring.prune(owner.DRAFT, NOW.date() + 2 * DAY)

        assert (kept, gone) == (0, 1)
        assert not await _is_there(db, draft)

    async def test_an_update_under_it_is_read_like_any_other(self, db: Database, noa: Known) -> None:
        """And when it is handled nothing says that it was one."""
        one = await _begun(db, noa)
        await receive(db, replace(event(noa.person.id, "a", b"Noa Cohen"), draft=one.draft))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=9)
            await inbox.finish(unit, [row.id], now=NOW)
            await unit.commit()

        assert row.body == b"Noa Cohen"

    async def test_what_comes_after_the_yes_is_handled_all_the_same(self, db: Database, noa: Known) -> None:
        """A second tap was received while the name was still being typed."""
        one = await _begun(db, noa)
        await receive(db, replace(event(noa.person.id, "a", b"tap"), draft=one.draft))
        await _signed(db, noa, one)

        async with db.unit() as unit:
            assert [row.body for row in await inbox.claim(unit, now=NOW, limit=9)] == [b"tap"]

    async def test_what_is_received_while_the_draft_ends_is_words_like_any_other(
        self, db: Database, noa: Known
    ) -> None:
        """The two cross; nothing is lost."""
        one = await _begun(db, noa)
        await _signed(db, noa, one)
        await receive(db, replace(event(noa.person.id, "a", b"thanks"), draft=one.draft))

        async with db.unit() as unit:
            assert [row.body for row in await inbox.claim(unit, now=NOW, limit=9)] == [b"thanks"]

    async def test_of_an_update_under_it_that_fails_no_words_are_kept(self, db: Database, noa: Known) -> None:
        """They may be a name."""
        one = await _begun(db, noa)
        await receive(db, replace(event(noa.person.id, "a", b"Noa Cohen"), draft=one.draft))
        async with db.unit() as unit:
            (row,) = await inbox.claim(unit, now=NOW, limit=9)
            letter = DeadLetter(
                row_id=row.id, lane=row.lane, cause=Cause.FAILED, error="ValueError", died_at=NOW
            )
            await inbox.bury(unit, [letter])
            (left,) = await unit.fetch(tables.dead_letter.select())

        assert left.body is None

    async def test_a_message_that_shows_it_goes_out_while_the_draft_lives(
        self, db: Database, noa: Known
    ) -> None:
        """Afterwards nobody can read it, the bot included."""
        one = await _begun(db, noa)
        await enqueue(db, replace(call(noa, "Noa Cohen"), draft=one.draft), replace(call(noa, "more")))
        first = await take(db, limit=1)
        await _signed(db, noa, one)
        again = await take(db, at=NOW + HOUR)

        assert texts(first) == ["Noa Cohen"]
        assert texts(again) == ["more"]

    async def test_to_whom_is_forgotten_it_is_owed_like_any_other(self, db: Database, noa: Known) -> None:
        """Under the key of that message."""
        one = await _begun(db, noa)
        async with db.unit() as unit:
            await people.forget(unit, noa.person.id)
            await outbox.add(unit, [replace(call(noa, "goodbye"), draft=one.draft)], now=NOW)
            await unit.commit()

        assert texts(await take(db)) == ["goodbye"]


async def _met(db: Database) -> dict[int, int]:
    async with db.unit() as unit:
        return dict((await strangers.meet(unit, Platform.TELEGRAM, ["1"], today=NOW.date())).drafts)
