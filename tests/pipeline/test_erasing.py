"""What somebody on a line deletes for everyone goes at the other end too: there, on its way, and where it is kept."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Carried
from bot.model.incoming import MediaRef
from bot.model.outgoing import DeleteMessages, EditMessage, FailureKind, SendMessage
from bot.model.person import Platform
from bot.pipeline.process import Processor
from bot.store import lines
from bot.store.moment import to_ms
from tests.crew import Crew
from tests.pipeline.test_relay import DAN, EVA, NOA, connected, edits, freed, last_to, replies, says, sent_to
from tests.pipeline.works import DELETED, Works, failure, raw, said

OURS: Final = 41  # what Noa's messages are called in her chat


@pytest.fixture
def crew(works: Works) -> Crew:
    """Nobody yet."""
    return Crew(works)


async def deletes(crew: Crew, number: int, *, message: int = OURS, settle: bool = True) -> None:
    """Somebody deletes for everyone what they wrote."""
    await edits(crew, number, DELETED, message=message, settle=settle)


def gone(crew: Crew, number: int) -> list[str]:
    """What was deleted in somebody's chat."""
    return [
        name
        for to, one in crew.works.transport.sent
        if to == str(number) and isinstance(one, DeleteMessages)
        for name in one.message_ids
    ]


async def shows(crew: Crew, *, message: int) -> None:
    """Noa sends a photo."""
    size = {"file_id": "look", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 99}
    who = {"id": NOA, "is_bot": False, "first_name": "Noa", "language_code": "en"}
    body = {"message_id": message, "from": who, "chat": {"id": NOA, "type": "private"}, "date": 1_764_000_000}
    await crew.works.receive(raw("message", {**body, "photo": [size]}, None))


