"""Webhook mode: what to answer to a delivery, and how to ask Telegram for deliveries.

The route and its socket are in `bot.web`, which calls `accept` with the headers and the body of each request.
"""

import hmac
import logging
from collections.abc import Mapping
from typing import Final

from bot.model.person import Platform
from bot.ports import Ingest
from bot.transports.telegram.api import Api
from bot.transports.telegram.update import ALLOWED_UPDATES

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT: Final = 2**20  # the server drops updates over 64 KiB itself
RETRY_AFTER: Final = {"Retry-After": "5"}  # seconds; send it with a 503, the server honours it

STORED: Final = 200
FORBIDDEN: Final = 403
TOO_LARGE: Final = 413
TRY_AGAIN: Final = 503


async def accept(headers: Mapping[str, str], body: bytes, *, secret: str, ingest: Ingest) -> int:
    """The status to answer: 200 only after `ingest` returned; Telegram delivers again after anything else.

    `headers` must find names in any case, as aiohttp's do. An empty secret lets nobody in.
    """
    given = headers.get(SECRET_HEADER, "")
    if not secret or not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
        return FORBIDDEN
    if len(body) > BODY_LIMIT:
        return TOO_LARGE
    try:
        await ingest(Platform.TELEGRAM, [body])
    # The edge of the process, as in the poller's loop: whatever the store raises, Telegram keeps the update.
    except Exception as error:  # noqa: BLE001
        log.error("ingest failed", extra={"action": "webhook", "error": type(error).__name__})
        return TRY_AGAIN
    return STORED


async def set_webhook(api: Api, url: str, *, secret: str, connections: int = 40) -> None:
    """Have updates delivered to `url`, keeping those that wait. Raises SendFailed."""
    await api.call(
        "setWebhook",
        {
            "url": url,
            "secret_token": secret,
            "max_connections": connections,
            "allowed_updates": ALLOWED_UPDATES,
        },
    )
