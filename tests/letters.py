"""A letter and entries under it, for tests."""

from dataclasses import replace
from typing import Any, Final

from bot.model.letter import Entry, Letter, LetterStatus, PublicForm
from bot.model.person import Language

LETTER: Final = Letter(
    id="reserves",
    version=1,
    status=LetterStatus.OPEN,
    titles={Language.HEBREW: "מכתב", Language.ENGLISH: "A letter"},
    paragraphs={Language.HEBREW: ("ראשית.", "שנית."), Language.ENGLISH: ("First.", "Second.")},
)


def a_letter(**changed: Any) -> Letter:
    """The letter, with some of it changed."""
    return replace(LETTER, **changed)


def an_entry(id: str = "e1", he: str = "נועה כהן", en: str = "Noa Cohen", **changed: Any) -> Entry:
    """Somebody's entry under the letter."""
    fingerprint = LETTER.fingerprint
    entry = Entry(id=id, letter=LETTER.id, fingerprint=fingerprint, form=PublicForm.FULL, he=he, en=en)
    return replace(entry, **changed)


def counted(id: str) -> Entry:
    """The entry of somebody who is only counted."""
    return an_entry(id, he="", en="", form=PublicForm.COUNTED)
