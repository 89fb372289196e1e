"""Whether an open question is still what the person was shown, once the flows may have changed under it.

The engine asks this at every answer; `bot check --live` asks it before a new version goes out.
"""

from bot.engine.flow import Step
from bot.engine.session import Screen


def fits(step: Step | None, screen: Screen) -> bool:
    """Whether `step` still waits for the same kind of answer and has every choice of its own that was offered."""
    if step is None or not step.waits:
        return False
    offered = {choice for choice in screen.choices if not choice.startswith("~")}
    return asks(step) == screen.asks and offered <= {choice.id for choice in step.choices}


def asks(step: Step) -> str | None:
    """The kind of free answer a step waits for."""
    return step.ask.kind.value if step.ask else None
