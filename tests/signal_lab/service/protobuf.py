"""Protocol buffers, as far as Signal's websocket needs them: numbers, bytes and messages in messages."""

import struct
from collections.abc import Iterable, Mapping
from typing import Final

Value = int | bytes | str | None
Fields = dict[int, list[int | bytes]]

_VARINT: Final = 0
_FIXED64: Final = 1
_BYTES: Final = 2
_FIXED32: Final = 5


def encoded(fields: Iterable[tuple[int, Value]]) -> bytes:
    """One message; a field without a value is left out."""
    return b"".join(_field(number, value) for number, value in fields if value is not None)


def fixed64(number: int, value: int) -> bytes:
    """A field of eight bytes."""
    return _varint(number << 3 | _FIXED64) + struct.pack("<Q", value)


def decoded(message: bytes) -> Fields:
    """Every field of a message, each with all its values. Raises ValueError for what it does not know."""
    found: Fields = {}
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        value, at = _read(message, at, tag & 7)
        found.setdefault(tag >> 3, []).append(value)
    return found


def number(fields: Mapping[int, list[int | bytes]], field: int) -> int:
    """A field's first value, a number."""
    value = fields[field][0]
    assert isinstance(value, int)
    return value


def content(fields: Mapping[int, list[int | bytes]], field: int) -> bytes:
    """A field's first value, bytes; none if it is missing."""
    value = fields.get(field, [b""])[0]
    assert isinstance(value, bytes)
    return value


def contents(fields: Mapping[int, list[int | bytes]], field: int) -> list[bytes]:
    """Every value of a field, bytes."""
    return [value for value in fields.get(field, []) if isinstance(value, bytes)]


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(int(value))
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _read(message: bytes, at: int, kind: int) -> tuple[int | bytes, int]:
    if kind == _VARINT:
        return _read_varint(message, at)
    if kind == _BYTES:
        length, at = _read_varint(message, at)
    elif kind == _FIXED64:
        length = 8
    elif kind == _FIXED32:
        length = 4
    else:
        raise ValueError(kind)
    return message[at : at + length], at + length
