"""All that is kept about one person, as a document for them: every row of theirs, what is sealed in it opened.

Rows are shown column by column, so that a new column is there by itself. What is left out, and why, stands in `HIDDEN`;
a test walks every table and column. Bodies in the queues are counted, not shown: they are what was just written.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Table, bindparam, func, select

from bot.model.gentle import NEVER
from bot.model.hours import spelled
from bot.model.queue import LaneKind
from bot.store import addresses, case_day, codec, consents, owner, sessions, timers
from bot.store.crypto import Key
from bot.store.moment import from_ms
from bot.store.tables import (
    address,
    case,
    consent,
    dead_letter,
    inbox,
    line_message,
    message_ref,
    move,
    notice_answer,
    notice_copy,
    offer,
    on_call,
    outbox,
    person,
    role,
    session,
    signature,
    timer,
    volunteer,
)
from bot.store.unit import Unit

# Columns of a person's rows that the document does not show, and why.
HIDDEN: Final[Mapping[str, str]] = {
    "person.id": "a number of ours that stands open in the tables: a file with it would lead into a copied database",
    "address.id": "a number of ours that stands open in the tables, as above",
    "person.subject": "a number of ours that leads to what they agreed to; that stands in the file itself",
    "consent.id": "a number of ours for a row; the receipt is made from it",
    "consent.subject": "a number of ours, as above",
    "role.alias": "what the audit calls them: a file with it would say who did what",
    "address.tag": "a blind index: without its key it says nothing, and with the routing id it is known",
    "role.secret_sealed": "it is in the authenticator already; a copy in a chat would be a second key",
    "volunteer.deputy_id": "it is about somebody else",
    "volunteer.invited_by": "it is about somebody else",
    "volunteer.spoken_tag": "a blind index of a code that was shown to them",
    "message_ref.id": "a number of ours for a row",
    "message_ref.message_sealed": "Telegram's numbers of the messages are counted; they mean nothing outside the chat",
    "line_message.id": "a number of ours for a row",
    "line_message.line": "a number of ours for a message",
    "line_message.case_id": "a number of ours for a case",
    "line_message.tag": "a blind index, as above",
    "line_message.message_sealed": "numbers of messages mean nothing outside the chat",
    "signature.id": "a number of ours for a row",
    "signature.subject": "a number of ours, as above",
    "signature.draft": "a number of ours for a key",
    "signature.draft_sealed": "a name that was typed a moment ago, and is wiped within the hour; it stands in the chat",
    "signature.entry": "a number that names to the letter keeper what is sealed: a file with it would lead there",
    "signature.called": "a number of ours for a publication",
    "signature.fresh": "a number of ours, as above",
    "signature.published": "a number of ours, as above",
    "signature.sealed": "it is sealed to the letter keeper, and nothing here can open it",
    "timer.id": "a number of ours for a row",
    "move.id": "a number of ours for a code that was given out",
    "move.tag": "a blind index of that code",
    "move.claimed_by": "a number of ours for the side where it was written",
    "dead_letter.row_id": "a number of ours for a row",
    "dead_letter.body": "words that failed, for a day, as the platform sent them; they stand in the chat",
    "case.id": "a number of ours that stands open in the tables, as above",
    "case.volunteer_id": "who the volunteer is: the two sides do not learn that of each other",
    "case.person_name": "what only the other side calls them",
    "notice_copy.notice_id": "a number of ours for a notice; its words stand in the chat",
    "notice_answer.notice_id": "a number of ours, as above",
    "notice_answer.answer_sealed": "what you said to a notice by its buttons; it stands in the chat",
    "offer.case_id": "a number of ours for somebody else's case",
    "offer.epoch": "it counts how often somebody else's case changed hands",
    "inbox": "what waits to be handled is counted; it was written a moment ago and stands in the chat",
    "outbox": "what waits to be delivered is counted; it comes a moment later",
}
_LINKS: Final = frozenset(
    {"person_id", "volunteer_id", "address_id", "lane_kind", "lane_id"}
)  # by which the rows were found
_WHO: Final[BindParameter[int]] = bindparam("who")
_LANE: Final = LaneKind.PERSON.value
_SUBJECT: Final = select(person.c.subject).where(person.c.id == _WHO).scalar_subquery()

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The document (JSON in UTF-8), and the few facts of it that are said in words."""

    document: bytes
    first: date
    last: date
    messages: int
    timers: int
    waiting: int
    faults: int


def _of_lane(table: Table) -> ColumnElement[bool]:
    return (table.c.lane_kind == _LANE) & (table.c.lane_id == _WHO)


