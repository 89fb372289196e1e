"""What the tables hold sealed, inside: everything comes back as it was, and nothing unreadable passes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.event import Event
from bot.engine.session import Session
from bot.model.outgoing import Payload
from bot.model.queue import Timer
from bot.store import codec
from bot.store.errors import Unopenable
from bot.store.ids import Ids, first_of
from bot.store.moment import day_of, from_ms, to_ms
from bot.store.padded import padded
from tests.store.shelf import MINUTE, NOW

AWARE = st.datetimes(timezones=st.just(UTC))
WORDS = st.text(max_size=20)
MAPPING = st.dictionaries(WORDS, WORDS, max_size=3)


@given(st.builds(Session, expires_at=st.none() | AWARE))
def test_any_session_round_trips(session: Session) -> None:
    """Frames, answers, screen, prompts and expiry survive."""
    assert codec.session_from_bytes(codec.session_to_bytes(session)) == session


@given(st.from_type(Payload))  # type: ignore[arg-type]  # a union is a type to Hypothesis
def test_any_payload_round_trips(payload: Payload) -> None:
    """Each kind comes back as its own class."""
    assert codec.payload_from_bytes(codec.payload_to_bytes(payload)) == payload


@given(st.from_type(Event))  # type: ignore[arg-type]  # a union is a type to Hypothesis
def test_any_event_round_trips(event: Event) -> None:
    """What one turn puts into another lane arrives as it was meant."""
    assert codec.event_from_bytes(codec.event_to_bytes(event)) == event


@given(st.builds(Timer, due_at=AWARE))
def test_any_timer_round_trips(timer: Timer) -> None:
    """Lane, version, values and due time survive."""
    assert codec.timer_from_bytes(codec.timer_to_bytes(timer)) == timer


@given(MAPPING)
def test_any_values_round_trip(values: dict[str, str]) -> None:
    """Words to words."""
    assert codec.values_from_bytes(codec.values_to_bytes(values)) == values


@pytest.mark.parametrize("body", [b"", b"{", b'{"kind": "dance"}', b'{"kind": "send", "text": "canary"}'])
def test_what_cannot_be_read_says_so_without_quoting_it(body: bytes) -> None:
    """Another program's words are a content failure; a person's words do not get into the error."""
    with pytest.raises(Unopenable) as failure:
        codec.payload_from_bytes(body)

    assert "canary" not in repr(failure.value)
    assert failure.value.__suppress_context__


@given(st.lists(st.integers(-1000, 1000), max_size=50))
@settings(max_examples=30)
def test_ordered_ids_only_grow(steps: list[int]) -> None:
    """Whatever the clock does; and an id never lies before its time."""
    ids, now, given_out = Ids(bytes), NOW, [0]
    for step in steps:
        now += step * MINUTE
        given_out.append(ids.ordered(now))
        assert given_out[-1] >= first_of(now)

    assert given_out == sorted(set(given_out))
    assert given_out[-1] < 2**63


def test_random_ids_fit_and_are_not_zero() -> None:
    """63 bits, whatever the bytes."""
    assert Ids(bytes).random() == 1
    assert Ids(lambda count: b"\xff" * count).random() == 2**63 - 1


@given(AWARE)
def test_moments_keep_their_milliseconds(moment: datetime) -> None:
    """Stored times differ from the real ones by less than a millisecond."""
    assert timedelta(0) <= moment - from_ms(to_ms(moment)) < timedelta(milliseconds=1)
    assert day_of(moment) == moment.date()


@given(st.lists(st.integers(), max_size=70))
def test_lists_are_padded_to_few_lengths(items: list[int]) -> None:
    """The same members, and a power of two of them."""
    long = padded(items)

    assert set(long) == set(items)
    assert len(long) in {0, 1, 2, 4, 8, 16, 32, 64, 128}
