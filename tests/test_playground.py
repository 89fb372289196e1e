"""`bot sandbox` as people start it: the page at once, the bot as a process of its own, and one end for both."""

import asyncio
import re
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession

from bot.model.exit import Exit
from tests.playing import SOON, Sandbox, playing, started

HELLO: Final = "ההחלטה תמיד"


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with playing(tmp_path / "box") as sandbox:
        yield sandbox


async def test_it_starts_where_its_ports_are_taken(tmp_path: Path) -> None:
    """It takes free ones, says where its page is, and people are answered."""
    with socket.socket() as page, socket.socket() as web:
        with suppress(OSError):  # somebody on this machine may have it already
            page.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            page.bind(("127.0.0.1", 8081))
            page.listen()
        web.bind(("127.0.0.1", 0))
        web.listen()
        listen = f"127.0.0.1:{web.getsockname()[1]}"
        process, url = await started(tmp_path / "box", BOT_HTTP_LISTEN=listen)
        async with ClientSession() as session:
            sandbox = Sandbox(process, url, session)
            async with session.get(url) as answer:
                status = answer.status
            await sandbox.act("start", user_id=1001)
            said = await sandbox.hears(1001, HELLO)
        process.terminate()
        _, errors = await process.communicate()

    assert not url.endswith(":8081")
    assert status == 200
    assert HELLO in said["text"]
    assert process.returncode == Exit.OK
    assert b"Traceback" not in errors


async def test_one_ctrl_c_ends_both_quietly(sandbox: Sandbox) -> None:
    """The bot goes with its sandbox, and nothing is said about it."""
    await sandbox.act("start", user_id=1001)
    await sandbox.hears(1001, HELLO)
    (bot,) = sandbox.bots()
    sandbox.process.send_signal(signal.SIGINT)
    _, errors = await sandbox.process.communicate()

    assert not bot.is_running()
    assert not re.search(rb"ERROR|Traceback|wrong", errors)


async def test_a_killed_sandbox_leaves_no_bot_behind(sandbox: Sandbox) -> None:
    """Nobody can tell it any more; it notices by itself."""
    await sandbox.act("start", user_id=1001)
    await sandbox.hears(1001, HELLO)
    (bot,) = sandbox.bots()
    sandbox.process.kill()
    await sandbox.ended()

    assert await asyncio.to_thread(bot.wait, SOON) in (None, Exit.OK)


async def test_a_killed_bot_is_replaced_and_nothing_is_lost(sandbox: Sandbox) -> None:
    """What is written while nobody is there waits at Telegram, and is answered by the next one."""
    await sandbox.act("start", user_id=1001)
    first = await sandbox.hears(1001, HELLO)
    (bot,) = sandbox.bots()
    await sandbox.act("order", order="kill")
    await sandbox.act("send", user_id=1001, text="1")
    waiting = (await sandbox.act("stats"))["pending"]
    await sandbox.hears(1001, "לשון", after=first["message_id"])

    assert waiting == 1
    assert bot.pid != sandbox.bots()[0].pid
    assert (await sandbox.act("stats"))["pending"] == 0


async def test_time_that_is_travelled_is_there_at_the_next_start(tmp_path: Path) -> None:
    """The bot's data would not understand a clock that goes back."""
    box = tmp_path / "box"
    dates = []
    for jump in (86400 * 30, 1):
        async with playing(box) as sandbox:
            await sandbox.act("travel", seconds=jump)
            message = await sandbox.act("start", user_id=1001)
            await sandbox.hears(1001, HELLO)
            chat = await sandbox.act("chat", user_id=1001)
            dates += [one["date"] for one in chat["messages"] if one["message_id"] == message]

    assert dates[0] <= dates[1] < dates[0] + 3600


async def test_a_bot_that_cannot_start_ends_the_sandbox(tmp_path: Path) -> None:
    """With the bot's own sentence, and one more; not over and over again."""
    process, _ = await started(tmp_path / "box")
    process.terminate()
    await process.communicate()
    (tmp_path / "box" / "keys.db").unlink(missing_ok=True)
    (tmp_path / "box" / "keys.db").mkdir()
    process, _ = await started(tmp_path / "box")
    _, errors = await process.communicate()

    assert process.returncode == Exit.FAILED
    assert b"The bot ended before it could serve anybody." in errors


async def test_the_volunteer_is_the_same_in_every_run(tmp_path: Path) -> None:
    """The bot's data knows them: there is one, not one more with each start."""
    box = tmp_path / "box"
    ready = []
    for _ in range(2):
        async with playing(box) as sandbox:
            ready.append(await sandbox.act("ready"))

    assert ready[0] == ready[1] == int((box / "volunteer").read_text(encoding="utf-8"))
