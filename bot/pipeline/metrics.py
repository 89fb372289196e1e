"""What operators can see: Prometheus figures without ids, the only module that imports `prometheus_client`."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.model.queue import Cause

SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one process; `render` gives them in Prometheus' text format."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self._received = Counter(
            "bot_updates_received", "Updates stored, by platform", ["platform"], registry=registry
        )
        self._turns = Counter("bot_turns", "Inbox rows handled", registry=registry)
        self._batch = Histogram(
            "bot_batch_seconds", "Time of one process batch", registry=registry, buckets=SECONDS
        )
        self._latency = Histogram(
            "bot_reply_seconds",
            "From a reply's writing down to its departure",
            registry=registry,
            buckets=SECONDS,
        )
        self._sends = Counter(
            "bot_sends", "Calls to platforms by outcome", ["platform", "outcome"], registry=registry
        )
        self._dead = Counter("bot_dead_letters", "Rows given up, by cause", ["cause"], registry=registry)
        self._faults = Counter(
            "bot_flow_faults", "Turns the flows could not go on with", ["error"], registry=registry
        )
        self._depth = Gauge("bot_queue_depth", "Open rows by queue", ["queue"], registry=registry)
        self._overdue = Gauge(
            "bot_queue_overdue_seconds", "Age of the oldest due row by queue", ["queue"], registry=registry
        )
        self._oldest = Gauge(
            "bot_oldest_row_seconds", "Age of the oldest row per data class", ["data"], registry=registry
        )
        self._statements = Gauge("bot_sql_statements", "SQL statements since the start", registry=registry)
        self._commits = Gauge("bot_sql_commits", "Transactions since the start", registry=registry)
        self._polled = Gauge(
            "bot_poll_age_seconds",
            "Seconds since the last successful getUpdates",
            ["platform"],
            registry=registry,
        )

    def statements(self, statements: int, commits: int) -> None:
        """SQL statements and commits of the data file since the start."""
        self._statements.set(statements)
        self._commits.set(commits)

    def received(self, platform: str, count: int) -> None:
        """`count` new updates are on disk."""
        self._received.labels(platform).inc(count)

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

    def oldest(self, data: str, age: float) -> None:
        """The age in seconds of the oldest row of a data class."""
        self._oldest.labels(data).set(age)

    def polled(self, platform: str, age: float) -> None:
        """Seconds since the platform last answered our poll."""
        self._polled.labels(platform).set(age)

    def render(self) -> bytes:
        """All figures as text."""
        return generate_latest(self._registry)
