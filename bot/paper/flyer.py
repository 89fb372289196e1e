"""A flyer of A6: a heading, a few words, the code with its link; alone with marks to cut along, or four on A4."""

from typing import Final

from bot.model.flyer import Print, Side
from bot.paper.code import QUIET, squares
from bot.paper.page import BLACK, Colour, Look, Pages, Place

WIDTH: Final = 105.0  # A6
HEIGHT: Final = 148.0
A4: Final = (210.0, 297.0)
BLEED: Final = 3.0  # what is coloured to the edge goes on behind it, as cutting is never exact
AROUND: Final = 10.0  # from the edge to the end of the paper, where the marks are
MARK: Final = 5.0
CROSS: Final = 3.0

EDGE: Final = 9.0  # no word stands nearer to the edge
HEAD: Final = 30.0
CODE: Final = 46.0  # with the white around it
INK: Final[Colour] = (24, 58, 92)
WHITE: Final[Colour] = (255, 255, 255)

TITLE: Final = Look(size=17.5, bold=True, colour=WHITE, centred=True)
BODY: Final = Look(size=11)
SCAN: Final = Look(size=10.5, bold=True, centred=True)
LINK: Final = Look(size=11, bold=True, colour=INK, centred=True)
SMALL: Final = Look(size=7.6)


def single(flyer: Print) -> bytes:
    """One flyer to a page, with marks to cut along: for a printing house."""
    pages = Pages(WIDTH + 2 * AROUND, HEIGHT + 2 * AROUND)
    for side in flyer.sides:
        pages.begin()
        _draw(pages, flyer, side, (AROUND, AROUND), bleed=BLEED)
        _marks(pages)
    return pages.done()


def four(flyer: Print) -> bytes:
    """Four flyers to a page of A4, with crosses to cut along: for a printer at home, on both sides or on one."""
    width, height = A4
    pages = Pages(width, height)
    for side in flyer.sides:
        pages.begin()
        for corner in ((0.0, 0.0), (width / 2, 0.0), (0.0, height / 2), (width / 2, height / 2)):
            _draw(pages, flyer, side, corner, bleed=0.0)
        _crosses(pages)
    return pages.done()


def _draw(pages: Pages, flyer: Print, side: Side, corner: tuple[float, float], *, bleed: float) -> None:
    """One side, its upper left corner at `corner`."""
    x, y = corner
    pages.fill(Place(x=x - bleed, y=y - bleed, width=WIDTH + 2 * bleed), HEAD + bleed, colour=INK)
    inner = WIDTH - 2 * EDGE
    tall = pages.height(side.title, inner, look=TITLE, rtl=side.rtl)
    head = Place(x=x + EDGE, y=y + (HEAD - tall) / 2 + 0.8, width=inner)
    pages.write(side.title, head, look=TITLE, rtl=side.rtl)
    below = y + HEAD + 5.0
    for words in side.body:
        below = pages.write(words, Place(x=x + EDGE, y=below, width=inner), look=BODY, rtl=side.rtl) + 1.6
    foot = y + HEIGHT - EDGE - pages.height(side.small, inner, look=SMALL, rtl=side.rtl)
    pages.write(side.small, Place(x=x + EDGE, y=foot, width=inner), look=SMALL, rtl=side.rtl)
    _foot(pages, flyer, side, Place(x=x, y=foot, width=WIDTH))


def _foot(pages: Pages, flyer: Print, side: Side, place: Place) -> None:
    """The code in the middle, what to do with it above, what can be typed below; all of it above `place`."""
    inner = place.width - 2 * EDGE
    look = pages.on_one_line(flyer.typed, inner, look=LINK, rtl=False)
    link = place.y - 3.0 - LINK.line
    pages.write(flyer.typed, Place(x=place.x + EDGE, y=link, width=inner), look=look, rtl=False)
    code = link - CODE + 2.0
    _code(pages, flyer.link, Place(x=place.x + (place.width - CODE) / 2, y=code, width=CODE))
    scan = code + 2.0 - pages.height(side.scan, inner, look=SCAN, rtl=side.rtl)
    pages.write(side.scan, Place(x=place.x + EDGE, y=scan, width=inner), look=SCAN, rtl=side.rtl)


def _code(pages: Pages, link: str, place: Place) -> None:
    rows = squares(link)
    size = place.width / (len(rows) + 2 * QUIET)
    for down, row in enumerate(rows, start=QUIET):
        for start, end in _runs(row):
            left = place.x + (QUIET + start) * size
            run = Place(x=left, y=place.y + down * size, width=(end - start) * size)
            pages.fill(run, size, colour=BLACK)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark squares stand side by side: from, and up to."""
    edges = [at for at, one in enumerate([*row, False]) if one is not ([False, *row])[at]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _marks(pages: Pages) -> None:
    """Two lines at each corner, outside of what bleeds."""
    left, top, right, bottom = AROUND, AROUND, AROUND + WIDTH, AROUND + HEIGHT
    for x, outside in ((left, -1), (right, 1)):
        for y, beyond in ((top, -1), (bottom, 1)):
            near, far = BLEED + 1.0, BLEED + 1.0 + MARK
            pages.line((x + outside * near, y), (x + outside * far, y))
            pages.line((x, y + beyond * near), (x, y + beyond * far))


def _crosses(pages: Pages) -> None:
    """Where the cuts meet the edges of the page and each other."""
    width, height = A4
    middle, centre = width / 2, height / 2
    for y in (0.0, height):
        pages.line((middle, abs(y - CROSS)), (middle, y))
    for x in (0.0, width):
        pages.line((abs(x - CROSS), centre), (x, centre))
    pages.line((middle - CROSS, centre), (middle + CROSS, centre))
    pages.line((middle, centre - CROSS), (middle, centre + CROSS))


PAGES: Final = {"a6": single, "a4": four}
