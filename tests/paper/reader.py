"""A reader of QR codes, as small as one for these links can be: it looks at pixels and knows nothing that makes them.

Of ISO/IEC 18004: versions 2 to 6, text as bytes, no errors to correct. A phone reads more than that.
"""

import io
from collections.abc import Callable, Iterator
from typing import Final

from PIL import Image

Rows = list[list[bool]]

QUIET: Final = 4
MASK: Final = 0b101010000010010
LEVELS: Final = ("M", "L", "H", "Q")
# How many blocks there are, and the words of data in each.
BLOCKS: Final = {
    (2, "M"): (1, 28),
    (3, "M"): (1, 44),
    (3, "Q"): (2, 17),
    (4, "M"): (2, 32),
    (4, "Q"): (2, 24),
    (5, "M"): (2, 43),
    (6, "M"): (4, 27),
}
FLIPS: Final[tuple[Callable[[int, int], bool], ...]] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _: y % 2 == 0,
    lambda _, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def in_picture(png: bytes, *, pixels: int) -> Rows:
    """The squares of a picture in which each is `pixels` wide, without the white around them."""
    with Image.open(io.BytesIO(png)) as found:
        picture = found.convert("L")
    size = picture.width // pixels
    rows = [
        [picture.getpixel((x * pixels + pixels // 2, y * pixels + pixels // 2)) == 0 for x in range(size)]
        for y in range(size)
    ]
    around = [rows[y][x] for y in range(size) for x in range(size) if _is_around(y, x, size)]
    assert not any(around), "no white around it"
    return [row[QUIET:-QUIET] for row in rows[QUIET:-QUIET]]


def words_of(rows: Rows) -> str:
    """What a code says."""
    size = len(rows)
    format_bits = [rows[8][x] for x in (0, 1, 2, 3, 4, 5, 7, 8)] + [rows[y][8] for y in (7, 5, 4, 3, 2, 1, 0)]
    number = int("".join(str(int(bit)) for bit in format_bits), 2) ^ MASK
    flip = FLIPS[number >> 10 & 7]
    bits = [rows[y][x] ^ flip(y, x) for y, x in _path(size)]
    blocks, each = BLOCKS[(size - 17) // 4, LEVELS[number >> 13]]
    mixed = [_number(bits[at : at + 8]) for at in range(0, 8 * blocks * each, 8)]
    data = [word for block in range(blocks) for word in mixed[block::blocks]]
    stream = [bool(word >> place & 1) for word in data for place in reversed(range(8))]
    assert _number(stream[:4]) == 0b0100, "not text as bytes"
    length = _number(stream[4:12])
    return bytes(_number(stream[at : at + 8]) for at in range(12, 12 + 8 * length, 8)).decode()


def _path(size: int) -> Iterator[tuple[int, int]]:
    """The squares that hold data, in their order: two columns at a time from the right, up and down by turns."""
    upward = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for y in range(size - 1, -1, -1) if upward else range(size):
            yield from ((y, x) for x in (right, right - 1) if not _is_fixed(y, x, size))
        upward = not upward


def _is_fixed(y: int, x: int, size: int) -> bool:
    """Whether a square belongs to the three corners, the two dotted lines or the small eye."""
    in_corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
    in_eye = size - 9 <= y < size - 4 and size - 9 <= x < size - 4
    return in_corner or in_eye or 6 in (y, x)


def _is_around(y: int, x: int, size: int) -> bool:
    return min(y, x) < QUIET or max(y, x) >= size - QUIET


def _number(bits: list[bool]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)
