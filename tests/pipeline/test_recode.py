"""A photo and a voice message made anew: what is seen and heard is the same, and nothing else is left."""

import io
import resource
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bot.pipeline import recode
from tests.darkroom import BLUE, RED, heard, picture, recorded, seen, sound

CANARY = "kanarya4711"


class Stream:
    """What a program reads from or writes to."""

    def __init__(self, content: bytes = b"") -> None:
        self.buffer = io.BytesIO(content)


def run(kind: str, content: bytes) -> tuple[int, bytes]:
    """The program, as `carry` runs it."""
    arguments = [sys.executable, "-I", str(Path(recode.__file__)), kind]
    done = subprocess.run(arguments, input=content, capture_output=True, env={}, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_keeps_its_picture_and_nothing_else(kind: str) -> None:
    """It stands upright without being told to; no EXIF, no place, no profile, no comment, nothing behind its end."""
    original = picture(CANARY, kind=kind)
    made = seen(recode.photo(original))

    assert CANARY.encode() in original
    assert (made.format, made.size) == ("JPEG", (400, 200))
    assert set(made.info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert dict(made.getexif()) == {}
    for at, colour in ((50, RED), (350, BLUE)):
        pixel = made.getpixel((at, 100))
        assert isinstance(pixel, tuple)
        assert all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


def test_a_large_photo_is_made_smaller() -> None:
    """Its longer side fits; its shape stays."""
    assert seen(recode.photo(picture(size=(3000, 1500)))).size == (1600, 800)


def test_what_is_transparent_becomes_white() -> None:
    """A JPEG knows no transparency."""
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(out, "PNG")

    assert seen(recode.photo(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (10_000, 6_000)).save(out, "PNG")
    return out.getvalue()


def _animation() -> bytes:
    out = io.BytesIO()
    Image.new("P", (9, 9)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"no picture", picture()[:300], _bomb(), _animation(), sound()], ids=range(6)
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    """Cut off, too large in pixels, of another kind."""
    with pytest.raises(recode.Broken):
        recode.photo(content)


@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_a_voice_message_keeps_its_sound_and_nothing_else(layout: str) -> None:
    """Opus in mono, as long as before, without a tag."""
    original = sound(CANARY, layout=layout)
    made = recode.voice(original)
    name, channels, seconds, tags = heard(made)

    assert CANARY.encode() in original
    assert (name, channels, tags) == ("opus", 1, {})
    assert seconds == pytest.approx(1.0, abs=0.1)
    assert CANARY.encode() not in made
    assert b"encoder" not in made


@pytest.mark.parametrize(
    "original", [sound(CANARY), recode.voice_aac(sound()), recorded(CANARY)], ids=range(3)
)
@pytest.mark.parametrize(("kind", "codec"), [("voice", "opus"), ("voice_aac", "aac")])
def test_what_any_phone_records_is_made_for_any_other(original: bytes, kind: str, codec: str) -> None:
    """From OGG, bare AAC and MP4, to Telegram's and to Signal's; no name of anybody or of a program is in it."""
    made = recode.MAKERS[kind](original)
    name, channels, seconds, tags = heard(made)

    assert (name, channels, tags) == (codec, 1, {})
    assert seconds == pytest.approx(1.0, abs=0.1)
    assert not any(word in made for word in (CANARY.encode(), b"Lavc", b"encoder"))


@pytest.mark.parametrize("make", [recode.voice, recode.voice_aac])
def test_the_same_sound_is_always_the_same_file(make: Callable[[bytes], bytes]) -> None:
    """Nothing in it is drawn by chance or read from a clock."""
    assert make(sound("one")) == make(sound("other"))


@pytest.mark.parametrize("content", [b"", b"no sound", picture(), sound()[:150]], ids=range(4))
def test_what_is_no_sound_is_refused(content: bytes) -> None:
    """Of another kind, or cut off before the first sound."""
    with pytest.raises(recode.Broken):
        recode.voice(content)


def test_a_sound_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the platform said of its length."""
    monkeypatch.setattr(recode, "MOST_SECONDS", 0.5)
    with pytest.raises(recode.Broken):
        recode.voice(sound())


@pytest.mark.parametrize(
    ("kind", "content"),
    [("photo", picture(CANARY)), ("voice", sound(CANARY)), ("voice_aac", recorded(CANARY))],
)
def test_the_program_makes_the_same(kind: str, content: bytes) -> None:
    """With its limits on, in a process with an empty environment."""
    assert run(kind, content) == (0, recode.MAKERS[kind](content))


@pytest.mark.parametrize("kind", ["photo", "voice", "voice_aac"])
def test_the_program_says_what_is_broken(kind: str) -> None:
    """By its exit code, with nothing written."""
    assert run(kind, b"neither") == (recode.BROKEN, b"")


@pytest.mark.parametrize(("content", "code"), [(picture(), 0), (b"no picture", recode.BROKEN)])
def test_the_program_shuts_itself_in_before_it_reads(
    monkeypatch: pytest.MonkeyPatch, content: bytes, code: int
) -> None:
    """It can open nothing then: no file to read or write, no connection."""
    limits: dict[int, tuple[int, int]] = {}
    out = Stream()
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(sys, "stdin", Stream(content))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "argv", ["recode", "photo"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(recode.__file__, run_name="__main__")

    assert end.value.code == code
    assert bool(out.buffer.getvalue()) is (code == 0)
    assert limits[resource.RLIMIT_NOFILE] == (3, 3)
    assert limits[resource.RLIMIT_FSIZE] == (0, 0)
