"""What the bot is called on Telegram: asked there, remembered in the database, for links to it."""

from typing import Final

from bot.app.house import bot_id, telegram_api
from bot.model.outgoing import SendFailed
from bot.settings import Settings
from bot.store import memo
from bot.store.db import Database
from bot.transports.telegram.api import Api
from bot.transports.telegram.name import username

NAME_MEMO: Final = "telegram_name"  # as `actions.invitation` reads it


async def bot_name(settings: Settings, db: Database) -> str | None:
    """The bot's name: asked, else as it was remembered; None where it was never known."""
    if settings.telegram_token is None:
        return None
    try:
        async with telegram_api(settings) as api:
            return await remember_name(api, db, settings=settings)
    except SendFailed:
        async with db.reading() as unit:
            return await memo.get(unit, f"{NAME_MEMO}/{bot_id(settings)}")


async def remember_name(api: Api, db: Database, *, settings: Settings) -> str | None:
    """Ask Telegram and remember the answer. Raises SendFailed."""
    where, name = f"{NAME_MEMO}/{bot_id(settings)}", await username(api)
    async with db.unit() as unit:
        if name is not None and name != await memo.get(unit, where):
            await memo.put(unit, where, name)
            await unit.commit()
        return name or await memo.get(unit, where)
