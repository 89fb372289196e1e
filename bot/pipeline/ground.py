"""What every stage of the pipeline stands on; made once by `app`."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field

from bot.model.incoming import MediaRef
from bot.model.person import Platform
from bot.pipeline.metrics import Metrics
from bot.pipeline.wake import Wake
from bot.ports import Clock, Discard, Transport
from bot.store.db import Database

Spawn = Callable[[Coroutine[None, None, None]], object]


def nowhere(file: MediaRef) -> None:
    """No platform puts down anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The database, the platforms, the time; how stages wake each other; `spawn` starts a task `app` owns."""

    db: Database
    transports: Mapping[Platform, Transport]
    clock: Clock
    spawn: Spawn
    discard: Discard = nowhere
    metrics: Metrics = field(default_factory=Metrics)
    process: Wake = field(default_factory=Wake)
    deliver: Wake = field(default_factory=Wake)
