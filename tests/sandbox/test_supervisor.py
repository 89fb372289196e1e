"""Keeping a process alive: a small script stands for the bot, everything else is real."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import supervisor as place
from bot.sandbox.supervisor import Condition, NeverServed, Order, Supervisor

SOON = 30.0
SEALED = 77
SCRIPT = """
import json, pathlib, signal, sys
{before}
print("a stray word", flush=True)
print(json.dumps({{"ready": True}}), flush=True)
for line in sys.stdin:
    note = json.loads(line)
    if "die" in note:
        sys.exit(note["die"])
    print(json.dumps({{"echo": note}}), flush=True)
"""
STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
REFUSES = "sys.exit(78)"


def supervisor(before: str = "") -> Supervisor:
    return Supervisor(
        lambda: (sys.executable, "-c", SCRIPT.format(before=before)),
        lambda: {"PATH": os.environ["PATH"]},
        final={SEALED},
    )


async def until(one: Supervisor, condition: Condition) -> None:
    async with asyncio.timeout(SOON):
        while one.condition is not condition:  # noqa: ASYNC110 - a condition is a plain value
            await asyncio.sleep(0.005)


@pytest.fixture
async def alive(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Supervisor]:
    monkeypatch.setattr(place, "PAUSE", 0.2)
    one = supervisor()
    running = asyncio.get_running_loop().create_task(one.run())
    await until(one, Condition.RUNNING)
    yield one
    running.cancel()
    await asyncio.wait([running])


async def test_it_is_asked_and_answers(alive: Supervisor) -> None:
    """Answers come to their questions in order."""
    answers = await asyncio.gather(*(alive.ask({"n": n}) for n in range(3)))

    assert answers == [{"echo": {"n": n}} for n in range(3)]


async def test_stopped_it_stays_so_until_it_is_started(alive: Supervisor) -> None:
    """Meanwhile nobody answers."""
    await alive.obey(Order.STOP)
    await until(alive, Condition.STOPPED)
    answer = await alive.ask({"n": 1})
    await alive.obey(Order.START)
    await until(alive, Condition.RUNNING)

    assert answer is None


async def test_restarted_it_comes_back_at_once(alive: Supervisor) -> None:
    """Without the pause that a death has."""
    await alive.obey(Order.RESTART)
    await until(alive, Condition.RUNNING)

    assert await alive.ask({"n": 1}) == {"echo": {"n": 1}}


async def test_killed_it_is_seen_dead_and_comes_back(alive: Supervisor) -> None:
    """The same as any other death."""
    await alive.obey(Order.KILL)
    await until(alive, Condition.DIED)
    await alive.obey(Order.KILL)
    await until(alive, Condition.RUNNING)


async def test_who_waits_for_an_answer_of_the_dead_gets_none(alive: Supervisor) -> None:
    """Nobody waits for ever."""
    assert await alive.ask({"die": 3}) is None
    await until(alive, Condition.DIED)


async def test_one_that_ends_for_good_stays_away(alive: Supervisor) -> None:
    """Its status says that this was no accident; an order brings it back."""
    assert await alive.ask({"die": SEALED}) is None
    await until(alive, Condition.SEALED)
    await asyncio.sleep(0.3)
    stayed = alive.condition
    await alive.obey(Order.START)
    await until(alive, Condition.RUNNING)

    assert stayed is Condition.SEALED


async def test_stopped_while_dead_it_stays_away(alive: Supervisor) -> None:
    """The next start does not come by itself then."""
    await alive.obey(Order.KILL)
    await until(alive, Condition.DIED)
    await alive.obey(Order.STOP)
    await asyncio.sleep(0.3)

    assert alive.condition is Condition.STOPPED


async def test_one_that_will_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while, the hard way."""
    monkeypatch.setattr(place, "GRACE", 0.2)
    one = supervisor(STUBBORN)
    running = asyncio.get_running_loop().create_task(one.run())
    await until(one, Condition.RUNNING)
    await one.obey(Order.STOP)
    await until(one, Condition.STOPPED)
    running.cancel()
    await asyncio.wait([running])


async def test_one_that_never_serves_is_given_up() -> None:
    """What is wrong at the first start is not tried again."""
    with pytest.raises(NeverServed):
        await asyncio.wait_for(supervisor(REFUSES).run(), SOON)


async def test_one_that_served_before_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever is wrong may pass."""
    monkeypatch.setattr(place, "PAUSE", 0.01)
    broken = tmp_path / "broken"
    one = supervisor(f"if pathlib.Path({str(broken)!r}).exists(): sys.exit(1)")
    running = asyncio.get_running_loop().create_task(one.run())
    await until(one, Condition.RUNNING)
    broken.touch()
    await one.obey(Order.KILL)
    await asyncio.sleep(0.5)
    broken.unlink()
    await until(one, Condition.RUNNING)
    running.cancel()
    await asyncio.wait([running])
