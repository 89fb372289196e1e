"""The methods of signal-cli by name, and one call from its JSON to its answer, troubles and all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.signal.account import Accounts
from bot.sandbox.signal.network import Network
from bot.sandbox.signal.refusal import (
    INVALID_PARAMS,
    INVALID_REQUEST,
    NO_METHOD,
    RpcRefusal,
    Wire,
)
from bot.sandbox.signal.sending import Sending
from bot.sandbox.signal.trouble import Trouble, TroubleKind

Answerer = Callable[[Wire], object]

_WITHOUT_ACCOUNT = frozenset({"version", "listAccounts", "register", "verify", "startLink", "finishLink"})


class HangUp(Exception):
    """The daemon closes the connection instead of an answer."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that ended, as the journal has it; `outcome` is ``ok`` or the code of the error."""

    method: str
    params: Wire
    outcome: str


@dataclass(slots=True)
class Methods:
    """Answers calls; `calls` is what was asked, in the order it ended."""

    network: Network
    calls: list[Call] = field(default_factory=list)
    _answerers: dict[str, Answerer] = field(init=False)

    def __post_init__(self) -> None:
        self._answerers = _answerers(self.network)

    async def answer(self, method: str, params: Wire) -> object:
        """The result. Raises RpcRefusal and HangUp."""
        answerer = self._checked(method, params)
        trouble = self.network.troubles.pick(method, params)
        try:
            result = answerer(params) if trouble is None else await self._troubled(answerer, params, trouble)
        except (RpcRefusal, HangUp) as error:
            self.calls.append(Call(method, params, str(getattr(error, "code", "hang_up"))))
            raise
        self.calls.append(Call(method, params, "ok"))
        return result

    def _checked(self, method: str, params: Wire) -> Answerer:
        if not method:
            raise RpcRefusal(INVALID_REQUEST, "method field must be set")
        answerer = self._answerers.get(method)
        if answerer is None:
            raise RpcRefusal(NO_METHOD, "Method not implemented")
        self.check_account(method, params)
        return answerer

    def check_account(self, method: str, params: Wire) -> None:
        """Whether the account that is meant is there; one alone need not be named. Raises RpcRefusal."""
        account, named = self.network.account, params.get("account")
        if method in _WITHOUT_ACCOUNT:
            return
        if not account.registered or named not in (None, account.number, account.uuid):
            words = "Specified account does not exist" if named else "Method requires valid account parameter"
            raise RpcRefusal(INVALID_PARAMS, words)

    async def _troubled(self, answerer: Answerer, params: Wire, trouble: Trouble) -> object:
        if trouble.kind is TroubleKind.HANG_UP:
            raise HangUp
        result: object = None
        if trouble.processed or trouble.kind in (TroubleKind.HANG_UP_AFTER, TroubleKind.SLOW):
            result = answerer(params)
        if trouble.kind is TroubleKind.LOSE:
            result = self._lost(params)
        await asyncio.sleep(trouble.seconds)
        if trouble.kind is TroubleKind.HANG_UP_AFTER:
            raise HangUp
        if refusal := trouble.refusal(params, self.network.stamp()):
            raise refusal
        return result

    def _lost(self, params: Wire) -> object:
        """As if sent."""
        return Sending(self.network).send_quietly(params)


def _answerers(network: Network) -> dict[str, Answerer]:
    sending, accounts = Sending(network), Accounts(network)
    return {
        "send": sending.send,
        **({"sendPollCreate": sending.send_poll} if network.has_polls else {}),
        "sendReaction": sending.send_reaction,
        "remoteDelete": sending.remote_delete,
        "sendReceipt": sending.send_quietly,
        "sendTyping": sending.send_quietly,
        "updateContact": sending.update_contact,
        "version": accounts.version,
        "listAccounts": accounts.list_accounts,
        "listDevices": accounts.list_devices,
        "updateProfile": accounts.update_profile,
        "updateAccount": accounts.update_account,
        "updateConfiguration": accounts.update_configuration,
        "listIdentities": accounts.list_identities,
        "trust": accounts.trust,
        "quitGroup": accounts.quit_group,
        "getAttachment": accounts.get_attachment,
        "submitRateLimitChallenge": accounts.submit_challenge,
        "getUserStatus": accounts.get_user_status,
        "listContacts": accounts.list_contacts,
        "register": accounts.register,
        "verify": accounts.verify,
        "setPin": accounts.set_pin,
        "removePin": accounts.remove_pin,
        "startLink": accounts.start_link,
        "finishLink": accounts.finish_link,
        "block": accounts.accept,
        "unblock": accounts.accept,
        "sendMessageRequestResponse": accounts.accept,
        "sendSyncRequest": accounts.accept,
    }
