"""What only the database can say of an event before the engine hears of it: whether a link is an open invitation.

Every payload of that shape is looked up, whether there is an invitation or not: the answer takes as long. The engine
knows no payload. A flyer in use is told from one that has ended, which whoever brings it never notices.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.actions.scene import Scene
from bot.engine.alert import Alerted
from bot.engine.event import Asked, Carried, Event, Invited, Led, Raised, Started, Typed
from bot.engine.need import CRISIS, INVITED, LINE, NOTICE_WORD, URGENT
from bot.model.flyer import PAYLOAD as FLYER
from bot.model.person import Address
from bot.pipeline import moving
from bot.pipeline.alerting import heard
from bot.pipeline.pointed import NOWHERE
from bot.pipeline.relay import answering, arriving
from bot.pipeline.unread import is_unread
from bot.store import caseload, flyers, invites, notice_answers
from bot.store.people import Known
from bot.store.unit import Unit

LATELY: Final = timedelta(days=1)  # words at rest are taken for an answer to a notice that came since
INVITE: Final = re.compile(r"[A-Za-z2-7]{26}")  # written by hand, it may begin with a capital


async def admitted(scene: Scene, event: Event | None, *, known: Known, written: datetime) -> Event | None:
    """`event`, or what it means where it brings an open invitation to somebody who has no such role yet.

    An alert to somebody who is no organizer any more means nothing; words from a line may have come too late for it,
    and words that no question waits for were perhaps meant for one. Those that were `written` before the open question
    could be read are no answer to it.
    """
    unit, here, now = scene.unit, scene.here, scene.now
    match event:
        case Carried():
            return await arriving(unit, event, known.person.id, here=here, now=now)
        case Typed() | Asked() if here:
            meant = await _typed(unit, event, known=known, here=here, now=now)
            return NOWHERE if await is_unread(scene, meant, known=known, written=written) else meant
        case Alerted():
            return heard(event, known, here=here)
        case Started():
            return await _started(unit, event, known=known, here=here, now=now)
        case _:
            return event


async def _started(unit: Unit, event: Started, *, known: Known, here: Address | None, now: datetime) -> Event:
    """What the payload of a link brings: a flyer in use, a code of the other app, an open invitation."""
    if flyer := FLYER.fullmatch(event.payload):
        live = await flyers.is_live(unit, flyer[1], today=now.date())
        return replace(event, flyer=flyer[1]) if live else event
    if here and (code := moving.PAYLOAD.fullmatch(event.payload)):
        return await moving.brought(unit, code[1], here=here, now=now) or moving.refused()
    if not INVITE.fullmatch(event.payload):
        return event
    found = await invites.find(unit, event.payload.lower(), now=now)
    if found is None or found[1] in known.roles:
        return event
    return Invited(invite=str(found[0]), flow=INVITED[found[1]])


async def _typed(unit: Unit, event: Typed | Asked, *, known: Known, here: Address, now: datetime) -> Event:
    """A quote of a line goes there, a word that elsewhere is a command too, but for a call for help.

    Of words at rest, while a line is open, it is said that they went nowhere; so it is after a notice.
    """
    is_for_help = isinstance(event, Asked) and event.command in (CRISIS, URGENT)
    if event.reply_to and not is_for_help and (answer := await answering(unit, event, here)):
        return answer
    if isinstance(event, Asked):
        return event
    if moved := await moving.typed(unit, event, known=known, here=here, now=now):
        return moved
    at_rest = known.session is None or not known.session.frames
    if at_rest and await caseload.on_a_line(unit, [known.person.id]):
        return Led(flow=LINE, step="unsent")
    if at_rest and (notice := await notice_answers.lately(unit, known.person.id, since=now - LATELY)):
        return Raised(flow=NOTICE_WORD, subject=str(notice))
    return event
