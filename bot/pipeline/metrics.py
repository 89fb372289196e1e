"""What operators can see: Prometheus figures without ids, the only module that imports `prometheus_client`."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.model.case import CaseState
from bot.model.queue import Cause

SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one process; `render` gives them in Prometheus' text format."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        histogram = partial(Histogram, registry=registry, buckets=SECONDS)
        self._received = counter("bot_updates_received", "Updates stored, by platform", ["platform"])
        self._held = counter(
            "bot_updates_held",
            "Updates of too many at once, by what became of them",
            ["how"],
        )
        self._turns = counter("bot_turns", "Inbox rows handled")
        self._batch = histogram("bot_batch_seconds", "Time of one process batch")
        self._latency = histogram(
            "bot_reply_seconds",
            "From a reply's writing down to its departure",
        )
        self._sends = counter("bot_sends", "Calls to platforms by outcome", ["platform", "outcome"])
        self._dead = counter("bot_dead_letters", "Rows given up, by cause", ["cause"])
        self._faults = counter("bot_flow_faults", "Turns the flows could not go on with", ["error"])
        self._depth = gauge("bot_queue_depth", "Open rows by queue", ["queue"])
        self._overdue = gauge("bot_queue_overdue_seconds", "Age of the oldest due row by queue", ["queue"])
        self._oldest = gauge("bot_oldest_row_seconds", "Age of the oldest row per data class", ["data"])
        self._cases = gauge("bot_cases", "Open cases by state", ["state"])
        self._statements = gauge("bot_sql_statements", "SQL statements since the start")
        self._commits = gauge("bot_sql_commits", "Transactions since the start")
        self._polled = gauge(
            "bot_poll_age_seconds",
            "Seconds since the last successful getUpdates",
            ["platform"],
        )

    def statements(self, statements: int, commits: int) -> None:
        """SQL statements and commits of the data file since the start."""
        self._statements.set(statements)
        self._commits.set(commits)

    def received(self, platform: str, count: int) -> None:
        """`count` new updates are on disk."""
        self._received.labels(platform).inc(count)

    def held(self, how: str) -> None:
        """An update came in a flood: handled later, not stored, or its person was told."""
        self._held.labels(how).inc()

    def turns(self, count: int, *, seconds: float) -> None:
        """A batch of `count` turns took `seconds`."""
        self._turns.inc(count)
        self._batch.observe(seconds)

    def sent(self, platform: str, outcome: str) -> None:
        """A call to a platform ended so."""
        self._sends.labels(platform, outcome).inc()

    def answered(self, seconds: float) -> None:
        """A reply left `seconds` after it was written down."""
        self._latency.observe(seconds)

    def died(self, cause: Cause) -> None:
        """A row was given up."""
        self._dead.labels(cause).inc()

    def fault(self, error: str) -> None:
        """A turn could not go on."""
        self._faults.labels(error).inc()

    def queue(self, name: str, *, depth: int, overdue: float) -> None:
        """How a queue stands; `overdue` in seconds."""
        self._depth.labels(name).set(depth)
        self._overdue.labels(name).set(overdue)

    def cases(self, standing: Mapping[CaseState, int]) -> None:
        """How many open cases there are in each state."""
        for state, count in standing.items():
            self._cases.labels(state).set(count)

    def oldest(self, data: str, age: float) -> None:
        """The age in seconds of the oldest row of a data class."""
        self._oldest.labels(data).set(age)

    def polled(self, platform: str, age: float) -> None:
        """Seconds since the platform last answered our poll."""
        self._polled.labels(platform).set(age)

    def render(self) -> bytes:
        """All figures as text."""
        return generate_latest(self._registry)
