"""Who is registered, with which keys, and what waits for them."""

import base64
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Key = dict[str, Any]  # as signal-cli wrote it; the service only hands it on


@dataclass(slots=True, kw_only=True)
class Keys:
    """What others need to begin to write to one of an account's two identities."""

    identity: str
    registration: int
    signed: Key
    last_resort: Key
    one_time: list[Key] = field(default_factory=list)
    one_time_kyber: list[Key] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Account:
    """One number, and the phone it was last registered on."""

    number: str
    password: str
    aci: str
    pni: str
    aci_keys: Keys
    pni_keys: Keys
    access_key: str | None
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)

    def keys(self, name: str) -> Keys:
        """The keys of the identity that this name means."""
        return self.pni_keys if name.startswith("PNI") else self.aci_keys

    def access_proof(self) -> str | None:
        """That the service knows the key which whoever stays sealed has to show."""
        if self.access_key is None:
            return None
        key = base64.b64decode(self.access_key + "==")
        return base64.b64encode(hmac.new(key, bytes(32), "sha256").digest()).decode()


class Register:
    """Everybody who has an account, and the envelopes that wait for each."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}
        self.queues: dict[str, dict[str, bytes]] = {}

    def enrol(self, number: str, password: str, said: Mapping[str, Any]) -> tuple[Account, bool]:
        """A phone takes a number; and whether another one had it before."""
        old = self.find(number)
        traits = said["accountAttributes"]
        account = Account(
            number=number,
            password=password,
            aci=old.aci if old else str(uuid.uuid4()),
            pni=old.pni if old else str(uuid.uuid4()),
            aci_keys=_keys(said, "aci", traits["registrationId"]),
            pni_keys=_keys(said, "pni", traits["pniRegistrationId"]),
            access_key=traits.get("unidentifiedAccessKey"),
        )
        self._accounts[account.aci] = account
        self.queues.setdefault(account.aci, {})
        return account, old is not None

    def find(self, name: str) -> Account | None:
        """By number or by either identity."""
        for account in self._accounts.values():
            if name in (account.aci, account.pni, f"PNI:{account.pni}", account.number):
                return account
        return None

    def caller(self, authorization: str | None) -> Account | None:
        """Whose name and password these are."""
        name, password = credentials(authorization)
        account = self.find(name.split(".")[0])
        return account if account and account.password == password else None

    def everyone(self) -> list[Account]:
        """In the order in which they came."""
        return list(self._accounts.values())


def credentials(authorization: str | None) -> tuple[str, str]:
    """Name and password of a header; both empty without one."""
    if not authorization or not authorization.startswith("Basic "):
        return "", ""
    name, _, password = base64.b64decode(authorization[6:]).decode().partition(":")
    return name, password


def _keys(said: Mapping[str, Any], prefix: str, registration: int) -> Keys:
    return Keys(
        identity=said[f"{prefix}IdentityKey"],
        registration=registration,
        signed=said[f"{prefix}SignedPreKey"],
        last_resort=said[f"{prefix}PqLastResortPreKey"],
    )
