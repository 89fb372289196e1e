"""What may be asked of which platform."""

import pytest

from bot.model.chart import Chart
from bot.model.incoming import FileRef, MediaKind
from bot.model.limit import LIMITS, MEDIA_BYTES, MEDIA_SECONDS, is_carried, takes
from bot.model.outgoing import (
    Button,
    DeleteMessages,
    EditMessage,
    LeaveChat,
    MarkDelivered,
    Payload,
    RemoveKeyboard,
    SendChart,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
    TrustIdentity,
)
from bot.model.person import Platform
from bot.model.text import Rich

HELLO = Rich("hello")
ROWS = ((Button(label="Tea", data="v1:n0000001:tea"),),)
EVERYWHERE = set(Platform)
CHART = Chart(title="T", series=("s",), rows=(), few="few", rtl=False)
PHOTO = SendMedia(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FileRef(file_id="f"))


@pytest.mark.parametrize(
    ("payload", "platforms"),
    [
        (SendMessage(text=HELLO), EVERYWHERE),
        (SendMessage(text=HELLO, rows=ROWS), {Platform.TELEGRAM}),
        (EditMessage(message_id="1", text=HELLO), {Platform.TELEGRAM, Platform.SIGNAL}),
        (EditMessage(message_id="1", text=HELLO, rows=ROWS), {Platform.TELEGRAM}),
        (RemoveKeyboard(message_id="1"), {Platform.TELEGRAM}),
        (SendFile(name="a", content=b"", caption=HELLO), {Platform.TELEGRAM, Platform.SIGNAL}),
        (PHOTO, {Platform.TELEGRAM, Platform.SIGNAL}),
        (SendChart(chart=CHART, caption=HELLO), {Platform.TELEGRAM, Platform.SIGNAL}),
        (MarkDelivered(message_id="1"), {Platform.TELEGRAM, Platform.SIGNAL}),
        (DeleteMessages(message_ids=("1",)), {Platform.TELEGRAM, Platform.SIGNAL}),
        (SetExpiry(seconds=86_400), {Platform.SIGNAL}),
        (TrustIdentity(), {Platform.SIGNAL}),
        (LeaveChat(chat_id="-1"), EVERYWHERE),
    ],
)
def test_only_what_a_platform_can_do_is_asked_of_it(payload: Payload, platforms: set[Platform]) -> None:
    """Buttons on Telegram only; words, files and taking back everywhere."""
    assert {platform for platform in Platform if takes(LIMITS[platform], payload)} == platforms


@pytest.mark.parametrize(
    ("file", "carried"),
    [
        (FileRef(file_id="f"), True),
        (FileRef(file_id="f", size=MEDIA_BYTES, seconds=MEDIA_SECONDS), True),
        (FileRef(file_id="f", size=MEDIA_BYTES + 1), False),
        (FileRef(file_id="f", seconds=MEDIA_SECONDS + 1), False),
    ],
)
def test_a_photo_or_voice_is_carried_up_to_a_size(file: FileRef, carried: bool) -> None:
    """Ten megabytes, ten minutes; where nobody said how large it is, it is tried."""
    assert is_carried(file) is carried


def test_a_message_changes_again_and_again_on_telegram_only() -> None:
    """Signal's apps take ten edits of one, and show each."""
    assert [platform for platform in Platform if LIMITS[platform].renews] == [Platform.TELEGRAM]
