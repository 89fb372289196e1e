"""A photo or a voice message made anew from what can be seen or heard in it, and from nothing else of the file.

A program of its own, run by `carry` as another process: decoders read what strangers made, so they get no keys, and
can open no file and no connection. It imports nothing of the project.
"""

import io
import resource
import sys
from contextlib import suppress
from typing import Final, Literal

import av
from av.subtitles import stream as stream  # what a container needs: there is no loading it later
from PIL import Image, ImageOps
from PIL import MpoImagePlugin as MpoImagePlugin  # the same for a JPEG
from PIL import TiffImagePlugin as TiffImagePlugin

LONGEST_SIDE: Final = 1600  # pixels
MOST_PIXELS: Final = 50_000_000  # a phone's largest picture; a bomb claims more
QUALITY: Final = 85
RATE: Final = 48_000  # samples a second, the one that Opus works in
BIT_RATE: Final = 32_000
MOST_SECONDS: Final = 11 * 60  # of sound, whatever was said of its length
Codec = Literal["libopus", "aac"]
SAMPLES: Final[dict[Codec, str]] = {"libopus": "s16", "aac": "fltp"}
WITHOUT_TRACES: Final = {"fflags": "+bitexact"}  # no name of a program, no number drawn by chance

BROKEN: Final = 3  # exit code: the bytes are no such file, or not one that is carried
LIMITS: Final = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_CPU: 40,  # seconds
    resource.RLIMIT_AS: 2**30,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NOFILE: 3,  # those it has: in, out and nowhere
}


class Broken(Exception):
    """The bytes are not what they should be."""


def photo(content: bytes) -> bytes:
    """A JPEG of the same picture, upright, its longer side at most `LONGEST_SIDE`. Raises Broken."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as found:
            if found.width * found.height > MOST_PIXELS:
                raise Broken
            found.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(found).convert("RGBA")
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        raise Broken from None
    # A picture made of the pixels alone has nothing else that could be written.
    fresh = Image.new("RGB", upright.size, "white")
    fresh.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def voice(content: bytes) -> bytes:
    """The same sound, mono, as Opus in an OGG without tags: Telegram's voice. Raises Broken."""
    return _spoken_anew(content, "ogg", "libopus")


def voice_aac(content: bytes) -> bytes:
    """The same sound, mono, as bare AAC: Signal's voice, which every phone can play. Raises Broken."""
    return _spoken_anew(content, "adts", "aac")


def _spoken_anew(content: bytes, container: str, codec: Codec) -> bytes:
    out = io.BytesIO()
    try:
        with (
            av.open(io.BytesIO(content), "r", format=_format(content)) as source,
            av.open(out, "w", format=container, options=WITHOUT_TRACES) as sink,
        ):
            _speak(source, sink, codec)
    except (av.FFmpegError, ValueError, IndexError, MemoryError):
        raise Broken from None
    return out.getvalue()


def _format(content: bytes) -> str:
    """Which of the containers that phones record voice in this is; no other demuxer is ever tried."""
    if content[4:8] == b"ftyp":
        return "mp4"
    return "aac" if content[:1] == b"\xff" else "ogg"


def _speak(source: av.container.InputContainer, sink: av.container.OutputContainer, codec: Codec) -> None:
    spoken = sink.add_stream(codec, rate=RATE, layout="mono", options={"flags": "+bitexact"})
    spoken.bit_rate = BIT_RATE
    mono = av.AudioResampler(format=SAMPLES[codec], layout="mono", rate=RATE)
    samples = 0
    for frame in (*source.decode(source.streams.audio[0]), None):  # nothing at the end brings out the rest
        for piece in mono.resample(frame):
            samples += piece.samples
            if samples > MOST_SECONDS * RATE:
                raise Broken
            piece.pts = None
            sink.mux(spoken.encode(piece))
    sink.mux(spoken.encode(None))


MAKERS: Final = {"photo": photo, "voice": voice, "voice_aac": voice_aac}


def main(kind: str) -> int:
    """Make what comes in at standard input into what goes out; the exit code."""
    Image.preinit()
    for limit, value in LIMITS.items():
        with suppress(ValueError, OSError):  # not every system has every one
            resource.setrlimit(limit, (value, value))
    try:
        made = MAKERS[kind](sys.stdin.buffer.read())
    except Broken:
        return BROKEN
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
