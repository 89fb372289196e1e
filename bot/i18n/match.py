"""A typed answer -> the choice it means, or None: by number, by label in any language and form, or nearly.

Exact answers are numbers and labels. Near misses forgive typing slips, an attached Hebrew prefix, a left-out word
and a bare yes or no; whatever could mean two choices, or turns "yes" into "no", means none. Consent, signing and
deleting take exact answers only: the engine decides that, by `Match.exact`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from bot.i18n.normal import normalise, without_prefix

_NUMBER: Final = re.compile(r"(?:(?:option|choice|number|אפשרות|אופציה|מספר|בחירה|תשובה|סעיפ|ה) )?(\d{1,3})")
_LINE: Final = re.compile(r"(\d{1,3}) (.+)")
_ORDINALS: Final = "אבגדהוזחטי"
_QUESTIONS: Final = re.compile("[?\u061f\uff1f]")
_CLAUSE_END: Final = re.compile(r"[,.;:!\u2013\u2014]|\s-\s")
_YES: Final = frozenset({"yes", "yep", "yeah", "yup", "כנ", "בטח"})
_NO: Final = frozenset({"no", "nope", "לא"})
_NEGATIONS: Final = frozenset(
    {"no", "not", "never", "none", "nobody", "without", "dont", "doesnt", "wont", "cant", "cannot", "isnt"}
    | {"לא", "אל", "אינ", "איני", "אינני", "בלי", "ללא", "אפ", "אפס", "לעולמ", "שלא", "ולא"}
)
_SIGNS: Final = {"\N{THUMBS UP SIGN}": _YES, "\N{THUMBS DOWN SIGN}": _NO}
_TONE: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_SHORT: Final = 4  # shorter words are never guessed at


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice and every label a person may type for it. Its place among the options is its number.

    One with an empty id keeps its number and can't be meant.
    """

    id: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The choice that was meant; `exact` if by its number or label."""

    choice: str
    exact: bool


def match(text: str, options: Sequence[Option]) -> Match | None:
    """The option that `text` means, None if it means none of them or more than one. Never raises."""
    said = normalise(text)
    asking = bool(_QUESTIONS.search(text))
    plain = [_plain(option) for option in options]
    if by_label := [option for option in plain if _is_label(text, said, option)]:
        return _only(by_label, exact=not asking or any(map(_QUESTIONS.search, by_label[0].labels)))
    if number := _NUMBER.fullmatch(said):
        return _at(int(number[1]), plain, exact=not asking)
    if len(said) == 1 and said in _ORDINALS:
        return _at(_ORDINALS.index(said) + 1, plain, exact=False)
    if (line := _LINE.fullmatch(said)) and (words := _worded(line[2], plain, exact=not asking)):
        return words if _at(int(line[1]), plain, exact=words.exact) == words else None
    return _near(said, plain)


def worded(text: str, options: Sequence[Option]) -> Match | None:
    """The option whose words `text` is, or nearly; no number counts, and no question. Never raises."""
    if _QUESTIONS.search(text):
        return None
    said, plain = normalise(text), [_plain(option) for option in options]
    by_label = [option for option in plain if _is_label(text, said, option)]
    return _only(by_label, exact=True) if by_label else _near(said, plain)


def nodded(sign: str, options: Sequence[Option]) -> str | None:
    """The option that a thumb up or down means: only where all there is to choose is a yes and a no."""
    answers = _SIGNS.get(_TONE.sub("", sign))
    if answers is None or len(options) != len(_SIGNS):
        return None
    heads = [_plain(option).heads for option in options]
    if not all(any(one & kind for one in heads) for kind in (_YES, _NO)) or any(
        one & _YES and one & _NO for one in heads
    ):
        return None
    return next(option.id for option, one in zip(options, heads, strict=True) if one & answers)


def is_yes(label: str) -> bool:
    """Whether the words of `label` begin with a plain yes. Example: "Yes, go on"."""
    return not _YES.isdisjoint(normalise(label).split()[:1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """An option as it compares: its labels in plain shape, and what stands before their first comma."""

    id: str
    labels: tuple[str, ...]
    plain: frozenset[str]
    heads: frozenset[str]


def _plain(option: Option) -> _Plain:
    return _Plain(
        id=option.id,
        labels=option.labels,
        plain=frozenset(map(normalise, option.labels)),
        heads=frozenset(
            normalise(_CLAUSE_END.split(label.strip(), maxsplit=1)[0]) for label in option.labels
        ),
    )


def _is_label(text: str, said: str, option: _Plain) -> bool:
    """Whether these are the option's words; a label without letters counts as it is written."""
    return (said != "" and said in option.plain) or text.strip() in map(str.strip, option.labels)


def _at(number: int, options: Sequence[_Plain], *, exact: bool) -> Match | None:
    if 1 <= number <= len(options) and options[number - 1].id:
        return Match(choice=options[number - 1].id, exact=exact)
    return None


def _only(found: Sequence[_Plain], *, exact: bool) -> Match | None:
    ids = {option.id for option in found}
    return Match(choice=ids.pop(), exact=exact) if len(ids) == 1 else None


def _worded(said: str, options: Sequence[_Plain], *, exact: bool) -> Match | None:
    """What stands behind a number, as in a line of the list that was copied: the two have to agree."""
    by_label = [option for option in options if said in option.plain]
    return _only(by_label, exact=exact) if by_label else _near(said, options)


def _near(said: str, options: Sequence[_Plain]) -> Match | None:
    """The first kind of near miss that fits any option; it has to fit one alone."""
    for answers in (_YES, _NO):
        if said in answers:
            return _only([option for option in options if answers & option.heads], exact=False)
    for fits in (_is_prefixed, _is_slip, _is_part):
        found = [option for option in options if any(fits(said, label) for label in option.plain)]
        if found:
            return _only(found, exact=False)
    return None


def _is_prefixed(said: str, label: str) -> bool:
    """The same words but for attached prefixes. Example: "לתפריט הראשי" for "תפריט ראשי"."""
    words, expected = said.split(), label.split()
    return len(words) == len(expected) and all(map(_is_form, words, expected))


def _is_form(word: str, other: str) -> bool:
    return word == other or word in without_prefix(other) or other in without_prefix(word)


def _is_slip(said: str, label: str) -> bool:
    """A slip or two of the fingers, none in a short word, and never one that takes a "not" away."""
    slips = _allowed(min(len(said), len(label)))
    if not slips or _negations(said) != _negations(label):
        return False
    return OSA.distance(said, label, score_cutoff=slips) <= slips


def _is_part(said: str, label: str) -> bool:
    """Some of the label's words in a row, half of its letters at least. Example: "connect me"."""
    if len(said) < _SHORT or 2 * len(said) < len(label) or _negations(said) != _negations(label):
        return False
    return f" {said} " in f" {label} "


def _allowed(length: int) -> int:
    """How many slips a text of that length may have."""
    return 0 if length < _SHORT else 1 if length < 8 else 2


def _negations(text: str) -> frozenset[str]:
    return _NEGATIONS.intersection(text.split())
