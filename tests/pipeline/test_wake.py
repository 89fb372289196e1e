"""Waking the next stage."""

import asyncio

from bot.pipeline.wake import Wake


async def test_a_wake_up_before_the_wait_is_not_lost() -> None:
    """Whoever was woken while at work does not wait."""
    wake = Wake(longest=60)
    wake.set()
    async with asyncio.timeout(1):
        await wake.wait()


async def test_one_wake_up_is_one_round() -> None:
    """After the wait it is not set any more."""
    wake = Wake(longest=0.01)
    wake.set()
    await wake.wait()
    waiting = asyncio.timeout(0.001)
    try:
        async with waiting:
            await wake.wait()
    except TimeoutError:
        pass

    assert waiting.expired()


async def test_a_lost_wake_up_costs_the_longest_wait() -> None:
    """Without anybody's call the wait ends by itself."""
    async with asyncio.timeout(1):
        await Wake(longest=0.01).wait()
