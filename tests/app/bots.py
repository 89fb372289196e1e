"""The whole bot in this process, as `bot run` starts it, beside an emulated Telegram."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientSession

from bot import app
from bot.app.world import World
from bot.sandbox import Emulator
from bot.settings import Listen, Secret, Settings, sandbox
from tests import ready

SOON: Final = 30.0  # seconds; a busy machine is slow


def settings_for(directory: Path, emulator: Emulator | None = None, **changed: object) -> Settings:
    """Settings with databases in `directory`; the web server takes any free port."""
    place: dict[str, object] = {"http_listen": Listen(host="127.0.0.1", port=0)}
    if emulator:
        place |= {"telegram_api_url": emulator.url, "telegram_token": Secret(emulator.token)}
    return sandbox(directory, env_file=directory / "none").model_copy(update={**place, **changed})


async def migrated(directory: Path, emulator: Emulator | None = None, **changed: object) -> Settings:
    """The same, with both databases made."""
    settings = settings_for(directory, emulator, **changed)
    await ready.migrated(settings)
    return settings


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(settings: Settings, world: World | None = None) -> AsyncIterator[None]:
    """The bot serves while the block runs; it is told to stop as SIGTERM tells it."""
    async with asyncio.timeout(4 * SOON):
        serving = asyncio.get_running_loop().create_task(
            app.run(settings, world or World(words=ready.read_once))
        )
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.wait([serving])
        if not serving.cancelled():
            serving.result()


async def refusal(settings: Settings) -> BaseException:
    """Why a start is refused."""
    try:
        async with asyncio.timeout(SOON):
            await app.run(settings, World(words=ready.read_once))
    except BaseExceptionGroup as group:
        return group.exceptions[0]
    raise AssertionError("it started")


async def fetch(port: int, path: str) -> tuple[int, Any]:
    """The status and the body of an answer of the bot's own web server, once it listens."""
    async with ClientSession() as session, asyncio.timeout(SOON):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()
            except OSError:
                await asyncio.sleep(0.01)
