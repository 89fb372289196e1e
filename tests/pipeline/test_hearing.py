"""What is remembered of a message somebody wrote, so that it can be taken out of the chat."""

from datetime import UTC, datetime
from typing import Final

import pytest

from bot.model.incoming import Edited, Happening, Incoming, Reachability, Text
from bot.model.person import Address, Platform
from bot.model.queue import Keep
from bot.pipeline.hearing import heard

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE: Final = Address(id=1, person_id=2, platform=Platform.TELEGRAM, routing_id="3")


@pytest.mark.parametrize(
    ("happening", "sensitive", "keep"),
    [
        (Text(text="x", message_id="7"), False, Keep.CHAT),
        (Text(text="x", message_id="7"), True, Keep.SENSITIVE),
        (Edited(text="x", message_id="7"), False, None),
        (Edited(text="x", message_id="7"), True, Keep.SENSITIVE),
        (Reachability(reachable=True), True, None),
    ],
)
def test_a_message_is_remembered_once_and_anew_where_it_became_sensitive(
    happening: Happening, sensitive: bool, keep: Keep | None
) -> None:
    """An edited one is known already; what is no message has no number."""
    found = heard(Incoming(happening=happening), HERE, received_at=NOW, sensitive=sensitive)

    assert (found.keep if found else None) is keep


def test_nothing_is_remembered_of_what_cant_be_deleted() -> None:
    """On Signal what the person wrote is theirs alone to delete."""
    here = Address(id=1, person_id=2, platform=Platform.SIGNAL, routing_id="u")
    incoming = Incoming(happening=Text(text="x", message_id="t1795691844770"))

    assert heard(incoming, here, received_at=NOW, sensitive=True) is None
