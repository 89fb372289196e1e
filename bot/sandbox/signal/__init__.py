"""A scripted signal-cli on loopback, and people with Signal: for tests and ``bot sandbox``. Nothing of Signal is in it.

``Network`` is what stands behind the daemon, ``Daemon`` what the bot talks to; ``network.person()`` is somebody who
writes to the bot. Faithful to what was seen of the real one: its errors and envelopes, what it keeps and what it loses.
"""

from bot.sandbox.signal.daemon import Daemon, signal_running
from bot.sandbox.signal.network import Network
from bot.sandbox.signal.note import Enclosed, Note, Quote, Style, Turn
from bot.sandbox.signal.person import SignalPerson
from bot.sandbox.signal.trouble import Trouble, TroubleKind

__all__ = [
    "Daemon",
    "Enclosed",
    "Network",
    "Note",
    "Quote",
    "SignalPerson",
    "Style",
    "Trouble",
    "TroubleKind",
    "Turn",
    "signal_running",
]
