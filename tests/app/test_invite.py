"""Inviting organizers from a terminal, and what the audit says of it."""

import asyncio
import base64
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import app
from bot.app.house import opened
from bot.app.invite import EnoughOrganizers, InvitingAlready
from bot.app.world import World
from bot.model.exit import Exit
from bot.sandbox import Emulator, Fault, FaultKind
from bot.settings import Settings
from bot.store import tables
from bot.store.crypto import totp_code
from tests.app.bots import SOON, free_port, migrated, serving


async def test_an_invitation_is_a_link_and_a_key(tmp_path: Path, emulator: Emulator) -> None:
    """The terminal shows both, the key as an authenticator app reads it; its repr shows neither."""
    settings = await migrated(tmp_path, emulator)
    found = await app.invite_organizer(settings)

    assert found.link == f"https://t.me/sandbox_bot?start={found.payload}"
    assert found.uri == f"otpauth://totp/desk?digits=6&secret={found.secret}&algorithm=SHA1&period=30"
    assert {found.link, found.uri, f"By hand: {found.secret}"} <= {
        line.removeprefix("Link: ") for line in found.lines
    }
    assert found.payload not in repr(found)
    assert found.secret not in repr(found)


async def test_nothing_of_it_is_in_the_files(tmp_path: Path, emulator: Emulator) -> None:
    """Neither payload nor secret can be read from a copied database."""
    found = await app.invite_organizer(await migrated(tmp_path, emulator))
    files = _content(tmp_path)

    assert found.payload.encode() not in files
    assert base64.b32decode(found.secret) not in files


def _content(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def test_a_terminal_makes_two_organizers_and_no_more(tmp_path: Path, emulator: Emulator) -> None:
    """Open invitations count; one that has ended does not."""
    settings = await migrated(tmp_path, emulator)
    for _ in range(2):
        await app.invite_organizer(settings)
    with pytest.raises(EnoughOrganizers):
        await app.invite_organizer(settings)
    async with opened(settings, World()) as db, db.unit() as unit:
        await unit.change(update(tables.invite).values(made_at=0))
        await unit.commit()

    assert (await app.invite_organizer(settings)).payload
    assert await app.audited(settings) == [
        f"{number} {World().clock.now().date()} console invite organizer" for number in (1, 2, 3)
    ]
    assert await app.audit_breach(settings) is None


async def test_a_terminal_invites_any_number_of_volunteers(tmp_path: Path, emulator: Emulator) -> None:
    """A link alone, which is in no file; somebody has to vouch for each of them anyway."""
    settings = await migrated(tmp_path, emulator)
    invited = [await app.invite_volunteer(settings) for _ in range(3)]
    links = [next(line for line in lines if line.startswith("Link: ")) for lines in invited]
    payloads = [link.partition("?start=")[2] for link in links]

    assert len(set(payloads)) == 3
    assert [
        any(f"/start {payload}" in line for line in lines)
        for payload, lines in zip(payloads, invited, strict=True)
    ]
    assert not any(payload.encode() in _content(tmp_path) for payload in payloads)
    assert (await app.audited(settings))[-1].endswith("console invite volunteer")


async def test_two_terminals_at_once_do_not_race(tmp_path: Path, emulator: Emulator) -> None:
    """The second is told to try again."""
    settings = await migrated(tmp_path, emulator)
    async with opened(settings, World()) as db, db.hold("invite"):
        with pytest.raises(InvitingAlready) as refused:
            await app.invite_organizer(settings)

    assert refused.value.status is Exit.TRY_AGAIN


async def test_without_telegram_the_name_is_remembered(tmp_path: Path, emulator: Emulator) -> None:
    """Asked once, it is known when Telegram can't be reached; never asked, the code alone is shown."""
    settings = await migrated(tmp_path, emulator)
    alone = settings.model_copy(update={"telegram_api_url": f"http://127.0.0.1:{free_port()}"})
    first = await app.invite_organizer(settings)
    second = await app.invite_organizer(alone)
    other = await migrated(tmp_path / "other", telegram_token=None)
    third = await app.invite_organizer(other)

    assert (first.link or "").partition("?")[0] == (second.link or "").partition("?")[0]
    assert third.link is None
    assert f"Or, written to the bot: /start {third.payload}" in third.lines


async def test_who_loses_patience_leaves_no_invitation(tmp_path: Path, emulator: Emulator) -> None:
    """It would stand in the way of another for a week, and nobody has seen it."""
    settings = await migrated(tmp_path, emulator)
    emulator.faults.add(Fault(kind=FaultKind.DELAY, method="getMe", seconds=60.0))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await app.invite_organizer(settings)

    assert await app.audited(settings) == []


async def test_a_broken_chain_is_told_by_its_row(tmp_path: Path, emulator: Emulator) -> None:
    """As `bot audit verify` prints it."""
    settings = await migrated(tmp_path, emulator)
    await app.invite_organizer(settings)
    async with opened(settings, World()) as db, db.unit() as unit:
        await unit.change(update(tables.audit).values(act="pause"))
        await unit.commit()

    assert await app.audit_breach(settings) == "Row 1 is changed."


async def joined(settings: Settings, emulator: Emulator) -> list[str]:
    """What somebody reads who opens an invitation and writes the code."""
    found = await app.invite_organizer(settings)
    person = emulator.person(language_code="en")
    async with serving(settings):
        await person.start(found.payload)
        asked = await person.wait_for(lambda message: bool(message.buttons), timeout=SOON)
        now = int(World().clock.now().timestamp())
        await person.send(totp_code(base64.b32decode(found.secret), seconds=now))
        done = await person.wait_reply(after=asked.message_id, timeout=SOON)
    return [asked.text, done.text]


async def test_who_has_both_joins(tmp_path: Path, emulator: Emulator) -> None:
    """The whole way, in the running bot."""
    asked, done = await joined(await migrated(tmp_path, emulator), emulator)

    assert asked.startswith("This is an invitation")
    assert done == "Welcome. You are now one of those who run this bot."
