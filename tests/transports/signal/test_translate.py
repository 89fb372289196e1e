"""From payloads to the calls of signal-cli."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.chart import Chart
from bot.model.incoming import FileRef, MediaKind
from bot.model.outgoing import (
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
)
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from bot.transports.signal.translate import MARK, Chat, written_out

NOA, BOT = "8d740847-0152-4ca1-b030-8a38e7aacc85", "+15550100001"
URL = "https://example.org"
CHART = Chart(title="T", series=("s",), rows=(), few="few", rtl=False)


def asked(payload: Payload, content: bytes = b"") -> list[tuple[str, dict[str, object]]]:
    """Method and parameters of each call, without the recipient, which is always the same."""
    calls = Chat(person=NOA, account=BOT, content=content).calls(payload)
    return [(call.method, {**call.params, "recipient": None}) for call in calls]


def uri(kind: str, name: str, content: bytes) -> list[str]:
    return [f"data:{kind};filename={name};base64,{base64.b64encode(content).decode()}"]


def span(start: int, length: int, style: Style, url: str | None = None) -> Span:
    return Span(start=start, length=length, style=style, url=url)


@pytest.mark.parametrize(
    ("payload", "method", "params"),
    [
        (SendMessage(text=Rich("hi")), "send", {"message": "hi"}),
        (
            SendMessage(text=Rich("hi"), reply_to="t1795691844770"),
            "send",
            {
                "message": "hi",
                "quoteTimestamp": 1795691844770,
                "quoteAuthor": NOA,
                "quoteMessage": "",
            },
        ),
        (
            SendMessage(text=Rich("hi"), reply_to="o1795691844770"),
            "send",
            {"message": "hi", "quoteTimestamp": 1795691844770, "quoteAuthor": BOT, "quoteMessage": ""},
        ),
        (
            EditMessage(message_id="o1795691844770", text=Rich("hi")),
            "send",
            {"message": "hi", "editTimestamp": 1795691844770},
        ),
        (
            EditMessage(message_id="o1795691844770", text=Rich(""), is_caption=True),
            "send",
            {"message": "", "editTimestamp": 1795691844770},
        ),
        (
            SendFile(name="a day; or two.ics", content=b"x", caption=Rich("")),
            "send",
            {"attachment": uri("text/calendar", "a_day__or_two.ics", b"x")},
        ),
        (
            SendFile(name="data.odd", content=b"x", caption=Rich("hi")),
            "send",
            {"message": "hi", "attachment": uri("application/octet-stream", "data.odd", b"x")},
        ),
        (
            SendMedia(
                media=MediaKind.VOICE,
                source=Platform.TELEGRAM,
                file=FileRef(file_id="f"),
                reply_to="t1795691844770:r",
            ),
            "send",
            {
                "attachment": uri("audio/aac", "voice.aac", b"made"),
                "quoteTimestamp": 1795691844770,
                "quoteAuthor": NOA,
                "quoteMessage": "",
            },
        ),
        (
            SendMedia(
                media=MediaKind.PHOTO,
                source=Platform.TELEGRAM,
                file=FileRef(file_id="f"),
                caption=Rich("hi"),
            ),
            "send",
            {"message": "hi", "attachment": uri("image/jpeg", "photo.jpg", b"made")},
        ),
        (
            SendChart(chart=CHART, caption=Rich("seven")),
            "send",
            {"message": "seven", "attachment": uri("image/png", "chart.png", b"made")},
        ),
        (
            MarkDelivered(message_id="t1795691844770"),
            "sendReaction",
            {"emoji": MARK, "targetAuthor": NOA, "targetTimestamp": 1795691844770},
        ),
        (
            MarkDelivered(message_id="o1795691844770"),
            "sendReaction",
            {"emoji": MARK, "targetAuthor": BOT, "targetTimestamp": 1795691844770},
        ),
    ],
)
def test_each_payload_has_its_call(payload: Payload, method: str, params: dict[str, object]) -> None:
    """To the one person it is for."""
    assert asked(payload, b"made") == [(method, {"recipient": None, **params})]


def test_a_call_is_for_one_person() -> None:
    """Named by their uuid."""
    (call,) = Chat(person=NOA, account=BOT).calls(SendMessage(text=Rich("hi")))

    assert call.params["recipient"] == [NOA]


def test_only_the_bots_own_words_are_deleted() -> None:
    """What the person wrote can't be taken out of their chat here; nothing is asked for it."""
    ids = ("t1795691844770", "o1795691844771", "t1795691844772:r", "o1795691844773")

    assert asked(DeleteMessages(message_ids=ids)) == [
        ("remoteDelete", {"recipient": None, "targetTimestamp": time})
        for time in (1795691844771, 1795691844773)
    ]


