"""Sealing from the chat, in the running bot."""

import asyncio
import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import app
from bot.app.seal import Sealed
from bot.app.world import World
from bot.sandbox import Emulator
from bot.settings import Secret, keyfile
from bot.spool.folder import Folder, Public
from bot.store.crypto import totp_code
from bot.store.errors import NotMigrated
from tests.app.bots import SOON, migrated, refusal, settings_for


async def _seal(emulator: Emulator, found: app.Invitation) -> None:
    """Somebody joins and seals, and reads that it is sealed."""
    person = emulator.person(language_code="en")
    await person.start(found.payload)
    await person.wait_for(lambda message: "invitation" in message.text, timeout=SOON)
    now = int(World().clock.now().timestamp())
    await person.send(totp_code(base64.b32decode(found.secret), seconds=now))
    await person.wait_for(lambda message: "/desk" in message.text, timeout=SOON)
    await person.send("/seal")
    await person.wait_for(lambda message: "Seal the bot now" in message.labels, timeout=SOON)
    await person.press("Seal the bot now")
    await person.wait_for(lambda message: message.text.startswith("Sealed."), timeout=SOON)


async def test_an_organizer_seals_the_bot_from_the_chat(tmp_path: Path, emulator: Emulator) -> None:
    """The last word still arrives, the process ends by itself with nothing in doubt, and the next one is refused."""
    settings = await migrated(tmp_path, emulator)
    found = await app.invite_organizer(settings)
    running = asyncio.get_running_loop().create_task(app.run(settings))
    await _seal(emulator, found)
    with pytest.RaisesGroup(Sealed):
        await asyncio.wait_for(running, SOON)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        (left,) = data.execute("SELECT count(*) FROM outbox").fetchone()

    assert left == 0
    assert isinstance(await refusal(settings), Sealed)


async def test_a_sealed_bot_leaves_messages_at_signal(tmp_path: Path, emulator: Emulator) -> None:
    """Nobody could read them here: the spooler loses its key, whether the bot runs or not, and stops listening."""
    spool, signal = Folder(tmp_path / "spool"), {"signal_rpc": "tcp://127.0.0.1:1"}
    settings = await migrated(tmp_path, emulator, signal_account=Secret("+15550100001"), **signal)
    running = asyncio.get_running_loop().create_task(app.run(settings))
    async with asyncio.timeout(SOON):
        while spool.public() is None:  # noqa: ASYNC110 - the bot gives it, and tells nobody
            await asyncio.sleep(0.01)
    await app.seal(settings)
    with pytest.RaisesGroup(Sealed):
        await asyncio.wait_for(running, SOON)
    ended = spool.public()
    spool.publish(Public(name="k", key=bytes(32)))
    await app.seal(settings)

    assert ended is None
    assert spool.public() is None


async def test_a_folder_that_cannot_be_written_stops_no_seal(tmp_path: Path, emulator: Emulator) -> None:
    """Whoever seals is in a hurry."""
    settings = await migrated(tmp_path, emulator)
    (settings.signal_spool / "public").mkdir(parents=True)
    await app.seal(settings)

    assert isinstance(await refusal(settings), Sealed)


@pytest.mark.parametrize("trouble", ["wrong", "gone", "empty", "broken"])
async def test_sealing_does_not_wait_for_the_keys(tmp_path: Path, emulator: Emulator, trouble: str) -> None:
    """Whatever is the matter with them: the bot is sealed, and the act is in the audit once it is opened."""
    settings = await migrated(tmp_path, emulator)
    assert await app.audited(settings) == []
    (tmp_path / "broken").write_bytes(b"no database at all" * 500)
    (tmp_path / "empty").touch()
    changed = (
        {"master_key": Secret(keyfile.fresh())}
        if trouble == "wrong"
        else {"keys_url": f"sqlite+aiosqlite:///{tmp_path / trouble}"}
    )
    await app.seal(settings.model_copy(update=changed))

    assert isinstance(await refusal(settings), Sealed)
    await app.unseal(settings, lambda _: "")
    assert [line.split()[3] for line in await app.audited(settings)] == ["seal", "unseal"]


async def test_a_newer_program_seals_what_runs(tmp_path: Path, emulator: Emulator) -> None:
    """In the middle of a deploy, before the migration; where there is no database at all, that is said."""
    settings = await migrated(tmp_path, emulator)
    await app.audited(settings)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        data.execute("UPDATE alembic_version SET version_num = '0006'")
        data.commit()
    await app.seal(settings)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        held = data.execute("SELECT scope FROM pause").fetchall()

    assert held == [("sealed",)]
    with pytest.raises(NotMigrated):
        await app.seal(settings_for(tmp_path / "nothing", emulator))
