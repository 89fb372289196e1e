"""Whether signal-cli reaches Signal: it answers us all the same while its own network is away.

Asked by a call that goes to Signal and says nothing to anybody. Used before words are sent again, by the spooler, and
by what looks for an operator. What is told apart, and in which words, is that of signal-cli 0.13.19 and 0.14.6.
"""

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.model.outgoing import Failure, FailureKind, SendFailed
from bot.transports.signal.error import NotConnected, RpcError, SignalError
from bot.transports.signal.rpc import Rpc

ASKED: Final = "listDevices"
IO_ERROR: Final = -3
WITHIN: Final = 4.0  # seconds; together with a call it has to end within the lease of a row
FRESH: Final = 1.0  # seconds for which an answer holds for whoever asks next
_SAID: Final = (("[499]", "too_old"), ("[401]", "gone"), ("[403]", "gone"), ("[429]", "reached"))


class Reach(StrEnum):
    """How Signal stands to signal-cli."""

    REACHED = "reached"
    AWAY = "away"  # the network between the two, or all of Signal
    TOO_OLD = "too_old"  # Signal does not speak with a signal-cli this old any more
    GONE = "gone"  # the account is somebody else's, or nobody's
    UNKNOWN = "unknown"  # signal-cli itself did not answer


async def reach(rpc: Rpc, *, within: float) -> Reach:
    """Ask, and wait `within` seconds at most: who is not answered in that time does not reach it. Never raises."""
    try:
        await rpc.call(ASKED, timeout=within)
    except NotConnected:
        return Reach.UNKNOWN
    except RpcError as error:
        return _found(error)
    except SignalError:
        return Reach.AWAY if rpc.hello else Reach.UNKNOWN
    return Reach.REACHED


def _found(error: RpcError) -> Reach:
    """Signal's own answer stands in brackets; any other error of input or output is the network's."""
    if error.code != IO_ERROR:
        return Reach.UNKNOWN
    return next((Reach(found) for said, found in _SAID if said in error.said), Reach.AWAY)


REFUSED: Final[Mapping[Reach, Failure]] = {
    Reach.AWAY: Failure(kind=FailureKind.UNREACHED, reason="no_network"),
    Reach.TOO_OLD: Failure(kind=FailureKind.PLATFORM_DOWN, reason="too_old"),
    Reach.GONE: Failure(kind=FailureKind.PLATFORM_DOWN, reason="gone"),
}


class Gate:
    """Closed by a failure of the network: before more words go, Signal is seen to be there.

    A call into a network that swallows everything is answered after most of a minute, and the words may arrive all the
    same when it is back: with each try once more. So nobody tries with words.
    """

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._turn = asyncio.Lock()
        self._is_closed = False
        self._found = Reach.UNKNOWN
        self._found_at = float("-inf")

    def ended(self, failure: Failure | None) -> None:
        """A call ended so; None for a result."""
        self._is_closed = failure is not None and failure.reason == "network"

    async def passed(self) -> None:
        """Return where words may go. Raises SendFailed where surely nothing was sent."""
        if not self._is_closed:
            return
        async with self._turn:  # one asks for all
            if self._has_to_ask():
                self._found = await reach(self._rpc, within=WITHIN)
                self._found_at = asyncio.get_running_loop().time()
                self._is_closed = self._found in REFUSED
        if self._is_closed:
            raise SendFailed(REFUSED[self._found])

    def _has_to_ask(self) -> bool:
        """Not where it was opened meanwhile, nor where somebody has just been told that Signal is not there."""
        is_known = self._found in REFUSED and asyncio.get_running_loop().time() - self._found_at < FRESH
        return self._is_closed and not is_known
