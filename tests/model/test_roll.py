"""The list under a letter: who is on it, in which order, and what refuses it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.letter import Entry, PublicForm
from bot.model.person import Language
from bot.model.roll import EntriesRefused, EntryFault, Roll, is_fit, roll
from tests.letters import LETTER, a_letter, an_entry, counted

NOBODY: frozenset[str] = frozenset()
PEOPLE = [
    an_entry("e1", "תמר לוי", "Tamar Levi"),
    an_entry("e2", "נועה כ׳", "Noa C.", form=PublicForm.INITIAL),
    an_entry("e3", "אבי כהן", ""),
    an_entry("e4", "", "Zoe Adams"),
    counted("e5"),
    counted("e6"),
]


def listed(*entries: Entry | None, withdrawn: frozenset[str] = NOBODY) -> Roll:
    return roll(LETTER, entries, withdrawn=withdrawn)


def faults(*entries: Entry | None) -> dict[EntryFault, int]:
    with pytest.raises(EntriesRefused) as refused:
        listed(*entries)
    assert len(refused.value.details) == len(refused.value.faults)
    return refused.value.faults


def test_everybody_stands_where_they_chose_to() -> None:
    """By name in their languages, as a number in the other one, or as a number only."""
    found = listed(*PEOPLE)

    assert found.lines[Language.HEBREW] == ("אבי כהן", "נועה כ׳", "תמר לוי")
    assert found.lines[Language.ENGLISH] == ("Noa C.", "Tamar Levi", "Zoe Adams")
    assert [entry.id for entry in found.named] == ["e3", "e2", "e1", "e4"]
    assert [found.elsewhere(language) for language in Language] == [1, 1]
    assert (found.counted, found.signatures, found.left_out) == (2, 6, 0)


@given(st.sets(st.sampled_from([entry.id for entry in PEOPLE])))
def test_who_withdrew_is_nowhere(withdrawn: set[str]) -> None:
    """Neither as a name nor in a number, whatever their form."""
    found = listed(*PEOPLE, withdrawn=frozenset(withdrawn))
    others = listed(*(entry for entry in PEOPLE if entry.id not in withdrawn))

    assert replace(found, left_out=0) == others
    assert found.left_out == len(withdrawn)


@given(st.permutations(PEOPLE))
def test_the_order_of_the_entries_does_not_matter(people: list[Entry]) -> None:
    """The list is the same, so nothing is told by it."""
    assert listed(*people) == listed(*PEOPLE)


def test_two_people_of_one_name_are_two() -> None:
    """Nobody is taken for somebody else."""
    assert listed(an_entry("e1"), an_entry("e2")).lines[Language.ENGLISH] == ("Noa Cohen", "Noa Cohen")


def test_a_list_of_nobody_is_a_list() -> None:
    """Everybody may have withdrawn."""
    assert listed(an_entry("e1"), withdrawn=frozenset({"e1"})).signatures == 0


def test_faults_are_counted_all_at_once() -> None:
    """An entry that is closed, of another letter or other words, there twice, or no name."""
    other = a_letter(version=2).fingerprint
    found = faults(
        an_entry("e1"),
        None,
        None,
        an_entry("e1", "אבי לוי"),
        an_entry("e2", fingerprint=other),
        an_entry("e3", letter="other"),
        an_entry("e4", "=1+1"),
    )

    assert found == {
        EntryFault.UNOPENED: 2,
        EntryFault.TWICE: 1,
        EntryFault.OTHER_WORDS: 2,
        EntryFault.NO_NAME: 1,
    }


def test_a_withdrawn_entry_is_judged_too() -> None:
    """A bundle with something wrong in it is wrong, whoever it is about."""
    with pytest.raises(EntriesRefused):
        listed(an_entry("e1", "noname"), withdrawn=frozenset({"e1"}))


@pytest.mark.parametrize(
    ("form", "he", "en", "fits"),
    [
        (PublicForm.FULL, "נועה כהן", "Noa Cohen", True),
        (PublicForm.FULL, "", "Noa Cohen", True),
        (PublicForm.FULL, "", "", False),
        (PublicForm.FULL, " נועה כהן", "", False),
        (PublicForm.FULL, "נועה <b>כהן", "", False),
        (PublicForm.FULL, "נועה כהן", "@noa", False),
        (PublicForm.INITIAL, "נועה כ׳", "Noa C.", True),
        (PublicForm.INITIAL, "נועה כהן", "", False),
        (PublicForm.INITIAL, "נועה כ׳", "Noa Cohen", False),
        (PublicForm.COUNTED, "", "", True),
        (PublicForm.COUNTED, "", "Noa Cohen", False),
    ],
)
def test_lines_are_what_their_form_allows(form: PublicForm, he: str, en: str, *, fits: bool) -> None:
    """Nobody who wanted an initial is printed in full, whatever the server sealed."""
    assert is_fit(an_entry("e1", he, en, form=form)) is fits
