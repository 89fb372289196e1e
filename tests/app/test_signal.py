"""The whole bot on Signal alone: a scripted signal-cli, the spooler, the bot, and somebody who writes."""

import asyncio
import json
import time
from pathlib import Path

from bot.sandbox.signal import Network, signal_running
from bot.settings import Listen, Secret
from bot.spool.folder import Folder
from bot.spool.writer import Spooler
from tests.app.bots import SOON, fetch, free_port, migrated, serving


async def test_signal_alone_is_enough(tmp_path: Path) -> None:
    """Without a token nobody asks Telegram for anything; who writes on Signal is answered there, and health is good."""
    network, spool, port = Network(time.time), Folder(tmp_path / "spool"), free_port()
    async with signal_running(network), asyncio.TaskGroup() as tasks:
        account = network.account.number
        settings = await migrated(
            tmp_path,
            telegram_token=None,
            telegram_api_url="http://127.0.0.1:1",
            signal_rpc=network.rpc,
            signal_account=Secret(account),
            signal_spool=spool.path,
            http_listen=Listen(host="127.0.0.1", port=port),
        )
        spooler = tasks.create_task(Spooler(spool, network.rpc, account=account).run())
        async with serving(settings):
            noa = network.person()
            await noa.send("שלום")
            first = await noa.wait_reply(timeout=SOON)
            asked = await noa.wait_for("1.", timeout=SOON, after=first.timestamp - 1)
            await noa.send("1", quote=asked.timestamp)
            await noa.wait_for("", timeout=SOON, after=asked.timestamp)
            checks = json.loads((await fetch(port, "/healthz"))[1])["checks"]
        spooler.cancel()

    assert "telegram" not in checks
    assert checks["signal"]["ok"]
    assert all(note.is_long is False for note in noa.replies)
