"""Who may do what, generated from the flows and the actions: every role, every command, every action.

A flow for a role is not there for anybody else (`tests/pipeline/test_role.py` holds that for each command). Here is the
second line: even if a flow were wrong about its audience, an action of a role changes nothing for whoever lacks it.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from bot.actions import ACTIONS
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.engine.flow import Audience, Book, Flow
from bot.engine.parse import read_book
from bot.model.card import ContentPolicy
from bot.model.case import CaseState, Need
from bot.model.person import Language, Person, Role
from bot.model.volunteer import Standing
from bot.store import cases, offers, roles, tables
from bot.store.cases import Names
from bot.store.db import Database
from bot.store.sealing import KeeperKey
from bot.store.unit import Unit
from tests.store.shelf import NOW, meet
from tests.volunteer import enlisted

BOOK: Final[Book] = read_book(Path(__file__).parents[2] / "flows")
HOLDERS: Final = {
    Audience.VOLUNTEER: {Role.VOLUNTEER},
    Audience.ORGANIZER: {Role.ORGANIZER},
    Audience.TEAM: {Role.VOLUNTEER, Role.ORGANIZER},
}
EVERY: Final = [
    frozenset(some) for some in chain.from_iterable(combinations(Role, size) for size in range(len(Role) + 1))
]
KEEPER: Final = KeeperKey(bytes(32 * [7])).public
# An action that only looks, or that asks of the database whose turn it is, for reasons of its own.
LOOKS: Final = frozenset(
    {
        "desk.look",
        "desk.brakes",
        "desk.health",
        "desk.due",
        "desk.cards",
        "desk.find",
        "roster.look",
        "roster.on_call",
    }
)


def owners(action: str) -> set[Role] | None:
    """The roles in whose flows an action is done; None for one that is done in a flow for everybody."""
    of = [flow for flow in BOOK.flows.values() if action in _done_in(flow)]
    if any(flow.audience is Audience.PERSON for flow in of):
        return None
    return {role for flow in of for role in HOLDERS[flow.audience]}


def _done_in(flow: Flow) -> set[str]:
    return {step.do.action for step in flow.steps.values() if step.do}


PRIVILEGED: Final = sorted(name for name in ACTIONS if owners(name))
# Whatever a flow hands to an action is there, so that none is refused for a lack of it.
NAMED: Final = dict.fromkeys(
    (
        name
        for flow in BOOK.flows.values()
        for step in flow.steps.values()
        if step.do
        for name in step.do.inputs
    ),
    "1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bot in the middle of its work, and what could be typed or pressed in it."""

    db: Database
    outsider: Person
    inputs: Mapping[str, str]


@pytest.fixture
async def place(db: Database) -> Place:
    """Somebody's case with a volunteer, another organizer, and an outsider."""
    ids = [known.person.id for known in await meet(db, "1", "2", "3", "4")]
    asker, helper, organizer, _ = ids
    outsider = (await meet(db, "4"))[0].person
    await enlisted(db, helper, now=NOW, standing=Standing.PROBATION)
    async with db.unit() as unit:
        await roles.grant(unit, organizer, Role.ORGANIZER, today=NOW.date())
        case = await cases.open_case(unit, asker, need=Need.BUDDY, language=Language.HEBREW, now=NOW)
        assert case
        await offers.make(unit, case.id, [helper], epoch=0, now=NOW)
        await cases.change(unit, case, CaseState.OFFERED, now=NOW)
        await cases.claim(unit, case.id, helper, names=Names(person="a", volunteer="b"), now=NOW)
        alias = await roles.alias_of(unit, helper, Role.VOLUNTEER)
        peer = await roles.alias_of(unit, organizer, Role.ORGANIZER)
        await unit.commit()
    inputs = NAMED | {
        "alias": alias or "",
        "capacity": "2",
        "card": "crisis_lines",
        "case": str(case.id),
        "code": "123456",
        "days": "0",
        "deed": "letter_call",
        "duty": "on",
        "languages": "he",
        "letter": "reserves",
        "name": alias or "",
        "need": "buddy",
        "peer": peer or "",
        "quarter": "night",
        "reason": "law",
        "topic": "protest",
        "until": "2026-12-24",
        "within": "week",
        "zone": "Europe/London",
    }
    return Place(db=db, outsider=outsider, inputs=inputs)


async def _everything(unit: Unit) -> dict[str, list[object]]:
    """Every row of every table."""
    return {
        name: [tuple(row) for row in await unit.fetch(select(table))]
        for name, table in tables.metadata.tables.items()
    }


async def _refused(doing: Awaitable[Outcome]) -> None:
    """It may fail the turn as what is for others does; a missing input proves nothing."""
    try:
        await doing
    except KeyError:
        raise
    except LookupError:
        pass


def test_there_are_privileged_actions() -> None:
    """The matrix is not empty."""
    assert {"desk.pause", "roster.revoke", "volunteer.leave", "enlist.vouch"} <= set(PRIVILEGED)
    assert set(PRIVILEGED) >= LOOKS


@pytest.mark.parametrize("given", EVERY, ids=lambda some: "+".join(sorted(some)) or "nobody")
def test_a_flow_is_there_for_its_role_alone(given: frozenset[Role]) -> None:
    """Whoever has none of its roles has no step of it, and no command that leads there."""
    seen = BOOK.seen_by(given)
    allowed = {
        name
        for name, flow in BOOK.flows.items()
        if flow.audience is Audience.PERSON or HOLDERS[flow.audience] & given
    }

    assert set(seen.flows) == allowed
    assert {command.route.flow for command in seen.commands.values()} <= allowed


@pytest.mark.parametrize("action", [name for name in PRIVILEGED if name not in LOOKS])
@pytest.mark.parametrize("given", EVERY, ids=lambda some: "+".join(sorted(some)) or "nobody")
async def test_an_action_of_a_role_changes_nothing_for_whoever_lacks_it(
    place: Place, action: str, given: frozenset[Role]
) -> None:
    """It fails the turn, or answers that there is nothing; not a row is different."""
    if (owners(action) or set()) & given:
        return
    async with place.db.unit() as unit:
        before = await _everything(unit)
        scene = Scene(
            unit=unit,
            person=place.outsider,
            addresses=(),
            now=NOW,
            roles=given,
            names=("a", "b", "c"),
            letters=BOOK.letters,
            keeper=KEEPER,
            policy=ContentPolicy.DRAFT,
        )
        await _refused(ACTIONS[action](scene, place.inputs))
        assert await _everything(unit) == before
        assert scene.person == place.outsider
