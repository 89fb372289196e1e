"""kill -9 at every stage, while people press and write: every update is answered, nothing that was to go out is lost.

What may happen twice is what was on its way when the process died, and nothing else: the rows `sending` in the
database it left behind.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from tests.faults.crowd import Replies, Verdict, crowd, going_about, judged, learned
from tests.faults.place import LATENCY, SLOW_ANSWER, VICTIM, Place, make_slow
from tests.faults.victim import Kill
from tests.faults.watch import Stage, Watch

PEOPLE: Final = 50
LEASE: Final = "2"  # seconds, instead of two minutes; matters on PostgreSQL only

COUNTS: Final = """
    SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL),
           (SELECT count(*) FROM outbox WHERE NOT sending),
           (SELECT count(*) FROM outbox WHERE sending)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """One kill: where it was meant to fall (None: at random), and how many rows it met at each stage."""

    meant: Stage | None
    rows: dict[Stage, int]
    left_sending: int

    @property
    def hit(self) -> set[Stage]:
        """The stages that had something in them."""
        return {stage for stage, count in self.rows.items() if count > 0}


async def examined(place: Place, watch: Watch, meant: Stage | None) -> Death:
    """What a killed process left, in the database and in the shared memory."""
    ((unhandled, waiting, sending),) = await place.data.ask_the_dead(COUNTS)
    in_transaction = min(
        watch.get(Stage.IN_TRANSACTION), unhandled
    )  # it may have been committed that instant
    rows = {
        Stage.RECEIVED: unhandled - in_transaction,
        Stage.IN_TRANSACTION: in_transaction,
        Stage.COMMITTED: waiting,
        Stage.SENDING: watch.get(Stage.SENDING),
        Stage.SENT: watch.get(Stage.SENT),
    }
    return Death(meant=meant, rows=rows, left_sending=sending)


def chosen(dice: random.Random, trials: int) -> list[Kill | None]:
    """Every stage in turn for one half of the trials, random instants for the other."""
    kills: list[Kill | None] = []
    for number in range(trials):
        stage = list(Stage)[number // 2 % len(Stage)]
        if number % 2:
            kills.append(None)
            continue
        most = 12 if stage in {Stage.SENDING, Stage.SENT} else 4
        kills.append(
            Kill(stage=stage, nth=dice.randint(1, most), after=dice.uniform(0, LATENCY + SLOW_ANSWER))
        )
    return kills


async def killed_once(place: Place, kill: Kill | None, dice: random.Random) -> Death:
    """Start a bot, let it die, look at what it left."""
    file = place.directory / "watch"
    watch = Watch.made(file)
    arguments = ["--watch", str(file), "--lease", LEASE, *(["--kill", kill.written()] if kill else [])]
    bot = await place.start([*VICTIM, *arguments], ready=False)
    if kill is None:
        await place.until(lambda: watch.get("calls") > 0 or not bot.is_alive)
        await asyncio.sleep(dice.uniform(0, 0.4))  # any instant: there is nothing to wait for
        assert bot.is_alive, bot.log
        bot.kill()
    assert await bot.ended() == -9, bot.log
    death = await examined(place, watch, kill.stage if kill else None)
    watch.close()
    return death


def table(deaths: Sequence[Death]) -> str:
    """What each kill met, a line for each, and the sum."""
    heads = [f"{stage:>15}" for stage in Stage]
    lines = ["kill  meant for     " + "".join(heads)]
    for number, death in enumerate(deaths, 1):
        cells = "".join(f"{death.rows[stage]:>15}" for stage in Stage)
        lines.append(f"{number:>4}  {death.meant or 'any instant':<14}{cells}")
    hits = "".join(f"{sum(stage in death.hit for death in deaths):>15}" for stage in Stage)
    return "\n".join([*lines, f"      {'kills that hit':<14}{hits}"])


async def trials(place: Place, count: int, *, seed: int) -> tuple[list[Death], Verdict]:
    """Kill as often, let the last one live, and judge everybody's conversation."""
    dice = random.Random(seed)
    replies = await guided(place)
    before = await place.number("SELECT count(*) FROM inbox")
    make_slow(place.emulator, seed)
    visitors = crowd(place.emulator, PEOPLE, seed=seed, pause=0.1)
    async with going_about(visitors):
        deaths = [await killed_once(place, kill, dice) for kill in chosen(dice, count)]
        last = await place.start([*VICTIM, "--lease", LEASE])
    await place.until_quiet()
    last.terminate()
    assert await last.ended() == 0, last.log
    verdict = judged(visitors, replies)
    assert await place.number("SELECT count(*) FROM inbox") == before + verdict.inputs, (
        "not one row per update"
    )
    return deaths, verdict


async def guided(place: Place) -> Replies:
    """What each input is answered with, learned from a bot that nobody disturbs."""
    bot = await place.start()
    replies = await learned(place.emulator)
    bot.terminate()
    assert await bot.ended() == 0, bot.log
    return replies


async def hold(place: Place, deaths: Sequence[Death], verdict: Verdict) -> None:
    """Everything that is promised about a kill."""
    in_flight = sum(death.left_sending for death in deaths)
    words = f"{verdict.inputs} inputs, {len(verdict.lost)} lost, {verdict.doubles} doubles of {in_flight} in flight"
    print(f"\n{table(deaths)}\n{words}")  # noqa: T201 - what a soak is read for
    verdict.check(in_flight=in_flight)
    assert await place.number("SELECT count(*) FROM dead_letter") == 0
    assert all(death.meant in death.hit for death in deaths if death.meant)


def missed(deaths: Sequence[Death]) -> set[Stage]:
    """The stages no kill hit."""
    return set(Stage).difference(*(death.hit for death in deaths))


@pytest.mark.timeout(180)
async def test_ten_kills_lose_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A bot killed at each stage and at random instants answers every input once it is back."""
    deaths, verdict = await trials(place, 10, seed=1)

    with capsys.disabled():
        await hold(place, deaths, verdict)
    assert missed(deaths) == set()


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_five_hundred_kills_lose_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The same, as often as it takes to meet what is rare."""
    deaths, verdict = await trials(place, 500, seed=random.randrange(10**6))

    with capsys.disabled():
        await hold(place, deaths, verdict)
    assert missed(deaths) == set()


@pytest.mark.timeout(120)
async def test_kills_on_postgresql_lose_nothing(
    postgres_place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """On PostgreSQL nothing is lost either; what was being sent waits for the end of its lease."""
    deaths, verdict = await trials(postgres_place, 3, seed=2)

    with capsys.disabled():
        await hold(postgres_place, deaths, verdict)
