"""What is done with the bot's account: the calls as signal-cli wants them, and its refusals in our own words."""

import asyncio

import pytest

from bot.transports.signal import account
from bot.transports.signal.account import (
    CaptchaRefused,
    CaptchaWanted,
    NameTaken,
    NobodyKnows,
    NoCodeAsked,
    NoDaemon,
    NotTheFirst,
    NotThere,
    PinWanted,
    Refused,
    ThereAlready,
    TooOften,
    TooOld,
    WrongCode,
)
from bot.transports.signal.rpc import Rpc
from tests.transports.signal.daemon import Daemon, running

NUMBER = "+15550100"


def refusing(said: str) -> Daemon:
    """A daemon that answers everything with this sentence."""
    daemon = Daemon()
    error = {"error": {"code": -1, "message": said, "data": None}}
    daemon.answers |= dict.fromkeys(("register", "updateAccount", "startLink"), error)
    return daemon


async def test_a_number_is_registered_with_what_is_needed_and_no_more() -> None:
    """A captcha, a voice and a PIN are named where they are given only."""
    daemon = Daemon()
    daemon.answers |= {"register": {}, "verify": {}}
    async with running(daemon), Rpc(daemon.endpoint, account=NUMBER) as rpc:
        await account.register(rpc)
        await account.register(rpc, captcha="signalcaptcha://x", voice=True)
        await account.verify(rpc, "123-456")
        await account.verify(rpc, "123-456", pin="1234")

    assert daemon.calls("register") == [{}, {"voice": True, "captcha": "signalcaptcha://x"}]
    assert daemon.calls("verify") == [
        {"verificationCode": "123-456"},
        {"verificationCode": "123-456", "pin": "1234"},
    ]


async def test_a_phone_takes_the_bot_in() -> None:
    """The code to scan first; then it is waited for."""
    daemon = Daemon()
    daemon.answers |= {"startLink": {"deviceLinkUri": "sgnl://x"}, "finishLink": {}}
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        uri = await account.begin_link(rpc)
        await account.finish_link(rpc, uri)

    assert daemon.calls("finishLink") == [{"deviceLinkUri": "sgnl://x", "deviceName": "bot"}]


async def test_what_people_see_and_what_they_do_not() -> None:
    """A name that is not given stays; number, discovery and signs of reading are off."""
    daemon = Daemon()
    daemon.answers |= {"updateProfile": {}, "updateConfiguration": {}}
    daemon.answers["updateAccount"] = {"username": "stand_by.01", "usernameLink": "https://signal.me/#eu/x"}
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        await account.introduce(rpc, None, about="About")
        await account.introduce(rpc, "Stand by")
        named = await account.set_username(rpc, "stand_by")

    assert daemon.calls("updateProfile") == [{"about": "About"}, {"givenName": "Stand by"}]
    assert daemon.calls("updateAccount")[0] == {"numberSharing": False, "discoverableByNumber": False}
    assert named == ("stand_by.01", "https://signal.me/#eu/x")


async def test_a_number_is_locked_and_opened() -> None:
    """By a PIN, and without one."""
    daemon = Daemon()
    daemon.answers |= {"setPin": {}, "removePin": {}}
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        await account.lock(rpc, "1234")
        await account.lock(rpc, None)

    assert (daemon.calls("setPin"), daemon.calls("removePin")) == ([{"pin": "1234"}], [{}])


async def test_a_captcha_is_given_with_its_token() -> None:
    """Both, as the daemon calls them."""
    daemon = Daemon()
    daemon.answers["submitRateLimitChallenge"] = {}
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        await account.solve(rpc, token="t", captcha="signalcaptcha://x")

    assert daemon.calls("submitRateLimitChallenge") == [{"challenge": "t", "captcha": "signalcaptcha://x"}]


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("Specified account does not exist", NotThere),
        ("Method requires valid account parameter", ThereAlready),
        ("RegistrationApi.verifyAccount, parameter sessionId (NullPointerException)", NoCodeAsked),
        ("Captcha required for verification, use --captcha CAPTCHA", CaptchaWanted),
        ("Invalid captcha given.", CaptchaRefused),
        ("Submit challenge error: [428]", CaptchaRefused),
        ("StatusCode: [499]", TooOld),
        ("StatusCode: [429]", TooOften),
        ("[413] Rate limit exceeded", TooOften),
        ("Verification failed! This number is locked with a pin.", PinWanted),
        ("Verify error: [403] Authorization failed!", WrongCode),
        ("Set pin error: Closed unexpectedly", Refused),
        ("This command doesn't work on linked devices.", NotTheFirst),
        ("Failed to set username", NameTaken),
        ("something about +15550100", Refused),
    ],
)
async def test_a_refusal_is_told_in_our_words(said: str, refusal: type[Refused]) -> None:
    """With what to do, and without a number."""
    daemon = refusing(said)
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        with pytest.raises(Refused) as caught:
            await account.register(rpc)

    assert type(caught.value) is refusal
    assert caught.value.advice
    assert NUMBER not in str(caught.value)


async def test_an_answer_without_what_was_asked_for_is_a_refusal() -> None:
    """A link or a username that did not come can't be shown."""
    daemon = Daemon()
    daemon.answers |= {"startLink": {}, "updateAccount": {}}
    async with running(daemon), Rpc(daemon.endpoint) as rpc:
        with pytest.raises(Refused):
            await account.begin_link(rpc)
        with pytest.raises(Refused):
            await account.set_username(rpc, "stand_by")


async def test_a_daemon_that_is_not_there_or_silent_is_told_apart() -> None:
    """Nothing was done, or nobody knows."""
    async with Rpc("tcp://127.0.0.1:1") as rpc:
        with pytest.raises(NoDaemon):
            await account.register(rpc)
    daemon = Daemon()
    daemon.answers["register"] = None
    async with running(daemon), Rpc(daemon.endpoint) as rpc, asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(_asked(rpc))
        while not daemon.calls("register"):  # noqa: ASYNC110 - a daemon tells nobody
            await asyncio.sleep(0.005)
        daemon.hang_up()

    assert isinstance(asking.result(), NobodyKnows)


async def _asked(rpc: Rpc) -> Exception | None:
    try:
        await account.register(rpc)
    except NobodyKnows as error:
        return error
    return None
