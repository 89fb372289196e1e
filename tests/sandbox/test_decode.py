"""Reading parameters from forms, as the library and other clients write them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.decode import form_fields, typed
from bot.sandbox.refusal import Refusal


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,10}", fullmatch=True), st.text()))
def test_a_form_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    """Any text survives form encoding: percent signs, equals signs, plus signs, Hebrew, line ends."""
    encodable = {name: value for name, value in fields.items() if value.isprintable() or value < "\ud800"}

    assert form_fields(urlencode(encodable).encode()) == encodable


def test_values_are_typed_by_name() -> None:
    """Numbers, booleans and JSON members come out as values; text stays text."""
    found = typed({"chat_id": "-5", "text": "5", "protect_content": "True", "message_ids": "[1,2]"})

    assert found == {"chat_id": -5, "text": "5", "protect_content": True, "message_ids": [1, 2]}


@pytest.mark.parametrize("field", [{"chat_id": "x"}, {"limit": "many"}, {"entities": "[{"}])
def test_unreadable_values_are_refused(field: dict[str, str]) -> None:
    """A value of the wrong kind is a 400."""
    with pytest.raises(Refusal, match="Bad Request"):
        typed(dict(field))


def test_bytes_that_are_no_text_are_refused() -> None:
    """Strings must be UTF-8."""
    with pytest.raises(Refusal, match="UTF-8"):
        form_fields(b"text=%FF")
