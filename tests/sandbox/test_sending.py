"""sendMessage, media, edits, deletes: what arrives on the phone and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
    TelegramObject,
)
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, Forbidden

from bot.sandbox import Emulator, Person
from bot.sandbox.editing import REACTIONS
from bot.sandbox.keyboard import check_markup
from bot.sandbox.refusal import Refusal


def keyboard(*labels: str, data: str = "x") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)] for label in labels])


def unknown_fields(thing: TelegramObject) -> list[str]:
    """Fields the library does not know, anywhere inside."""
    found = [f"{type(thing).__name__}.{name}" for name in thing.api_kwargs]
    for name in thing.__slots__:
        value = getattr(thing, name, None)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, TelegramObject):
                found += unknown_fields(one)
    return found


async def test_a_full_message_parses_strictly(bot: Bot, noa: Person) -> None:
    """Every field of a Message with everything on it is known to the library."""
    first = await noa.send("שלום")
    message = await bot.send_message(
        7,
        "טקסט מודגש https://example.org",
        entities=[MessageEntity(MessageEntity.BOLD, 0, 4)],
        reply_markup=InlineKeyboardMarkup(
            [
                [InlineKeyboardButton("כן", callback_data="y", style="success")],
                [
                    InlineKeyboardButton("link", url="https://example.org"),
                    InlineKeyboardButton("copy", copy_text=CopyTextButton("1201")),
                ],
            ]
        ),
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(first),
    )

    assert unknown_fields(message) == []
    assert message.has_protected_content
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "שלום"
    assert [entity.type for entity in message.entities] == ["bold", "url"]


async def test_the_phone_shows_what_was_sent(bot: Bot, noa: Person) -> None:
    """Text, buttons and protection reach the chat as they were sent."""
    sent = await bot.send_message(7, "לבחור", reply_markup=keyboard("כן", "לא"), protect_content=True)

    seen = noa.last
    assert (seen.message_id, seen.text, seen.labels) == (sent.message_id, "לבחור", ("כן", "לא"))
    assert seen.protected
    assert not seen.mine


async def test_message_ids_count_per_chat(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """Both sides of a chat share one count, and another chat has its own."""
    other = emulator.person(8, started=True)
    await noa.send("one")
    mine = await bot.send_message(noa.user_id, "two")
    theirs = await bot.send_message(other.user_id, "one")

    assert (mine.message_id, theirs.message_id) == (2, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Message text is empty"),
        (" \n\u202b ", "Text must be non-empty"),
        ("א" * 4097, "Message is too long"),
        ("א" * 16385, "Text is too long"),
    ],
)
async def test_text_that_can_not_be_sent(bot: Bot, noa: Person, text: str, reason: str) -> None:
    """Empty and too long texts are 400, and nothing is shown."""
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(7, text)

    assert noa.chat == []


@pytest.mark.parametrize("data", ["א" * 33, "x" * 65])
async def test_callback_data_has_64_bytes(bot: Bot, noa: Person, data: str) -> None:
    """Hebrew letters count two; more than 64 bytes are BUTTON_DATA_INVALID."""
    await bot.send_message(noa.user_id, "fits", reply_markup=keyboard("a", data="א" * 32))

    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(noa.user_id, "too long", reply_markup=keyboard("a", data=data))


@pytest.mark.parametrize("shape", [[9], [1] * 101], ids=["nine in a row", "a hundred and one"])
async def test_keyboards_are_limited(bot: Bot, noa: Person, shape: list[int]) -> None:
    """More than 8 buttons in a row or 100 in all are refused."""
    rows = [[InlineKeyboardButton("x", callback_data="x")] * width for width in shape]

    with pytest.raises(BadRequest, match="markup is too long"):
        await bot.send_message(noa.user_id, "x", reply_markup=InlineKeyboardMarkup(rows))


async def test_strangers_can_not_be_written_to(bot: Bot, emulator: Emulator) -> None:
    """Nobody known is "chat not found"; somebody who never pressed Start is 403."""
    emulator.person(99)

    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(98, "hi")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(99, "hi")


async def test_open_doors_let_the_bot_write_to_anybody(bot: Bot, emulator: Emulator) -> None:
    """With open doors every positive id is somebody who pressed Start."""
    emulator.world.open_doors = True

    await bot.send_message(12345, "hi")

    assert emulator.person(12345).last.text == "hi"


async def test_an_edit_replaces_text_and_keyboard(bot: Bot, noa: Person) -> None:
    """EditMessageText without a keyboard takes the old one away and marks the message as edited."""
    sent = await bot.send_message(7, "old", reply_markup=keyboard("a"))
    edited = await bot.edit_message_text("new", 7, sent.message_id)

    assert isinstance(edited, Message)
    assert edited.edit_date is not None
    assert (noa.last.text, noa.last.rows, noa.last.edited) == ("new", (), True)


async def test_the_same_edit_twice_is_not_modified(bot: Bot, noa: Person) -> None:
    """The second one is the 400 that means "already so", for text and for keyboards."""
    sent = await bot.send_message(noa.user_id, "old", reply_markup=keyboard("a"))

    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("old", 7, sent.message_id, reply_markup=keyboard("a"))
    await bot.edit_message_reply_markup(7, sent.message_id)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(7, sent.message_id)


async def test_only_own_existing_messages_can_be_edited(bot: Bot, noa: Person) -> None:
    """A person's message and a missing one are refused with Telegram's words."""
    theirs = await noa.send("mine")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", 7, theirs)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", 7, 999)


async def test_deletes_take_both_sides_messages_until_48_hours(
    bot: Bot, emulator: Emulator, noa: Person
) -> None:
    """Incoming ones too; after 48 hours nothing can be deleted."""
    theirs = await noa.send("secret")
    mine = await bot.send_message(7, "answer")
    await bot.delete_message(7, theirs)
    emulator.advance(48 * 3600)

    assert [message.text for message in noa.chat] == ["answer"]
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(7, mine.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(7, theirs)


async def test_many_deletes_skip_what_is_not_there(bot: Bot, noa: Person) -> None:
    """DeleteMessages takes up to 100 ids and ignores unknown ones."""
    ids = [(await bot.send_message(7, str(number))).message_id for number in range(3)]

    assert await bot.delete_messages(7, [*ids[:2], 77])
    assert [message.text for message in noa.chat] == ["2"]
    with pytest.raises(BadRequest, match="Too many"):
        await bot.delete_messages(7, list(range(1, 102)))


async def test_a_reply_to_nothing_is_refused_unless_allowed(bot: Bot, noa: Person) -> None:
    """allow_sending_without_reply sends it plain."""
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(7, "x", reply_parameters=ReplyParameters(50))
    await bot.send_message(7, "y", reply_parameters=ReplyParameters(50, allow_sending_without_reply=True))

    assert noa.last.reply_to is None


async def test_files_go_out_and_come_back(bot: Bot, noa: Person) -> None:
    """Uploaded bytes get a file id that can be downloaded and sent again."""
    photo = await bot.send_photo(7, b"pixels", caption="כיתוב", caption_entities=[])
    voice = await bot.send_voice(7, b"sound", duration=2)
    document = await bot.send_document(7, b"paper", filename="a.txt")
    again = await bot.send_photo(7, photo.photo[-1].file_id)
    file = await bot.get_file(photo.photo[-1].file_id)

    assert [unknown_fields(one) for one in (photo, voice, document, again)] == [[], [], [], []]
    assert bytes(await file.download_as_bytearray()) == b"pixels"
    assert [message.kind for message in noa.chat] == ["photo", "voice", "document", "photo"]
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_voice(7, "nothing")


async def test_reactions_are_telegrams_own(bot: Bot, noa: Person) -> None:
    """One of the free emoji is shown; anything else is REACTION_INVALID."""
    heard = await noa.send("hi")
    await bot.set_message_reaction(7, heard, "👍")

    assert noa.chat[0].reaction == "👍"
    assert {emoji.value.replace("\ufe0f", "") for emoji in ReactionEmoji} == REACTIONS
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(7, heard, "🪴")


async def test_what_is_not_simulated_is_refused(bot: Bot, noa: Person) -> None:
    """parse_mode would be silently wrong, so it is a 400."""
    with pytest.raises(BadRequest, match="does not simulate parse_mode"):
        await bot.send_message(noa.user_id, "<b>x</b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x"}, "text buttons are unallowed"),
        ({"text": " ", "callback_data": "x"}, "must be non-empty"),
        ({"callback_data": "x"}, "must be of type String"),
        ({"text": "x", "callback_data": "x", "url": "https://a.b"}, "text buttons are unallowed"),
        ({"text": "x", "callback_data": "x", "colour": "red"}, "unknown field colour"),
        ({"text": "x", "callback_data": "x", "style": "loud"}, "invalid button style"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "nowhere"}, "BUTTON_URL_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
def test_buttons_telegram_would_not_take(button: dict[str, Any], reason: str) -> None:
    """Each mistake in a button is told apart."""
    with pytest.raises(Refusal, match=reason):
        check_markup({"inline_keyboard": [[button]]})


@pytest.mark.parametrize("markup", [[], {"inline_keyboard": {}}, {"inline_keyboard": ["x"]}, {"rows": []}])
def test_markup_of_another_shape_is_refused(markup: object) -> None:
    """What is no reply markup is a 400."""
    with pytest.raises(Refusal, match="Bad Request"):
        check_markup(markup)


def test_an_empty_keyboard_is_no_keyboard() -> None:
    """Empty rows disappear, and so does a keyboard of nothing but them; other kinds of markup pass."""
    one = {"text": "x", "callback_data": "x"}

    assert check_markup({"inline_keyboard": [[], []]}) is None
    assert check_markup({"inline_keyboard": [[], [one]]}) == {"inline_keyboard": [[one]]}
    assert check_markup({"remove_keyboard": True}) is None
