"""What ends of notices by itself: words and copies when they are past, drafts that nobody goes on with.

The part of the sweep that is about them; called by `retention`, which names the lifetimes.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, select

from bot.model.kept import DataClass
from bot.model.notice import Stage
from bot.model.retention import lifetime
from bot.store import copy_counts, notice_answers, notice_drafts, notices
from bot.store.tables import notice, notice_answer, notice_copy
from bot.store.unit import Unit

OLDEST: Final = (
    select(func.min(notice_answer.c.until)).scalar_subquery().label(DataClass.NOTICE_ANSWER),
    select(func.min(notice.c.over_at))
    .where(exists().where(notice_copy.c.notice_id == notice.c.id))
    .scalar_subquery()
    .label(DataClass.NOTICE_COPY),
    select(func.min(notice.c.over_at))
    .where(notice.c.content_sealed.is_not(None))
    .scalar_subquery()
    .label(DataClass.NOTICE_WORDS),
    select(func.min(notice.c.changed_at))
    .where(notice.c.stage == Stage.DRAFT.value)
    .scalar_subquery()
    .label(DataClass.NOTICE_DRAFT),
)


async def sweep(unit: Unit, *, now: datetime) -> dict[DataClass, int]:
    """Remove what has lived its time; how many per class."""
    return {
        DataClass.NOTICE_ANSWER: await notice_answers.wipe(
            unit, before=now - lifetime(DataClass.NOTICE_ANSWER)
        ),
        DataClass.NOTICE_COPY: await copy_counts.wipe(unit, before=now - lifetime(DataClass.NOTICE_COPY)),
        DataClass.NOTICE_WORDS: await notices.wipe(unit, before=now - lifetime(DataClass.NOTICE_WORDS)),
        DataClass.NOTICE_DRAFT: await notice_drafts.drop_old(
            unit, before=now - lifetime(DataClass.NOTICE_DRAFT)
        ),
    }
