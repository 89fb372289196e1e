"""One call, and what its end means for its row."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot.model.chart import Bars, Chart
from bot.model.incoming import FileRef, MediaKind
from bot.model.notice import BARE, NoticeCopy
from bot.model.outgoing import (
    EditMessage,
    Failure,
    FailureKind,
    MarkDelivered,
    Payload,
    Priority,
    RemoveKeyboard,
    SendChart,
    SendMedia,
    SendMessage,
    SetExpiry,
)
from bot.model.person import Form, Language, Platform
from bot.model.queue import Delivery, Ending, Settlement
from bot.model.text import Rich, Span, Style
from bot.pipeline import recode, send
from bot.pipeline.send import Sender
from tests.darkroom import picture
from tests.pipeline.works import End, Works, failure
from tests.stage import TUESDAY

BOLD: Final = Rich("bold", (Span(start=0, length=4, style=Style.BOLD),))
DELIVERY: Final = Delivery(
    id=1,
    address_id=2,
    person_id=3,
    platform=Platform.TELEGRAM,
    routing_id="1001",
    payload=SendMessage(text=BOLD),
    priority=Priority.REPLY,
    attempts=0,
    resent=False,
    keep=None,
    written_at=TUESDAY - timedelta(seconds=2),
)
MARKUP: Final = failure(FailureKind.MARKUP, "entities")


async def sent(works: Works, *ends: End, payload: Payload = DELIVERY.payload) -> Settlement:
    """How a call ends whose platform answers so."""
    works.transport.ends = list(ends)
    return await Sender(works.ground).send(replace(DELIVERY, payload=payload))


async def test_a_success_names_the_message(works: Works) -> None:
    """And is counted, with how long the reply took."""
    settlement = await sent(works)

    assert settlement == Settlement(delivery=DELIVERY, ending=Ending.SENT, message_id="1")
    assert works.metric('bot_sends_total{outcome="sent",platform="telegram"} 1.0')
    assert works.metric("bot_reply_seconds_sum 2.0")


async def test_only_a_replys_time_is_measured(works: Works) -> None:
    """A notice waits for its turn, which is no delay."""
    await Sender(works.ground).send(replace(DELIVERY, priority=Priority.NOTICE))

    assert works.metric("bot_reply_seconds_count 0.0")


@pytest.mark.parametrize(
    ("end", "settlement"),
    [
        (failure(FailureKind.ALREADY_DONE), Settlement(delivery=DELIVERY, ending=Ending.SENT)),
        (
            failure(FailureKind.NOT_SENT),
            Settlement(delivery=DELIVERY, ending=Ending.RETRY, at=TUESDAY + timedelta(seconds=1)),
        ),
        (
            failure(FailureKind.AMBIGUOUS),
            Settlement(
                delivery=DELIVERY, ending=Ending.RETRY, at=TUESDAY + timedelta(seconds=1), ambiguous=True
            ),
        ),
        (
            failure(FailureKind.REJECTED, "too_long"),
            Settlement(delivery=DELIVERY, ending=Ending.FAILED, reason="too_long"),
        ),
        (
            failure(FailureKind.UNREACHABLE, "blocked"),
            Settlement(delivery=DELIVERY, ending=Ending.FAILED, reason="blocked", unreachable=True),
        ),
        (
            failure(FailureKind.PLATFORM_DOWN),
            Settlement(delivery=DELIVERY, ending=Ending.RETRY, at=TUESDAY),  # it is the pause that keeps it
        ),
    ],
)
async def test_a_failure_is_settled_by_its_rule(works: Works, end: Failure, settlement: Settlement) -> None:
    """What `retry` decides is what is written."""
    assert await sent(works, end) == settlement


@pytest.mark.parametrize("payload", [SendMessage(text=BOLD), EditMessage(message_id="5", text=BOLD)])
async def test_words_go_without_their_formatting_rather_than_not_at_all(
    works: Works, payload: SendMessage | EditMessage
) -> None:
    """The platform did not like the spans; the words leave at once."""
    settlement = await sent(works, MARKUP, payload=payload)

    assert settlement.ending is Ending.SENT
    assert [said for _, said in works.transport.sent] == [payload, replace(payload, text=Rich("bold"))]


@pytest.mark.parametrize("payload", [SendMessage(text=Rich("plain")), RemoveKeyboard(message_id="5")])
async def test_what_has_no_formatting_is_not_tried_again(works: Works, payload: Payload) -> None:
    """There is nothing left to take away."""
    settlement = await sent(works, MARKUP, payload=payload)

    assert (settlement.ending, settlement.reason) == (Ending.FAILED, "markup")
    assert len(works.transport.sent) == 1


async def test_a_defect_of_a_transport_is_an_ambiguous_end(
    works: Works, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody knows whether the call went through; it is logged and made again."""
    with caplog.at_level(logging.ERROR, logger="bot"):
        settlement = await sent(works, RuntimeError("a defect"))

    assert settlement.ambiguous
    assert [record.getMessage() for record in caplog.records] == ["transport_broke"]


async def test_a_platform_nobody_serves_is_an_ambiguous_end(works: Works) -> None:
    """A row for Signal in a process without Signal waits; it does not break the others."""
    settlement = await Sender(works.ground).send(replace(DELIVERY, platform=Platform.SIGNAL))

    assert settlement.ending is Ending.RETRY


PHOTO: Final = SendMedia(
    media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FileRef(file_id="f"), caption=BOLD
)


