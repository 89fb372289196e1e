"""Who deletes a message of a line for everyone takes it back at the other end too, wherever it is by then.

What has arrived is deleted there, as a chat that is cleared is; what waits goes unsent; what is under way is dealt with
by `relay` as it ends. Where the line is over, its copies go all the same, for as long as they are known.
"""

from datetime import datetime

from bot.model.incoming import Deleted, Incoming, MediaRef
from bot.model.person import Address
from bot.pipeline import clear
from bot.store import cases, lines, refs, unsent
from bot.store.lines import Copy
from bot.store.unit import Unit


async def erased(
    unit: Unit, incoming: Incoming | None, *, here: Address | None, now: datetime
) -> list[MediaRef]:
    """Do what comes of a deletion, if this is one; the files nobody needs to fetch any more."""
    happening = incoming.happening if incoming else None
    if here is None or not isinstance(happening, Deleted):
        return []
    files: list[MediaRef] = []
    for own in await lines.written(unit, here, happening.message_id):
        await lines.take_back(unit, own)  # first, for whoever delivers it just now waits for this
        files += await _take_back(unit, own, now=now)
    await clear.what_is_due(unit, now=now)
    return files


async def _take_back(unit: Unit, own: Copy, *, now: datetime) -> list[MediaRef]:
    copies = await lines.elsewhere(unit, own)
    case = await cases.load(unit, own.case_id)
    sides = {case.person_id, case.volunteer_id} if case else set()
    others = {one for one in sides if one is not None} | {copy.person_id for copy in copies}
    for copy in copies:
        await refs.bring_on(unit, copy.address_id, copy.names, now=now)
    return await unsent.take_out(unit, own.line, sorted(others - {own.person_id}), now=now)
