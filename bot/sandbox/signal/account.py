"""What signal-cli can be asked about its account and the people it knows: profile, identities, files, registration.

Each takes the params of a call and gives its result. Raises RpcRefusal as signal-cli answers.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from bot.sandbox.signal.network import Network
from bot.sandbox.signal.person import SignalPerson
from bot.sandbox.signal.refusal import CAPTCHA_REJECTED, IO_ERROR, RpcRefusal, Wire, user_error
from bot.sandbox.signal.sending import refuse_offline
from bot.sandbox.signal.trouble import recipients

CAPTCHA_SCHEME = "signalcaptcha://"
LINK_CODE = "https://signal.me/#eu/sandbox"
SMS_CODE = "123-456"
_CAPTCHA_WANTED = (
    "Captcha required for verification, use --captcha CAPTCHA\n"
    "To get the token, go to https://signalcaptchas.org/registration/generate.html\n"
    'After solving the captcha, right-click on the "Open Signal" link and copy the link.'
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The calls about the account."""

    network: Network

    def version(self, _params: Wire) -> Wire:
        """Which signal-cli this is."""
        return {"version": self.network.version}

    def list_accounts(self, _params: Wire) -> list[Wire]:
        """The accounts that were loaded: ours, unless it is not registered."""
        account = self.network.account
        return [{"number": account.number}] if account.registered else []

    def list_devices(self, _params: Wire) -> list[Wire]:
        """The devices of the account, which Signal knows: this one alone."""
        refuse_offline(self.network)
        return [{"id": 1, "name": None, "createdTimestamp": 0, "lastSeenTimestamp": 0}]

    def update_profile(self, params: Wire) -> Wire:
        """What people see; what is not given stays as it was."""
        refuse_offline(self.network)
        account = self.network.account
        account.name = str(params.get("givenName") or account.name)
        account.about = str(params.get("about") or account.about)
        return {}

    def update_account(self, params: Wire) -> Wire:
        """Settings of the account; a username is answered with its whole form and a link."""
        refuse_offline(self.network)
        account = self.network.account
        account.settings |= {name: value for name, value in params.items() if name != "account"}
        if params.get("deleteUsername"):
            account.username = None
        if name := params.get("username"):
            account.username = name if "." in name else f"{name}.01"
            return {"username": account.username, "usernameLink": LINK_CODE}
        return {}

    def update_configuration(self, params: Wire) -> Wire:
        """Read receipts, typing, previews."""
        self.network.account.settings |= {name: value for name, value in params.items() if name != "account"}
        return {}

    def list_identities(self, params: Wire) -> list[Wire]:
        """The safety numbers of one person, or of everybody who wrote."""
        asked = params.get("number")
        return [
            self._identity(person)
            for person in self.network.people.values()
            if asked in (None, person.id) and (person.history or not person.is_trusted)
        ]

    def trust(self, params: Wire) -> Wire:
        """Trust a new safety number: whichever it is, or only the one that was compared."""
        names, verified = recipients(params), params.get("verifiedSafetyNumber")
        if not names or not (verified or params.get("trustAllKnownKeys")):
            raise user_error("You need to specify the safety number you have verified with -v SAFETY_NUMBER")
        for name in names:
            person = self.network.people.get(name)
            if person is None or (verified and str(verified).replace(" ", "") != _safety_number(person)):
                raise user_error(f"Failed to set the trust for {name}, make sure the number is correct.")
            person.trusted()
        return {}

    def get_attachment(self, params: Wire) -> Wire:
        """The content of a file, by the id it came with."""
        content = self.network.content(str(params.get("id")))
        if content is None:
            raise user_error("Could not find attachment with ID: " + str(params.get("id")))
        return {"data": base64.b64encode(content).decode()}

    def submit_challenge(self, params: Wire) -> Wire:
        """A solved captcha, for the token that a refused send named."""
        refuse_offline(self.network)
        solved = str(params.get("captcha", "")).startswith(CAPTCHA_SCHEME)
        if not solved or params.get("challenge") != self.network.challenge:
            if self.network.is_old:
                raise RpcRefusal(IO_ERROR, "Submit challenge error: [428] Captcha rejected")
            raise RpcRefusal(CAPTCHA_REJECTED, "Captcha rejected")
        self.network.challenge = None
        return {}

    def get_user_status(self, params: Wire) -> list[Wire]:
        """Whether somebody has Signal."""
        refuse_offline(self.network)
        people = self.network.people
        return [
            {"recipient": name, "number": None, "uuid": name if name in people else None,
             "isRegistered": name in people and not people[name].has_left}
            for name in recipients(params)
        ]  # fmt: skip

    def list_contacts(self, params: Wire) -> list[Wire]:
        """Whom the account knows, with the timer of each chat."""
        return [
            {"number": None, "uuid": person.id, "name": "", "profile": {"givenName": person.name},
             "messageExpirationTime": person.timer, "isBlocked": False}
            for person in self.network.people.values()
            if not recipients(params) or person.id in recipients(params)
        ]  # fmt: skip

    def quit_group(self, params: Wire) -> Wire:
        """The account leaves a group."""
        group = str(params.get("groupId"))
        if group not in self.network.groups:
            raise user_error(f"Group not found: {group}")
        refuse_offline(self.network)
        self.network.groups.remove(group)
        return {}

    def register(self, params: Wire) -> Wire:
        """Begin to register a number: a captcha is wanted first."""
        refuse_offline(self.network)
        if not str(params.get("captcha", "")).startswith(CAPTCHA_SCHEME):
            raise user_error(_CAPTCHA_WANTED)
        return {}

    def verify(self, params: Wire) -> Wire:
        """The code that came by SMS, and the PIN of the number, if it has one."""
        refuse_offline(self.network)
        if params.get("verificationCode") != SMS_CODE:
            raise RpcRefusal(IO_ERROR, "Verify error: [403] Authorization failed!")
        account = self.network.account
        if account.pin and params.get("pin") != account.pin:
            raise user_error("Verification failed! This number is locked with a pin.")
        account.number, account.registered = str(params.get("account", account.number)), True
        return {}

    def start_link(self, _params: Wire) -> Wire:
        """What a phone scans to make this one of its devices."""
        refuse_offline(self.network)
        return {"deviceLinkUri": "sgnl://linkdevice?uuid=sandbox&pub_key=c2FuZGJveA"}

    def finish_link(self, params: Wire) -> str:
        """The phone scanned it."""
        refuse_offline(self.network)
        if not params.get("deviceLinkUri"):
            raise user_error("Missing required option: deviceLinkUri")
        self.network.account.registered = True
        return self.network.account.number

    def set_pin(self, params: Wire) -> Wire:
        """What whoever registers the number anew has to know."""
        refuse_offline(self.network)
        self.network.account.pin = str(params["pin"])
        return {}

    def remove_pin(self, _params: Wire) -> Wire:
        """Nothing has to be known any more."""
        refuse_offline(self.network)
        self.network.account.pin = None
        return {}

    def accept(self, _params: Wire) -> Wire:
        """What is taken and changes nothing here."""
        return {}

    def _identity(self, person: SignalPerson) -> Wire:
        number = _safety_number(person)
        return {
            "number": None,
            "uuid": person.id,
            "fingerprint": hashlib.sha256(number.encode()).hexdigest(),
            "safetyNumber": number,
            "scannableSafetyNumber": base64.b64encode(number.encode()).decode(),
            "trustLevel": "TRUSTED_UNVERIFIED" if person.is_trusted else "UNTRUSTED",
            "addedTimestamp": person.history[0].timestamp if person.history else self.network.stamp(),
        }


def _safety_number(person: SignalPerson) -> str:
    """Sixty digits, others on each phone."""
    digest = hashlib.sha512(f"{person.id} {person.phones}".encode()).digest()
    return f"{int.from_bytes(digest, 'big'):0200d}"[-60:]
