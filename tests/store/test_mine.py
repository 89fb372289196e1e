"""A person gets to see all that is kept about them: every table and column is walked."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Table, insert, select

from bot.engine.session import Frame, Session
from bot.model.case import Need
from bot.model.consent import Consent, Method, Purpose
from bot.model.gentle import NEVER
from bot.model.letter import PublicForm
from bot.model.notice import Answer
from bot.model.person import Form, Language, Platform, Role
from bot.model.queue import Cause, DeadLetter, Keep, Lane, LaneKind, MessageRef, Timer
from bot.model.signature import Signature, SignatureState
from bot.model.volunteer import Standing, Volunteer
from bot.store import (
    cases,
    consents,
    drafts,
    inbox,
    lines,
    mine,
    moves,
    notice_answers,
    offers,
    people,
    refs,
    roles,
    sessions,
    signatures,
    tables,
    timers,
    volunteers,
)
from bot.store.db import Database
from bot.store.lines import Copy
from bot.store.people import Known
from bot.store.tables import notice_copy
from tests.store.shelf import NOW, call, enqueue, event, meet, receive

ROUTING: Final = "972500004711"
NOBODYS: Final = {
    "counter",
    "flyer",
    "pause",
    "memo",
    "invite",
    "audit",
    "alert",
    "card_pull",
    "card_doubt",
    "consent_text",
    "notice",
    "notice_purpose",
    "notice_count",
    "notice_reply",
    "publication",
    "removal",
    "proposal",
    "addressee",
    "support",
}  # hold nothing about a person
AGREED: Final = Consent(
    purpose=Purpose.BUDDY,
    text="0" * 64,
    language=Language.ENGLISH,
    method=Method.BUTTON,
    given_on=NOW.date(),
)
LINKS: Final = {"person_id", "volunteer_id", "address_id", "lane_kind", "lane_id", "sender_id", "id"}


async def with_everything(db: Database) -> Known:
    """Somebody with a row in every table."""
    (known,) = await meet(db, ROUTING)
    who = known.person.id
    lane = Lane(kind=LaneKind.PERSON, id=who)
    await receive(db, event(who, "a"), event(who, "b"), event(who, "c"))
    await enqueue(db, call(known))
    async with db.unit() as unit:
        (row,) = await inbox.claim(unit, now=NOW, limit=1)
        letter = DeadLetter(row_id=row.id, lane=lane, cause=Cause.FAILED, error="KeyError", died_at=NOW)
        await inbox.bury(unit, [letter])
        await people.save(
            unit,
            [
                replace(
                    known.person, language=Language.ENGLISH, form=Form.PLURAL, zone="Asia/Tokyo", adult=True
                )
            ],
        )
        await sessions.save(
            unit,
            {who: Session(frames=(Frame(flow="f", step="s", answers={"said": "kept"}),))},
            today=NOW.date(),
        )
        due = NOW + timedelta(days=30)
        await timers.put(
            unit, [Timer(lane=lane, kind="checkin", due_at=due, version="v7", values={"w": "ord"})], now=NOW
        )
        ref = MessageRef(
            address_id=known.addresses[0].id,
            person_id=who,
            platform=Platform.TELEGRAM,
            message_id="99",
            keep=Keep.SENSITIVE,
            sent_at=NOW,
        )
        await refs.remember(unit, [ref])
        copy = Copy(line=1, case_id=2, address_id=known.addresses[0].id, person_id=who, message_id="98")
        await lines.remember(unit, copy, now=NOW)
        await consents.give(unit, who, given=AGREED)
        await roles.grant(unit, who, Role.VOLUNTEER, today=NOW.date())
        helper = Volunteer(
            id=who,
            standing=Standing.FULL,
            languages=frozenset({Language.HEBREW}),
            needs=frozenset({Need.BUDDY}),
            capacity=2,
        )
        await volunteers.add(unit, helper, today=NOW.date())
        await volunteers.set_on_call(unit, who, hours=1)
        await moves.make(unit, who, code="ABCDEFGH", to=Platform.SIGNAL, now=NOW)
        await cases.open_case(
            unit, who, need=Need.LEGAL, language=Language.ENGLISH, now=NOW, on=NOW.date() + timedelta(days=2)
        )
        wish = Signature(
            id=1,
            letter="reserves",
            text="0" * 64,
            form=PublicForm.INITIAL,
            state=SignatureState.THINKING,
            ready_at=NOW,
            agreed_on=NOW.date(),
        )
        await signatures.think(unit, who, wish=wish)
        signed = replace(wish, entry="a1")
        await signatures.sign(unit, who, signed=signed, sealed=b"sealed")
        await signatures.think(unit, who, wish=replace(wish, id=2))
        await drafts.begin(unit, replace(wish, id=2), now=NOW)
        await unit.change(
            insert(notice_copy), {"notice_id": 7, "person_id": who, "fate": "pending", "due_at": 0}
        )
        await notice_answers.say(unit, 7, who, answer=Answer.COMING, until=NOW)
        await offers.make(unit, 4711, [who], epoch=0, now=NOW)
        await unit.commit()
    return known


async def document(db: Database, person_id: int) -> Any:
    """What the person would get."""
    async with db.unit() as unit:
        return json.loads((await mine.collect(unit, person_id)).document)


def shown_columns(found: Any) -> set[str]:
    """The columns in a document, by the names of the tables."""
    places = {
        "person": [found["person"]],
        "address": found["addresses"],
        "role": found["roles"],
        "session": found["conversation"],
        "consent": found["consents"],
        "timer": found["timers"],
        "volunteer": found["volunteering"],
        "on_call": found["on_call"],
        "move": found["moving"],
        "message_ref": found["messages"],
        "notice_copy": found["notices"],
        "notice_answer": found["answers"],
        "dead_letter": found["faults"],
        "case": found["cases"],
        "offer": found["offers"],
        "line_message": found["line"],
        "signature": found["letters"],
    }
    named = {f"{table}.{name}" for table, rows in places.items() for row in rows for name in row}
    opened = {
        "address.number": "address.routing_sealed",
        "conversation.session": "session.body",
        "session.session": "session.body",
        "timer.values": "timer.values_sealed",
        "consent.receipt": "consent.id",
        "case.about": "case.date_sealed",
    }
    return {opened.get(name, name) for name in named}


def is_somebodys(table: Table) -> bool:
    """Whether rows of a table belong to a person."""
    return (
        bool({"person_id", "volunteer_id", "lane_id", "sender_id"} & set(table.c.keys()))
        or table.name == "person"
    )


async def test_every_column_about_a_person_is_in_the_document_or_left_out_for_a_reason(db: Database) -> None:
    """A new table or column fails here until somebody has decided."""
    known = await with_everything(db)
    shown = shown_columns(await document(db, known.person.id))

    missing = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        if table.name not in NOBODYS and table.name not in mine.HIDDEN
        for column in table.c
        if column.name not in LINKS
        and f"{table.name}.{column.name}" not in shown
        and f"{table.name}.{column.name}" not in mine.HIDDEN
    ]
    assert missing == []


def test_no_table_with_a_person_in_it_is_taken_for_nobodys() -> None:
    """What counts as nobody's has no column that leads to anybody."""
    found = [one.name for one in tables.metadata.tables.values() if one.name in NOBODYS and is_somebodys(one)]

    assert found == []


