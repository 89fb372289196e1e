"""Notices before they go out: drafted by one organizer, who alone changes them, and approved by another as shown.

Whoever leaves a draft finds it again; there is one at a time for each. Called by actions.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.model.notice import Notice, NoticeContent, Stage, content_hash
from bot.store import codec, notices, owner
from bot.store.moment import maybe_ms, to_ms
from bot.store.tables import Flag, notice_purpose
from bot.store.tables import notice as notice_table
from bot.store.unit import Unit

_WHICH: Final = notice_table.c.id == bindparam("which")
_IS_DRAFT: Final = notice_table.c.stage == Stage.DRAFT.value
_ADD: Final = insert(notice_table)
_LAST: Final = select(func.coalesce(func.max(notice_table.c.serial), 0))
_LOCKED: Final = select(notice_table).where(_WHICH).with_for_update()
_DRAFT: Final = (
    select(notice_table)
    .where(notice_table.c.author == bindparam("by"), _IS_DRAFT)
    .order_by(notice_table.c.id)
    .limit(1)
)
_CHANGE: Final = (
    update(notice_table)
    .where(_WHICH, _IS_DRAFT, notice_table.c.author == bindparam("by"))
    .values(
        topic=bindparam("new_topic"),
        is_emergency=bindparam("new_emergency", type_=Flag),
        send_at=bindparam("new_send_at"),
        useless_after=bindparam("new_useless"),
        content_sealed=bindparam("new_content"),
        changed_at=bindparam("now"),
    )
)
_FORGET_PURPOSES: Final = delete(notice_purpose).where(notice_purpose.c.notice_id == bindparam("which"))
_ADD_PURPOSE: Final = insert(notice_purpose)
_DROP: Final = delete(notice_table).where(_WHICH, _IS_DRAFT)
_OLD_DRAFTS: Final = select(notice_table.c.id).where(
    _IS_DRAFT, notice_table.c.changed_at < bindparam("before")
)


async def open_draft(unit: Unit, author: str, *, now: datetime, corrects: Notice | None = None) -> Notice:
    """A draft by this organizer: the one they left, or a new one, which may correct a notice that went out."""
    left = await draft_of(unit, author)
    if left:
        return left
    serial = (await unit.fetch(_LAST))[0][0] + 1
    made = Notice(id=unit.ids.ordered(now), author=author, serial=serial)
    if corrects:
        made = replace(
            made,
            topic=corrects.topic,
            purposes=corrects.purposes,
            is_emergency=corrects.is_emergency,
            corrects=corrects.id,
        )
    row = {
        "id": made.id,
        "author": author,
        "stage": made.stage.value,
        "topic": made.topic,
        "is_emergency": made.is_emergency,
        "corrects": made.corrects,
        "serial": made.serial,
        "changed_at": to_ms(now),
    }
    await unit.change(_ADD, row)
    await _aim(unit, made)
    return made


async def draft_of(unit: Unit, author: str) -> Notice | None:
    """The draft this organizer has left, if any."""
    found = await notices.read(unit, await unit.fetch(_DRAFT, {"by": author}))
    return found[0] if found else None


async def change(unit: Unit, draft: Notice, *, content: NoticeContent, now: datetime) -> bool:
    """Write a draft as it is now. False where it is no draft of its author's any more."""
    key = (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]
    values = {
        "which": draft.id,
        "by": draft.author,
        "new_topic": draft.topic,
        "new_emergency": draft.is_emergency,
        "new_send_at": maybe_ms(draft.send_at),
        "new_useless": maybe_ms(draft.useless_after),
        "new_content": unit.seal(codec.notice_to_bytes(content), key, place=notices.place(draft.id)),
        "now": to_ms(now),
    }
    if not await unit.change(_CHANGE, values):
        return False
    await _aim(unit, draft)
    return True


async def approve(unit: Unit, notice_id: int, *, content: str, now: datetime) -> Notice | None:
    """Let a draft go out as it was shown. None: it reads otherwise by now, is no draft, or has no end of its use."""
    found = await notices.read(unit, await unit.fetch(_LOCKED, {"which": notice_id}))
    says = await notices.content_of(unit, notice_id)
    if not found or not says or found[0].useless_after is None or content_hash(found[0], says) != content:
        return None
    return await notices.move(unit, found[0], Stage.APPROVED, now=now)


async def drop(unit: Unit, draft: Notice) -> bool:
    """Throw a draft away. False where it is none any more."""
    if not await unit.change(_DROP, {"which": draft.id}):
        return False
    await unit.change(_FORGET_PURPOSES, {"which": draft.id})
    return True


async def drop_old(unit: Unit, *, before: datetime) -> int:
    """Throw away the drafts nobody has touched since; how many."""
    ids = [row.id for row in await unit.fetch(_OLD_DRAFTS, {"before": to_ms(before)})]
    for statement in (_DROP, _FORGET_PURPOSES):
        if ids:
            await unit.change(statement, [{"which": id_} for id_ in ids])
    return len(ids)


async def _aim(unit: Unit, one: Notice) -> None:
    await unit.change(_FORGET_PURPOSES, {"which": one.id})
    rows = [
        {"notice_id": one.id, "purpose": purpose, "reached": 0, "is_done": False}
        for purpose in sorted(one.purposes)
    ]
    if rows:
        await unit.change(_ADD_PURPOSE, rows)
