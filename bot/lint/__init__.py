"""What `bot check` holds: the rules that flows, words and cards have to keep before anybody reads them.

`check` judges a directory of flows with its translations; `affected` says whose open questions a new version
would meet; `mermaid` draws a flow. Each rule is a small function from `Material` to problems.
"""

from bot.engine.parse import Problem
from bot.lint.check import check
from bot.lint.live import Affected, affected
from bot.lint.picture import mermaid

__all__ = ["Affected", "Problem", "affected", "check", "mermaid"]
