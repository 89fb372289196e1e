"""The code of a notice: it says which one, and is told from every code of a prompt."""

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.prompt import CODES as OF_PROMPTS
from bot.model.notice_code import CODES, code_of, remainder_of, shown_in


@given(serial=st.integers(min_value=1, max_value=2**40))
def test_a_code_leads_back_to_its_notice(serial: int) -> None:
    """It is that of the notice of this number, and of no other among so many around it; no prompt has its letter."""
    code = code_of(serial)
    assert remainder_of(code) == serial % CODES
    assert code_of(serial + CODES) == code != code_of(serial + 1)
    assert code[0] not in OF_PROMPTS


def test_so_many_notices_have_codes_of_their_own() -> None:
    """A notice's words are wiped before its code comes back, unless there are twenty a day."""
    assert len({code_of(serial) for serial in range(1, CODES + 1)}) == CODES > 130


@given(code=st.text(alphabet="ABUVZIL1", max_size=3))
def test_what_is_no_code_is_nobodys(code: str) -> None:
    """Whatever is typed, it is a code of a notice or none."""
    rest = remainder_of(code)
    assert rest is None or code_of(rest) == code


def test_a_quote_shows_the_code() -> None:
    """As it stands in the list of answers; two different ones in one message name no notice."""
    assert shown_in("We meet.\n\nUK1. I'm coming\nUK0. Stop these") == "UK"
    assert shown_in("\u200f\u2066UK1\u2069. אגיע") == "UK"
    assert shown_in("UK1. one\nUM1. two") is None
    assert shown_in("We meet at BUK1 or UK12, A1.") is None
