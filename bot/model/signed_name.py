"""A name as it will stand under a letter: which typed words are one, in which form, and in which order they stand.

Nothing is guessed: what is not plainly a name has its `NameFault`, and whoever typed it is told and tries again. The
form shown is the form published. Pure; the lines are ordered by what stands in them, never by a part that is hidden.
"""

import re
import unicodedata
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bot.model.person import Language

LONGEST: Final = 60  # code points, points and accents included
GERESH: Final = "\u05f3"
APOSTROPHE: Final = "\u2019"
TATWEEL: Final = "\u0640"
SCRIPTS: Final = ("HEBREW", "LATIN", "ARABIC", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "ETHIOPIC")

_QUOTES: Final = dict.fromkeys(map(ord, "'`\u00b4\u02bb\u02bc\u05f3\u2018\u2019\u201b\u2032"), "'")
_HYPHENS: Final = dict.fromkeys(map(ord, "\u05be\u2010\u2011\u2012\u2013"), "-")
_MARKS_OF_DIRECTION: Final = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
_HIDDEN: Final = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_JOINER: Final = "\u034f"  # a mark nobody sees
_ACCENTS: Final = (
    "\u0300",
    "\u0331",
)  # what comes after strikes a name out, underlines it or spans two letters
_LINK: Final = re.compile(r"[@/\\]|\bwww\b|\w\.\w{2}")
_MOST_MARKS: Final = 4  # on one Hebrew letter: its dot, a dagesh, a vowel, a meteg
_WORD: Final = rf"(?:LM{{0,{_MOST_MARKS}}}'?)+"
_NAME: Final = re.compile(rf"{_WORD}(?:[ -]{_WORD})*")
# Letters that stand beside others in the order and don't come apart by themselves: finals, ligatures, strokes.
_BESIDE: Final = str.maketrans("ךםןףץøłđðıħ", "כמנפצolddih") | str.maketrans(
    {"\u05f0": "וו", "\u05f1": "וי", "\u05f2": "יי", "æ": "ae", "œ": "oe", "þ": "th"}
)
_ANY_SCRIPT: Final = {"COMBINING"}
_FIRST: Final = {Language.HEBREW: "HEBREW", Language.ENGLISH: "LATIN"}


class NameFault(StrEnum):
    """Why typed words can't stand under a letter. Its words for people are in the flow of the letter."""

    EMPTY = "empty"
    HIDDEN = "hidden"  # letters nobody sees, or that turn the reading direction
    LINK = "link"  # an address, a handle, a command
    NUMBERS = "numbers"
    SIGNS = "signs"  # anything but letters, points, spaces, hyphens and geresh, or these in an odd place
    SCRIPT = "script"  # letters this list can't put in order
    MIXED = "mixed"  # letters of two scripts in one word: some look alike and are not
    ONE_WORD = "one_word"
    LONG = "long"


def read_name(text: str) -> str | NameFault:
    """The name in its one form, or why it is none. Reading a name that was read changes nothing.

    Spaces, hyphens and apostrophes get one shape each, and so do letters with two spellings (NFKC); a full stop at
    the end falls away. Example: read_name(" Noa   cohen-levi. ") is "Noa cohen-levi".
    """
    plain = _plain(text)
    if fault := _fault(plain):
        return fault
    return _quoted(plain)


def initialled(name: str) -> str:
    """The first word and the letter the last one begins with. Example: "Noa Ben-Ari" gives "Noa B."."""
    words = name.split(" ")
    letter = words[-1][0].title()[0]
    return f"{words[0]} {letter}{GERESH if _script(letter) == 'HEBREW' else '.'}"


def sort_key(line: str, language: Language) -> tuple[int, str, str]:
    """Where a line stands in a list of that language: its own script first, letter by letter, a shorter word before.

    Points, accents, case, geresh and the shape of final letters don't count, a hyphen is a space; what is equal so
    far is ordered by what was left out. Example: "בן ארי" stands before "בנאי", and "Éva" beside "Eva".
    """
    apart = unicodedata.normalize("NFKD", line.casefold())
    bare = "".join(letter for letter in apart if unicodedata.category(letter)[0] in "LZP")
    words = re.sub(r"[^\w\s-]", "", bare).replace("-", " ").translate(_BESIDE)
    return 0 if _script(line[0]) == _FIRST[language] else 1, words, line


def _plain(text: str) -> str:
    """The text in one spelling, marks of direction taken out: they steer a keyboard, and a name needs none."""
    plain = text.translate(_MARKS_OF_DIRECTION).translate(_QUOTES).translate(_HYPHENS)
    plain = " ".join(unicodedata.normalize("NFKC", plain).split())
    return plain.removesuffix(".").rstrip()


def _fault(plain: str) -> NameFault | None:
    categories = [unicodedata.category(letter) for letter in plain]
    if not plain:
        return NameFault.EMPTY
    if any(map(_is_hidden, plain)):
        return NameFault.HIDDEN
    if _LINK.search(plain):
        return NameFault.LINK
    if any(category[0] == "N" for category in categories):
        return NameFault.NUMBERS
    if not _NAME.fullmatch("".join(map(_kind, plain))):
        return NameFault.SIGNS
    return _fault_of_words(plain)


def _fault_of_words(plain: str) -> NameFault | None:
    """What is wrong with a text that is made of words."""
    words = plain.split(" ")
    scripts = [{_script(letter) for letter in re.sub("['-]", "", word)} - _ANY_SCRIPT for word in words]
    if not all(found <= set(SCRIPTS) for found in scripts):
        return NameFault.SCRIPT
    if any(len(found) > 1 for found in scripts):
        return NameFault.MIXED
    if len(words) == 1:
        return NameFault.ONE_WORD
    return NameFault.LONG if len(plain) > LONGEST else None


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in _HIDDEN or letter == _JOINER or _script(letter) == "VARIATION"


def _kind(letter: str) -> str:
    """What a character is in a name: a letter, a mark on one, or itself."""
    category = unicodedata.category(letter)
    if letter == TATWEEL:  # it only makes a word longer
        return "M"
    if category[0] == "L":
        return "L"
    is_point = category in ("Mn", "Mc") and (
        _script(letter) in SCRIPTS or _ACCENTS[0] <= letter <= _ACCENTS[1]
    )
    return "M" if is_point else letter


def _script(letter: str) -> str:
    """The script of a letter, by its Unicode name. Example: "HEBREW"."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _quoted(plain: str) -> str:
    """The name with the apostrophe of each script: a geresh after a Hebrew letter."""
    before = ["", *(first for first, _ in pairwise(plain))]
    return "".join(
        _apostrophe(last) if letter == "'" else letter for last, letter in zip(before, plain, strict=True)
    )


def _apostrophe(last: str) -> str:
    return GERESH if _script(last) == "HEBREW" else APOSTROPHE
