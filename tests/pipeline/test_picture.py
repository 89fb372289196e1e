"""The picture of a notice: fetched once for everybody, and sent by the platform's own name for it from then on."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.incoming import FileRef, MediaKind
from bot.model.notice import Fate, NoticeContent, Picture
from bot.model.outgoing import FailureKind, Receipt, SendFailed, SendMedia, SendMessage
from bot.model.person import Language, Platform
from bot.pipeline import recode
from bot.pipeline.carry import NotBrought
from bot.pipeline.picture import AGAIN_AFTER, Pictures
from bot.store import copy_counts
from tests.darkroom import picture
from tests.pipeline.test_broadcast import fates, goes_on, sent, wanting
from tests.pipeline.works import Works, failure
from tests.stage import StillClock

FILE = FileRef(file_id="f")
PHOTO = SendMedia(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FILE)
PICTURED = NoticeContent(
    texts={Language.HEBREW: "נפגשים", Language.ENGLISH: "We meet"},
    picture=Picture(platform=Platform.TELEGRAM, file=FILE),
)
GONE = failure(FailureKind.REJECTED, "no_file")


class Studio:
    """A platform and a source that count what is asked of them, and fail as they are told."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.brought = 0
        self.sent: list[str] = []
        self.ends: list[SendFailed | None] = []
        self.keeps = True
        self.pictures = Pictures(self._bring, self.clock)

    async def _bring(self, payload: SendMedia, *, to: Platform) -> bytes:
        assert to is Platform.TELEGRAM
        self.brought += 1
        await asyncio.sleep(0)
        if self.ends and (end := self.ends.pop(0)):
            raise end
        return payload.file.file_id.encode()

    async def _send(self, payload: SendMedia, content: bytes) -> Receipt:
        self.sent.append(payload.again.file_id if payload.again else f"bytes of {content.decode()}")
        await asyncio.sleep(0)
        if self.ends and (end := self.ends.pop(0)):
            raise end
        return Receipt(message_id="1", file=FileRef(file_id="kept") if self.keeps else None)

    async def send(self, payload: SendMedia = PHOTO) -> str | None:
        """Send it once more; why not, if it was not sent."""
        try:
            await self.pictures.send(payload, on=Platform.TELEGRAM, send=self._send)
        except SendFailed as failed:
            return failed.failure.reason
        return None


async def test_it_is_fetched_once_and_uploaded_until_the_platform_has_it() -> None:
    """Also by many at the same moment; afterwards nothing is fetched or uploaded."""
    studio = Studio()
    await asyncio.gather(*(studio.send() for _ in range(20)))
    uploads = studio.sent.count("bytes of f")
    for _ in range(50):
        await studio.send()

    assert (studio.brought, set(studio.sent[uploads:])) == (1, {"kept"})
    assert len(studio.sent) == 70


async def test_another_picture_is_another_one() -> None:
    """One is kept at a time, and each platform has its own name for it, if any."""
    studio = Studio()
    studio.keeps = False
    for file_id in ("f", "f", "g", "f"):
        await studio.send(replace(PHOTO, file=FileRef(file_id=file_id)))

    assert (studio.brought, studio.sent) == (3, ["bytes of f", "bytes of f", "bytes of g", "bytes of f"])


async def test_a_name_that_the_platform_has_forgotten_is_given_up() -> None:
    """What it refuses is uploaded once more; another failure is that of the call."""
    studio = Studio()
    await studio.send()
    studio.ends = [SendFailed(failure(FailureKind.AMBIGUOUS, "timed_out"))]
    slow = await studio.send()
    studio.ends = [SendFailed(GONE)]
    refused = await studio.send()

    assert (slow, refused, studio.brought) == ("timed_out", None, 1)
    assert studio.sent == ["bytes of f", "kept", "kept", "bytes of f"]


@pytest.mark.parametrize(("kind", "fetched"), [(FailureKind.REJECTED, 1), (FailureKind.NOT_SENT, 2)])
async def test_what_cannot_be_had_is_not_asked_for_by_every_copy(kind: FailureKind, fetched: int) -> None:
    """For some seconds, or for good where it is gone."""
    studio = Studio()
    studio.ends = [NotBrought(failure(kind, "why"))]
    at_once = await asyncio.gather(*(studio.send() for _ in range(9)))
    brought = studio.brought
    studio.clock.pass_time(AGAIN_AFTER + timedelta(seconds=1))
    later = await studio.send()

    assert (at_once, brought, studio.brought) == (["why"] * 9, 1, fetched)
    assert later == ("why" if fetched == 1 else None)


async def test_a_broadcast_fetches_its_picture_once(works: Works) -> None:
    """It is uploaded as it was made anew, and then sent by its name there, with the words of each language."""
    await wanting(works, 30)
    works.transport.files["f"] = picture("word")
    one = await sent(works, content=PICTURED)
    await goes_on(works, 12)
    photos = [payload for _, payload in works.transport.sent if isinstance(payload, SendMedia)]

    assert await fates(works, one) == {Fate.DELIVERED: 30}
    assert [payload.caption.text for payload in photos] == ["נפגשים"] * 30
    assert set(works.transport.uploaded) == {recode.photo(picture("word"))}
    assert len(works.transport.uploaded) < 30
    assert all(payload.again for payload in photos[len(works.transport.uploaded) :])


async def test_where_the_picture_is_gone_the_words_go_and_are_counted(works: Works) -> None:
    """Everybody gets them, and the report says how many came without it."""
    await wanting(works, 3)
    works.transport.files["f"] = GONE
    one = await sent(works, content=PICTURED)
    await goes_on(works)
    async with works.db.reading() as reading:
        report = await copy_counts.report(reading, one.id)

    assert works.transport.texts == ["נפגשים"] * 3
    assert (await fates(works, one), report.bare, report.failures) == ({Fate.DELIVERED: 3}, 3, {})
    assert [payload for _, payload in works.transport.sent if isinstance(payload, SendMessage)]