async def test_a_photo_is_uploaded_as_it_was_made_anew(works: Works) -> None:
    """By its bytes; the row has had only its name."""
    works.transport.files["f"] = picture("word")
    settlement = await sent(works, payload=PHOTO)

    assert settlement.ending is Ending.SENT
    assert works.transport.uploaded == [recode.photo(picture("word"))]


async def test_a_photo_that_cannot_be_had_ends_its_row(works: Works) -> None:
    """On a line, where nothing goes out in its place."""
    works.transport.files["f"] = failure(FailureKind.REJECTED, "no_file")
    settlement = await Sender(works.ground).send(replace(DELIVERY, payload=PHOTO, line_id=5))

    assert (settlement.ending, settlement.reason) == (Ending.FAILED, "no_file")
    assert works.transport.sent == []


@pytest.mark.parametrize(
    ("found", "attempts", "goes"),
    [
        (failure(FailureKind.REJECTED, "no_file"), 0, True),
        (failure(FailureKind.NOT_SENT, "no_connection"), send.PICTURE_TRIES - 2, False),
        (failure(FailureKind.NOT_SENT, "no_connection"), send.PICTURE_TRIES - 1, True),
    ],
)
async def test_without_the_picture_of_a_notice_its_words_go(
    works: Works, found: Failure, attempts: int, goes: bool
) -> None:
    """At once where it is gone, after half a minute where it can't be had; the report hears of it."""
    works.transport.files["f"] = found
    sender = Sender(works.ground)
    copy = NoticeCopy(notice_id=41, language=Language.ENGLISH, form=Form.NEUTRAL)
    ends = [
        await sender.send(replace(DELIVERY, payload=PHOTO, copy=of, attempts=attempts)) for of in (copy, None)
    ]

    reasons = [BARE, None] if goes else [None, None]
    assert [(one.ending, one.reason) for one in ends] == [
        (Ending.SENT if goes else Ending.RETRY, reason) for reason in reasons
    ]
    assert works.transport.texts == (["bold"] * 2 if goes else [])


async def test_words_without_their_picture_can_still_fail(works: Works) -> None:
    """Then their reason is told, and the delivery is what it was."""
    works.transport.files["f"] = failure(FailureKind.REJECTED, "no_file")
    settlement = await sent(works, failure(FailureKind.UNREACHABLE, "blocked"), payload=PHOTO)

    assert (settlement.ending, settlement.reason) == (Ending.FAILED, "blocked")
    assert settlement.delivery.payload == PHOTO


async def test_a_slow_upload_may_have_gone_through(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is cut off before the row's lease ends."""
    works.transport.files["f"] = picture()
    monkeypatch.setattr(send, "SENT_WITHIN", 0.01)
    settlement = await sent(works, asyncio.Event(), payload=PHOTO)

    assert (settlement.ending, settlement.ambiguous) == (Ending.RETRY, True)


async def test_a_caption_can_go_plain(works: Works) -> None:
    """Where its spans are refused; a caption without any has nothing to leave away."""
    works.transport.files["f"] = picture()
    settlement = await sent(works, MARKUP, payload=PHOTO)
    again = await sent(works, MARKUP, payload=replace(PHOTO, caption=Rich("bold")))

    assert (settlement.ending, again.ending) == (Ending.SENT, Ending.FAILED)
    assert works.transport.sent[1] == ("1001", replace(PHOTO, caption=Rich("bold")))


@pytest.mark.parametrize(
    ("kind", "attempts", "ending"),
    [
        (FailureKind.AMBIGUOUS, 1, Ending.RETRY),
        (FailureKind.AMBIGUOUS, 2, Ending.FAILED),
        (FailureKind.RATE_LIMITED, 2, Ending.FAILED),
        (FailureKind.REJECTED, 0, Ending.FAILED),
        (FailureKind.UNREACHED, 500, Ending.RETRY),
    ],
)
async def test_a_mark_or_a_timer_is_not_tried_for_long(
    works: Works, kind: FailureKind, attempts: int, ending: Ending
) -> None:
    """It must not hold up what is said after it; what waits with everything else while a platform is away does not."""
    for payload in (MarkDelivered(message_id="7"), SetExpiry(seconds=86_400)):
        works.transport.ends = [failure(kind)]
        quiet = replace(DELIVERY, payload=payload, attempts=attempts)

        assert (await Sender(works.ground).send(quiet)).ending is ending


CHART: Final = SendChart(
    chart=Chart(title="T", series=("s",), rows=(Bars(label="a", numbers=(7,)),), few="few", rtl=False),
    caption=Rich("a: 7"),
    protect=True,
)


async def test_a_chart_is_uploaded_as_a_picture(works: Works) -> None:
    """It is drawn when it leaves."""
    settlement = await sent(works, payload=CHART)

    assert settlement.ending is Ending.SENT
    assert [made[:4] for made in works.transport.uploaded] == [b"\x89PNG"]


async def test_a_chart_that_is_refused_goes_as_words(works: Works) -> None:
    """The numbers stand in them too."""
    settlement = await sent(works, failure(FailureKind.REJECTED, "bad_picture"), payload=CHART)

    assert settlement.ending is Ending.SENT
    assert works.transport.sent[-1][1] == SendMessage(text=Rich("a: 7"), protect=True)


async def test_a_chart_waits_like_any_other_message(works: Works) -> None:
    """Where the platform is away, nothing is replaced by anything."""
    settlement = await sent(works, failure(FailureKind.NOT_SENT), payload=CHART)

    assert settlement.ending is Ending.RETRY
