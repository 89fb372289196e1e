"""Copies of notices on their way out: the words are put in, the hour is looked at, and the end of each is written down.

A row of a notice refers to it; what it says is made once for each language, form and platform, and kept while it is
sent. Called by deliver, inside its transactions.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from bot.almanac import next_allowed
from bot.model.limit import LIMITS, Limits
from bot.model.notice import End, Fate, Notice, NoticeContent, NoticeCopy
from bot.model.outgoing import Payload, Priority
from bot.model.person import Platform, Voice
from bot.model.queue import Delivery, Ending, Settlement
from bot.store import copies, notices
from bot.store.outbox import Refused
from bot.store.unit import Unit

KEPT: Final = 64  # different wordings at once; beyond, all are made anew


class Words(Protocol):
    """What puts a notice into words."""

    def message(self, notice: Notice, content: NoticeContent, *, voice: Voice, limits: Limits) -> Payload:
        """The one message that a notice is, for everybody of this voice on a platform with these limits. Pure."""
        ...


class Copying:
    """What deliver needs to know of notices. `zone` (IANA) is of whoever never said where they live."""

    def __init__(self, words: Words, *, zone: str) -> None:
        self._words = words
        self._zone = zone
        self._made: dict[tuple[NoticeCopy, Platform], Payload] = {}

    def rests(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Until when a copy waits, because the bot begins nothing at this hour; an emergency waits for no hour."""
        if delivery.copy is None or delivery.priority is Priority.EMERGENCY:
            return None
        allowed = next_allowed(now, zone=delivery.copy.zone or self._zone)
        return allowed if allowed > now else None

    async def worded(self, unit: Unit, deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """The same deliveries; what stands for a notice has its words."""
        return tuple(
            [
                replace(one, payload=await self._payload(unit, one, one.copy)) if one.copy else one
                for one in deliveries
            ]
        )

    async def _payload(self, unit: Unit, delivery: Delivery, copy: NoticeCopy) -> Payload:
        key = replace(copy, zone=None), delivery.platform
        if key not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[key] = await self._said(unit, copy, delivery)
        return self._made[key]

    async def _said(self, unit: Unit, copy: NoticeCopy, delivery: Delivery) -> Payload:
        """A notice that is gone meanwhile says nothing, which no platform takes."""
        notice = await notices.load(unit, copy.notice_id)
        content = await notices.content_of(unit, copy.notice_id)
        if notice is None or content is None:
            return delivery.payload
        voice = Voice(language=copy.language, form=copy.form, zone=self._zone)
        return self._words.message(notice, content, voice=voice, limits=LIMITS[delivery.platform])

    async def settle(
        self, unit: Unit, ended: Sequence[Settlement], refused: Sequence[Refused], *, now: datetime
    ) -> None:
        """Write down the fates of copies that were sent, given up, or refused by what they were bound to.

        When these were the last ones, their notice is looked at.
        """
        ends = [end for one in ended if (end := _end(one))] + [one.end for one in refused if one.end]
        await copies.settle(unit, ends)
        for notice_id in {end.notice_id for end in ends}:
            if not await copies.any_pending(unit, notice_id):
                await notices.look_again(unit, notice_id, at=now)


def _end(settlement: Settlement) -> End | None:
    """What a call means for the copy it was made for; nothing yet where it will be tried again."""
    delivery = settlement.delivery
    if delivery.copy is None or settlement.ending is Ending.RETRY:
        return None
    fate = Fate.DELIVERED
    if settlement.ending is Ending.FAILED:
        fate = Fate.BLOCKED if settlement.unreachable else Fate.FAILED
    return End(
        notice_id=delivery.copy.notice_id,
        person_id=delivery.person_id,
        fate=fate,
        reason=None if fate is Fate.BLOCKED else settlement.reason,
    )
