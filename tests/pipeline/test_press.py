"""A sheet drawn on its way out, by another process; where it can't be, that is said."""

import logging
import sys
from dataclasses import replace
from typing import Final

import pytest

from bot.model.flyer import Order, Sheet
from bot.model.outgoing import SendFile, SendMessage
from bot.model.person import Language, Voice
from bot.model.text import Rich
from bot.paper.code import PIXELS
from bot.pipeline import leaflet, press
from bot.pipeline.press import Press
from tests.paper.reader import in_picture, words_of
from tests.pipeline.test_send import sent
from tests.pipeline.works import Words, Works

LINK: Final = "https://t.me/a_bot?start=f_k3f7x2ab"
ORDER: Final = Order(link=LINK, languages=(Language.HEBREW, Language.ENGLISH))
INSTEAD: Final = Rich("It could not be made.")


def a_file(words: Words, sheet: Sheet) -> SendFile:
    """A sheet as it stands in the outbox."""
    content = leaflet.content(ORDER, words.renderer, phrases=words.library.book.phrases)
    return SendFile(name="a", content=content, caption=Rich("A"), sheet=sheet, instead=INSTEAD)


def test_every_sheet_is_a_file_with_words_beside_it(words: Words) -> None:
    """In the language of whoever asked; none of the names tells what it is."""
    files = leaflet.files(
        ORDER,
        words.renderer,
        voice=Voice(language=Language.ENGLISH),
        phrases=words.library.book.phrases,
    )

    assert {file.sheet: file.name for file in files} == leaflet.NAMES
    assert len({file.caption.text for file in files}) == len(leaflet.NAMES)
    assert not any("flyer" in file.name for file in files)
    assert LINK.encode() in files[0].content


@pytest.mark.parametrize("sheet", [Sheet.PNG, Sheet.A6])
async def test_what_is_sent_was_drawn_by_another_process(works: Works, words: Words, sheet: Sheet) -> None:
    """What draws pages is larger than the bot, which never loads it."""
    before = set(sys.modules)
    await sent(works, payload=a_file(words, sheet))
    ((_, file),) = works.transport.sent

    assert isinstance(file, SendFile)
    assert file.sheet is None
    assert "fpdf" not in set(sys.modules) - before
    if sheet is Sheet.PNG:
        assert words_of(in_picture(file.content, pixels=PIXELS)) == LINK
    else:
        assert file.content.startswith(b"%PDF-")


async def test_a_sheet_that_cannot_be_drawn_is_told_of(works: Works, words: Words) -> None:
    """Whoever waits for a file reads why none comes."""
    await sent(works, payload=replace(a_file(words, Sheet.PNG), content=b"{}"))

    assert works.transport.texts == [INSTEAD.text]


async def test_a_sheet_that_takes_too_long_is_told_of(
    words: Words, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And in the log there is nothing of what it says."""
    monkeypatch.setattr(press, "PREPARED_WITHIN", 0.001)
    with caplog.at_level(logging.WARNING):
        told = await Press().drawn(a_file(words, Sheet.A6), Sheet.A6)

    assert told == SendMessage(text=INSTEAD)
    assert "a_bot" not in caplog.text
