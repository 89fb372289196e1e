"""What the bot is called on Telegram, for links to it."""

from bot.transports.telegram.api import Api


async def username(api: Api) -> str | None:
    """The bot's user name without its @. Raises SendFailed."""
    me = await api.call("getMe")
    name = me.get("username") if isinstance(me, dict) else None
    return name if isinstance(name, str) else None
