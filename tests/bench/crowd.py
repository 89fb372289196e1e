"""The people of a measurement, in the emulator's own process: each presses, waits for the turn to be whole, goes on.

A turn is whole when the press was answered, the pressed message lost its keyboard, and a message with a new one
arrived.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox import Emulator
from bot.sandbox.chat import Change, Post, Toast
from bot.sandbox.speaking import App
from tests.bench.walk import HOME, ONBOARDING, walk

LONGEST_TURN: Final = 60.0

Done = Callable[["Visitor", float], None]


class LostTheWay(Exception):
    """The choice a visitor wanted is not on the screen."""


class Visitor:
    """One person. `on_turn` is called with the seconds each turn took."""

    def __init__(self, emulator: Emulator, user_id: int, *, way: Iterator[str], on_turn: Done) -> None:
        emulator.person(user_id, language_code="he" if user_id % 5 else "en")
        self._app = App(emulator.world, user_id)
        self._app.private.watchers.append(self._see)
        self._way = way
        self._on_turn = on_turn
        self._screen: Post | None = None
        self._waits: set[str] = set()
        self._since = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether no turn is under way."""
        return not self._waits

    @property
    def is_home(self) -> bool:
        """Whether the menu is open."""
        return HOME in self._choices()

    def write(self, text: str) -> None:
        """Begin a turn with a typed text."""
        self._begin({"message"})
        self._app.write(self._app.text(text))

    def go_on(self) -> None:
        """Begin the next turn of the way; on the way to the menu, the next one there."""
        offered = self._choices()
        arriving = [choice for choice in ONBOARDING if choice in offered]
        wanted = arriving[0] if arriving else next(self._way)
        if wanted not in offered or self._screen is None:
            raise LostTheWay(f"{wanted} is not among {sorted(offered)}")
        self._begin({"answer", "edit", "message"})
        self._app.query(offered[wanted], self._screen)

    def _choices(self) -> dict[str, str]:
        """The callback data of the open screen by its choice."""
        rows = _keyboard(self._screen) if self._screen else []
        offered = [str(button["callback_data"]) for row in rows for button in row]
        return {data.rpartition(":")[2]: data for data in offered}

    def _begin(self, waits: set[str]) -> None:
        self._waits = waits
        self._since = time.perf_counter()

    def _see(self, change: Change) -> None:
        match change:
            case Toast():
                self._waits.discard("answer")
            case Post() if change is self._screen and not _keyboard(change):
                self._waits.discard("edit")
            case Post() if not change.mine and change is not self._screen and _keyboard(change):
                self._arrived = change
                self._waits.discard("message")
            case _:
                return
        if self._since and not self._waits:
            self._screen, taken, self._since = self._arrived, time.perf_counter() - self._since, 0.0
            self._on_turn(self, taken)


def _keyboard(post: Post) -> list[list[dict[str, Any]]]:
    return post.wire.get("reply_markup", {}).get("inline_keyboard") or []


@dataclass(slots=True)
class Turns:
    """What a stretch of time brought: how many turns, and how long each took in seconds."""

    latencies: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The latency in milliseconds that this share of the turns stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000


class Crowd:
    """All visitors."""

    def __init__(self, emulator: Emulator, user_ids: Sequence[int]) -> None:
        self._emulator = emulator
        self._restless = False
        self._lost: list[LostTheWay] = []
        self.turns = Turns()
        self._visitors = [
            Visitor(emulator, user_id, way=walk(number), on_turn=self._ended)
            for number, user_id in enumerate(user_ids)
        ]

    async def come(self, text: str) -> None:
        """Everybody writes `text` and goes on until the menu is open."""
        for visitor in self._visitors:
            visitor.write(text)
        await self._all_idle()
        while arriving := [visitor for visitor in self._visitors if not visitor.is_home]:
            for visitor in arriving:
                visitor.go_on()
            await self._all_idle()

    async def hurry(self, seconds: float) -> None:
        """Everybody goes on as soon as their turn is whole, for so long."""
        self._restless = True
        for visitor in self._visitors:
            if visitor.is_idle:
                visitor.go_on()
        await asyncio.sleep(seconds)

    async def rest(self) -> None:
        """Let the turns under way end, and begin no others. Raises LostTheWay if anybody did."""
        self._restless = False
        await self._all_idle()
        for error in self._lost:
            raise error

    async def stroll(self, rate: float, seconds: float) -> None:
        """One turn begins every 1/`rate` seconds, each of somebody else."""
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            visitor = self._visitors[number % len(self._visitors)]
            if visitor.is_idle:
                visitor.go_on()
        await self.rest()

    def _ended(self, visitor: Visitor, seconds: float) -> None:
        self.turns.latencies.append(seconds)
        if self._restless:
            asyncio.get_running_loop().call_soon(self._go_on, visitor)

    def _go_on(self, visitor: Visitor) -> None:
        if not visitor.is_idle:
            return  # a new stretch has begun meanwhile and took them along
        try:
            visitor.go_on()
        except LostTheWay as error:
            self._lost.append(error)

    async def _all_idle(self) -> None:
        await self._emulator.wait_until(
            lambda: all(visitor.is_idle for visitor in self._visitors), timeout=LONGEST_TURN
        )
