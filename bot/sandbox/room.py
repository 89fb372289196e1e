"""The machine room beside the phones: time, the bot's process, and what waits for it at Telegram.

`control` serves it to the page; `bot.playground` gives it the bot's process and the organizer's invite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.authenticator import code
from bot.sandbox.diary import Diary
from bot.sandbox.emulator import Emulator
from bot.sandbox.refusal import SandboxError
from bot.sandbox.supervisor import Order, Supervisor

LONGEST_JUMP = 400 * 24 * 3600.0

Given = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """What makes somebody an organizer: the payload of a link, and the secret of an authenticator in base32."""

    payload: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The second organizer, whom the bot has made one: who they are, and the secret of their authenticator."""

    user_id: int
    secret: str


class Memory(Protocol):
    """What outlives the emulator."""

    def travelled(self, ahead: float) -> None:
        """The clock is so many seconds ahead."""

    def invited(self, invite: Invite) -> None:
        """The bot made this invite, and does not know it any more."""

    def joined(self, peer: Peer) -> None:
        """There is a second organizer."""


@dataclass(slots=True, kw_only=True)
class Room:
    """Everything that can be done to the bot from outside, and what the bot said to its owner.

    `volunteer` is somebody whom the bot has from the start; the second phone is theirs.
    """

    emulator: Emulator
    supervisor: Supervisor
    diary: Diary
    memory: Memory
    invite: Invite | None = None
    volunteer: int | None = None
    peer: Peer | None = None

    def look(self) -> Given:
        """What the page shows of the machine room."""
        invite, peer, now = self.invite, self.peer, self.emulator.clock.now()
        return {
            "condition": self.supervisor.condition,
            "waiting": self.emulator.pending + self.emulator.signal.pending,
            "expired": self.emulator.world.updates.expired,
            "ahead": self.emulator.clock.offset,
            "invite": invite.payload if invite else None,
            "code": code(invite.secret, now) if invite else None,
            "peer_code": code(peer.secret, now) if peer else None,
        }

    def hear(self, note: Given) -> None:
        """The bot says something to its owner: perhaps it made an invite."""
        if "invite" in note:
            self.invite = Invite(**note["invite"])
            self.memory.invited(self.invite)

    async def ready(self, _given: Given) -> int | None:
        """``{}``: whose phone the volunteer's is."""
        return self.volunteer

    async def second(self, _given: Given) -> int:
        """``{}``: whose phone the second organizer's is; they are one from now on, in every run the same."""
        known = self.peer.user_id if self.peer else None
        who = self.emulator.person(known, started=True).user_id
        answer = await self.supervisor.ask({"organizer": str(who)})
        if answer is None:
            raise SandboxError("the bot is not there to let them in")
        if "refused" in answer:
            raise SandboxError("there are two organizers already, who can let others in")
        if secret := answer.get("secret"):
            self.peer = Peer(user_id=who, secret=secret)
            self.memory.joined(self.peer)
        return who

    async def travel(self, given: Given) -> None:
        """``{"seconds": 3600}``: later for everybody; what is due by then happens before this returns."""
        seconds = float(given["seconds"])
        if not 0 < seconds <= LONGEST_JUMP:
            raise SandboxError("time goes forward, a year or so at once")
        self.emulator.advance(seconds)
        self.diary.passed(seconds)
        self.memory.travelled(self.emulator.clock.offset)
        await self.supervisor.ask({"ahead": self.emulator.clock.offset})

    async def order(self, given: Given) -> None:
        """``{"order": "restart"}``: start, stop, restart or kill the bot."""
        order = Order(given["order"])
        await self.supervisor.obey(order)
        if order in (Order.RESTART, Order.KILL, Order.STOP):
            self.diary.restarted()
