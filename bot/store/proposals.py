"""Proposals: made by one organizer, decided by another, once. What is contested is one conditional UPDATE.

A vote counts only for the content its voter was shown, while the proposal is open, and approves only where somebody
else proposed it who still may. Called by actions, and by the terminal that proposes.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, insert, or_, select, update

from bot.model.audit import CONSOLE
from bot.model.person import Role
from bot.model.proposal import LASTS, Deed, Proposal, Verdict, Vote, content_hash
from bot.store import codec, owner
from bot.store.crypto import Key, place_of
from bot.store.moment import from_ms, to_ms
from bot.store.tables import proposal as proposal_table
from bot.store.tables import role as role_table
from bot.store.unit import Unit

_open = (proposal_table.c.verdict.is_(None), proposal_table.c.made_at > bindparam("since"))
_STILL_MAY = or_(
    proposal_table.c.proposer == CONSOLE,
    exists().where(
        role_table.c.alias == proposal_table.c.proposer, role_table.c.role == Role.ORGANIZER.value
    ),
)
_ADD = insert(proposal_table)
_OPEN = select(proposal_table).where(*_open, _STILL_MAY).order_by(proposal_table.c.id)
_ONE = select(proposal_table).where(proposal_table.c.id == bindparam("which"))
_UNANSWERED = _ONE.where(proposal_table.c.verdict.is_(None), _STILL_MAY)
_DECIDE = (
    update(proposal_table)
    .where(
        proposal_table.c.id == bindparam("which"), *_open, proposal_table.c.content == bindparam("as_shown")
    )
    .values(verdict=bindparam("said"), decider=bindparam("by"))
)
_APPROVE: Final = _DECIDE.where(proposal_table.c.proposer != bindparam("by"), _STILL_MAY)


async def propose(
    unit: Unit, deed: Deed, *, proposer: str, now: datetime, inputs: Mapping[str, str] | None = None
) -> Proposal:
    """Ask the others for this act."""
    made = Proposal(
        id=unit.ids.ordered(now),
        deed=deed,
        content=content_hash(deed, inputs or {}),
        proposer=proposer,
        made_at=from_ms(to_ms(now)),
        inputs=inputs or {},
    )
    key = (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]
    row = {
        "id": made.id,
        "deed": deed.value,
        "inputs_sealed": unit.seal(codec.values_to_bytes(made.inputs), key, place=_place(made.id)),
        "content": made.content,
        "proposer": proposer,
        "made_at": to_ms(now),
        "verdict": None,
        "decider": None,
    }
    await unit.change(_ADD, row)
    return made


async def all_open(unit: Unit, *, now: datetime) -> list[Proposal]:
    """What waits for a second organizer, the oldest first."""
    rows = await unit.fetch(_OPEN, {"since": to_ms(now - LASTS)})
    keys = await unit.keyring.keys_for([owner.SERVICE])
    return [_proposal(row, keys[owner.SERVICE]) for row in rows]


async def is_unanswered(unit: Unit, proposal_id: int) -> bool:
    """Whether nobody decided it, its time over or not, and whoever made it still may."""
    return bool(await unit.fetch(_UNANSWERED, {"which": proposal_id}))


async def decide(unit: Unit, proposal_id: int, *, vote: Vote, now: datetime) -> Proposal | None:
    """The proposal this vote decides. None: it is over, decided, other than was shown, or the voter's own."""
    values = {
        "which": proposal_id,
        "since": to_ms(now - LASTS),
        "as_shown": vote.content,
        "said": vote.verdict.value,
        "by": vote.by,
    }
    statement = _APPROVE if vote.verdict is Verdict.APPROVED else _DECIDE
    if not await unit.change(statement, values):
        return None
    key = (await unit.keyring.keys_for([owner.SERVICE]))[owner.SERVICE]
    found = _proposal((await unit.fetch(_ONE, {"which": proposal_id}))[0], key)
    return found if content_hash(found.deed, found.inputs) == vote.content else None


def _proposal(row: Any, key: Key) -> Proposal:
    return Proposal(
        id=row.id,
        deed=Deed(row.deed),
        content=row.content,
        proposer=row.proposer,
        made_at=from_ms(row.made_at),
        inputs=codec.values_from_bytes(key.opened(row.inputs_sealed, place=_place(row.id))),
    )


def _place(proposal_id: int) -> bytes:
    return place_of("proposal.inputs_sealed", row=proposal_id, owner=owner.SERVICE)
