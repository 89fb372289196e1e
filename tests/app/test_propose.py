"""More organizers than two, from the terminal: asked of those there are, and the keys it shows afterwards."""

from pathlib import Path

import pytest

from bot import app
from bot.app.house import opened
from bot.app.invite import EnoughOrganizers
from bot.app.propose import AskedAlready
from bot.app.world import World
from bot.model.audit import CONSOLE
from bot.model.exit import Exit
from bot.model.person import Role
from bot.sandbox import Emulator
from bot.settings import Settings
from bot.store import codec, inbox, invites, proposals
from tests.app.bots import migrated
from tests.organizer import enrolled
from tests.store.shelf import meet


async def _two_organizers(settings: Settings) -> set[int]:
    async with opened(settings, World()) as db:
        now = World().clock.now()
        found = await meet(db, "1001", "1002", at=now)
        return {await enrolled(db, known.person.id, now=now) for known in found}


async def _acts(settings: Settings) -> list[str]:
    return [line.partition(" console ")[2] for line in await app.audited(settings)]


async def test_while_there_are_fewer_than_two_the_terminal_invites(
    tmp_path: Path, emulator: Emulator
) -> None:
    """And no third one while the first two have not come: there is nobody to ask."""
    settings = await migrated(tmp_path, emulator)
    lines = [await app.invite_or_ask(settings) for _ in range(2)]
    with pytest.raises(EnoughOrganizers):
        await app.invite_or_ask(settings)

    assert [one[0] for one in lines] == ["An invitation for one person and one use, good for seven days."] * 2
    assert await _acts(settings) == ["invite organizer"] * 2


async def test_two_organizers_are_asked_for_a_third(tmp_path: Path, emulator: Emulator) -> None:
    """Each gets the same prompt, nothing is made yet, and nothing else can be asked meanwhile."""
    settings = await migrated(tmp_path, emulator)
    team = await _two_organizers(settings)
    lines = await app.invite_or_ask(settings)
    with pytest.raises(AskedAlready) as refused:
        await app.invite_or_ask(settings)
    async with opened(settings, World()) as db, db.unit() as unit:
        now = World().clock.now()
        rows = await inbox.claim(unit, now=now, limit=9)
        events = {row.lane.id: codec.event_from_bytes(row.body or b"") for row in rows}
        (one,) = await proposals.all_open(unit, now=now)
        made = await invites.count_open(unit, Role.ORGANIZER, now=now)

    assert lines[0].startswith("There are two organizers")
    assert refused.value.status is Exit.TRY_AGAIN
    assert set(events) == team
    assert {getattr(event, "flow", "") for event in events.values()} == {"proposed"}
    assert (one.proposer, made) == (CONSOLE, 0)
    assert await _acts(settings) == ["propose organizer"]


async def test_the_key_of_an_open_invitation_is_shown_at_the_terminal(
    tmp_path: Path, emulator: Emulator
) -> None:
    """The same that its maker was shown, without the link; that it was shown is in the audit."""
    settings = await migrated(tmp_path, emulator)
    nothing = await app.invitation_keys(settings)
    invitation = await app.invite_organizer(settings)
    shown = await app.invitation_keys(settings)

    assert nothing == ["There is no open invitation for an organizer."]
    assert {invitation.uri, f"By hand: {invitation.secret}"} <= set(shown)
    assert not any(invitation.payload in line for line in shown)
    assert await _acts(settings) == ["invite organizer", "key organizer"]
