"""How a number is registered, what an account says of itself, and the keys by which others begin to write to it."""

import uuid
from typing import Any, Final

from tests.signal_lab.service.account import Key, Keys, Register, credentials
from tests.signal_lab.service.call import Answer, Call, Route, route, said
from tests.signal_lab.service.certificate import Sealer

_CAN: Final = {"storage": True, "ssre2": True, "attachmentBackfill": True, "spqr": True, "deleteSync": True}


class Enrolment:
    """Everything about accounts; a code by SMS is right whatever it is."""

    def __init__(self, register: Register, sealer: Sealer) -> None:
        self._register = register
        self._sealer = sealer
        self._sessions: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[Route]:
        """What it answers."""
        account, key = r"/v1/accounts/attributes", r"/v2/keys"
        return [
            route(
                r"POST|GET|PUT|PATCH", r"/v1/verification/session(?:/([^/]+))?.*", self._verify, is_open=True
            ),
            route("POST", r"/v1/registration", self._enrol, is_open=True),
            route("GET", key + r"/([^/]+)/.+", self._hand_out_keys, is_open=True),
            route("GET", key, self._count_keys),
            route("PUT", key, self._take_keys),
            route(
                "GET", r"/v1/profile/((?:PNI:)?[0-9a-f-]{36})(?:/([0-9a-f]+))?.*", self._show, is_open=True
            ),
            route("PUT", r"/v1/profile", self._describe),
            route("GET", r"/v1/certificate/delivery", self._certify),
            route("PUT", account, self._attributes),
            route("GET", r"/v1/accounts/whoami", self._who),
            route("GET", r"/v1/devices", self._devices),
            route("PUT|DELETE", r"/v1/accounts/.+", self._agreed),
            route("PUT", r"/v1/challenge", self._agreed),
        ]

    async def _agreed(self, call: Call) -> Answer:
        return Answer()

    async def _verify(self, call: Call) -> Answer:
        name = call.found[0] or uuid.uuid4().hex
        session = self._sessions.setdefault(
            name,
            {
                "id": name,
                "nextSms": 0,
                "nextCall": 0,
                "nextVerificationAttempt": 0,
                "allowedToRequestCode": True,
                "requestedInformation": [],
                "verified": False,
            },
        )
        if call.verb == "PUT":
            session["verified"] = True
        return said(session)

    async def _enrol(self, call: Call) -> Answer:
        if not call.said.get("sessionId"):
            return said({}, status=403)
        account, again = self._register.enrol(*credentials(call.headers.get("Authorization")), call.said)
        own = {"uuid": account.aci, "pni": account.pni, "number": account.number}
        return said({**own, "storageCapable": False, "reregistration": again})

    async def _hand_out_keys(self, call: Call) -> Answer:
        account = self._register.find(call.found[0])
        if not account:
            return said({}, status=404)
        keys = account.keys(call.found[0])
        device = {
            "deviceId": 1,
            "registrationId": keys.registration,
            "signedPreKey": keys.signed,
            "preKey": keys.one_time.pop() if keys.one_time else None,
            "pqPreKey": keys.one_time_kyber.pop() if keys.one_time_kyber else keys.last_resort,
        }
        return said({"identityKey": keys.identity, "devices": [device]})

    def _own(self, call: Call) -> Keys:
        return call.account.keys("PNI" if "pni" in call.query else "ACI")

    async def _count_keys(self, call: Call) -> Answer:
        keys = self._own(call)
        return said({"count": len(keys.one_time), "pqCount": len(keys.one_time_kyber)})

    async def _take_keys(self, call: Call) -> Answer:
        keys, brought = self._own(call), call.said
        keys.signed = brought.get("signedPreKey") or keys.signed
        keys.last_resort = brought.get("pqLastResortPreKey") or keys.last_resort
        keys.one_time = _list(brought, "preKeys") or keys.one_time
        keys.one_time_kyber = _list(brought, "pqPreKeys") or keys.one_time_kyber
        return Answer()

    async def _show(self, call: Call) -> Answer:
        name, version = call.found
        account = self._register.find(name)
        if not account:
            return said({}, status=404)
        profile = account.profiles.get(version or "", {})
        shown = {field: profile.get(field) for field in ("name", "about", "aboutEmoji")}
        return said(
            {
                **shown,
                "uuid": account.aci,
                "identityKey": account.keys(name).identity,
                "avatar": None,
                "unidentifiedAccess": account.access_proof(),
                "unrestrictedUnidentifiedAccess": False,
                "badges": [],
                "capabilities": _CAN,
            }
        )

    async def _describe(self, call: Call) -> Answer:
        call.account.profiles[call.said["version"]] = call.said
        return Answer()

    async def _certify(self, call: Call) -> Answer:
        with_number = call.asked.get("includeE164") != ["false"]
        return said({"certificate": self._sealer.certificate(call.account, with_number=with_number)})

    async def _attributes(self, call: Call) -> Answer:
        call.account.access_key = call.said.get("unidentifiedAccessKey")
        return Answer()

    async def _who(self, call: Call) -> Answer:
        own = call.account
        return said({"uuid": own.aci, "pni": own.pni, "number": own.number, "storageCapable": False})

    async def _devices(self, call: Call) -> Answer:
        only = {
            "id": 1,
            "name": None,
            "created": 0,
            "lastSeen": 0,
            "registrationId": 1,
            "createdAtCiphertext": "",
        }
        return said({"devices": [only]})


def _list(brought: dict[str, Any], name: str) -> list[Key]:
    keys: list[Key] = brought.get(name) or []
    return keys
