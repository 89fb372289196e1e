"""What is courtesy alone: words and signs of a list and nothing else, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.courtesy import Courtesy
from bot.i18n.normal import normalise

HEART = "\u2764\ufe0f"
HANDS = "\N{PERSON WITH FOLDED HANDS}"
WORDS = Courtesy(["thanks, thanks a lot, thank you", f"תודה, תודה רבה, {HANDS}, {HEART}"])


@pytest.mark.parametrize(
    "text",
    [
        *(
            "thanks",
            "  THANKS!!",
            "Thanks a lot...",
            "thanks, thank you",
            "thanks תודה רבה",
            "״תודה״ :)",
            "<3",
            "thanks <3",
        ),
        *(
            HEART,
            "\u2764",
            f"{HEART}{HEART}",
            f"{HANDS}\U0001f3fd",
            f"תודה {HANDS} {HEART}",
            f"{HANDS}\nתודה",
        ),
    ],
)
def test_words_and_signs_of_the_list_are_courtesy(text: str) -> None:
    """Once or more, in any tone and with any points."""
    assert WORDS.is_all_of(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "...",
            "thanks?",
            "תודה\u061f",
            "thanks but no",
            "no thanks",
            "thanksgiving",
            "a lot",
            "< 3",
        ),
        *(
            "\U0001f494",
            "thanks \U0001f494",
            f"{HEART}\u200d\U0001f525",
            "\U0001f44d",
            "thanks 2",
            "תודה אבל",
        ),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    """A question, other words, a number, another sign."""
    assert not WORDS.is_all_of(text)


def test_a_list_without_words_knows_none() -> None:
    """Signs alone, or nothing at all."""
    assert Courtesy([HEART]).is_all_of(HEART)
    assert [Courtesy(lists).is_all_of("thanks") for lists in ([HEART], [""], [])] == [False] * 3
    assert not Courtesy([]).is_all_of(HEART)


def test_a_label_begins_with_whole_words() -> None:
    """Not with a part of one."""
    labels = ("Thank you, go on", "תודה", "Thanksgiving", "No, thanks", "")

    assert [WORDS.begins(label) for label in labels] == [True, True, False, False, False]


@given(st.text(max_size=200), st.sampled_from(("thanks", HANDS)))
def test_whatever_is_said_beside_it_counts(other: str, courtesy: str) -> None:
    """Other words that can be read are never lost behind thanks."""
    said = normalise(other)

    assert not said or WORDS.is_all_of(other) or not WORDS.is_all_of(f"{other} {courtesy}")
