"""The lab of a test run, brought up for the first test that asks, and a friend for each test."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.lacking import lacking
from tests.signal_lab.friend import Friend, friend
from tests.signal_lab.lab import Lab, is_here, running


@pytest.fixture(scope="session")
def _one_lab() -> Iterator[Lab]:
    if not is_here():
        lacking("signal-cli (make lab)")
    with running() as lab:
        yield lab


@pytest.fixture
async def lab(_one_lab: Lab) -> Lab:
    """The lab in good order, whatever the test before did to it."""
    await _one_lab.faults()
    for who in ("bot", "friends"):
        await _one_lab.network(up=True, who=who)
    if not _one_lab.daemon.is_running:
        _one_lab.daemon.start()
    return _one_lab


@pytest.fixture
async def noa(lab: Lab) -> AsyncIterator[Friend]:
    """Somebody with Signal whom the bot has never met."""
    async with friend(lab) as somebody:
        yield somebody