class TestThere:
    """It has arrived: it is deleted there."""

    async def test_only_that_message_goes(self, crew: Crew) -> None:
        """Nobody is told anything, and a second time nothing happens."""
        await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        number = last_to(crew, DAN)
        await says(crew, NOA, "two", message=OURS + 1)
        before = [len(crew.heard(one)) for one in (NOA, DAN)]
        for _ in range(2):
            await deletes(crew, NOA)

        assert gone(crew, DAN) == [str(number)]
        assert gone(crew, NOA) == []
        assert [len(crew.heard(one)) for one in (NOA, DAN)] == before

    async def test_nothing_of_the_message_is_known_any_more(self, crew: Crew) -> None:
        """Neither what it is called there, once it is deleted, nor what it was called here."""
        case = await connected(crew)
        refs = crew.works.rows("message_ref")
        await says(crew, NOA, "one", message=OURS)
        (line,) = crew.works.ask("SELECT DISTINCT line FROM line_message")[0]
        await deletes(crew, NOA)

        async with crew.works.db.reading() as unit:
            assert await lines.copy_of(unit, line, case.person_id) is None
        assert crew.works.rows("message_ref") == refs + 1  # of Noa's chat, where Telegram lets it be cleared
        assert crew.works.rows("outbox") == 0

    async def test_a_message_that_went_as_several_goes_whole(self, crew: Crew) -> None:
        """Every part has a name of its own there."""
        case = await connected(crew)
        await crew.chooses(case.person_id, "leave")
        before = len(crew.works.transport.sent)
        await says(crew, DAN, ("word " * 818).strip(), message=OURS)
        sent = enumerate(crew.works.transport.sent[before:], before + 1)
        parts = [str(at) for at, (to, one) in sent if to == str(NOA) and isinstance(one, SendMessage)]
        await deletes(crew, DAN)

        assert len(parts) > 1
        assert sorted(gone(crew, NOA)) == sorted(parts)

    @pytest.mark.parametrize("name", [OURS, OURS + 1, OURS + 2])
    async def test_an_edited_message_is_deleted_by_any_of_its_names(self, crew: Crew, name: int) -> None:
        """Apps differ in which one they say."""
        crew.works.transport.renames = True
        await connected(crew)
        await says(crew, NOA, "helo", message=OURS)
        number = last_to(crew, DAN)
        await edits(crew, NOA, "hello", message=OURS)
        await edits(crew, NOA, "hello there", message=OURS + 1)
        await deletes(crew, NOA, message=name)

        assert gone(crew, DAN) == [str(number)]

    async def test_it_goes_where_the_line_is_over(self, crew: Crew) -> None:
        """And at whoever had the case before, where it changed hands."""
        case = await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        number = last_to(crew, DAN)
        await freed(crew, case)
        await crew.volunteer(EVA)
        await crew.settle()
        await deletes(crew, NOA)

        assert gone(crew, DAN) == [str(number)]
        assert gone(crew, EVA) == []

    async def test_it_goes_where_the_case_is_kept_no_more(self, crew: Crew) -> None:
        """The copies are known for as long as they are."""
        case = await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        number = last_to(crew, DAN)
        _write(crew, f'DELETE FROM "case" WHERE id = {case.id}')  # noqa: S608
        await deletes(crew, NOA)

        assert gone(crew, DAN) == [str(number)]

    async def test_what_was_never_on_a_line_is_let_be(self, crew: Crew) -> None:
        """An answer to the bot is kept by nobody."""
        await connected(crew)
        before = len(crew.works.transport.sent)
        await deletes(crew, NOA, message=999)

        assert len(crew.works.transport.sent) == before

    async def test_after_two_days_nobody_knows_it(self, crew: Crew) -> None:
        """By then it was deleted there anyway, or can't be."""
        await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        crew.works.clock.pass_time(timedelta(days=3))
        await crew.works.retention.sweep()
        await deletes(crew, NOA)

        assert gone(crew, DAN) == []

    async def test_a_platform_that_refuses_is_asked_again(self, crew: Crew) -> None:
        """Until it confirms, as with whatever is to be deleted."""
        await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        number = last_to(crew, DAN)
        crew.works.transport.ends = [failure(FailureKind.REJECTED)]
        await deletes(crew, NOA)
        await crew.after(timedelta(hours=3))
        await crew.works.ticker.fire()
        await crew.settle()

        assert gone(crew, DAN) == [str(number)] * 2

    async def test_who_quotes_what_is_gone_quotes_nothing(self, crew: Crew) -> None:
        """The words arrive on their own."""
        await connected(crew)
        await says(crew, NOA, "one", message=OURS)
        number = last_to(crew, DAN)
        await deletes(crew, NOA)
        await replies(crew, DAN, "about that", to=number)

        assert (sent_to(crew, NOA)[-1].text.text, sent_to(crew, NOA)[-1].reply_to) == ("about that", None)

    async def test_an_edit_of_what_is_gone_changes_nothing(self, crew: Crew) -> None:
        """It was overtaken on its way."""
        await connected(crew)
        await says(crew, NOA, "helo", message=OURS)
        await deletes(crew, NOA)
        await edits(crew, NOA, "hello", message=OURS)

        assert not [
            one
            for _, one in crew.works.transport.sent
            if isinstance(one, EditMessage) and one.text.text == "hello"
        ]

    async def test_a_stranger_who_deletes_is_not_remembered(self, crew: Crew) -> None:
        """Nor answered."""
        await deletes(crew, EVA)

        assert (crew.works.rows("person", "outbox"), crew.works.transport.sent) == (0, [])


