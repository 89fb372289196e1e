"""A Telegram Bot API on loopback, with simulated people: for tests, benchmarks and ``bot sandbox``.

``async with running() as emulator`` starts one; ``emulator.person()`` is somebody who writes to the bot.
Imports nothing of the rest of the project, and neither does the rest import more than is listed here.
"""

from bot.sandbox.chat import Button, Message, Toast
from bot.sandbox.diary import Diary
from bot.sandbox.emulator import TOKEN, Emulator
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.person import Person
from bot.sandbox.refusal import NoSuchButton, NotSeen, SandboxError
from bot.sandbox.room import Invite, Peer, Room
from bot.sandbox.server import Server, running, serving
from bot.sandbox.supervisor import NeverServed, Supervisor

__all__ = [
    "TOKEN",
    "Button",
    "Diary",
    "Emulator",
    "Fault",
    "FaultKind",
    "Invite",
    "Message",
    "NeverServed",
    "NoSuchButton",
    "NotSeen",
    "Peer",
    "Person",
    "Room",
    "SandboxError",
    "Server",
    "Supervisor",
    "Toast",
    "running",
    "serving",
]
