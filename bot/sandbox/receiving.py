"""How the bot gets its updates: getUpdates and the webhook settings.

Each public function is one Bot API method, as in ``posting``; the deliveries themselves are in ``webhook``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.sandbox.chat import Wire
from bot.sandbox.decode import Params
from bot.sandbox.refusal import bad_request, webhook_active
from bot.sandbox.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PUBLIC_PORTS = frozenset({443, 80, 88, 8443})


@dataclass(slots=True)
class Hook:
    """Where updates are posted to, and how the last delivery failed."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error: str = ""


class Receiving:
    """Polling and webhook settings over one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.hook = Hook()

    async def get_updates(self, params: Params) -> orjson.Fragment:
        """getUpdates: the oldest unconfirmed updates, as JSON already serialised."""
        if self.hook.url:
            raise webhook_active()
        self._remember_allowed(params)
        found = await self._world.updates.fetch(
            offset=params.get("offset", 0),
            limit=params.get("limit", 100),
            seconds=params.get("timeout", 0),
        )
        return orjson.Fragment(b"[%b]" % b",".join(found))

    def set_webhook(self, params: Params) -> bool:
        """setWebhook: https as on Telegram, or any port on loopback; an empty url removes the hook."""
        url = params["url"]
        _check_url(url)
        secret = params.get("secret_token", "")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = params.get("max_connections", 40)
        if not 1 <= connections <= 100:
            raise bad_request("max_connections must be between 1 and 100")
        self._remember_allowed(params)
        self._drop_if_asked(params)
        self.hook = Hook(url=url, secret=secret, max_connections=connections)
        if url:
            self._world.updates.refuse_poller(webhook_active())
        self._world.updates.release_poller()
        return True

    def delete_webhook(self, params: Params) -> bool:
        """deleteWebhook: the updates stay unless ``drop_pending_updates``."""
        self._drop_if_asked(params)
        self.hook = Hook()
        return True

    def get_webhook_info(self, _params: Params) -> Wire:
        """getWebhookInfo: with an empty url when there is none."""
        hook = self.hook
        info: Wire = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        if hook.url:
            info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
        if hook.last_error:
            info |= {"last_error_date": hook.last_error_date, "last_error_message": hook.last_error}
        if self._world.updates.allowed:
            info["allowed_updates"] = sorted(self._world.updates.allowed)
        return info

    def _remember_allowed(self, params: Params) -> None:
        kinds: Any = params.get("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list):
            raise bad_request("can't parse allowed updates JSON object")
        self._world.updates.allowed = frozenset(kinds)

    def _drop_if_asked(self, params: Params) -> None:
        if params.get("drop_pending_updates"):
            self._world.updates.drop_all()


def _check_url(url: str) -> None:
    if not url:
        return
    parts = urlsplit(url)
    if parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in _PUBLIC_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