class TestOnItsWay:
    """It has not arrived: it never does."""

    async def test_what_waits_in_the_outbox_is_taken_out(self, crew: Crew) -> None:
        """Words are not sent."""
        await connected(crew)
        await crew.works.receive(said("too much", by=NOA, message=OURS))
        await crew.works.handle()
        assert crew.works.rows("outbox") == 1
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()
        assert crew.works.rows("outbox") == 0
        await crew.settle()

        assert "too much" not in crew.heard(DAN)
        assert gone(crew, DAN) == []

    async def test_what_waits_in_the_lane_is_taken_out(self, crew: Crew) -> None:
        """Its words are wiped at once; the one beside it arrives."""
        await connected(crew)
        await crew.works.receive(said("too much", by=NOA, message=OURS))
        await crew.works.processor.batch()
        await crew.works.receive(said("just that", by=NOA, message=OURS + 1))
        await _put_off(crew)
        await crew.works.handle()
        waiting = "SELECT count(*) FROM inbox WHERE body IS NOT NULL"
        assert crew.works.number(waiting) == 2
        await _put_off(crew)
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()
        assert crew.works.number(waiting) == 1
        await crew.settle()

        assert crew.heard(DAN)[-1] == "just that"
        assert "too much" not in crew.heard(DAN)

    async def test_words_that_come_into_the_lane_later_are_let_go(self, crew: Crew) -> None:
        """The turn that would show them finds them deleted; nobody is told that they were not heard."""
        case = await connected(crew)
        assert case.volunteer_id
        await says(crew, NOA, "one", message=OURS)
        (line,) = crew.works.ask("SELECT DISTINCT line FROM line_message")[0]
        await deletes(crew, NOA)
        before = [len(crew.heard(one)) for one in (NOA, DAN)]
        late = Carried(
            case=str(case.id),
            epoch=case.epoch,
            line=str(line),
            sender=str(case.person_id),
            who="",
            words="late",
        )
        await crew.happens(case.volunteer_id, late)

        assert [len(crew.heard(one)) for one in (NOA, DAN)] == before

    async def test_a_photo_that_waits_is_fetched_by_nobody(self, crew: Crew) -> None:
        """In the outbox or in the lane: its file is dropped."""
        given_up: list[MediaRef] = []
        ground = replace(crew.works.ground, discard=given_up.append)
        crew.works.processor = Processor(ground, crew.works.turns)
        await connected(crew)
        await shows(crew, message=OURS)
        await crew.works.handle()
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()
        await shows(crew, message=OURS + 1)
        await crew.works.processor.batch()
        await _put_off(crew)
        await deletes(crew, NOA, message=OURS + 1, settle=False)
        await crew.works.handle()

        assert [(one.source, one.file.file_id) for one in given_up] == [(Platform.TELEGRAM, "look")] * 2
        assert crew.works.rows("outbox") == 0

    async def test_what_nobody_can_open_is_taken_out_as_well(self, crew: Crew) -> None:
        """A row that is damaged holds up nothing."""
        await connected(crew)
        await crew.works.receive(said("too much", by=NOA, message=OURS))
        await crew.works.handle()
        _write(crew, "UPDATE outbox SET body = x'00' WHERE line_id IS NOT NULL")
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()

        assert crew.works.rows("outbox") == 0

    async def test_what_is_under_way_is_deleted_as_it_arrives(self, crew: Crew) -> None:
        """The call was being made."""
        await connected(crew)
        slow = asyncio.Event()
        crew.works.transport.ends = [slow]
        await crew.works.receive(said("too much", by=NOA, message=OURS))
        await crew.works.handle()
        await crew.works.deliverer.round()
        await asyncio.sleep(0)
        number = last_to(crew, DAN)
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()
        slow.set()
        await crew.settle()
        await crew.works.ticker.fire()
        await crew.settle()

        assert gone(crew, DAN) == [str(number)]

    async def test_what_nobody_deleted_is_tried_again(self, crew: Crew) -> None:
        """Beside one that somebody did."""
        await connected(crew)
        crew.works.transport.ends = [failure(FailureKind.PLATFORM_DOWN)]
        await crew.works.receive(
            said("stays", by=NOA, message=OURS - 1), said("too much", by=NOA, message=OURS)
        )
        await crew.works.settle()
        await deletes(crew, NOA, settle=False)
        await crew.after(timedelta(minutes=10))

        assert crew.heard(DAN)[-2:] == ["stays", "stays"]

    @pytest.mark.parametrize("kind", [FailureKind.PLATFORM_DOWN, FailureKind.REJECTED])
    async def test_what_is_under_way_and_fails_is_tried_no_more(self, crew: Crew, kind: FailureKind) -> None:
        """And nobody is told that it did not arrive."""
        await connected(crew)
        slow = asyncio.Event()
        crew.works.transport.ends = [slow, *[failure(kind)] * 9]
        await crew.works.receive(
            said("before", by=NOA, message=OURS - 1), said("too much", by=NOA, message=OURS)
        )
        await crew.works.handle()
        await crew.works.deliverer.round()
        await asyncio.sleep(0)
        before = len(crew.heard(NOA))
        await deletes(crew, NOA, settle=False)
        await crew.works.handle()
        slow.set()
        await crew.works.deliver()
        crew.works.transport.ends = []
        await crew.after(timedelta(minutes=10))

        assert crew.heard(DAN).count("too much") == 1
        assert len(crew.heard(NOA)) == before


async def _put_off(crew: Crew) -> None:
    """What waits in Dan's lane waits for some seconds more."""
    dan = (await crew.works.meet(DAN)).person.id
    soon = to_ms(crew.works.clock.now() + timedelta(seconds=5))
    _write(crew, f"UPDATE inbox SET due_at = {soon} WHERE lane_id = {dan} AND handled_at IS NULL")  # noqa: S608


def _write(crew: Crew, statement: str) -> None:
    """Change the data file from outside."""
    with closing(sqlite3.connect(crew.works.path)) as connection, connection:
        connection.execute(statement)
