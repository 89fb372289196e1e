"""`make bench`: all measurements, one table. BENCH_QUICK=1 makes it short and leaves the million people out."""

import argparse
import gc
import os
import sys
from typing import Final

import uvloop

from tests.bench import measure, notices
from tests.bench.crowd import Turns
from tests.bench.fill import filled
from tests.bench.measure import Day, Rush, Sized, Spans
from tests.bench.notices import Notice, Queue
from tests.bench.overdue import WRITING, Outage, overdue
from tests.bench.place import BOT_CORE, CROWD_CORE, sync_ms

FULL: Final = Spans(warm_up=3, hurry=10, stroll=20, idle=3)
QUICK: Final = Spans(warm_up=1, hurry=3, stroll=4, idle=1)
FEW: Final = 1_000
MANY: Final = 1_000_000
OVERDUE: Final = 10_000
ANNOUNCED: Final = 3_000
MASS: Final = 20_000
QUEUED: Final = 100_000
PACED: Final = 25.0
UNLIMITED: Final = 100_000.0


def main() -> None:
    """Measure and print."""
    quick = os.environ.get("BENCH_QUICK", "") not in {"", "0"}
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--many", type=int, default=0 if quick else MANY, help="people in the large database")
    parser.add_argument("--overdue", type=int, help="nothing but so many overdue check-ins")
    parser.add_argument("--notices", type=int, help="nothing but a notice to so many people")
    parser.add_argument("--rate", type=float, default=PACED, help="how many of them a second")
    parser.add_argument("--memory", type=int, default=0, help="and another one to so many, seen for a minute")
    given = parser.parse_args()
    os.sched_setaffinity(0, {CROWD_CORE})
    gc.set_threshold(200_000, 50, 1000)  # everything the emulator keeps, it keeps to the end
    if given.notices:
        uvloop.run(announced(given.notices, rate=given.rate, memory=given.memory))
    elif given.overdue:
        uvloop.run(caught_up(given.overdue))
    else:
        uvloop.run(bench(QUICK if quick else FULL, many=given.many))


async def bench(spans: Spans, *, many: int) -> None:
    """Everything, in one run, so that figures can be held beside each other."""
    sizes = [FEW, many] if many else [FEW]
    files = {count: await filled(count) for count in sizes}
    say(f"crowd on core {CROWD_CORE}, bot on core {BOT_CORE}; one fdatasync here: {sync_ms():.2f} ms", "", "")
    show_rush("the three calls alone, nothing stored", await measure.plain(spans))
    show_day(await measure.day(spans))
    show_flood(await measure.flooded())
    await caught_up(OVERDUE if many else FEW)
    await announced(ANNOUNCED if many else FEW, rate=PACED)
    await announced(MASS if many else FEW, rate=UNLIMITED, memory=QUEUED if many else 0)
    found = {count: [await measure.sized(files[count], count, spans)] for count in sizes}
    for count in reversed(sizes):  # in the other order: other work on this machine should not look like size
        found[count].append(await measure.sized(files[count], count, spans))
    for count in sizes:
        show_size(count, found[count])
    if many:
        ratio = _cost(found[many]) / _cost(found[FEW])
        say(f"cost of a turn, {many:,} people against {FEW:,}", f"{ratio:.2f} x", "at most 1.2 x")


async def caught_up(count: int) -> None:
    """So many check-ins that came due in an outage."""
    show_outage(await overdue(count))


async def announced(count: int, *, rate: float, memory: int = 0) -> None:
    """A notice to so many people: at the platform's rate, or as fast as it goes."""
    show_notice(await notices.sent(count, rate=rate))
    if memory:
        show_queue(await notices.queued(memory))


def show_notice(one: Notice) -> None:
    """A broadcast, and what others noticed of it."""
    wanted = f"{one.rate:.0f}/s within 1%" if one.rate <= notices.ALLOWED else "1000/s"
    say(f"a notice to {one.people:,} people at {one.rate:.0f}/s", f"{one.per_second:.2f}/s", wanted)
    say("  of them", f"{one.lost} lost, {one.doubled} twice, {one.too_fast} times too fast", "none")
    of_core = one.per_second / one.bot_share
    say(
        "  processor",
        f"the bot {one.bot_share:.0%} of a core, others {one.others:.0%}: {of_core:.0f}/s of a core",
    )
    for name, turns, aim in (
        ("before", one.calm, ""),
        ("meanwhile", one.meanwhile, "p95 at most 1000 ms"),
    ):
        if turns.latencies:
            p50, p95 = turns.quantile(0.5), turns.quantile(0.95)
            say(f"  latency for {WRITING} people, {name}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", aim)


