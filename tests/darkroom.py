"""Photos and voice messages as phones make them, with a word hidden wherever a file can hide one."""

import array
import io
import math
from typing import Final

import av
from PIL import Image

RATE: Final = 48_000
ON_ITS_SIDE: Final = 6  # the EXIF orientation of a phone held upright
RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(word: str = "", *, size: tuple[int, int] = (400, 200), kind: str = "JPEG") -> bytes:
    """A photo that lies on its side and says so: red on the left, blue on the right, once it stands."""
    width, height = size
    upright = Image.new("RGB", size, BLUE)
    upright.paste(RED, (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = ON_ITS_SIDE
    exif[0x010E] = exif[0x010F] = exif[0x9C9B] = word  # description, maker, the title Windows shows
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[29] = "N", (31.0, 46.0, 40.0), word
    out = io.BytesIO()
    comment = {"comment": word.encode()} if kind == "JPEG" else {}
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    lying.save(out, kind, exif=exif, xmp=f"<x>{word}</x>".encode(), icc_profile=word.encode(), **comment)
    return out.getvalue() + word.encode()


def sound(word: str = "", *, seconds: float = 1.0, layout: str = "mono") -> bytes:
    """A tone with tags, as an OGG."""
    out = io.BytesIO()
    with av.open(out, "w", format="ogg") as sink:
        stream = sink.add_stream("libopus", rate=RATE, layout=layout)
        stream.metadata.update(dict.fromkeys(("title", "artist", "comment", "location"), word))
        channels = 2 if layout == "stereo" else 1
        samples = RATE // 50
        for piece in range(round(seconds * 50)):
            frame = av.AudioFrame(format="s16", layout=layout, samples=samples)
            frame.sample_rate = RATE
            tone = (math.sin(2 * math.pi * 440 * (piece * samples + at) / RATE) for at in range(samples))
            wave = [int(9000 * value) for value in tone for _ in range(channels)]
            frame.planes[0].update(array.array("h", wave).tobytes())
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return out.getvalue()


def recorded(word: str = "") -> bytes:
    """The same tone as an iPhone records it: AAC in an MP4, with a title."""
    out = io.BytesIO()
    with av.open(io.BytesIO(sound()), "r") as source, av.open(out, "w", format="mp4") as sink:
        sink.metadata["title"] = word
        stream = sink.add_stream("aac", rate=RATE, layout="mono")
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        for frame in (*source.decode(source.streams.audio[0]), None):
            for piece in resampler.resample(frame):
                piece.pts = None
                sink.mux(stream.encode(piece))
        sink.mux(stream.encode(None))
    return out.getvalue()


def seen(content: bytes) -> Image.Image:
    """A picture, as somebody's app opens it."""
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def heard(content: bytes) -> tuple[str, int, float, dict[str, str]]:
    """Codec, channels, seconds and tags of a sound."""
    with av.open(io.BytesIO(content), "r") as found:
        stream = found.streams.audio[0]
        seconds = sum(frame.samples for frame in found.decode(stream)) / RATE
        context = stream.codec_context
        return context.name, context.channels, seconds, {**found.metadata, **stream.metadata}
