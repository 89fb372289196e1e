"""What the pipeline relies on of Signal, held against a real signal-cli."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.incoming import Command, Edited, ExpiryChanged, Media, MediaKind, Text
from bot.model.outgoing import (
    DeleteMessages,
    EditMessage,
    Failure,
    FailureKind,
    MarkDelivered,
    Receipt,
    SendFailed,
    SendFile,
    SendMedia,
    SendMessage,
    SetExpiry,
)
from bot.model.person import Platform
from bot.model.text import Rich, Span, Style
from tests.signal_lab.bot_side import BotSide, bot_side
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import Lab
from tests.signal_lab.rpc import SOON

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up

HELLO = SendMessage(text=Rich("שלום 🙂"))
NOBODY = "00000000-0000-4000-8000-000000000000"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


PACKED = (
    "tar -C {up} -c --exclude={name}/attachments {name} > {copy}",
    "rm -r {up}/{name}",
    "tar -C {up} -xp < {copy}",
)


@pytest.fixture
async def side(lab: Lab) -> AsyncIterator[BotSide]:
    async with bot_side(lab.daemon.tcp) as side:
        yield side


async def named(side: BotSide, noa: Friend, payload: SendMessage = HELLO) -> str:
    """Something the bot wrote to somebody; its name."""
    name = (await side.transport.send(noa.uuid, payload)).message_id
    assert name
    return name


async def failure(side: BotSide, noa: Friend) -> Failure:
    with pytest.raises(SendFailed) as caught:
        await side.transport.send(noa.uuid, HELLO)
    return caught.value.failure


async def test_words_arrive_with_their_styles(side: BotSide, noa: Friend) -> None:
    """Counted as Signal counts: an emoji is two."""
    text = Rich("🙂 הזכויות שלך", (Span(start=2, length=7, style=Style.BOLD),))
    name = await named(side, noa, SendMessage(text=text))
    seen = await noa.sees("הזכויות")

    assert (seen.text, seen.styles, f"o{seen.id}") == (text.text, (("BOLD", 3, 7),), name)


async def test_a_long_text_arrives_whole(side: BotSide, noa: Friend) -> None:
    """More than fits into a message goes in a file beside it."""
    words = "מילה ועוד מילה " * 100
    await named(side, noa, SendMessage(text=Rich(words)))

    assert await noa.whole(await noa.sees("מילה")) == words


async def test_what_is_written_is_read(side: BotSide, noa: Friend) -> None:
    """Words and commands, with the person's name for them."""
    moment = await noa.send("שלום")
    said = await side.hears(lambda one: isinstance(one, Text))
    await noa.send("/start flyer7")
    command = await side.hears(lambda one: isinstance(one, Command))

    assert said == Text(text="שלום", message_id=f"t{moment}")
    assert isinstance(command, Command)
    assert (command.name, command.argument) == ("start", "flyer7")


async def test_the_timer_that_the_bot_sets_is_seen_and_holds(side: BotSide, noa: Friend) -> None:
    """For what it writes from then on, and in what is read of the person."""
    receipt = await side.transport.send(noa.uuid, SetExpiry(seconds=86_400))
    await noa.sees_timer(86_400)
    await named(side, noa)
    seen = await noa.sees("שלום")
    await noa.timer(604_800)
    changed = await side.hears(lambda one: isinstance(one, ExpiryChanged))

    assert (receipt, seen.expires) == (Receipt(), 86_400)
    assert changed == ExpiryChanged(seconds=604_800)


async def test_a_person_is_their_uuid(side: BotSide, noa: Friend) -> None:
    """The number is not told."""
    await noa.send("hi")

    assert (await side.outside()).routing_id == noa.uuid


async def test_quotes_and_reactions_name_the_message_of_the_bot(side: BotSide, noa: Friend) -> None:
    """Both read as words that answer it."""
    name = await named(side, noa)
    seen = await noa.sees("שלום")
    await noa.quote("2", seen)
    quote = await side.hears(lambda one: isinstance(one, Text))
    await noa.react("👍", seen)
    reaction = await side.hears(lambda one: isinstance(one, Text))

    assert isinstance(quote, Text)
    assert isinstance(reaction, Text)
    assert (quote.text, quote.reply_to) == ("2", name)
    assert (reaction.text, reaction.reply_to) == ("👍", name)


async def test_the_bot_quotes_marks_and_takes_back(side: BotSide, noa: Friend) -> None:
    """What a line needs: an answer to a message, a sign that it arrived, and deleting what the bot wrote."""
    moment = await noa.send("hi")
    await side.hears(lambda one: isinstance(one, Text))
    name = await named(side, noa, SendMessage(text=Rich("an answer"), reply_to=f"t{moment}"))
    seen = await noa.sees("an answer")
    await side.transport.send(noa.uuid, MarkDelivered(message_id=f"t{moment}"))
    mark = await noa.sees_reaction(moment)
    await side.transport.send(noa.uuid, DeleteMessages(message_ids=(name, f"t{moment}")))

    await noa.sees_deleted(seen.id)
    assert (seen.quoted, mark) == (moment, "👌")


async def test_an_edit_keeps_the_name(side: BotSide, noa: Friend) -> None:
    """A message that is edited twice is the same message."""
    name = await named(side, noa)
    first = await noa.sees("שלום")
    for words in ("once", "twice"):
        receipt = await side.transport.send(noa.uuid, EditMessage(message_id=name, text=Rich(words)))
        assert receipt.message_id == name
        assert (await noa.sees(words)).edits == first.id


