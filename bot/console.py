"""What the command line shows, and how it waits: tables, sentences, and the end of a command as an exit status.

rich is imported when something is printed, because `bot run` prints nothing. No error's text is shown unless it is
an `ExpectedError`, whose text the project wrote itself.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from bot import logs
from bot.model.exit import Exit, ExpectedError
from bot.model.finding import Finding

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
INTERRUPTED: Final = 130
WIDE: Final = 240


def ended(command: Callable[[], object]) -> int:
    """Run a command to its end; says what went wrong, and gives the exit status."""
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place anything can be caught, and where it is decided
        return _refused(error)
    return Exit.OK


def wait(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end on a fresh event loop."""
    return asyncio.run(work)


def serve(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` until it ends or the process is told to stop; that cancels it, and is a good end."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_told(work))


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.current_task()

    def stop() -> None:
        if task and not task.cancelling():
            task.cancel()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    try:
        await work
    except asyncio.CancelledError:
        return


def say(*lines: object) -> None:
    """Plain lines on standard output, so that they can be piped; whoever reads them has them at once."""
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def advise(sentence: str) -> None:
    """A sentence beside the output, on standard error."""
    sys.stderr.write(f"{sentence}\n")


def show_findings(findings: Sequence[Finding]) -> None:
    """What `doctor` found, as a table."""
    rows = [("ok" if found.ok else "NOT OK", found.name, _with_advice(found)) for found in findings]
    _print_table(rows, to_stderr=False)


def _with_advice(found: Finding) -> str:
    return found.detail if found.ok or not found.advice else f"{found.detail}\n→ {found.advice}"


def _refused(error: Exception) -> int:
    """Say an expected error in its own words, any other by class and place only."""
    expected = next(_expected(error), None)
    if expected is None:
        _print_error("Something went wrong that nobody expected.")
        advise(f"Please report this line: {logs.described(error)}")
        return Exit.DEFECT
    from bot.i18n.hidden import unhidden  # it may repeat what a file says, and a terminal obeys some letters

    _print_error(unhidden(expected.sentence))
    if expected.details:
        _print_table(expected.details, to_stderr=True)
    advise(expected.advice)
    return expected.status


def _expected(error: BaseException) -> Iterator[ExpectedError]:
    if isinstance(error, ExpectedError):
        yield error
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _expected(inner)


def _print_error(sentence: str) -> None:
    from rich.text import Text

    _console(to_stderr=True).print(Text(sentence, style="bold red"))


def _print_table(rows: Sequence[Sequence[str]], *, to_stderr: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    _console(to_stderr=to_stderr).print(table)


def _console(*, to_stderr: bool) -> "Console":
    """As wide as the terminal; wide enough for any row if the output goes into a file."""
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    return Console(stderr=to_stderr, width=None if stream.isatty() else WIDE)
