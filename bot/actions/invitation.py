"""An invitation to the team, made in chat: what it says to the bot, and the link that says it."""

import base64
from dataclasses import dataclass
from typing import Final

from bot.actions.scene import Scene
from bot.model.person import Role
from bot.store import invites, memo
from bot.store.crypto import TOTP_BYTES

PAYLOAD_BYTES: Final = 16
NAME_MEMO: Final = "telegram_name"  # as `app.invite` remembers it


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What is handed on. No `link` where the bot's name is not known."""

    payload: str
    link: str | None

    @property
    def text(self) -> str:
        """What whoever is invited opens, or else writes to the bot."""
        return self.link or f"/start {self.payload}"


async def make(scene: Scene, role: Role, *, made_by: int | None = None) -> Invitation:
    """An invitation to `role`; its key stays sealed. `made_by`: the organizer who answers for whoever comes."""
    entropy = scene.unit.keyring.entropy
    payload = base64.b32encode(entropy(PAYLOAD_BYTES)).decode().rstrip("=").lower()
    secret = entropy(TOTP_BYTES)
    await invites.make(scene.unit, role, payload=payload, secret=secret, now=scene.now, made_by=made_by)
    return Invitation(payload=payload, link=await link(scene, payload))


async def link(scene: Scene, payload: str = "") -> str | None:
    """The link to this bot that says `payload` to it; None where the bot's own name is not known."""
    name = await memo.get(scene.unit, f"{NAME_MEMO}/{scene.unit.bot}")
    if name is None:
        return None
    return f"https://t.me/{name}?start={payload}" if payload else f"https://t.me/{name}"
