"""The news of a loss."""

import pytest

from bot.engine.event import Loss, Lost
from bot.model.queue import InboxRow, Lane, LaneKind, Origin
from bot.pipeline.loss import is_written, news
from bot.store import codec
from tests.stage import TUESDAY


@pytest.mark.parametrize(
    ("kind", "origin", "written"),
    [
        (LaneKind.PERSON, Origin.TELEGRAM, True),
        (LaneKind.PERSON, Origin.SIGNAL, True),
        (LaneKind.PERSON, Origin.TIMER, False),
        (LaneKind.PERSON, Origin.TURN, False),
        (LaneKind.NOBODY, Origin.TELEGRAM, False),
        (LaneKind.CASE, Origin.TURN, False),
    ],
)
def test_only_what_a_person_wrote_is_news_to_them(kind: LaneKind, origin: Origin, *, written: bool) -> None:
    """Of a timer they know nothing; the news of a loss has none of its own."""
    lane = Lane(kind=kind, id=4)
    row = InboxRow(id=1, lane=lane, origin=origin, body=None, attempts=0, received_at=TUESDAY)

    assert is_written(row) is written


@pytest.mark.parametrize("how", Loss)
def test_the_news_goes_into_the_persons_own_lane_once(how: Loss) -> None:
    """It names the row it is about, so that it is never told twice."""
    event = news(4, how, row_id=7)

    assert event.lane == Lane(kind=LaneKind.PERSON, id=4)
    assert event.external_id == f"{how}/7"
    assert codec.event_from_bytes(event.body) == Lost(how=how)
