"""How several workers share the tests: a file is one worker's, a story is on its own.

What waits for processes beside it, a bot, a browser or a daemon, is all one worker's, so that never two of them run
at once: they need time to start.
"""

from typing import Final

from typing_extensions import override
from xdist.scheduler import LoadScopeScheduling

BESIDE: Final = (
    "tests/browser/",
    "tests/faults/",
    "tests/sandbox/test_supervisor.py",
    "tests/signal_lab/",
    "tests/test_cli.py",
    "tests/test_playground.py",
)
STORIES: Final = "tests/test_transcripts.py"


class Sharing(LoadScopeScheduling):
    """Whatever has one scope is done by one worker, one after the other."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(BESIDE):
            return "beside"
        file, _, _ = nodeid.partition("::")
        return nodeid if file == STORIES else file
