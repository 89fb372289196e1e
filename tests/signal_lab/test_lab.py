"""The lab itself: what is said passes through it, what is cut is cut, and what a friend does is seen by the daemon."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.signal_lab.friend import Friend, Seen
from tests.signal_lab.lab import BOT, Lab
from tests.signal_lab.rpc import Line, Refused, line

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up


@pytest.fixture
async def told(lab: Lab) -> AsyncIterator[Line]:
    """A connection to the bot's daemon, listening."""
    async with line(lab.daemon.port) as told:
        await told.call("subscribeReceive")
        yield told


async def data(told: Line, moment: int) -> dict[str, Any]:
    """What the daemon heard that was said at this moment; a receipt may bear the same one."""

    def wanted(said: dict[str, Any]) -> bool:
        return bool(said["envelope"]["timestamp"] == moment and _said(said))

    return _said(await told.until(wanted))


async def answered(told: Line, noa: Friend, **more: object) -> Seen:
    """Something the bot wrote to somebody who wrote first, as they see it."""
    await data(told, await noa.send("hi"))
    await told.call("send", recipient=[noa.uuid], message="שלום לך", **more)
    return await noa.sees("שלום לך")


async def test_two_people_talk(told: Line, noa: Friend) -> None:
    """A message goes from one real signal-cli to the other, and an answer comes back."""
    moment = await noa.send("שלום")

    assert (await data(told, moment))["message"] == "שלום"
    assert (await answered(told, noa, textStyle=["0:4:BOLD"])).styles == (("BOLD", 0, 4),)


async def test_a_friend_answers_by_quote_and_by_reaction(told: Line, noa: Friend) -> None:
    """Both name the message of the bot."""
    seen = await answered(told, noa)

    quote = await data(told, await noa.quote("2", seen))
    reaction = await data(told, await noa.react("👍", seen))
    taken_back = await data(told, await noa.react("👍", seen, remove=True))

    assert quote["quote"]["id"] == reaction["reaction"]["targetSentTimestamp"] == seen.id
    assert taken_back["reaction"]["isRemove"] is True


async def test_a_friend_corrects_and_takes_back(told: Line, noa: Friend) -> None:
    """An edit names what it changes; a deletion too."""
    moment = await noa.send("typo hre")
    edited = await data(told, await noa.edit(moment, "typo here"))
    await noa.delete(moment)

    await told.until(lambda said: bool((said["envelope"].get("dataMessage") or {}).get("remoteDelete")))
    assert edited["targetSentTimestamp"] == moment


async def test_a_friend_sees_what_the_bot_takes_back(told: Line, noa: Friend) -> None:
    """By the moment of the message."""
    seen = await answered(told, noa)
    await told.call("remoteDelete", recipient=[noa.uuid], targetTimestamp=seen.id)

    await noa.sees_deleted(seen.id)


async def test_files_go_both_ways(told: Line, noa: Friend) -> None:
    """Up to the service and down again, sealed."""
    file = (await data(told, await noa.attach(b"%PDF-1.4 a", "application/pdf", text="here")))["attachments"][
        0
    ]
    brought = await told.call("getAttachment", id=file["id"], recipient=noa.uuid)
    seen = await answered(told, noa, attachment=["data:text/plain;filename=a.txt;base64,aGk="])

    assert brought["data"] == "JVBERi0xLjQgYQ=="
    assert await noa.file(seen.files[0]) == b"hi"


async def test_a_friend_sets_the_timer(told: Line, noa: Friend) -> None:
    """The bot's daemon hears of it, and its own messages go by it."""
    await noa.timer(86400)
    await told.until(
        lambda said: (said["envelope"].get("dataMessage") or {}).get("expiresInSeconds") == 86400
    )

    assert (await answered(told, noa)).expires == 86400


async def test_a_new_phone_has_another_safety_number(lab: Lab, told: Line, noa: Friend) -> None:
    """What is written there can not be read at first, and comes by itself once it is trusted."""
    await answered(told, noa)
    await noa.new_phone()
    await noa.send("from another phone")
    await told.until(lambda said: said.get("exception", {}).get("type") == "UntrustedIdentityException")
    with pytest.raises(Refused) as refused:
        await told.call("send", recipient=[noa.uuid], message="?")
    await told.call("trust", recipient=noa.uuid, trustAllKnownKeys=True)
    await noa.send("are you there?")

    assert refused.value.data["response"]["results"][0]["type"] == "IDENTITY_FAILURE"
    assert await told.until(lambda said: _words(said) == "from another phone")


async def test_a_cut_network_is_told_at_once(lab: Lab, told: Line, noa: Friend) -> None:
    """A send fails by itself; what others write waits at the service, and comes when the way is mended."""
    await lab.network(up=False)
    with pytest.raises(Refused) as refused:
        await told.call("send", recipient=[noa.uuid], message="שלום")
    moment = await noa.send("hello?")
    waiting = await lab.waiting(BOT)
    await lab.network(up=True)

    assert refused.value.data["response"]["results"][0]["type"] == "NETWORK_FAILURE"
    assert waiting > 0
    assert (await data(told, moment))["message"] == "hello?"


async def test_this_version_knows_no_polls(told: Line, noa: Friend) -> None:
    """It says so at once; what the bot does then is held by the contract."""
    asked = {"question": "Here too", "option": ["A", "B"], "noMulti": True}
    with pytest.raises(Refused) as refused:
        await told.call("sendPollCreate", recipient=[noa.uuid], **asked)

    assert refused.value.code == -32601


async def test_a_fault_is_what_the_service_answers(lab: Lab, told: Line, noa: Friend) -> None:
    """As often as it was said."""
    challenge = {"token": "tok-123", "options": ["captcha"]}
    await lab.faults({"match": "PUT /v1/messages", "status": 428, "body": challenge})
    with pytest.raises(Refused) as refused:
        await told.call("send", recipient=[noa.uuid], message="שלום")
    await told.call("send", recipient=[noa.uuid], message="שלום")

    assert refused.value.code == -5
    assert refused.value.data["response"]["results"][0]["token"] == "tok-123"
    assert (await noa.sees("שלום")).text == "שלום"


def _said(said: dict[str, Any]) -> dict[str, Any]:
    envelope = said["envelope"]
    found: dict[str, Any] = envelope.get("editMessage") or envelope.get("dataMessage") or {}
    return found


def _words(said: dict[str, Any]) -> str | None:
    return (said["envelope"].get("dataMessage") or {}).get("message")
