"""What was recorded is worth reading, and gives nobody away."""

import json
import re

from tests.transports.signal.recorded import recorded, seen

OWN_FIELDS = {"source", "sourceNumber", "sourceUuid", "sourceName", "sourceDevice", "timestamp"}


def test_every_line_is_an_envelope_of_a_daemon() -> None:
    """With the fields of its outside, whichever way it was asked for."""
    for kind, line in recorded().items():
        params = json.loads(line)["params"]
        said = params.get("result", params)

        assert set(said["envelope"]) >= OWN_FIELDS, kind
        assert said["account"]


def test_most_were_seen() -> None:
    """A line that was only written after the source is marked as that."""
    assert len(seen()) > 30
    assert seen() < set(recorded())


def test_nobody_is_in_them() -> None:
    """The numbers are of the kind that is given to nobody."""
    numbers = re.findall(rb'"(\+\d+)"', b"".join(recorded().values()))

    assert {number for number in numbers if not number.startswith(b"+1555010")} == set()
