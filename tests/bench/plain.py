"""A bot that does nothing but the three calls of a turn: answer, take the old keyboard away, send the next message.

It stores nothing, knows nobody and seals nothing. What it reaches is what the emulator and HTTP allow on this
machine; what the real bot costs more is the real bot's own.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any, Final

import uvloop

from bot.transports.telegram.api import Api
from tests.bench.walk import WORDS_OF_ALL

TEXT: Final = "Where are you with this now? " * 4
KEYBOARD: Final = {
    "inline_keyboard": [
        [{"text": f"Choice {name}", "callback_data": f"v1:plain000:{name}"}] for name in WORDS_OF_ALL
    ]
}


async def serve() -> None:
    """Poll and answer until cancelled."""
    token, url = os.environ["BOT_TELEGRAM_TOKEN"], os.environ["BOT_TELEGRAM_API_URL"]
    async with Api(token, url=url) as polling, Api(token, url=url) as sending, asyncio.TaskGroup() as tasks:
        offset = 0
        while True:
            updates: Any = await polling.call(
                "getUpdates", {"offset": offset, "timeout": 50}, read_timeout=60
            )
            for update in updates:
                offset = update["update_id"] + 1
                tasks.create_task(_answer(sending, update))


async def _answer(api: Api, update: Mapping[str, Any]) -> None:
    if "message" in update:
        await _send(api, update["message"]["chat"]["id"])
    if query := update.get("callback_query"):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(api.call("answerCallbackQuery", {"callback_query_id": query["id"]}))
            tasks.create_task(_go_on(api, query["message"]))


async def _go_on(api: Api, pressed: Mapping[str, Any]) -> None:
    chat_id = pressed["chat"]["id"]
    chosen = {"chat_id": chat_id, "message_id": pressed["message_id"], "text": TEXT + "Chosen"}
    await api.call("editMessageText", chosen)
    await _send(api, chat_id)


async def _send(api: Api, chat_id: int) -> None:
    await api.call("sendMessage", {"chat_id": chat_id, "text": TEXT, "reply_markup": KEYBOARD})


if __name__ == "__main__":
    uvloop.run(serve())
