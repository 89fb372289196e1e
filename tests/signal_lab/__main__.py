"""A lab to try things in by hand: `python -m tests.signal_lab` prints where the bot's daemon listens, until Ctrl-C."""

import asyncio
import sys
from contextlib import suppress
from typing import Final

from tests.signal_lab.friend import friend
from tests.signal_lab.lab import BOT, Lab, is_here, running
from tests.signal_lab.rpc import Refused

_HELP: Final = (
    "Write to the bot as a friend, a line each; what the bot says is printed. Ctrl-C ends it all.\n"
)


async def talk(lab: Lab) -> None:
    """One friend at the terminal."""
    async with friend(lab) as somebody:
        while line := await asyncio.to_thread(sys.stdin.readline):
            with suppress(Refused):
                await somebody.send(line.strip())
            with suppress(TimeoutError):
                while True:
                    sys.stdout.write(f"{(await somebody.sees(within=3)).text}\n\n")
        await asyncio.Event().wait()


def main() -> None:
    """Until Ctrl-C."""
    if not is_here():
        sys.exit("There is no signal-cli here that runs: make lab gets one for x86_64.")
    with suppress(KeyboardInterrupt), running() as lab:
        sys.stdout.write(f"BOT_SIGNAL_RPC={lab.daemon.tcp} BOT_SIGNAL_ACCOUNT={BOT}\n{_HELP}")
        sys.stdout.flush()
        asyncio.run(talk(lab))


if __name__ == "__main__":
    main()
