"""What a test of the whole bot can ask for."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Emulator, running
from tests.postgres import cluster as cluster


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """An emulated Telegram."""
    async with running(webhook_retry_seconds=0.05) as emulator:
        yield emulator
