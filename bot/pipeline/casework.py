"""The lane of a case: what happens to it, one event after the other, from asking to its end.

While nobody has the case, every event ends with the search's own timer; once somebody has it, with the one of the
claim until both are on the line. Called by process for each row of a case's lane.
"""

from collections import Counter
from datetime import datetime
from typing import Final, assert_never

from bot.model.case import (
    HELD,
    CaseEvent,
    CaseState,
    Due,
    Freed,
    Need,
    OfferState,
    Opened,
    Paged,
    Passed,
    Why,
)
from bot.model.search import CLAIM, SEARCH, Round
from bot.model.silence import SILENCE, Stage
from bot.pipeline import silence
from bot.pipeline.searching import Search, Searching
from bot.store import cases, offers, people, timers, verifying
from bot.store.unit import Unit

TALKING: Final = frozenset({CaseState.CONNECTED, CaseState.PAUSED})


async def take(unit: Unit, case_id: int, event: CaseEvent, *, now: datetime, on: Searching) -> Counter[str]:
    """Let `event` happen to a case; what to count. Of a case that has ended nothing happens any more."""
    case = await cases.load(unit, case_id)
    known = (await people.load(unit, [case.person_id])).get(case.person_id) if case else None
    if case is None or known is None or case.state is CaseState.CLOSED:
        return Counter()
    search = Search(unit=unit, case=case, person=known, now=now, on=on)
    if await _is_over(search):
        return search.counts
    match event:
        case Freed():
            await _freed(search, event)
        case Due():
            await _due(search, event)
        case Opened() | Passed() | Paged():
            if case.state not in HELD:
                await _searched(search, event)
        case _:
            assert_never(event)
    return search.counts


async def _is_over(search: Search) -> bool:
    """Whether a talk about a letter, that nobody has, has nothing to be about any more: then it ends."""
    case = search.case
    if case.need is not Need.VERIFY or case.state in HELD:
        return False
    if await verifying.is_awaited(search.unit, case.person_id):
        return False
    await cases.close(search.unit, case, now=search.now)
    await timers.cancel(search.unit, search.lane, [SEARCH])
    await offers.forget(search.unit, case.id)
    await search.tell("talk_over", [case.person_id], values={})
    return True


async def _searched(search: Search, event: Opened | Passed | Paged) -> None:
    """What happens while nobody has it: somebody asks or comes on duty, passes, or wants everybody asked again."""
    match event:
        case _ if search.round is Round.NONE:
            await search.go_on()
        case Paged(on_call=True):
            await search.call()
        case Paged():
            await search.again()
        case Opened():
            await search.fill()
        case Passed():
            if not await search.fill() and search.round is not Round.TOLD:
                await search.go_on()  # nobody is left whose answer could be waited for
        case _:
            assert_never(event)


async def _freed(search: Search, event: Freed) -> None:
    """Its volunteer no longer has it: the person is told, and somebody else is looked for."""
    if search.case.state in HELD and search.case.epoch == event.epoch:
        await _free(search)
    if search.case.state is not CaseState.HANDED_BACK or search.case.epoch != event.epoch + 1:
        return
    search.counts[f"case.freed.{event.why}"] += 1
    by = search.now + search.times.told
    flow = "again_wanted" if event.why is Why.OTHER else "again"
    await search.tell(flow, [search.case.person_id], values={"by": by.isoformat()})
    await search.go_on()


async def _free(search: Search) -> None:
    """Take the case from its volunteer, to whom it never comes back."""
    before = search.case
    await cases.free(search.unit, before, now=search.now)
    had = before.volunteer_id or 0  # nobody, where its volunteer was forgotten meanwhile
    await offers.answer(search.unit, before.id, had, state=OfferState.GIVEN_BACK)
    search.case = await cases.load(search.unit, before.id) or before


async def _unmet(search: Search) -> None:
    """Somebody took it, and the two have not met: kept for who is on another line, else offered again."""
    open_ = await cases.of_person(search.unit, search.case.person_id)
    if any(one.state in TALKING for one in open_):
        await cases.change(search.unit, search.case, CaseState.CONNECTED, now=search.now)
        await silence.begins(search)
    else:
        await silence.ends_for_volunteer(search)
        await _freed(search, Freed(epoch=search.case.epoch, why=Why.SILENT))


async def _due(search: Search, event: Due) -> None:
    """A timer; one that was overtaken means nothing."""
    state, epoch = search.case.state, search.case.epoch
    if event == Due(timer=SEARCH, version=search.version) and state not in HELD:
        await search.go_on()
    elif event == Due(timer=CLAIM, version=str(epoch)) and state is CaseState.CLAIMED:
        await _unmet(search)
    elif event.timer == SILENCE and state in HELD and event.version.startswith(f"{epoch}."):
        await silence.passes(search, Stage(event.version.partition(".")[2]))
