"""`docs/letter.md` is true: what the keeper's commands refuse stands there in their own words, and nothing else."""

import re
from pathlib import Path
from typing import Final

import pytest

from bot.app.keeper import FolderExists, NoBundle, NoKeeperKey, NotWritten, OtherBundle, OtherLetter
from bot.model.bundle import BundleDamaged, BundleUnknown
from bot.model.exit import ExpectedError
from bot.model.letter import LetterStatus
from bot.model.roll import EntriesRefused, EntryFault

PAGE: Final = (Path(__file__).parents[1] / "docs" / "letter.md").read_text(encoding="utf-8")
REFUSALS: Final = (
    NoKeeperKey,
    NoBundle,
    BundleDamaged,
    BundleUnknown,
    OtherBundle,
    OtherLetter,
    FolderExists,
    NotWritten,
    EntriesRefused,
)


def rows(head: str) -> list[str]:
    """The first cells of the table under that head."""
    table = PAGE.partition(f"| {head} |")[2].partition("\n\n")[0]
    return [row.split("|")[1].strip() for row in table.splitlines()[2:]]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_is_on_the_page(refusal: type[ExpectedError]) -> None:
    """In the words the keeper reads at the terminal."""
    assert (refusal.__doc__ or "").strip().partition("\n")[0] in rows("it says")


def test_the_page_has_no_other_refusal() -> None:
    """One that is gone would send a keeper looking for it."""
    assert len(rows("it says")) == len(REFUSALS)


def test_every_fault_of_an_entry_is_on_the_page() -> None:
    """Each with what to do about it."""
    assert sorted(rows("so many entries")) == sorted(EntryFault)


def test_the_text_of_a_letter_is_opened_as_the_page_says() -> None:
    """The status it names is one that there is."""
    assert re.findall(r"`status: (\w+)`", PAGE) == [LetterStatus.OPEN]
