"""An emulator on a free port, with a clock the test holds, and the real library as its bot."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

os.environ.setdefault("PTB_TIMEDELTA", "1")  # read when telegram.error.RetryAfter is made

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox import Emulator, Person, running


def library_bot(emulator: Emulator, *, token: str | None = None) -> Bot:
    """python-telegram-bot's own Bot, pointed at the emulator."""
    return Bot(
        token or emulator.token,
        base_url=f"{emulator.url}/bot",
        base_file_url=f"{emulator.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}, read_timeout=10),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}, read_timeout=10),
    )


@pytest.fixture
async def emulator() -> AsyncIterator[Emulator]:
    async with running(webhook_retry_seconds=0.05) as emulator:
        yield emulator


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[Bot]:
    async with library_bot(emulator) as bot:
        yield bot


@pytest.fixture
async def noa(emulator: Emulator) -> Person:
    return emulator.person(7, first_name="Noa", language_code="he", started=True)
