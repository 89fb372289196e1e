"""A machine of Hypothesis whose world is a real SQLite file: a fresh one for each life, and a loop to wait on."""

import asyncio
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from typing_extensions import override

from tests.store.shelf import Shelf, sqlite_url

FILES = ("bot.db", "keys.db")


class Living(RuleBasedStateMachine):
    """One life after another, each on files of its own. `begin` opens what it needs on `stack`."""

    template: Path
    directory: Path
    serial = 0

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = AsyncExitStack()
        Living.serial += 1
        place = self.directory / str(Living.serial)
        place.mkdir()
        for name in FILES:
            (place / name).write_bytes((self.template / name).read_bytes())
        self.run(self.begin(Shelf(data=sqlite_url(place / FILES[0]), keys=sqlite_url(place / FILES[1]))))

    async def begin(self, shelf: Shelf) -> None:
        """What there is when a life begins."""
        raise NotImplementedError

    def run(self, work: Awaitable[Any]) -> Any:
        """Wait for something."""
        return self.loop.run_until_complete(work)

    @override
    def teardown(self) -> None:
        """It is over."""
        self.run(self.stack.aclose())
        self.loop.close()


def lived(machine: type[Living], template: Path, *, at: Path, examples: int, steps: int) -> None:
    """Let so many of them live so long, on copies of the migrated files in `template`."""
    machine.template, machine.directory = template, at
    quick = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=quick)
