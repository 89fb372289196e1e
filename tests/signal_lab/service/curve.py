"""XEdDSA signatures over Curve25519, as libsignal checks them. Slow, and for keys that are thrown away only."""

import hashlib
import secrets
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_P: Final = 2**255 - 19
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, _P - 2, _P) % _P
_BASE_Y: Final = 4 * pow(5, _P - 2, _P) % _P
_DJB: Final = b"\x05"  # what libsignal writes before a public key

Point = tuple[int, int, int, int]


def key_pair() -> tuple[bytes, bytes]:
    """A private key, and its public one as libsignal writes it."""
    private = bytearray(secrets.token_bytes(32))
    private[0] &= 248
    private[31] &= 127
    private[31] |= 64
    public = X25519PrivateKey.from_private_bytes(bytes(private)).public_key().public_bytes_raw()
    return bytes(private), _DJB + public


def signed(private: bytes, message: bytes) -> bytes:
    """The signature of a message."""
    scalar = int.from_bytes(private, "little") % _ORDER
    public = _times_base(scalar)
    nonce = _hash(b"\xfe" + b"\xff" * 31, private, message, secrets.token_bytes(64))
    commitment = _times_base(nonce)
    answer = (_hash(commitment, public, message) * scalar + nonce) % _ORDER
    tail = bytearray(answer.to_bytes(32, "little"))
    tail[31] = (
        tail[31] & 0x7F | public[31] & 0x80
    )  # the sign of the Edwards point, which X25519 does not keep
    return commitment + bytes(tail)


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % _ORDER


def _base_x() -> int:
    squared = (_BASE_Y * _BASE_Y - 1) * pow(_D * _BASE_Y * _BASE_Y + 1, _P - 2, _P)
    x = pow(squared, (_P + 3) // 8, _P)
    if (x * x - squared) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    return x if x % 2 == 0 else _P - x


_BASE: Final[Point] = (_base_x(), _BASE_Y, 1, _base_x() * _BASE_Y % _P)


def _sum(one: Point, two: Point) -> Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times_base(scalar: int) -> bytes:
    result, power = (0, 1, 1, 0), _BASE
    while scalar:
        if scalar & 1:
            result = _sum(result, power)
        power = _sum(power, power)
        scalar >>= 1
    inverse = pow(result[2], _P - 2, _P)
    x, y = result[0] * inverse % _P, result[1] * inverse % _P
    return (y | ((x & 1) << 255)).to_bytes(32, "little")
