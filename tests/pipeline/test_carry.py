"""A photo or voice on its way: fetched when it is sent, made anew, and what is said where that fails."""

import asyncio
import sys
from dataclasses import replace
from typing import Literal

import pytest

from bot.model.chart import Bars, Chart
from bot.model.incoming import FileRef, MediaKind
from bot.model.limit import MEDIA_BYTES
from bot.model.outgoing import Failure, FailureKind, SendChart, SendFailed, SendMedia
from bot.model.person import Platform
from bot.model.text import Rich
from bot.pipeline import carry, recode
from bot.pipeline.carry import Carrier
from tests.darkroom import picture, sound
from tests.pipeline.works import ScriptedTransport, failure


def sending(media: Literal[MediaKind.PHOTO, MediaKind.VOICE]) -> SendMedia:
    return SendMedia(media=media, source=Platform.TELEGRAM, file=FileRef(file_id="f"))


PHOTO = sending(MediaKind.PHOTO)
CHART = Chart(title="T", series=("s",), rows=(Bars(label="a", numbers=(7,)),), few="few", rtl=False)


def carrier(content: bytes | Failure) -> Carrier:
    """One whose platform has this file."""
    transport = ScriptedTransport()
    transport.files["f"] = content
    return Carrier({Platform.TELEGRAM: transport})


async def failing(content: bytes | Failure, payload: SendMedia = PHOTO) -> Failure:
    """How bringing this fails."""
    with pytest.raises(SendFailed) as caught:
        await carrier(content).bring(payload, to=Platform.TELEGRAM)
    return caught.value.failure


async def test_what_is_brought_is_made_anew() -> None:
    """Both kinds."""
    photo, voice = picture("word"), sound("word")

    assert await carrier(photo).bring(PHOTO, to=Platform.TELEGRAM) == recode.photo(photo)
    assert await carrier(voice).bring(sending(MediaKind.VOICE), to=Platform.TELEGRAM) == recode.voice(voice)


async def test_a_voice_is_made_as_the_platform_it_goes_to_records_it() -> None:
    """An OGG can't be heard on every phone with Signal."""
    voice = sound()

    assert await carrier(voice).bring(sending(MediaKind.VOICE), to=Platform.SIGNAL) == recode.voice_aac(voice)


async def test_what_is_broken_will_never_go() -> None:
    """A decoder that refuses a file is asked once."""
    assert await failing(b"no picture") == failure(FailureKind.REJECTED, "broken_file")


async def test_what_is_too_large_is_not_fetched() -> None:
    """It should not have come so far."""
    payload = replace(PHOTO, file=FileRef(file_id="unknown", size=MEDIA_BYTES + 1))

    assert await failing(b"", payload) == failure(FailureKind.REJECTED, "too_big")


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        (FailureKind.NOT_SENT, FailureKind.NOT_SENT),
        (FailureKind.AMBIGUOUS, FailureKind.NOT_SENT),
        (FailureKind.PLATFORM_DOWN, FailureKind.NOT_SENT),
        (FailureKind.RATE_LIMITED, FailureKind.RATE_LIMITED),
        (FailureKind.UNREACHABLE, FailureKind.REJECTED),
        (FailureKind.NO_CHAT, FailureKind.REJECTED),
        (FailureKind.REJECTED, FailureKind.REJECTED),
    ],
)
async def test_a_failure_to_fetch_says_nothing_of_the_recipient(
    kind: FailureKind, meaning: FailureKind
) -> None:
    """Nothing was sent, and nobody is unreachable because a file is."""
    found = Failure(kind=kind, reason="why", retry_after=7)

    assert await failing(found) == replace(found, kind=meaning)


async def test_a_file_that_takes_too_long_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the program that was at it is gone."""
    started: list[asyncio.subprocess.Process] = []
    real = asyncio.subprocess.create_subprocess_exec

    async def slow(*_: str, stdin: int, stdout: int, **__: object) -> asyncio.subprocess.Process:
        waiting = await real(
            sys.executable, "-c", "import time; time.sleep(60)", stdin=stdin, stdout=stdout, env={}
        )
        started.append(waiting)
        return waiting

    monkeypatch.setattr(asyncio.subprocess, "create_subprocess_exec", slow)
    monkeypatch.setattr(carry, "PREPARED_WITHIN", 0.3)

    assert await failing(picture()) == failure(FailureKind.NOT_SENT, "slow_file")
    assert started[0].returncode is not None


async def test_a_machine_without_room_for_a_program_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fault of the photo."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert await failing(picture()) == failure(FailureKind.NOT_SENT, "no_process")


async def test_a_chart_is_drawn_when_it_is_sent() -> None:
    """By a program of its own, which is over then."""
    made = await carrier(b"").bring(SendChart(chart=CHART, caption=Rich("7")), to=Platform.TELEGRAM)

    assert made.startswith(b"\x89PNG")


async def test_a_chart_that_cannot_be_drawn_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is never tried again: there are the words."""
    monkeypatch.setattr(carry, "FONTS", carry.FONTS / "none")
    with pytest.raises(SendFailed) as caught:
        await carrier(b"").bring(SendChart(chart=CHART, caption=Rich("7")), to=Platform.TELEGRAM)

    assert caught.value.failure == failure(FailureKind.REJECTED, "not_drawn")