def show_queue(one: Queue) -> None:
    """What waiting copies cost."""
    say(
        f"memory with {one.people:,} copies waiting",
        f"{one.before_mb:.0f} MB before, {one.first_mb:.0f} when all were made, {one.last_mb:.0f} a minute later",
        "flat",
    )
    say("  all copies made", f"{one.seconds:.1f} s after the second yes")


def show_day(day: Day) -> None:
    """Speed and latency on a database that began empty."""
    show_rush("durable encrypted turns", day.quick, aim="900/s, at least 600")
    show_rush(f"the same, {measure.SLOW_MS:.0f} ms added to each call", day.slow, aim="as many")
    stroll = day.stroll
    say(
        f"latency of a turn at {measure.PACE:.0f} turns/s",
        f"p50 {stroll.quantile(0.5):.1f} ms, p99 {stroll.quantile(0.99):.1f} ms",
        "p99 at most 10 ms",
    )
    say("  cores", f"others had {day.stroll_others:.0%} of the bot's")


def show_flood(turns: Turns) -> None:
    """What others notice of a flood."""
    say(
        f"latency for {measure.NORMAL} people beside {measure.ABUSE:,} messages of {measure.HOSTILE} hostile accounts",
        f"p50 {turns.quantile(0.5):.0f} ms, p95 {turns.quantile(0.95):.0f} ms",
        "p95 at most 1000 ms",
    )


def show_outage(outage: Outage) -> None:
    """What others notice of check-ins that are late, first in their turns and then on their way out."""
    say(
        f"{outage.notes:,} overdue check-ins: start to all handled", f"{outage.seconds:.1f} s", "at most 60 s"
    )
    for name, turns, aim in (
        ("without them", outage.calm, ""),
        ("while they are handled", outage.meanwhile, "p95 at most 1000 ms"),
        ("while they leave", outage.leaving, "p95 at most 1000 ms"),
    ):
        p50, p95 = turns.quantile(0.5), turns.quantile(0.95)
        say(f"  latency for {WRITING} people, {name}", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", aim)
    leaving = f"{outage.sent_per_second:.1f}/s, {outage.too_fast} times too fast"
    say("  they leave", leaving, "25/s, what Telegram allows")


def show_rush(name: str, rush: Rush, *, aim: str = "") -> None:
    """A closed loop in a few lines. Where others were on the bot's core, only the cost of a turn says something."""
    say(name, f"{rush.per_second:.0f} turns/s", aim)
    say("  latency", f"p50 {rush.p50:.0f} ms, p99 {rush.p99:.0f} ms")
    say("  processor", f"{rush.bot_ms:.2f} ms/turn, which is {1000 / rush.bot_ms:.0f} turns/s of a core")
    say(
        "  cores",
        f"the bot {rush.bot_share:.0%} and others {rush.others:.0%} of one, the crowd {rush.crowd_share:.0%}",
    )
    if rush.statements:
        say("  database", f"{rush.statements:.2f} statements, {rush.commits:.2f} commits a turn")


def show_size(count: int, found: list[Sized]) -> None:
    """A filled database; the better of two starts, as the first may read the program from the disk."""
    quickest = min(one.start_seconds for one in found)
    say(f"{count:,} people: start to first poll", f"{quickest:.2f} s", "at most 1 s")
    say("  idle memory", f"{max(one.rss_mb for one in found):.0f} MB", "at most 110 MB")
    say("  turns", ", ".join(f"{one.rush.per_second:.0f}/s" for one in found))
    say("  processor", ", ".join(f"{one.rush.bot_ms:.2f} ms/turn" for one in found))


def say(name: str, value: str, aim: str = "") -> None:
    """One line of the table."""
    sys.stdout.write(f"{name:<52} {value:<52} {aim}".rstrip() + "\n")
    sys.stdout.flush()


def _cost(found: list[Sized]) -> float:
    return min(one.rush.bot_ms for one in found)


if __name__ == "__main__":
    main()
