"""Notices for tests: somebody wants a kind, somebody writes one, and it goes out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert, select, update

from bot.model.consent import Consent, ConsentText, Method
from bot.model.notice import Notice, NoticeContent, content_hash
from bot.model.person import Language, Platform
from bot.store import consents, notice_drafts, people
from bot.store.db import Database
from bot.store.tables import consent, person
from tests.store.shelf import NOW

NORTH: Final = "notice:protest:north"
EVERYWHERE: Final = "notice:protest:everywhere"
BOTH: Final = frozenset({NORTH, EVERYWHERE})
WORDS: Final = "c" * 64
AUTHOR: Final = "first"
FIRST: Final = 1001  # the number of the first of many
HOURS: Final = timedelta(hours=12)
CONTENT: Final = NoticeContent(
    texts={Language.HEBREW: "מחר במרכז", Language.ENGLISH: "Tomorrow in the centre"}
)


async def want(db: Database, person_id: int, *purposes: str, text: str = WORDS) -> None:
    """These people agree to such notices, in the words that are shown now."""
    async with db.unit() as unit:
        shown = [ConsentText(purpose=one, shown="a.b", text=WORDS) for one in BOTH]
        await consents.publish(unit, shown)
        for purpose in purposes or (NORTH,):
            given = Consent(
                purpose=purpose,
                text=text,
                language=Language.HEBREW,
                method=Method.BUTTON,
                given_on=NOW.date(),
            )
            await consents.give(unit, person_id, given=given)
        await unit.commit()


async def crowd(db: Database, count: int) -> list[int]:
    """Many people who want such notices, made a few statements at a time."""
    numbers = [str(FIRST + number) for number in range(count)]
    async with db.unit() as unit:
        found = await people.resolve(unit, Platform.TELEGRAM, numbers, today=NOW.date())
        await unit.commit()
    ids = list(found.values())
    await want(db, ids[0])
    async with db.unit() as unit:
        others = person.c.id.in_(ids[1:])
        await unit.change(update(person).where(others).values(subject=person.c.id))
        (first,) = await unit.fetch(select(consent))
        await unit.change(insert(consent), [first._asdict() | {"id": id_, "subject": id_} for id_ in ids[1:]])
        await unit.commit()
    return ids


async def opt_out(db: Database, person_id: int, *purposes: str) -> None:
    """They do not want them any more."""
    async with db.unit() as unit:
        await consents.withdraw(unit, person_id, purposes=purposes or BOTH, today=NOW.date())
        await unit.commit()


async def drafted(
    db: Database, *, content: NoticeContent = CONTENT, corrects: Notice | None = None, **more: Any
) -> Notice:
    """A draft that could go out."""
    async with db.unit() as unit:
        left = await notice_drafts.open_draft(unit, AUTHOR, now=NOW, corrects=corrects)
        values: dict[str, Any] = {
            "topic": "protest",
            "purposes": BOTH,
            "useless_after": NOW + HOURS,
        } | more
        draft = replace(left, **values)
        assert await notice_drafts.change(unit, draft, content=content, now=NOW)
        await unit.commit()
    return draft


async def approved(
    db: Database, draft: Notice, *, content: NoticeContent = CONTENT, at: datetime = NOW
) -> Notice:
    """A second organizer says yes to exactly that."""
    async with db.unit() as unit:
        one = await notice_drafts.approve(unit, draft.id, content=content_hash(draft, content), now=at)
        assert one
        await unit.commit()
    return one


async def sent(db: Database, content: NoticeContent, *, topic: str, purpose: str, now: datetime) -> Notice:
    """One that two organizers agreed on, about to leave to whoever wants such notices; of no use once it begins."""
    async with db.unit() as unit:
        left = await notice_drafts.open_draft(unit, AUTHOR, now=now)
        draft = replace(
            left, topic=topic, purposes=frozenset({purpose}), useless_after=content.starts_at or now + HOURS
        )
        assert await notice_drafts.change(unit, draft, content=content, now=now)
        one = await notice_drafts.approve(unit, draft.id, content=content_hash(draft, content), now=now)
        assert one
        await unit.commit()
    return one
