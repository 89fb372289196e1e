"""Where a measurement takes place: the cores, the folder, and how fast the disk makes a write last."""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

PROJECT: Final = Path(__file__).parents[2]
DATA: Final = PROJECT / "data" / "bench"
CORES: Final = sorted(os.sched_getaffinity(0))
CROWD_CORE: Final = CORES[0]
BOT_CORE: Final = CORES[-1]


@contextmanager
def workplace(like: Path | None = None) -> Iterator[Path]:
    """A folder on the project's own disk, a copy of `like` if given; gone at the end."""
    DATA.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="run-", dir=DATA))
    try:
        if like:
            shutil.copytree(like, folder, dirs_exist_ok=True)
            os.sync()  # else the copy is still on its way to the disk while others are measured
        yield folder
    finally:
        shutil.rmtree(folder)


def sync_ms(times: int = 50) -> float:
    """What it costs here to make one write last: the median of `fdatasync` over some pages, in milliseconds."""
    with workplace() as folder, (folder / "probe").open("wb") as probe:
        taken = []
        for _ in range(times):
            probe.write(bytes(4 * 4096))
            probe.flush()
            started = time.perf_counter()
            os.fdatasync(probe.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def busy_seconds(core: int) -> float:
    """What a core has worked so far, for everybody on this machine."""
    lines = Path("/proc/stat").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith(f"cpu{core} ")]
    user, nice, system, _idle, _waiting, interrupts, soft = map(int, line.split()[1:8])
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")
