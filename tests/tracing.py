"""What keeps the measuring of coverage cheap and right: SQLAlchemy's greenlets run without the tracer.

A tracer that is not told of greenlets mixes up who returns to whom; coverage's own remedy (`concurrency = greenlet`)
asks at every call which one it is in, and doubles the time of the tests. What those greenlets wait for runs outside
of them and is measured; of ours, only migrations run inside.
"""

import sys
from typing import Any

import greenlet


class Pause:
    """What greenlet calls at each switch: the tracer waits while another than a thread's first greenlet runs."""

    def __init__(self) -> None:
        self._tracer: Any = None

    def __call__(self, _: str, way: tuple[greenlet.greenlet, greenlet.greenlet]) -> None:
        """Put the tracer down on the way in, and take it up on the way out."""
        origin, target = way
        if origin.parent is None:
            self._tracer = sys.gettrace()
        sys.settrace(self._tracer if target.parent is None else None)


def pause_in_greenlets() -> None:
    """From now on, in this thread, if something traces it."""
    if sys.gettrace() is not None:
        greenlet.settrace(Pause())
