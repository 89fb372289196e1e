"""The public letter: a text in both languages under one fingerprint, and what stands under it.

A letter that reads differently has another fingerprint, so no signature under the old words counts for the new ones.
What a signatory makes public is an `Entry`; it is sealed as soon as it is confirmed (`bot.store.sealing`).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.model.card import ContentPolicy
from bot.model.person import Language
from bot.model.text import utf16_length

HASH_FORMAT: Final = 1
PAGE: Final = 900  # UTF-16 units: one look at a phone
GAP: Final = "\n\n"
STANDS: Final = "letter_yearly"  # once a year, to who wrote nothing meanwhile: what they signed still stands


class LetterStatus(StrEnum):
    """What the file says of a letter."""

    DRAFT = "draft"  # words to start from: nobody signs them, except in the sandbox
    OPEN = "open"
    CLOSED = "closed"  # nobody signs any more; who signed can still withdraw


class PublicForm(StrEnum):
    """What becomes public of a signatory."""

    FULL = "full"
    INITIAL = "initial"
    COUNTED = "counted"  # a number without a name; none is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter as it stands in `flows/letters/<id>.yaml`; both languages have their paragraphs in the same order."""

    id: str
    version: int
    status: LetterStatus
    titles: Mapping[Language, str]
    paragraphs: Mapping[Language, tuple[str, ...]]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over id, version and every word of both languages, as JSON in a fixed order."""
        words = {
            "format": HASH_FORMAT,
            "id": self.id,
            "version": self.version,
            "titles": {language.value: self.titles[language] for language in Language},
            "paragraphs": {language.value: list(self.paragraphs[language]) for language in Language},
        }
        canonical = json.dumps(words, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def is_offered(self, policy: ContentPolicy) -> bool:
        """Whether it can be signed: an open one, and where drafts are shown a draft as well, marked as one."""
        return self.status is LetterStatus.OPEN or (
            self.status is LetterStatus.DRAFT and policy is ContentPolicy.DRAFT
        )

    def pages(self, language: Language) -> tuple[str, ...]:
        """The text without its title in pages of at most `PAGE` units, cut between paragraphs only."""
        pages: list[str] = []
        for paragraph in self.paragraphs[language]:
            longer = GAP.join((pages[-1], paragraph)) if pages else ""
            if longer and utf16_length(longer) <= PAGE:
                pages[-1] = longer
            else:
                pages.append(paragraph)
        return tuple(pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a signatory agreed to make public, line by line as it will appear. Both lines are empty where only counted.

    `id` is random and tells nothing: a withdrawal names the entry by it, and nobody has to open one for that.
    Example: Entry(id="9f…", letter="reserves", fingerprint="c1…", form=PublicForm.INITIAL, he="נועה כ׳", en="Noa C.").
    """

    id: str
    letter: str
    fingerprint: str
    form: PublicForm
    he: str = ""
    en: str = ""

    def line(self, language: Language) -> str:
        """The line in one language; "" where nobody wanted one."""
        return self.he if language is Language.HEBREW else self.en