async def test_an_edit_of_theirs_is_read(side: BotSide, noa: Friend) -> None:
    """With the name of what it changes."""
    moment = await noa.send("typo hre")
    await noa.edit(moment, "typo here")

    edited = await side.hears(lambda one: isinstance(one, Edited))
    assert isinstance(edited, Edited)
    assert (edited.text, edited.message_id) == ("typo here", f"t{moment}")


async def test_a_photo_comes_and_is_passed_on(side: BotSide, noa: Friend) -> None:
    """It is fetched from the daemon, and goes out again under the bot's name."""
    await noa.attach(PNG, "image/png", text="look")
    photo = await side.hears(lambda one: isinstance(one, Media))
    assert isinstance(photo, Media)
    assert photo.file
    content = await side.transport.fetch(photo.file)
    passed_on = SendMedia(media=MediaKind.PHOTO, source=Platform.SIGNAL, file=photo.file)
    await side.transport.send(noa.uuid, passed_on, content=content)

    seen = await noa.sees("\ufffc")
    assert (photo.caption, content) == ("look", PNG)
    assert await noa.file(seen.files[0]) == PNG


async def test_a_file_goes_out_with_its_name(side: BotSide, noa: Friend) -> None:
    """A page to print, or a date for a calendar."""
    await side.transport.send(
        noa.uuid, SendFile(name="page.pdf", content=b"%PDF-1.4 a", caption=Rich("here"))
    )
    seen = await noa.sees("here")

    assert (seen.files[0]["contentType"], seen.files[0]["filename"]) == ("application/pdf", "page.pdf")
    assert await noa.file(seen.files[0]) == b"%PDF-1.4 a"


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (428, {"token": "tok-123", "options": ["captcha"]}, FailureKind.CHALLENGED),
        (413, None, FailureKind.RATE_LIMITED),
        (429, None, FailureKind.RATE_LIMITED),
    ],
)
async def test_a_refusal_has_the_pipelines_name(
    lab: Lab, side: BotSide, noa: Friend, status: int, body: object, wanted: FailureKind
) -> None:
    """What the service says is one of the kinds that `retry` decides by; the next message goes out."""
    await lab.faults({"match": "PUT /v1/messages", "status": status, "body": body})

    assert (await failure(side, noa)).kind is wanted
    await lab.faults()
    await named(side, noa)
    await noa.sees("שלום")


async def test_who_is_not_registered_is_unreachable(side: BotSide) -> None:
    """No fault of the words."""
    with pytest.raises(SendFailed) as caught:
        await side.transport.send(NOBODY, HELLO)

    assert caught.value.failure.kind is FailureKind.UNREACHABLE


async def test_without_a_network_nothing_was_sent(lab: Lab, side: BotSide, noa: Friend) -> None:
    """It is told at once, and may be sent again; what others wrote meanwhile comes afterwards."""
    await named(side, noa)
    await lab.network(up=False)
    failed = await failure(side, noa)
    await noa.send("hello?")
    await lab.network(up=True)

    assert failed.kind is FailureKind.NOT_SENT
    assert isinstance(await side.hears(lambda one: isinstance(one, Text)), Text)
    await named(side, noa)


async def test_a_new_phone_is_told(side: BotSide, noa: Friend) -> None:
    """Nothing goes to it, and nothing can be read that comes from it."""
    await noa.send("hi")
    await side.hears(lambda one: isinstance(one, Text))
    await named(side, noa)
    await noa.new_phone()
    await noa.send("from another phone")

    await asyncio.sleep(1)
    assert (await failure(side, noa)).kind is FailureKind.IDENTITY_CHANGED


async def test_a_daemon_that_went_comes_back(lab: Lab, side: BotSide, noa: Friend) -> None:
    """Meanwhile nothing was sent; afterwards both ways are open by themselves."""
    lab.daemon.kill()
    await noa.send("is anybody there?")
    failed = await failure(side, noa)
    lab.daemon.start()

    assert failed.kind in (FailureKind.UNREACHED, FailureKind.AMBIGUOUS)
    assert isinstance(await side.hears(lambda one: isinstance(one, Text)), Text)
    async with asyncio.timeout(SOON):
        while side.rpc.hello is None:  # noqa: ASYNC110 - it tells nobody when it is back
            await asyncio.sleep(0.1)
    await named(side, noa)
    await noa.sees("שלום")


async def test_its_socket_serves_as_well(lab: Lab, noa: Friend) -> None:
    """A daemon that only this machine can reach."""
    async with bot_side(lab.daemon.unix) as side:
        await named(side, noa)

    assert (await noa.sees("שלום")).text == "שלום 🙂"


async def test_a_copy_of_its_folder_is_the_account(lab: Lab, noa: Friend, tmp_path: Path) -> None:
    """Packed while it is stopped and unpacked again, as docs/signal.md says: chats go on, with no new safety number."""
    async with bot_side(lab.daemon.tcp) as side:
        await named(side, noa)
    await noa.sees("שלום")
    folder = lab.daemon.data
    await asyncio.to_thread(lab.daemon.stop)
    where = {"up": folder.parent, "name": folder.name, "copy": tmp_path / "copy"}
    for step in PACKED:
        ran = await asyncio.create_subprocess_shell(step.format(**where))
        assert await ran.wait() == 0
    mode = folder.stat().st_mode & 0o777
    await asyncio.to_thread(lab.daemon.start)
    async with bot_side(lab.daemon.tcp) as side:
        await noa.send("still here")
        said = await side.hears(lambda one: isinstance(one, Text))
        await named(side, noa)

    assert isinstance(said, Text)
    assert (mode, said.text) == (0o700, "still here")
    assert (await noa.sees("שלום")).text == "שלום 🙂"
