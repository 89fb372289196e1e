"""The picture of numbers: a PNG as wide as a phone, in the direction of its language, drawn where no key is."""

import io
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Final

import orjson
import pytest
from PIL import Image

from bot.model.chart import Bars, Chart
from bot.pipeline import plot
from bot.pipeline.carry import FONTS

DARK: Final = (0x1F, 0x4E, 0x79)


def chart(*numbers: tuple[int | None, ...], rtl: bool = True) -> Chart:
    """A chart with a row for each of these."""
    rows = tuple(Bars(label="השבוע של \u20684 באוקטובר 2026\u2069", numbers=row) for row in numbers)
    series = ("ביקשו עזרה של אדם", "נענו", "תוך שעה")[: len(numbers[0])]
    return Chart(title="שמונה שבועות", series=series, rows=rows, few="פחות מחמישה", rtl=rtl)


def drawn(of: Chart) -> Image.Image:
    """What is seen, drawn within this process."""
    made = plot.Plot(orjson.loads(orjson.dumps(of)), FONTS).drawn()
    return Image.open(io.BytesIO(made)).convert("RGB")


def dark(picture: Image.Image) -> list[int]:
    """How far from the left each point of the first colour is."""
    return [
        x
        for x in range(picture.width)
        for y in range(0, picture.height, 4)
        if picture.getpixel((x, y)) == DARK
    ]


def test_a_program_of_its_own_draws_a_png() -> None:
    """With nothing of ours in its surroundings, and nothing said on the way."""
    arguments = [sys.executable, "-I", str(Path(plot.__file__)), str(FONTS)]
    done = subprocess.run(
        arguments, input=orjson.dumps(chart((12, None, 7))), capture_output=True, env={}, check=True
    )

    picture = Image.open(io.BytesIO(done.stdout))
    assert (picture.format, picture.width) == ("PNG", 1080)
    assert set(picture.info) <= {"dpi"}


@pytest.mark.parametrize("rtl", [True, False])
def test_bars_begin_where_reading_does(rtl: bool) -> None:
    """On the right in Hebrew, on the left in English."""
    picture = drawn(chart((10,), (5,), rtl=rtl))
    places = dark(picture)

    near = picture.width - max(places) if rtl else min(places)
    far = min(places) if rtl else picture.width - max(places)
    assert near < 0.08 * picture.width < 0.2 * picture.width < far


def test_nothing_at_all_can_be_drawn() -> None:
    """Neither a bar nor a division by it."""
    assert dark(drawn(chart((0,), (0,)))) == []


def test_more_rows_make_a_longer_picture_and_no_wider_one() -> None:
    """It is read on a phone."""
    short, long = drawn(chart((5, 6, 7))), drawn(chart(*[(5, 6, 7)] * 8))

    assert (long.width, long.height > 4 * short.height) == (short.width, True)


def test_the_program_reads_and_writes_what_it_is_run_with(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """The chart at standard input, the fonts as its one argument."""
    monkeypatch.setattr(sys, "argv", ["plot.py", str(FONTS)])
    monkeypatch.setattr(sys, "stdin", io.StringIO(orjson.dumps(chart((7,))).decode()))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(plot.__file__, run_name="__main__")

    assert ended.value.code == 0
    assert capfdbinary.readouterr().out.startswith(b"\x89PNG")