# Tables of a person's rows that are shown as they are, without what is sealed in them, by their name in the document.
_AS_IT_IS: Final[Mapping[str, tuple[Table, ColumnElement[bool]]]] = {
    "roles": (role, role.c.person_id == _WHO),
    "volunteering": (volunteer, volunteer.c.person_id == _WHO),
    "on_call": (on_call, on_call.c.person_id == _WHO),
    "moving": (move, move.c.person_id == _WHO),
    "letters": (signature, signature.c.subject == _SUBJECT),
    "offers": (offer, offer.c.volunteer_id == _WHO),
    "messages": (message_ref, message_ref.c.person_id == _WHO),
    "notices": (notice_copy, notice_copy.c.person_id == _WHO),
    "answers": (notice_answer, notice_answer.c.person_id == _WHO),
    "line": (line_message, line_message.c.person_id == _WHO),
    "faults": (dead_letter, _of_lane(dead_letter)),
}


async def collect(unit: Unit, person_id: int) -> Mine:
    """Everything about this person. Raises KeyError if there is nobody of that id."""
    key = (await unit.keyring.keys_for([owner.of_person(person_id)]))[owner.of_person(person_id)]
    (of_person,) = await _rows(unit, person, person.c.id == _WHO, person_id)
    of_timers = await _rows(unit, timer, _of_lane(timer), person_id)
    plain = {
        name: [_shown(row, table) for row in await _rows(unit, table, of_them, person_id)]
        for name, (table, of_them) in _AS_IT_IS.items()
    }
    to_handle = await _count(unit, inbox, _of_lane(inbox) & inbox.c.handled_at.is_(None), person_id)
    known = await _count(unit, inbox, _of_lane(inbox) & inbox.c.handled_at.is_not(None), person_id)
    to_handle -= 1  # the question that is being answered
    to_deliver = await _count(unit, outbox, outbox.c.person_id == _WHO, person_id)
    found = {
        "person": _shown(of_person, person),
        "addresses": [
            {**_shown(row, address), "number": _number(row, key)}
            for row in await _rows(unit, address, address.c.person_id == _WHO, person_id)
        ],
        "conversation": [
            {**_shown(row, session), "session": _session(row, key)}
            for row in await _rows(unit, session, session.c.person_id == _WHO, person_id)
        ],
        "consents": [
            {**_shown(row, consent), "receipt": consents.read(unit, row).receipt}
            for row in await _rows(unit, consent, consent.c.subject == _SUBJECT, person_id)
        ],
        "timers": [{**_shown(row, timer), "values": dict(timers.values_of(row, key))} for row in of_timers],
        **plain,
        "cases": await _cases(unit, person_id, key),
        "waiting": {"to_be_handled": to_handle, "to_be_delivered": to_deliver, "handled_lately": known},
    }
    return Mine(
        document=json.dumps(found, ensure_ascii=False, indent=1).encode(),
        first=date.fromordinal(of_person.created_on),
        last=date.fromordinal(of_person.seen_on),
        messages=len(plain["messages"]),
        timers=len(of_timers),
        waiting=to_handle + to_deliver,
        faults=len(plain["faults"]),
    )


async def _cases(unit: Unit, person_id: int, key: Key) -> list[Row]:
    rows = await _rows(unit, case, case.c.person_id == _WHO, person_id)
    return [{**_shown(row, case), "about": case_day.opened(row, key)} for row in rows]


async def _rows(unit: Unit, table: Table, which: ColumnElement[bool], person_id: int) -> list[Any]:
    return list(await unit.fetch(select(table).where(which), {"who": person_id}))


async def _count(unit: Unit, table: Table, which: ColumnElement[bool], person_id: int) -> int:
    (row,) = await unit.fetch(select(func.count()).select_from(table).where(which), {"who": person_id})
    return int(row[0])


def _shown(row: Any, table: Table) -> Row:
    """A row without what is sealed, hidden or only a link; days and times as people write them."""
    return {
        name: _readable(name, value)
        for name, value in row._asdict().items()
        if name not in _LINKS and f"{table.name}.{name}" not in HIDDEN and not isinstance(value, bytes)
    }


def _readable(name: str, value: object) -> object:
    reader = next((found for ending, found in _READERS.items() if name.endswith(ending)), None)
    return reader(value) if reader and isinstance(value, int) else value


def _day(value: int) -> str:
    return date.fromordinal(value).isoformat()


def _moment(value: int) -> str:
    return from_ms(value).isoformat()


_READERS: Final[Mapping[str, Callable[[int], object]]] = {
    "away_until": _day,
    "_on": _day,
    "day": _day,
    "_at": _moment,
    "_until": _moment,
    "_since": _moment,
    "onboarded": bool,
    "adult": bool,
    "ask_again": bool,
    "reachable": bool,
    "later": bool,
    "agreed": bool,
    "hours": spelled,
}


def _number(row: Any, key: Key) -> str:
    place = addresses.place(row.id, row.person_id)
    return key.opened(row.routing_sealed, place=place).decode()


def _session(row: Any, key: Key) -> object:
    found = sessions.opened(row.person_id, row.body, key=key)
    if found is None:
        return None
    shown: Row = json.loads(codec.session_to_bytes(found))
    return {name: value for name, value in shown.items() if value != NEVER.isoformat()}
