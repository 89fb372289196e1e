"""The web server on loopback: a platform's webhook, `/healthz` and `/metrics`, and nothing for people."""

from bot.web.health import Check
from bot.web.server import Hook, build, serving

__all__ = ["Check", "Hook", "build", "serving"]
