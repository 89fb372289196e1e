"""The list under a published letter, made of opened entries: who is named in which language, who is counted.

The keeper's machine trusts nothing that comes from the server: an entry to other words, a line that is no name, or an
entry that stands twice refuses the whole list, with what is wrong and how often. Pure; printing it is elsewhere.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override

from bot.model.exit import ExpectedError
from bot.model.letter import Entry, Letter, PublicForm
from bot.model.person import Language
from bot.model.signed_name import NameFault, initialled, read_name, sort_key


class EntryFault(StrEnum):
    """What can be wrong with an entry, as the end of "so many entries ..."."""

    UNOPENED = "do not open with the key that was given"
    OTHER_WORDS = "were given to another letter, or to other words than these"
    NO_NAME = "hold what is no name, or more than their person chose to show"
    TWICE = "stand in the bundle twice"


class EntriesRefused(ExpectedError):
    """The list can't be made of these entries."""

    advice: ClassVar[str] = (
        "Ask whoever made the bundle; docs/letter.md says what each means. Nothing was written."
    )

    def __init__(self, faults: Mapping[EntryFault, int]) -> None:
        super().__init__()
        self.faults = dict(faults)

    @property
    @override
    def details(self) -> Sequence[Sequence[str]]:
        return [(str(count), fault.value) for fault, count in self.faults.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """`named` are the named entries in the Hebrew order; `lines` what each language's own list shows, in its order."""

    letter: Letter
    named: tuple[Entry, ...]
    lines: Mapping[Language, tuple[str, ...]]
    counted: int
    left_out: int  # withdrawn entries that were still in the bundle

    @property
    def signatures(self) -> int:
        """How many stand under the letter, with a name or without."""
        return len(self.named) + self.counted

    def elsewhere(self, language: Language) -> int:
        """How many have a line in the other language only, and so are a number in this one's list."""
        return len(self.named) - len(self.lines[language])


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What stands in an earlier list and not in a newer one: a line for each name, and how many were only counted."""

    lines: tuple[str, ...]
    counted: int


def removed(before: Roll, now: Roll) -> Removed:
    """What has to come off, as printed: a name written anew as it was stays, and of two alike one may go."""
    gone = Counter(map(_printed, before.named)) - Counter(map(_printed, now.named))
    return Removed(lines=tuple(gone.elements()), counted=max(0, before.counted - now.counted))


def _printed(entry: Entry) -> str:
    return " / ".join(filter(None, (entry.he, entry.en)))


def roll(letter: Letter, entries: Sequence[Entry | None], *, withdrawn: AbstractSet[str]) -> Roll:
    """The list under `letter`; None is an entry that did not open. Raises EntriesRefused, with every fault counted."""
    faults = Counter(_faults(letter, entries))
    if faults:
        raise EntriesRefused(faults)
    live = [entry for entry in entries if entry is not None and entry.id not in withdrawn]
    named = [entry for entry in live if entry.form is not PublicForm.COUNTED]
    return Roll(
        letter=letter,
        named=tuple(sorted(named, key=_hebrew_first)),
        lines={language: _lines(named, language) for language in Language},
        counted=len(live) - len(named),
        left_out=len(entries) - len(live),
    )


def _faults(letter: Letter, entries: Sequence[Entry | None]) -> Iterator[EntryFault]:
    seen: set[str] = set()
    for entry in entries:
        if entry is None:
            yield EntryFault.UNOPENED
        elif (entry.letter, entry.fingerprint) != (letter.id, letter.fingerprint):
            yield EntryFault.OTHER_WORDS
        elif entry.id in seen:
            yield EntryFault.TWICE
        elif not is_fit(entry):
            yield EntryFault.NO_NAME
        else:
            seen.add(entry.id)


def is_fit(entry: Entry) -> bool:
    """Whether its lines are what its form allows: none, whole names, or names with an initial."""
    lines = [line for language in Language if (line := entry.line(language))]
    if entry.form is PublicForm.COUNTED:
        return not lines
    return bool(lines) and all(_is_shown(line, entry.form) for line in lines)


def _is_shown(line: str, form: PublicForm) -> bool:
    name = read_name(line)
    if isinstance(name, NameFault):
        return False
    return line == (initialled(name) if form is PublicForm.INITIAL else name)


def _lines(named: Sequence[Entry], language: Language) -> tuple[str, ...]:
    lines = [line for entry in named if (line := entry.line(language))]
    return tuple(sorted(lines, key=lambda line: sort_key(line, language)))


def _hebrew_first(entry: Entry) -> tuple[int, str, str, str]:
    """The Hebrew order by the first line there is; the id where two lines are the same."""
    return *sort_key(entry.he or entry.en, Language.HEBREW), entry.id
