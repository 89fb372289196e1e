"""The program: what is wanted in JSON at standard input (`bot.model.flyer.Print`), the file at standard output."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

from bot.model.flyer import Print
from bot.paper.code import png, svg, terminal

LETTERS: Final = "letters"
CODES: Final = {"svg": svg, "png": png, "terminal": terminal}


def made(sheet: str, wanted: Mapping[str, Any]) -> bytes:
    """One sheet. Only pages need the library that makes them."""
    if sheet in CODES:
        return CODES[sheet](wanted["link"])
    if sheet == LETTERS:
        from bot.paper.letters import Letter, pages

        return pages(tuple(Letter(**one) for one in wanted["letters"]))
    from bot.paper.flyer import PAGES

    return PAGES[sheet](Print.of(wanted))


def main(sheet: str) -> int:
    """Make one sheet; the exit code."""
    sys.stdout.buffer.write(made(sheet, json.load(sys.stdin.buffer)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
