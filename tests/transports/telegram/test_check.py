"""What the doctor says about Telegram."""

from typing import Any

import pytest
from telegram.error import NetworkError

from bot.model.finding import Finding
from bot.transports.telegram.api import Api
from bot.transports.telegram.check import check
from bot.transports.telegram.request import NeverSent
from tests.transports.telegram.double import BOT, TOKEN, Answer, RecordingRequest, fine, refused

HOOK = "https://bot.example/hook"


async def findings(*answers: Answer, webhook_url: str | None = None) -> dict[str, Finding]:
    """What is found, by name."""
    api = Api(TOKEN, request=RecordingRequest(*answers))
    return {finding.name: finding for finding in await check(api, webhook_url=webhook_url)}


def hook(url: str = "", **more: Any) -> Answer:
    """The state of the webhook."""
    return fine({"url": url, "has_custom_certificate": False, "pending_update_count": 0, **more})


async def test_all_is_well() -> None:
    """Polling, no webhook, no groups: no advice."""
    found = await findings(fine({**BOT, "can_join_groups": False}), hook())
    assert set(found) == {"telegram", "groups", "webhook", "deliveries"}
    assert all(finding.ok and not finding.advice for finding in found.values())


async def test_groups_should_be_off() -> None:
    """The bot works in private chats only."""
    found = await findings(fine({**BOT, "can_join_groups": True}), hook())
    assert not found["groups"].ok
    assert "/setjoingroups" in found["groups"].advice


@pytest.mark.parametrize(
    ("url", "wanted", "ok"),
    [
        ("", None, True),
        (HOOK, HOOK, True),
        (HOOK, None, False),
        ("", HOOK, False),
        ("https://x", HOOK, False),
    ],
)
async def test_the_webhook_is_where_it_should_be(url: str, wanted: str | None, ok: bool) -> None:
    """None in polling mode, ours in webhook mode."""
    found = await findings(fine(BOT), hook(url), webhook_url=wanted)
    assert found["webhook"].ok is ok
    assert bool(found["webhook"].advice) is not ok


async def test_failing_deliveries_are_told() -> None:
    """With Telegram's own word about our server."""
    state = hook(HOOK, last_error_message="Connection refused", pending_update_count=3)
    found = await findings(fine(BOT), state, webhook_url=HOOK)
    assert found["deliveries"].advice == (
        "Telegram could not deliver lately (Connection refused); 3 updates wait."
    )


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (refused(401, "Unauthorized"), "BOT_TELEGRAM_TOKEN"),
        (refused(404, "Not Found"), "BOT_TELEGRAM_TOKEN"),
        (refused(500, "Internal Server Error: restart"), "server_error"),
    ],
)
async def test_an_unreachable_telegram_is_one_finding(answer: Answer, word: str) -> None:
    """It says what to do and never raises."""
    found = await findings(answer)
    assert list(found) == ["telegram"]
    assert word in found["telegram"].advice


async def test_a_missing_connection_is_told() -> None:
    """Nothing left this machine."""
    error = NetworkError("x")
    error.__cause__ = NeverSent()
    found = await findings(error)
    assert "BOT_TELEGRAM_API_URL" in found["telegram"].advice


async def test_an_odd_answer_is_survived() -> None:
    """A result of another shape is no crash."""
    assert not (await findings(fine(True), fine(True), webhook_url=HOOK))["webhook"].ok
