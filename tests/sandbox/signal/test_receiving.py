"""What people do, as signal-cli tells it: envelopes, the queue, subscriptions, and what is lost."""

from __future__ import annotations

import pytest

from bot.sandbox import SandboxError
from bot.sandbox.signal import Daemon, Network, SignalPerson, Style, Turn
from tests.sandbox.signal.conftest import Client, connected


async def test_what_is_written_waits_for_a_subscriber(client: Client, noa: SignalPerson) -> None:
    """In manual mode nothing is handed over, and nothing lost, before somebody subscribes."""
    note = await noa.send("שלום")

    assert await client.call("subscribeReceive") == 0
    told = await client.event()

    assert told["account"] == "+15550100001"
    assert told["envelope"]["sourceUuid"] == noa.id
    assert told["envelope"]["sourceNumber"] is None
    assert told["envelope"]["timestamp"] == note.timestamp
    assert told["envelope"]["dataMessage"] == {
        "timestamp": note.timestamp,
        "message": "שלום",
        "expiresInSeconds": 0,
        "viewOnce": False,
    }


async def test_two_subscriptions_hear_everything_twice(client: Client, noa: SignalPerson) -> None:
    """Which is why nobody should subscribe twice."""
    await client.call("subscribeReceive")
    await client.call("subscribeReceive")
    await noa.send("hi")

    numbers = [(await client.line())["params"]["subscription"] for _ in range(2)]

    assert numbers == [0, 1]


async def test_after_unsubscribing_it_is_kept_again(
    client: Client, noa: SignalPerson, network: Network
) -> None:
    """What was handed over is forgotten, what comes later waits."""
    number = await client.call("subscribeReceive")
    await noa.send("one")
    await client.event()
    assert await client.call("unsubscribeReceive", subscription=number) == {}
    await noa.send("two")

    assert network.pending == 1
    assert (await client.error("unsubscribeReceive", subscription=number))["code"] == -32602


async def test_what_goes_to_a_socket_nobody_reads_is_lost(daemon: Daemon, noa: SignalPerson) -> None:
    """Written is forgotten: this is what the spooler is for."""
    async with connected(daemon.network) as client:
        await client.call("subscribeReceive")
        await noa.send("lost")
    async with connected(daemon.network) as client:
        await client.call("subscribeReceive")
        await noa.send("found")

        assert (await client.event())["envelope"]["dataMessage"]["message"] == "found"


async def test_every_kind_of_message_has_its_envelope(client: Client, noa: SignalPerson) -> None:
    """Quotes, styles, reactions, edits, deletions, files, the timer, receipts and typing."""
    await client.call("subscribeReceive")
    sent = await client.call("send", recipient=noa.id, message="one or two?")
    about = sent["timestamp"]
    assert "receiptMessage" in (await client.event())["envelope"]  # that it arrived
    first = await noa.send("1", quote=about, styles=(Style(style="BOLD", start=0, length=1),))
    await noa.react(about, "👍")
    await noa.react(about, "👍", remove=True)
    await noa.edit(first.timestamp, "2")
    await noa.attach(b"%PDF", kind="application/pdf", name="order.pdf", text="look")
    await noa.set_timer(86400)
    await noa.edit(first.timestamp, "3")
    await noa.delete(first.timestamp)
    await noa.read(about)
    await noa.type()

    told = [(await client.event())["envelope"] for _ in range(10)]
    quoting, reaction, removal, edit, file, timer, again, deletion = [
        one.get("dataMessage") or one["editMessage"] for one in told[:8]
    ]

    assert (quoting["quote"]["id"], quoting["quote"]["authorUuid"]) == (
        about,
        "83ea9f0c-5f9d-4f31-b2c3-0f6a2a3c9d10",
    )
    assert quoting["textStyles"] == [{"style": "BOLD", "start": 0, "length": 1}]
    assert (reaction["message"], reaction["reaction"]["targetSentTimestamp"]) == (None, about)
    assert [one["reaction"]["isRemove"] for one in (reaction, removal)] == [False, True]
    assert edit["targetSentTimestamp"] == first.timestamp
    assert edit["dataMessage"]["message"] == "2"
    assert edit["dataMessage"]["timestamp"] > first.timestamp
    assert file["attachments"][0]["contentType"] == "application/pdf"
    assert await client.call("getAttachment", id=file["attachments"][0]["id"]) == {"data": "JVBERg=="}
    assert (timer["message"], timer["expiresInSeconds"], timer["isExpirationUpdate"]) == (None, 86400, True)
    assert again["targetSentTimestamp"] == edit["dataMessage"]["timestamp"]
    assert deletion["remoteDelete"] == {"timestamp": first.timestamp}
    assert told[8]["receiptMessage"]["isRead"]
    assert told[9]["typingMessage"]["action"] == "STARTED"
    assert noa.note(first.timestamp).deleted
    assert [note.turn for note in noa.history if note.turn] == [Turn.TIMER]


async def test_arrival_is_told(client: Client, noa: SignalPerson) -> None:
    """Every message that arrives makes an event of its own."""
    sent = await client.call("send", recipient=[noa.id], message="hi")
    await client.call("subscribeReceive")

    receipt = (await client.event())["envelope"]["receiptMessage"]

    assert (receipt["isDelivery"], receipt["timestamps"]) == (True, [sent["timestamp"]])


