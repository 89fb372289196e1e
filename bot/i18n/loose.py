"""What tired fingers meant: a number in words, a please around it, a keyboard in the other language.

For texts that mean nothing as they stand; whatever is found this way is a near miss. Called by `vocabulary`.
"""

import re
from typing import Final

from bot.i18n.normal import normalise, without_prefix

_LATIN: Final = "ertyuiopasdfghjkl;zxcvbnm,."
_HEBREW: Final = "קראטוןםפשדגכעיחלךףזסבהנמצתץ"
_TO_HEBREW: Final = str.maketrans(_LATIN, _HEBREW)
_TO_LATIN: Final = str.maketrans(_HEBREW, _LATIN) | str.maketrans("/'", "qw")
_LETTERS: Final = re.compile(r"[^\W\d_]")
_FEWEST: Final = 3  # letters of a word that is looked at as if typed on another keyboard
_NUMERALS: Final = (
    "one first אחת אחד ראשון ראשונה",
    "two שתיים שתים שניים",
    "three שלוש שלושה",
    "four ארבע ארבעה",
    "five חמש חמישה",
    "six שש שישה",
    "seven שבע שבעה",
    "eight שמונה",
    "nine תשע תשעה",
    "ten עשר עשרה",
)
_NUMBERS: Final = {
    normalise(word): str(number) for number, words in enumerate(_NUMERALS, start=1) for word in words.split()
}
_COURTESY: Final = (
    "please pls plz thanks ok okay hi hello hey i want need can get a the option number",
    "אני רוצה צריך צריכה אפשר את רגע היי הי שלום בבקשה אנא תודה רבה אוקיי אוקי אפשרות האפשרות אופציה האופציה מספר",
)
_AROUND: Final = frozenset(normalise(word) for words in _COURTESY for word in words.split())
_TONGUES: Final = frozenset(
    map(normalise, ("english", "in english", "hebrew", "אנגלית", "באנגלית", "עברית", "בעברית"))
)


def relaid(text: str) -> str:
    """`text` as the same keys write it in the other language, "" if it is too short or in both. Example: "akuo"."""
    low = text.lower()
    letters = _LETTERS.findall(low)
    if len(letters) < _FEWEST:
        return ""
    if all(map(str.isascii, letters)):
        return low.translate(_TO_HEBREW)
    return low.translate(_TO_LATIN) if set(letters) <= set(_HEBREW) else ""


def readings(text: str) -> tuple[str, ...]:
    """What else `text` may say, likeliest first. Example: "1 בבקשה" may be "1"."""
    said = normalise(text)
    found = (_bare(said), normalise(relaid(text)))
    return tuple(dict.fromkeys(one for one in found if one and one != said))


def _bare(said: str) -> str:
    """Without what is said around an answer; a number as a number, a language as the word for choosing one."""
    words = said.split()
    while words and words[0] in _AROUND:
        del words[0]
    while words and words[-1] in _AROUND:
        del words[-1]
    rest = " ".join(words)
    if rest in _TONGUES:
        return "language"
    forms = (rest, *without_prefix(rest))
    return next((_NUMBERS[form] for form in forms if form in _NUMBERS), rest)