async def test_what_is_sealed_is_shown_opened(db: Database) -> None:
    """How the person is reached, where they stopped and what waits for them, readable."""
    known = await with_everything(db)
    found = await document(db, known.person.id)

    assert found["person"] == {
        "language": "en",
        "form": "p",
        "zone": "Asia/Tokyo",
        "onboarded": False,
        "adult": True,
        "created_on": "2026-11-24",
        "seen_on": "2026-11-24",
    }
    assert found["addresses"][0]["number"] == ROUTING
    assert found["conversation"][0]["session"]["frames"][0]["answers"] == {"said": "kept"}
    assert found["timers"][0]["values"] == {"w": "ord"}
    assert found["timers"][0]["due_at"] == "2026-12-24T09:00:00+00:00"
    assert [row["role"] for row in found["roles"]] == ["volunteer"]
    assert [row["hours"] for row in found["on_call"]] == [["sunday night"]]
    assert [row["cause"] for row in found["faults"]] == ["failed"]
    assert [row["about"] for row in found["cases"]] == ["2026-11-26"]
    assert found["waiting"] == {"to_be_handled": 1, "to_be_delivered": 1, "handled_lately": 1}


async def test_the_file_leads_nobody_into_a_copied_database(db: Database) -> None:
    """It lies in a chat for a day; what stands open in the tables, and in the audit, is not in it."""
    known = await with_everything(db)
    async with db.unit() as unit:
        written = (await mine.collect(unit, known.person.id)).document.decode()
        (role,) = await unit.fetch(select(tables.role))
        letters = await unit.fetch(select(tables.dead_letter.c.row_id))

    for number in (known.person.id, known.addresses[0].id, role.alias, *(row.row_id for row in letters)):
        assert str(number) not in written


async def test_nobody_elses_data_is_in_it(db: Database) -> None:
    """A stranger's document is short."""
    await with_everything(db)
    (other,) = await meet(db, "2")
    found = await document(db, other.person.id)

    assert ROUTING not in json.dumps(found)
    assert [
        found[name] for name in ("roles", "conversation", "timers", "messages", "faults", "cases", "offers")
    ] == [[]] * 7


@pytest.mark.parametrize(("until", "expected"), [(date(2026, 12, 1), "2026-12-01"), (NEVER, None)])
async def test_until_when_notes_are_gentler_is_shown_where_they_are(
    db: Database, until: date, expected: str | None
) -> None:
    """Nobody else reads of a day that means nothing."""
    known = await with_everything(db)
    async with db.unit() as unit:
        await sessions.save(unit, {known.person.id: Session(gentle_until=until)}, today=NOW.date())
        found = json.loads((await mine.collect(unit, known.person.id)).document)

    assert found["conversation"][0]["session"].get("gentle_until") == expected


async def test_a_session_from_a_program_with_other_words_is_shown_as_unreadable(db: Database) -> None:
    """Better no session in the document than no document."""
    known = await with_everything(db)
    async with db.unit() as unit:
        await unit.change(tables.session.update().values(body=b"\x01garbage"))
        found = json.loads((await mine.collect(unit, known.person.id)).document)

    assert found["conversation"][0]["session"] is None


async def test_of_nobody_there_is_no_document(db: Database) -> None:
    """Somebody who is not there has no key either."""
    async with db.unit() as unit:
        with pytest.raises(KeyError):
            await mine.collect(unit, 7)
