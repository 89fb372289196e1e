"""A roll as the files a keeper prints and passes on: plain text, a table for spreadsheets, a page for the printer.

Each language has its own text and page. Nothing in them is live: no link, no script, no formula, nothing loaded from
anywhere. Called by `bot.app.keeper`, which writes them.
"""

import csv
import io
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from bot.model.letter import GAP, Letter
from bot.model.person import Language
from bot.model.roll import Removed, Roll

Counts = Callable[[Roll, Language], tuple[str, ...]]
"""The lines below a list: how many are named elsewhere, how many only counted, how many there are."""

BOM: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_LIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a cell a formula (OWASP, CSV injection)
_DIRECTION: Final = {Language.HEBREW: "rtl", Language.ENGLISH: "ltr"}
_STYLE: Final = """
@page { size: A4; margin: 22mm 20mm; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #000; background: #fff;
  font: 12pt/1.55 "Frank Ruhl Libre", "David Libre", "Noto Serif Hebrew", "Times New Roman", serif; }
h1 { font-size: 1.6em; line-height: 1.25; margin: 0 0 1.2em; }
p { margin: 0 0 .9em; }
ul { columns: 3 11rem; column-gap: 2rem; list-style: none; margin: 2em 0 1.5em; padding: 1.2em 0 0;
  border-top: 1px solid #000; }
li { break-inside: avoid; padding-bottom: .25em; }
footer p { margin: 0 0 .3em; }
@media print { body { max-width: none; margin: 0; padding: 0; } }
"""


def files(roll: Roll, counts: Counts) -> dict[str, str]:
    """Every file by its name, as the text that is written in UTF-8."""
    stem = f"{roll.letter.id}-{roll.letter.version}"
    texts = {f"{stem}.{language}.txt": plain(roll, language, counts=counts) for language in Language}
    pages = {f"{stem}.{language}.html": page(roll, language, counts=counts) for language in Language}
    return {**texts, **pages, f"{stem}.csv": BOM + table(roll)}


def correction(roll: Roll, removed: Removed) -> dict[str, str]:
    """The file of what has to come off what is out already; none where no name has to."""
    name = f"{roll.letter.id}-{roll.letter.version}.removed.txt"
    return {name: "\n".join(removed.lines) + "\n"} if removed.lines else {}


def plain(roll: Roll, language: Language, *, counts: Counts) -> str:
    """Title, letter, names and numbers, each name on a line."""
    letter = roll.letter
    names, numbers = "\n".join(roll.lines[language]), "\n".join(counts(roll, language))
    parts = [letter.titles[language], *letter.paragraphs[language], names, numbers]
    return GAP.join(part for part in parts if part) + "\n"


def table(roll: Roll) -> str:
    """One row for each named signatory, in the Hebrew order, then one row for everybody who is only counted."""
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(["he", "en", "number"])
    rows.writerows([cell(entry.he), cell(entry.en), "1"] for entry in roll.named)
    if roll.counted:
        rows.writerow(["", "", str(roll.counted)])
    return written.getvalue()


def cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: an apostrophe before whatever could be one."""
    return f"'{text}" if text.startswith(_LIVE) else text


def page(roll: Roll, language: Language, *, counts: Counts) -> str:
    """A page that stands alone and prints on A4, right to left where the language is."""
    title = escape(roll.letter.titles[language])
    body = "\n".join([f"<h1>{title}</h1>", *_paragraphs(roll.letter, language), *_names(roll, language)])
    numbers = "\n".join(f"<p>{escape(line)}</p>" for line in counts(roll, language))
    return f"""<!doctype html>
<html lang="{language}" dir="{_DIRECTION[language]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
<footer>
{numbers}
</footer>
</body>
</html>
"""


def _paragraphs(letter: Letter, language: Language) -> Iterator[str]:
    for paragraph in letter.paragraphs[language]:
        yield f"<p>{escape(paragraph)}</p>"


def _names(roll: Roll, language: Language) -> Iterator[str]:
    """The list; a name stands in a `bdi`, so that its direction turns nothing around it."""
    if roll.lines[language]:
        yield "<ul>"
        yield from (f"<li><bdi>{escape(line)}</bdi></li>" for line in roll.lines[language])
        yield "</ul>"
