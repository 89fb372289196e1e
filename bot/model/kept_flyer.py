"""What is kept of flyers: the part of `model.retention` that is about them."""

from datetime import timedelta
from typing import Final

from bot.model.kept import DataClass, Kept, Since

FLYER: Final = (
    Kept(
        data=DataClass.FLYER,
        words="retention.flyer",
        table="flyer",
        since=Since.CLOSED,
        ttl=timedelta(days=90),
        unless="it is in use",
    ),
    Kept(
        data=DataClass.FLYER_COUNT,
        words="retention.flyer_count",
        table="counter",
        since=Since.CREATED,
        ttl=timedelta(days=365),
    ),
)
