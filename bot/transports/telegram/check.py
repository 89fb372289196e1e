"""What `bot doctor` can find out about Telegram: for an operator's eyes, so its words are not in `flows/`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.model.finding import Finding
from bot.model.outgoing import FailureKind, SendFailed
from bot.transports.telegram.api import Api

SKEW: Final = 30.0  # seconds between this machine's clock and Telegram's that still look honest
PATIENCE: Final = ClientTimeout(total=10)


async def check(api: Api, *, webhook_url: str | None) -> tuple[Finding, ...]:
    """Look at the bot and its webhook; `webhook_url` is None in polling mode. Never raises."""
    try:
        me = _fields(await api.call("getMe"))
        webhook = _fields(await api.call("getWebhookInfo"))
    except SendFailed as error:
        return (_unreachable(error),)
    return (
        Finding(name="telegram", ok=True, detail="as it should be"),
        _groups(me),
        _address(webhook, webhook_url),
        _deliveries(webhook),
    )


def _unreachable(error: SendFailed) -> Finding:
    if error.failure.reason in {"bad_token", "not_found"}:
        advice = "Telegram does not know this token: set BOT_TELEGRAM_TOKEN to the one @BotFather shows."
    elif error.failure.kind is FailureKind.UNREACHED:
        advice = "No connection: see that this machine reaches BOT_TELEGRAM_API_URL."
    else:
        advice = f"The call failed ({error.failure.reason}): try again in a minute."
    return Finding(name="telegram", ok=False, detail="needs a hand", advice=advice)


def _groups(me: Mapping[str, object]) -> Finding:
    if me.get("can_join_groups") is not True:
        return Finding(name="groups", ok=True, detail="as it should be")
    advice = "Anyone can put the bot into a group: switch it off with @BotFather, /setjoingroups."
    return Finding(name="groups", ok=False, detail="needs a hand", advice=advice)


def _address(webhook: Mapping[str, object], wanted: str | None) -> Finding:
    if webhook.get("url", "") == (wanted or ""):
        return Finding(name="webhook", ok=True, detail="as it should be")
    if wanted is None:
        advice = "A webhook is set, so polling gets nothing: `bot run` takes it away when it starts."
    else:
        advice = "Telegram delivers somewhere else: `bot run` sets BOT_WEBHOOK_URL when it starts."
    return Finding(name="webhook", ok=False, detail="needs a hand", advice=advice)


def _deliveries(webhook: Mapping[str, object]) -> Finding:
    # Telegram's own words about our server: no person's words are in them.
    problem, waiting = webhook.get("last_error_message"), webhook.get("pending_update_count", 0)
    if not problem or not waiting:
        return Finding(name="deliveries", ok=True, detail="as it should be")
    advice = f"Telegram could not deliver lately ({problem}); {waiting} updates wait."
    return Finding(name="deliveries", ok=False, detail="needs a hand", advice=advice)


def _fields(result: object) -> Mapping[str, object]:
    return result if isinstance(result, dict) else {}


async def check_clock(url: str, *, now: Callable[[], datetime], proxy: str | None = None) -> Finding:
    """Whether this machine's clock agrees with the server's; what is due goes by the clock. Never raises."""
    try:
        async with ClientSession(timeout=PATIENCE) as session, session.head(url, proxy=proxy) as answer:
            skew = abs((parsedate_to_datetime(answer.headers["Date"]) - now()).total_seconds())
    except (ClientError, TimeoutError, KeyError, ValueError):
        return Finding(
            name="clock", ok=False, detail="nothing to compare with", advice="Reach Telegram first."
        )
    advice = "" if skew <= SKEW else "Set the clock, and keep it set with NTP: timers go by it."
    return Finding(name="clock", ok=skew <= SKEW, detail=f"{skew:.0f} s from Telegram's", advice=advice)
