"""Webhook mode: who is let in, and that 200 means kept."""

import pytest
from multidict import CIMultiDict

from bot.transports.telegram.api import Api
from bot.transports.telegram.webhook import BODY_LIMIT, accept, set_webhook
from tests.transports.telegram.double import TOKEN, RecordingRequest, Shelf

KEY = "a_good-Secret1"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": KEY}


async def test_200_is_said_after_the_update_is_kept() -> None:
    """The body goes to ingest as it came."""
    shelf = Shelf()
    assert await accept(HEADERS, b'{"update_id":1}', secret=KEY, ingest=shelf) == 200
    assert shelf.raws == [b'{"update_id":1}']


async def test_header_names_match_in_any_case() -> None:
    """With the mapping that aiohttp gives."""
    headers = CIMultiDict({"x-telegram-bot-api-secret-token": KEY})
    assert await accept(headers, b"{}", secret=KEY, ingest=Shelf()) == 200


@pytest.mark.parametrize("given", ["", "wrong", KEY[:-1], KEY + "x", "\udc80", "סוד"])
async def test_a_wrong_secret_is_kept_out(given: str) -> None:
    """Nothing of it is stored."""
    shelf = Shelf()
    headers = {"X-Telegram-Bot-Api-Secret-Token": given}
    assert await accept(headers, b"{}", secret=KEY, ingest=shelf) == 403
    assert shelf.raws == []


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": ""}])
async def test_without_a_secret_nobody_comes_in(headers: dict[str, str]) -> None:
    """A forgotten setting fails closed."""
    assert await accept(headers, b"{}", secret="", ingest=Shelf()) == 403


async def test_a_huge_body_is_refused() -> None:
    """Telegram's own limit is far below."""
    shelf = Shelf()
    assert await accept(HEADERS, b"x" * (BODY_LIMIT + 1), secret=KEY, ingest=shelf) == 413
    assert shelf.raws == []


async def test_a_failed_ingest_asks_to_come_again() -> None:
    """Telegram keeps the update and delivers it once more."""
    shelf = Shelf(failures=1)
    assert await accept(HEADERS, b"{}", secret=KEY, ingest=shelf) == 503
    assert await accept(HEADERS, b"{}", secret=KEY, ingest=shelf) == 200
    assert shelf.raws == [b"{}"]


async def test_set_webhook_names_secret_and_kinds_and_drops_nothing() -> None:
    """What waits is delivered."""
    request = RecordingRequest()
    await set_webhook(Api(TOKEN, request=request), "https://bot.example/hook", secret=KEY)
    assert request.calls == [
        (
            "setWebhook",
            {
                "url": "https://bot.example/hook",
                "secret_token": KEY,
                "max_connections": 40,
                "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
            },
        )
    ]