@pytest.mark.parametrize(("version", "files"), [("0.13.19", 1), ("0.14.6", 0)])
async def test_a_long_text_comes_whole_or_as_a_file(version: str, files: int) -> None:
    """Until 0.13 it is cut, and all of it is in an attachment."""
    network = Network(lambda: 1.8e9, version=version)
    noa = network.person()
    told: list[dict[str, dict[str, dict[str, list[object]]]]] = []
    network.subscribe(told.append)
    await noa.send("א" * 1500)

    data = told[0]["envelope"]["dataMessage"]

    assert len(data["message"]) == (1000 if files else 1500)
    assert len(data.get("attachments", [])) == files


async def test_while_signal_is_away_messages_wait_there(
    client: Client, noa: SignalPerson, network: Network
) -> None:
    """The daemon gets them when it is back."""
    await client.call("subscribeReceive")
    network.is_online = False
    await noa.send("hi")
    assert network.pending == 1

    network.is_online = True

    assert (await client.event())["envelope"]["dataMessage"]["message"] == "hi"


async def test_a_daemon_that_comes_back_is_found_where_it_was(daemon: Daemon, noa: SignalPerson) -> None:
    """Clients are dropped, new ones refused meanwhile, and nothing is lost."""
    async with connected(daemon.network) as client:
        await client.call("subscribeReceive")
        await daemon.go_down()
        assert await client.ended()
    with pytest.raises(ConnectionRefusedError):
        async with connected(daemon.network):
            pass
    await noa.send("meanwhile")
    await daemon.come_up()
    await daemon.come_up()

    async with connected(daemon.network) as client:
        await client.call("subscribeReceive")
        assert (await client.event())["envelope"]["dataMessage"]["message"] == "meanwhile"


async def test_only_own_messages_can_be_changed(client: Client, noa: SignalPerson) -> None:
    """As the apps have it."""
    sent = await client.call("send", recipient=noa.id, message="hi")
    with pytest.raises(SandboxError):
        await noa.edit(sent["timestamp"], "ho")
    with pytest.raises(SandboxError):
        await noa.delete(4711)


async def test_a_new_phone_is_not_heard_until_it_is_trusted(client: Client, noa: SignalPerson) -> None:
    """An exception without words comes; sends fail; after `trust` the words come as old as they are."""
    await client.call("subscribeReceive")
    await noa.send("before")
    await client.event()
    old = (await client.call("listIdentities", number=noa.id))[0]["safetyNumber"]
    await noa.change_phone()
    note = await noa.send("after")

    told = await client.event()
    assert told["exception"]["type"] == "UntrustedIdentityException"
    assert "dataMessage" not in told["envelope"]
    refused = await client.error("send", recipient=noa.id, message="hi")
    assert (refused["code"], refused["data"]["response"]["results"][0]["type"]) == (-4, "IDENTITY_FAILURE")
    (identity,) = await client.call("listIdentities", number=noa.id)
    assert (identity["trustLevel"], len(identity["safetyNumber"])) == ("UNTRUSTED", 60)
    assert identity["safetyNumber"] != old

    wrong = await client.error("trust", recipient=noa.id, verifiedSafetyNumber=old)
    assert wrong["code"] == -1
    await client.call("trust", recipient=noa.id, verifiedSafetyNumber=identity["safetyNumber"])
    found = (await client.event())["envelope"]
    assert found["dataMessage"]["message"] == "after"
    assert found["timestamp"] == note.timestamp
    assert await client.call("send", recipient=noa.id, message="hi")


async def test_whoever_trusts_every_phone_hears_at_once(network: Network, noa: SignalPerson) -> None:
    """As with `--trust-new-identities always`."""
    network.trusts_all = True
    await noa.change_phone()
    await noa.send("hi")

    assert (noa.is_trusted, network.pending) == (True, 1)


async def test_a_vote_names_the_poll_and_the_option(client: Client, noa: SignalPerson) -> None:
    """As the apps tell it: the options from zero; one that is not there cannot be chosen."""
    asked = {"recipient": [noa.id], "question": "Which?", "option": ["one", "two"], "noMulti": True}
    sent = await client.call("sendPollCreate", **asked)
    await client.call("subscribeReceive")
    await client.event()  # that it arrived
    await noa.vote(sent["timestamp"], 1)
    vote = (await client.event())["envelope"]["dataMessage"]["pollVote"]

    assert (vote["targetSentTimestamp"], vote["optionIndexes"]) == (sent["timestamp"], [1])
    assert (noa.last.text, noa.last.options, noa.last.vote) == ("Which?", ("one", "two"), 1)
    with pytest.raises(SandboxError):
        await noa.vote(sent["timestamp"], 2)


@pytest.mark.parametrize("options", [["one"], ["one", ""], ["one", "x" * 101], [str(n) for n in range(11)]])
async def test_a_poll_has_two_to_ten_short_options(
    client: Client, noa: SignalPerson, options: list[str]
) -> None:
    """Anything else is refused."""
    error = await client.error("sendPollCreate", recipient=[noa.id], question="Which?", option=options)

    assert error["code"] == -1


async def test_the_account_can_be_put_into_a_group_and_leaves_it(client: Client, noa: SignalPerson) -> None:
    """What is written there names it; the account leaves once, and not one that it is not in."""
    await client.call("subscribeReceive")
    await noa.add_bot("R3JvdXA=")
    told = (await client.event())["envelope"]["dataMessage"]
    await client.call("quitGroup", groupId="R3JvdXA=")

    assert told["groupInfo"]["groupId"] == "R3JvdXA="
    assert (await client.error("quitGroup", groupId="R3JvdXA="))["code"] == -1
