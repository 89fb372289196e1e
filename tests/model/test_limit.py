"""What may be asked of which platform."""

import pytest

from bot.model.limit import LIMITS, takes
from bot.model.outgoing import (
    Button,
    DeleteMessages,
    EditMessage,
    LeaveChat,
    Payload,
    RemoveKeyboard,
    SendMessage,
)
from bot.model.person import Platform
from bot.model.text import Rich

HELLO = Rich("hello")
ROWS = ((Button(label="Tea", data="v1:n0000001:tea"),),)
EVERYWHERE = set(Platform)


@pytest.mark.parametrize(
    ("payload", "platforms"),
    [
        (SendMessage(text=HELLO), EVERYWHERE),
        (SendMessage(text=HELLO, rows=ROWS), {Platform.TELEGRAM}),
        (EditMessage(message_id="1", text=HELLO), {Platform.TELEGRAM, Platform.SIGNAL}),
        (EditMessage(message_id="1", text=HELLO, rows=ROWS), {Platform.TELEGRAM}),
        (RemoveKeyboard(message_id="1"), {Platform.TELEGRAM}),
        (DeleteMessages(message_ids=("1",)), {Platform.TELEGRAM, Platform.SIGNAL}),
        (LeaveChat(chat_id="-1"), EVERYWHERE),
    ],
)
def test_only_what_a_platform_can_do_is_asked_of_it(payload: Payload, platforms: set[Platform]) -> None:
    """Buttons on Telegram only; words everywhere; the text-only messenger takes back nothing."""
    assert {platform for platform in Platform if takes(LIMITS[platform], payload)} == platforms
