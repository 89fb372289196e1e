"""The certificates of one lab, made anew each time: for TLS, and for senders who stay sealed."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.signal_lab.service.account import Account
from tests.signal_lab.service.curve import key_pair, signed
from tests.signal_lab.service.protobuf import encoded, fixed64

HOST: Final = "chat.signal.org"  # whom signal-cli asks for; its questions end at our own TLS port
_DAY: Final = timedelta(days=1)
_PEM: Final = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Where the three files are that the service and the daemons need."""

    authority: Path
    certificate: Path
    key: Path


def made(directory: Path) -> Papers:
    """An authority that nobody else trusts, and what it says of the service."""
    papers = Papers(
        authority=directory / "authority.pem",
        certificate=directory / "service.pem",
        key=directory / "service.key",
    )
    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("an authority of this test alone")
    alone = x509.BasicConstraints(ca=True, path_length=None)
    authority = _draft(issuer, issuer, root.public_key()).add_extension(alone, critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName("*.signal.org")])
    serving = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    service = _draft(_name(HOST), issuer, own.public_key()).add_extension(names, critical=False)
    service = service.add_extension(serving, critical=False)
    papers.authority.write_bytes(authority.sign(root, hashes.SHA256()).public_bytes(_PEM))
    papers.certificate.write_bytes(service.sign(root, hashes.SHA256()).public_bytes(_PEM))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    papers.key.write_bytes(own.private_bytes(_PEM, *plain))
    return papers


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    draft = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    draft = draft.serial_number(x509.random_serial_number())
    return draft.not_valid_before(now - _DAY).not_valid_after(now + 30 * _DAY)


class Sealer:
    """Says who may write without showing it to the service: a root that the daemons trust, and a key under it."""

    def __init__(self) -> None:
        root, self.root = key_pair()
        self._key, public = key_pair()
        inner = encoded([(1, 1), (2, public)])
        self._server = encoded([(1, inner), (2, signed(root, inner))])

    def certificate(self, account: Account, *, with_number: bool) -> str:
        """What an account shows to those it writes to."""
        until = int((datetime.now(UTC) + 7 * _DAY).timestamp() * 1000)
        inner = encoded([(1, account.number if with_number else None), (2, 1)]) + fixed64(3, until)
        identity = base64.b64decode(account.aci_keys.identity + "==")
        inner += encoded([(4, identity), (5, self._server), (6, account.aci)])
        return base64.b64encode(encoded([(1, inner), (2, signed(self._key, inner))])).decode()
