"""What is done with the bot's account on Signal: registering or linking it, what people see of it, a solved captcha.

What the daemon refuses is told in our own words: its own may name a number, and are for those who know it well.
"""

from collections.abc import Mapping
from typing import Final

from bot.model.exit import Exit, ExpectedError
from bot.transports.signal.error import NotConnected, RpcError, Unsure
from bot.transports.signal.rpc import Rpc

SCANNED_WITHIN: Final = 600.0  # seconds; Signal itself gives up on a link after some minutes
DEVICE: Final = "bot"  # how a phone that took the bot in calls it
UNSEEN: Final = {"numberSharing": False, "discoverableByNumber": False}
UNTOLD: Final = {"readReceipts": False, "typingIndicators": False, "linkPreviews": False}


class NoDaemon(ExpectedError):
    """signal-cli does not answer."""

    status = Exit.UNAVAILABLE
    advice = "Look with `bot signal status`, start it, and do the same once more; nothing was changed."


class NobodyKnows(ExpectedError):
    """signal-cli took the call and did not answer in time."""

    status = Exit.TRY_AGAIN
    advice = "It may have been done: look with `bot signal status`, then try again."


class Refused(ExpectedError):
    """signal-cli or Signal refused it."""

    advice = "The log of signal-cli has the reason."


class NotThere(Refused):
    """signal-cli does not have this number."""

    advice = (
        "Register it with `bot signal register`, or link it with `bot signal link`. If it was there before, start\n"
        "signal-cli again."
    )


class ThereAlready(Refused):
    """signal-cli has this number already: there is nothing to register."""

    advice = "Look with `bot signal status`; what people see is set with `bot signal profile NAME`."


class NoCodeAsked(Refused):
    """Nobody asked Signal for a code."""

    advice = "First `bot signal register`; the code comes to that number."


class CaptchaWanted(Refused):
    """Signal wants to see first that a person asks for this."""

    advice = (
        "Open https://signalcaptchas.org/registration/generate.html in a browser on the same network, solve it, copy\n"
        'the link of "Open Signal" (it begins with signalcaptcha://) and give it in quotation marks, within minutes.'
    )


class CaptchaRefused(Refused):
    """Signal did not take the captcha: it was too old, or not copied whole."""

    advice = (
        "Solve a new one, copy the whole link, put it in quotation marks, and be quick: it holds for minutes."
    )


class TooOften(Refused):
    """Signal was asked too often and wants us to wait."""

    advice = "Wait an hour, for a number that was tried many times a day, and try once."


class TooOld(Refused):
    """Signal does not speak with a signal-cli this old any more."""

    advice = "Update signal-cli, start it again, and do the same once more. It has to be updated every three months."


class WrongCode(Refused):
    """Signal did not take the code."""

    advice = "Give the six digits of the newest SMS or call. After a few wrong ones, register again for a new code."


class PinWanted(Refused):
    """The number has a PIN at Signal from an earlier registration."""

    advice = (
        "Add --pin: it is asked for. Nobody gets around it; after seven days of silence the number is free."
    )


class NotTheFirst(Refused):
    """Only the phone that this account is linked to can do that."""

    advice = "Set it there: Signal, Settings, Account."


class NameTaken(Refused):
    """Signal does not take this username: somebody has it, or it has letters that can't stand in one."""

    advice = (
        "Three to 32 letters a to z, digits and _, not a digit first; a dot and two digits are added to it."
    )


_SAID: Final = (  # in the daemon's sentence, in the order they are looked for
    ("account does not exist", NotThere),
    ("requires valid account", ThereAlready),
    ("sessionid", NoCodeAsked),
    ("captcha required", CaptchaWanted),
    ("captcha", CaptchaRefused),
    ("challenge error", CaptchaRefused),
    ("[499]", TooOld),
    ("[429]", TooOften),
    ("[413]", TooOften),
    ("rate limit", TooOften),
    ("linked devices", NotTheFirst),
    ("set pin error", Refused),
    ("remove pin error", Refused),
    ("pin", PinWanted),
    ("verify error", WrongCode),
    ("username", NameTaken),
)


async def register(rpc: Rpc, *, captcha: str | None = None, voice: bool = False) -> None:
    """Ask Signal for a code, by SMS or call. Raises as `_asked`."""
    given: dict[str, object] = {"voice": voice} if voice else {}
    await _asked(rpc, "register", given | ({"captcha": captcha} if captcha else {}))


async def verify(rpc: Rpc, code: str, *, pin: str | None = None) -> None:
    """Give back the code: from then on the number is the bot's. Raises as `_asked`."""
    await _asked(rpc, "verify", {"verificationCode": code} | ({"pin": pin} if pin else {}))


async def begin_link(rpc: Rpc) -> str:
    """What a phone has to scan. Raises as `_asked`."""
    match await _asked(rpc, "startLink", {}):
        case {"deviceLinkUri": str(uri)}:
            return uri
        case _:
            raise Refused


async def finish_link(rpc: Rpc, uri: str) -> None:
    """Wait until a phone has scanned it. Raises as `_asked`."""
    await _asked(rpc, "finishLink", {"deviceLinkUri": uri, "deviceName": DEVICE}, timeout=SCANNED_WITHIN)


async def introduce(rpc: Rpc, name: str | None, *, about: str | None = None) -> None:
    """What people see; nobody finds or sees the number, or a sign of what was read. What is None stays as it was.

    Raises as `_asked`.
    """
    shown = {"givenName": name, "about": about}
    await _asked(rpc, "updateProfile", {key: words for key, words in shown.items() if words is not None})
    await _asked(rpc, "updateAccount", UNSEEN)
    await _asked(rpc, "updateConfiguration", UNTOLD)


async def set_username(rpc: Rpc, name: str) -> tuple[str, str]:
    """Have people find the bot by a name instead of a number: the whole name, and the link. Raises as `_asked`."""
    match await _asked(rpc, "updateAccount", {"username": name}):
        case {"username": str(whole), "usernameLink": str(link)}:
            return whole, link
        case _:
            raise Refused


async def lock(rpc: Rpc, pin: str | None) -> None:
    """Have Signal ask for this PIN whoever registers the number again; None takes it away. Raises as `_asked`."""
    if pin is None:
        await _asked(rpc, "removePin", {})
    else:
        await _asked(rpc, "setPin", {"pin": pin})


async def solve(rpc: Rpc, *, token: str, captcha: str) -> None:
    """Give Signal the captcha it wants before it takes more messages. Raises as `_asked`."""
    await _asked(rpc, "submitRateLimitChallenge", {"challenge": token, "captcha": captcha})


async def _asked(
    rpc: Rpc, method: str, params: Mapping[str, object], *, timeout: float | None = None
) -> object:
    """The answer. Raises NoDaemon, NobodyKnows, or a Refused that says why."""
    try:
        return await rpc.call(method, params, timeout=timeout)
    except NotConnected:
        raise NoDaemon from None
    except Unsure:
        raise NobodyKnows from None
    except RpcError as error:
        said = error.said.casefold()
        raise next((refusal for words, refusal in _SAID if words in said), Refused) from None
