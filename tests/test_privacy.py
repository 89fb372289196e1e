"""`docs/privacy.md` is true: its tables are the code's, deleting does what it says, every promise has its test."""

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from bot.engine.flow import AskKind, Audience, Book, Phrase
from bot.engine.parse import read_book
from bot.i18n.entry import entries
from bot.model.kept import DataClass, Kept
from bot.model.queue import LaneKind
from bot.model.retention import RETENTION
from bot.store import inbox, mine, outbox, owner, people, refs
from bot.store.db import Database
from bot.store.unit import Unit
from tests.store.shelf import NOW, Shelf, call, enqueue, event, receive
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template
from tests.store.test_mine import with_everything

PROJECT: Final = Path(__file__).parents[1]
PAGE: Final = (PROJECT / "docs" / "privacy.md").read_text(encoding="utf-8")
BOOK: Final = read_book(PROJECT / "flows")
ROW: Final = re.compile(r"^\| (.+) \|$", re.MULTILINE)
PROMISING: Final = {
    "privacy",
    "delete",
    "mydata",
    "hide",
    "stop",
    "retention",
}  # flows whose every text is a promise
NO_PROMISE: Final = {
    "mydata.words",
    "mydata.words_only",
}  # the labels of values; what they promise is named anyway


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without code marks."""
    part = PAGE.partition(f"\n## {heading}")[2].partition("\n## ")[0]
    rows = [[cell.strip().strip("`") for cell in row.split(" | ")] for row in ROW.findall(part)]
    return rows[1:]


KEPT: Final = [row for row in table("What is kept") if row[0] in set(DataClass)]
PROMISES: Final = [row for row in table("What the bot promises") if "." in row[0]]


def lasting(kept: Kept) -> str:
    """How the page writes a lifetime."""
    if kept.ttl is None:
        return "no limit"
    hours = kept.ttl // timedelta(hours=1)
    unit = "hour" if hours == 1 else "hours"
    return f"{hours} {unit}" if hours <= 48 else f"{hours // 24} days"


def test_the_page_has_the_table_that_is_executed() -> None:
    """Class by class: where it stands, for how long, what ends it and what keeps it."""
    shown = [(row[0], row[1], row[2].partition(" after ")[0], row[3], row[4]) for row in KEPT]

    assert shown == [
        (kept.data.value, kept.table, lasting(kept), kept.sooner or "–", kept.unless or "–")
        for kept in RETENTION
    ]


def test_the_page_names_what_a_persons_own_document_leaves_out() -> None:
    """With the reasons of the code."""
    assert [f"- `{name}`: {why}" in PAGE for name, why in mine.HIDDEN.items()] == [True] * len(mine.HIDDEN)


async def _left(unit: Unit, person_id: int) -> dict[str, int]:
    """How many rows of a class are about a person, or are there at all where it is about nobody."""
    questions = {
        "event_body": f"inbox WHERE lane_kind = 'person' AND lane_id = {person_id} AND body IS NOT NULL",
        "event_tag": f"inbox WHERE lane_kind = 'person' AND lane_id = {person_id}",
        "call_body": f"outbox WHERE person_id = {person_id} AND NOT owed",
        "message_ref": f"message_ref WHERE person_id = {person_id}",
        "line_message": f"line_message WHERE person_id = {person_id}",
        "session": f"session WHERE person_id = {person_id}",
        "person": f"person WHERE id = {person_id}",
        "role": f"role WHERE person_id = {person_id}",
        "consent": "consent",  # nobody else has any here
        "volunteer": f"volunteer WHERE person_id = {person_id}",
        "newcomer": f"volunteer WHERE person_id = {person_id}",
        "move": f"move WHERE person_id = {person_id}",
        "on_call": f"on_call WHERE person_id = {person_id}",
        "timer": f"timer WHERE lane_kind = 'person' AND lane_id = {person_id}",
        "dead_body": f"dead_letter WHERE lane_kind = 'person' AND lane_id = {person_id} AND body IS NOT NULL",
        "case": f'"case" WHERE person_id = {person_id}',
        "offer": f"offer WHERE volunteer_id = {person_id}",
        "notice_copy": f"notice_copy WHERE person_id = {person_id}",
        "notice_answer": f"notice_answer WHERE person_id = {person_id}",
        "thinking": "signature WHERE state = 'thinking'",  # nobody else has any here
        "signature": "signature WHERE state = 'signed'",
        "draft": "signature WHERE draft IS NOT NULL",
        "dead_letter": f"dead_letter WHERE lane_kind = 'person' AND lane_id = {person_id}",
    }
    found = {}
    for name, question in questions.items():
        statement = f"SELECT count(*) AS rows FROM {question}"  # noqa: S608 - names and numbers of this test
        found[name] = (await unit.fetch(text(statement)))[0].rows
    return found


async def test_deleting_does_to_every_class_what_the_page_says(sqlite_shelf: Shelf) -> None:
    """Somebody with a row of every class is deleted, and each claim is looked at."""
    said = {row[0]: row[5] for row in KEPT}
    async with sqlite_shelf.opened() as db:
        known = await with_everything(db)
        who = known.person.id
        async with db.unit() as unit:
            before = await _left(unit, who)
            tags = len(await unit.fetch(text("SELECT id FROM inbox")))
            await people.forget(unit, who)
            await unit.commit()
        async with db.unit() as unit:
            after = await _left(unit, who)
            marks = await unit.fetch(text("SELECT lane_kind, body FROM inbox"))
        keys = await db.keyring.keys_for([owner.of_person(who), owner.of_day(NOW.date())])

    assert all(before.values()), "a claim about nothing would say nothing"
    assert {name for name, does in said.items() if does in ("gone", "nobody's")} == set(before)
    assert set(after.values()) == {0}
    assert [(row.lane_kind, row.body) for row in marks] == [(LaneKind.NOBODY.value, None)] * tags
    assert (said["person_key"], said["day_key"]) == ("destroyed", "stays")
    assert set(keys) == {owner.of_day(NOW.date())}


async def test_yesterdays_backup_beside_todays_keys_shows_nothing_of_who_was_deleted(
    sqlite_shelf: Shelf,
) -> None:
    """Whatever the row; an event that was waiting then opens until the key of its day goes, as the page says."""
    async with sqlite_shelf.opened() as db:
        known = await with_everything(db)
        await receive(db, event(known.person.id, "waiting", b"words"))
        await enqueue(db, call(known, "on its way"))
        await db.checkpoint()
    data = Path(sqlite_shelf.data.partition("///")[2])
    backup = Path(shutil.copy(data, data.with_name("backup")))
    async with sqlite_shelf.opened() as db, db.unit() as unit:
        await people.forget(unit, known.person.id)
        await unit.commit()
    for file in data.parent.glob("bot.db*"):
        file.unlink()
    shutil.copy(backup, data)

    async with sqlite_shelf.opened() as db:
        assert await _seen_of(db, known.person.id) == ((), None, {}, ())
        async with db.unit() as unit:
            with pytest.raises(KeyError):
                await mine.collect(unit, known.person.id)
            assert (await inbox.claim(unit, now=NOW, limit=9))[0].body is not None
        async with db.unit() as unit:
            await db.keyring.prune_days(NOW.date() + timedelta(days=4))
            assert (await inbox.claim(unit, now=NOW, limit=9))[0].body is None


async def _seen_of(db: Database, person_id: int) -> tuple[Any, ...]:
    async with db.unit() as unit:
        known = (await people.load(unit, [person_id]))[person_id]
        messages = await refs.of_people(unit, [person_id])
        calls = await outbox.claim(unit, now=NOW, lease=timedelta(minutes=1), limit=9)
    return known.addresses, known.session, messages, calls.deliveries


def phrases(book: Book) -> Iterator[Phrase]:
    """Every text of the book once."""
    return (entry.phrase for entry in entries(book))


def test_every_promise_is_said_in_these_words() -> None:
    """A sentence on the page that the bot does not say is no promise."""
    plain = {(one.context, re.sub(r"[*_`]", "", one.text)) for one in phrases(BOOK)}
    unsaid = [
        (where, sentence)
        for where, sentence, _ in PROMISES
        if not any(context == where and sentence in words for context, words in plain)
    ]

    assert len(PROMISES) > 40
    assert unsaid == []


def test_every_text_that_promises_has_a_line_on_the_page() -> None:
    """A new sentence in these flows needs a test first."""
    steps = [(flow.name, step) for flow in BOOK.flows.values() for step in flow.steps.values()]
    said = {f"{flow}.{step.id}" for flow, step in steps if flow in PROMISING and step.say}
    said |= {name for name in BOOK.phrases if name.startswith("retention.")}

    assert sorted(said - {row[0] for row in PROMISES} - NO_PROMISE) == []


@pytest.mark.parametrize("name", sorted({row[2] for row in PROMISES}))
def test_the_test_of_every_promise_exists(name: str) -> None:
    """A function in a file, or a golden chat."""
    file, *path = name.split("::")
    assert (PROJECT / file).exists(), file
    node: Any = ast.parse((PROJECT / file).read_text(encoding="utf-8")) if path else None
    for part in path:
        (node,) = [one for one in node.body if getattr(one, "name", None) == part]


def test_no_question_keeps_what_people_write_in_their_own_words() -> None:
    """Free words are read and forgotten, but for codes, a time zone, a letter to print, what is wrong with a fact."""
    kept = [
        f"{flow.name}.{step.id}"
        for flow in BOOK.flows.values()
        for step in flow.steps.values()
        if flow.audience is Audience.PERSON and step.ask and step.ask.keep and step.ask.kind is AskKind.TEXT
    ]

    assert kept == [
        "join.ask",
        "join.again",
        "move.prove",
        "move.wrong",
        "support.whom",
        "support.again",
        "support.sign",
        "wrong.ask",
        "wrong.again",
        "zone.ask",
    ]