def test_the_timer_of_a_chat_is_its_contacts() -> None:
    """In seconds, of one person."""
    assert [
        (call.method, call.params) for call in Chat(person=NOA, account=BOT).calls(SetExpiry(seconds=86_400))
    ] == [("updateContact", {"recipient": NOA, "expiration": 86_400})]


def test_a_group_is_left_by_its_own_name() -> None:
    """There is nobody in it to say a word to."""
    (call,) = Chat(person="Z3JvdXA=", account=BOT).calls(LeaveChat(chat_id="Z3JvdXA="))

    assert (call.method, call.params) == ("quitGroup", {"groupId": "Z3JvdXA="})


@pytest.mark.parametrize(
    "payload",
    [
        RemoveKeyboard(message_id="o1795691844770"),
        EditMessage(message_id="t1795691844770", text=Rich("hi")),
        EditMessage(message_id="17", text=Rich("hi")),
        MarkDelivered(message_id="17"),
        SendMessage(text=Rich("hi"), reply_to="17"),
    ],
)
def test_what_is_not_of_this_chat_is_no_call(payload: Payload) -> None:
    """An id of another platform, the other's words, a keyboard."""
    with pytest.raises(ValueError, match=r"not|no"):
        asked(payload)


@pytest.mark.parametrize(
    ("rich", "styles"),
    [
        (Rich("bold", (span(0, 4, Style.BOLD),)), ["0:4:BOLD"]),
        (Rich("🙂 נטוי", (span(2, 4, Style.ITALIC),)), ["3:4:ITALIC"]),
        (Rich("a🙂b", (span(1, 1, Style.CODE),)), ["1:2:MONOSPACE"]),
        (Rich("ab", (span(0, 1, Style.BOLD), span(1, 1, Style.ITALIC))), ["0:1:BOLD", "1:1:ITALIC"]),
        (Rich("ab", (span(0, 3, Style.BOLD), span(-1, 2, Style.BOLD), span(1, 0, Style.BOLD))), None),
        (Rich("ab", (span(0, 2, Style.LINK),)), None),
    ],
)
def test_styles_are_counted_as_the_apps_count(rich: Rich, styles: list[str] | None) -> None:
    """In UTF-16 units; what does not lie in the text is left out."""
    ((_, params),) = asked(SendMessage(text=rich))

    assert params.get("textStyle") == styles


@pytest.mark.parametrize(
    ("rich", "wanted"),
    [
        (
            Rich("Read this now", (span(5, 4, Style.LINK, URL), span(10, 3, Style.BOLD))),
            Rich(
                f"Read this ({URL}) now",
                (span(5, 4, Style.LINK, URL), span(12 + len(URL) + 1, 3, Style.BOLD)),
            ),
        ),
        (
            Rich("Read this now", (span(0, 13, Style.BOLD), span(5, 4, Style.LINK, URL))),
            Rich(
                f"Read this ({URL}) now",
                (span(0, 13 + len(URL) + 3, Style.BOLD), span(5, 4, Style.LINK, URL)),
            ),
        ),
        (Rich(URL, (span(0, len(URL), Style.LINK, URL),)), Rich(URL, (span(0, len(URL), Style.LINK, URL),))),
    ],
)
def test_a_link_is_written_out(rich: Rich, wanted: Rich) -> None:
    """Where it leads stands behind its words, unless they say it already; what is bold stays so."""
    assert written_out(rich) == wanted


@given(
    st.text(max_size=20),
    st.lists(
        st.builds(
            Span,
            start=st.integers(-2, 22),
            length=st.integers(0, 22),
            style=st.sampled_from(Style),
            url=st.sampled_from([None, URL]),
        ),
        max_size=4,
    ),
)
def test_styles_lie_in_the_text(text: str, spans: list[Span]) -> None:
    """Whatever the spans: signal-cli would send them on as they are."""
    ((_, params),) = asked(SendMessage(text=Rich(text, tuple(spans))))
    units = len(str(params.get("message", "")).encode("utf-16-le", "surrogatepass")) // 2
    styles = params.get("textStyle", [])

    assert isinstance(styles, list)
    for start, length, _ in (one.split(":") for one in styles):
        assert 0 <= int(start) < int(start) + int(length) <= units
