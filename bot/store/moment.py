"""Times as the tables hold them: milliseconds since 1970 in UTC, and days as ordinal numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds; what is below is cut off."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    """The moment, aware, in UTC."""
    return _EPOCH + value * _MILLISECOND


def maybe_ms(moment: datetime | None) -> int | None:
    """Like `to_ms`; no moment stays none."""
    return None if moment is None else to_ms(moment)


def day_of(moment: datetime) -> date:
    """The UTC day of a moment."""
    return moment.astimezone(UTC).date()
