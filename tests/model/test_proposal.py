"""What a second organizer says yes to, and for how long they can."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.proposal import Deed, Proposal, content_hash

INPUTS = st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3)


@given(INPUTS, INPUTS)
def test_other_content_has_another_hash(one: dict[str, str], other: dict[str, str]) -> None:
    """In whatever order it is written."""
    same = content_hash(Deed.ADD_ORGANIZER, one) == content_hash(Deed.ADD_ORGANIZER, other)

    assert same is (one == other)


def test_a_proposal_is_open_for_half_an_hour() -> None:
    """From when it was made."""
    made_at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    one = Proposal(id=1, deed=Deed.ADD_ORGANIZER, content="", proposer="a", made_at=made_at)

    assert one.ends_at - made_at == timedelta(minutes=30)
