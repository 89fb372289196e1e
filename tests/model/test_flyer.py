"""What a flyer is: a code that is no invitation, a last day, an order in a line."""

from datetime import date, timedelta
from typing import Final

import pytest

from bot.model.flyer import PAYLOAD, Flyer, Order
from bot.model.person import Language
from bot.pipeline.admission import INVITE

DAY: Final = date(2026, 11, 24)
FLYER: Final = Flyer(code="k3f7x2ab", name="Station", made_on=DAY, ends_on=DAY + timedelta(days=2))


@pytest.mark.parametrize(("days", "is_live"), [(0, True), (1, True), (2, False), (3, False)])
def test_it_counts_up_to_the_day_before_its_end(days: int, is_live: bool) -> None:
    """On the day it ends it does not."""
    assert FLYER.is_live(DAY + timedelta(days=days)) is is_live


def test_its_payload_is_known_by_its_shape_and_is_no_invitation() -> None:
    """So one question answers each."""
    found = PAYLOAD.fullmatch(FLYER.payload)

    assert found
    assert found[1] == FLYER.code
    assert not INVITE.fullmatch(FLYER.payload)
    assert not PAYLOAD.fullmatch(f"{FLYER.payload}b")


@pytest.mark.parametrize("languages", [(Language.HEBREW,), (Language.ENGLISH, Language.HEBREW)])
def test_an_order_is_read_as_it_was_written(languages: tuple[Language, ...]) -> None:
    """Between the action and what shows it there is a line of bytes."""
    order = Order(link="https://t.me/a_bot?start=f_k3f7x2ab", languages=languages)

    assert Order.read(order.written()) == order
