"""``python -m bot.sandbox.serve``: the emulator as a process of its own.

The first line of stdout is its address. Ends on SIGTERM or SIGINT. Under uvloop where it is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import signal
import sys
from collections.abc import Callable

from bot.sandbox.emulator import TOKEN, Emulator
from bot.sandbox.server import running


async def serve(
    *,
    port: int = 0,
    token: str = TOKEN,
    page: bool = False,
    open_doors: bool = False,
    webhook_retry_seconds: float = 1.0,
) -> None:
    """Serve until SIGTERM or SIGINT; prints the address when ready."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    emulator = Emulator(token, open_doors=open_doors)
    async with running(emulator, port=port, page=page, webhook_retry_seconds=webhook_retry_seconds):
        sys.stdout.write(f"{emulator.url}\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--page", action="store_true", help="serve the page with the phone at /")
    parser.add_argument("--open-doors", action="store_true", help="the bot may write to anybody")
    parser.add_argument("--webhook-retry-seconds", type=float, default=1.0)
    given = parser.parse_args()
    # Everything that is stored here stays: scanning it for cycles again and again halves the speed.
    gc.set_threshold(200_000, 50, 1000)
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(serve(**vars(given)))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        return importlib.import_module("uvloop").new_event_loop  # type: ignore[no-any-return]
    except ImportError:
        return None


if __name__ == "__main__":
    main()
