"""How one stage wakes the next: an event with a longest wait, so that a lost wake-up costs a second, not a message."""

import asyncio


class Wake:
    """Set by whoever put rows somewhere; waited on by the loop that takes them."""

    def __init__(self, *, longest: float = 1.0) -> None:
        self._event = asyncio.Event()
        self._longest = longest

    def set(self) -> None:
        """There may be something to do."""
        self._event.set()

    async def wait(self) -> None:
        """Until set, or the longest wait; then not set any more."""
        try:
            async with asyncio.timeout(self._longest):
                await self._event.wait()
        except TimeoutError:
            pass
        self._event.clear()
