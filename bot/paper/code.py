"""A link as a QR code: squares to draw, a file for a screen, a file that can be made any size."""

import io
from typing import Final

import segno

QUIET: Final = 4  # squares of white around it, or phones don't find it
PIXELS: Final = 16  # of one square


def squares(link: str) -> list[list[bool]]:
    """The rows of the code, dark where true, without the white around it."""
    return [[bool(one) for one in row] for row in _code(link).matrix]


def png(link: str) -> bytes:
    """A picture of pixels."""
    out = io.BytesIO()
    _code(link).save(out, kind="png", scale=PIXELS, border=QUIET)
    return out.getvalue()


def svg(link: str) -> bytes:
    """A picture of lines."""
    out = io.BytesIO()
    _code(link).save(out, kind="svg", border=QUIET, light="#fff", xmldecl=False, omitsize=True)
    return out.getvalue()


def terminal(link: str) -> bytes:
    """A picture of half blocks, two squares to a letter, dark on light wherever a terminal obeys colours."""
    out = io.StringIO()
    _code(link).terminal(out, border=2, compact=True)
    return out.getvalue().encode()


def _code(link: str) -> segno.QRCode:
    """Readable with a seventh of it torn, folded or stained."""
    return segno.make_qr(link, error="m")
