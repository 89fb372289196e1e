"""What raw updates say, held to python-telegram-bot's reading of the same bytes."""

from contextlib import suppress
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update
from telegram.constants import MessageType

from bot.model.incoming import (
    Command,
    Deleted,
    Edited,
    Envelope,
    ExpiryChanged,
    FileRef,
    GroupContact,
    Happening,
    IdentityChanged,
    Ignored,
    Media,
    MediaKind,
    Press,
    Reachability,
    Text,
)
from bot.model.text import Rich, Span, Style
from bot.transports.telegram.content import MEDIA, SERVICE
from bot.transports.telegram.update import ALLOWED_UPDATES, envelope, read
from tests.transports.telegram.double import BOT, GROUP, PERSON, PRIVATE, membership, message, press, raw

FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
VIDEO = {**FILE, "width": 1, "height": 1, "duration": 1}
STICKER = {
    **FILE,
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
}
HIDDEN = {"type": "hidden_user", "date": 1_780_000_000, "sender_user_name": "Somebody"}
PLACE = {"latitude": 32.0, "longitude": 34.8}
CHANNEL = {"id": -100300, "type": "channel", "title": "Channel"}
BOT_MESSAGE = {
    "message_id": 18,
    "from": BOT,
    "chat": PRIVATE,
    "date": 1_780_000_000,
    "text": "🙂 choose",
    "entities": [{"type": "bold", "offset": 3, "length": 6}],
}


def keyboard(data: str) -> dict[str, Any]:
    """A keyboard of one button."""
    return {"inline_keyboard": [[{"text": "I'm coming", "callback_data": data}]]}


SHOWN = Rich("🙂 choose", (Span(start=2, length=6, style=Style.BOLD),))


PICTURE = FileRef(file_id="f")
SIZES = [
    {**PHOTO[0], "file_id": "small", "file_size": 900},
    {**PHOTO[0], "file_id": "large", "file_size": 90_000},
    {**PHOTO[0], "file_id": "huge", "file_size": 11 * 2**20},
]


def media(kind: MediaKind, album: str | None = None, file: FileRef | None = None, caption: str = "") -> Media:
    """Something in message 17."""
    return Media(media=kind, message_id="17", album=album, file=file, caption=caption)


CASES: list[tuple[str, dict[str, Any], Happening]] = [
    ("message", message(text="שלום"), Text(text="שלום", message_id="17")),
    (
        "message",
        message(text="bold", entities=[{"type": "bold", "offset": 0, "length": 4}]),
        Text(text="bold", message_id="17"),
    ),
    ("message", message(text="hi", via_bot=BOT), Text(text="hi", message_id="17")),
    (
        "message",
        message(text="2", reply_to_message=BOT_MESSAGE),
        Text(text="2", message_id="17", reply_to="18"),
    ),
    (
        "message",
        message(text="2", reply_to_message={**BOT_MESSAGE, "reply_markup": keyboard("n1:41:coming")}),
        Text(text="2", message_id="17", reply_to="18", quoted="n1:41:coming"),
    ),
    (
        "message",
        message(text="2", reply_to_message={**BOT_MESSAGE, "reply_markup": keyboard("v1:n0000001:tea")}),
        Text(text="2", message_id="17", reply_to="18"),
    ),
    (
        "message",
        message(text="2", reply_to_message={**BOT_MESSAGE, "reply_markup": {"inline_keyboard": []}}),
        Text(text="2", message_id="17", reply_to="18"),
    ),
    ("message", message(text="hi", forward_origin=HIDDEN), media(MediaKind.FORWARD)),
    ("message", message(photo=PHOTO, forward_origin=HIDDEN), media(MediaKind.FORWARD)),
    ("message", message(story={"chat": CHANNEL, "id": 3}), media(MediaKind.FORWARD)),
    ("message", message(photo=PHOTO, caption="/start x"), media(MediaKind.PHOTO, None, PICTURE, "/start x")),
    ("message", message(photo=PHOTO, media_group_id="9"), media(MediaKind.PHOTO, "9", PICTURE)),
    (
        "message",
        message(photo=SIZES),
        media(MediaKind.PHOTO, None, FileRef(file_id="large", size=90_000)),
    ),
    (
        "message",
        message(photo=SIZES[2:]),
        media(MediaKind.PHOTO, None, FileRef(file_id="huge", size=11 * 2**20)),
    ),
    (
        "message",
        message(voice={**FILE, "duration": 4, "file_size": 8000}, reply_to_message=BOT_MESSAGE),
        Media(
            media=MediaKind.VOICE,
            message_id="17",
            file=FileRef(file_id="f", size=8000, seconds=4),
            reply_to="18",
        ),
    ),
    ("message", message(video=VIDEO), media(MediaKind.VIDEO)),
    ("message", message(video_note={**FILE, "length": 1, "duration": 1}), media(MediaKind.VIDEO)),
    ("message", message(animation=VIDEO, document=FILE), media(MediaKind.VIDEO)),
    (
        "message",
        message(voice={**FILE, "duration": 1}),
        media(MediaKind.VOICE, None, FileRef(file_id="f", seconds=1)),
    ),
    ("message", message(audio={**FILE, "duration": 1}), media(MediaKind.FILE)),
    ("message", message(document=FILE), media(MediaKind.FILE)),
    ("message", message(sticker=STICKER), media(MediaKind.STICKER)),
    ("message", message(contact={"phone_number": "+1", "first_name": "A"}), media(MediaKind.CONTACT)),
    ("message", message(location=PLACE), media(MediaKind.LOCATION)),
    (
        "message",
        message(venue={"location": PLACE, "title": "t", "address": "a"}, location=PLACE),
        media(MediaKind.LOCATION),
    ),
    ("message", message(dice={"value": 3, "emoji": "🎲"}), media(MediaKind.OTHER)),
    ("message", message(), media(MediaKind.OTHER)),
    ("message", message(pinned_message=BOT_MESSAGE), Ignored()),
    ("message", message(write_access_allowed={}), Ignored()),
    ("message", message({**GROUP}, text="hi"), GroupContact(chat_id="-100200")),
    ("message", message({**GROUP}, new_chat_members=[BOT]), GroupContact(chat_id="-100200")),
    ("message", message({**GROUP}, left_chat_member=BOT), Ignored()),
    ("message", message({"id": -5, "type": "group", "title": "G"}, migrate_to_chat_id=-1006), Ignored()),
    ("message", message({**GROUP}, migrate_from_chat_id=-5), GroupContact(chat_id="-100200")),
    ("message", message(text="hi") | {"from": BOT}, Ignored()),
    ("edited_message", message(text="new", edit_date=1_780_000_001), Edited(text="new", message_id="17")),
    ("edited_message", message(location=PLACE, edit_date=1_780_000_001), Ignored()),
    (
        "edited_message",
        message(photo=PHOTO, caption="new", edit_date=1_780_000_001),
        Edited(text="new", message_id="17", media=MediaKind.PHOTO),
    ),
    (
        "edited_message",
        message(photo=PHOTO, edit_date=1_780_000_001),
        Edited(text="", message_id="17", media=MediaKind.PHOTO),
    ),
    ("edited_message", message(dice={"value": 3, "emoji": "🎲"}), Ignored()),
    ("edited_message", message({**GROUP}, text="new", edit_date=1_780_000_001), Ignored()),
    ("callback_query", press(BOT_MESSAGE), Press(data="v1:abc:yes", message_id="18", shown=SHOWN)),
    (
        "callback_query",
        press({"chat": PRIVATE, "message_id": 18, "date": 0}),
        Press(data="v1:abc:yes", message_id="18", shown=None),
    ),
    ("callback_query", press(BOT_MESSAGE, data=None), Press(data="", message_id="18", shown=SHOWN)),
    ("callback_query", press({**BOT_MESSAGE, "chat": GROUP}), GroupContact(chat_id="-100200")),
    ("callback_query", press(None), Ignored()),
    ("my_chat_member", membership("kicked", until_date=0), Reachability(reachable=False)),
    ("my_chat_member", membership("member"), Reachability(reachable=True)),
    ("my_chat_member", membership("left"), Ignored()),
    ("my_chat_member", membership("member", GROUP), GroupContact(chat_id="-100200")),
    ("my_chat_member", membership("left", GROUP), Ignored()),
    ("my_chat_member", membership("kicked", GROUP, until_date=0), Ignored()),
    ("message_reaction", {"chat": PRIVATE, "message_id": 17, "user": PERSON, "date": 1}, Ignored()),
    ("channel_post", {"message_id": 1, "chat": CHANNEL, "date": 1, "text": "news"}, Ignored()),
    ("a_kind_of_next_year", {"chat": PRIVATE}, Ignored()),
]


@pytest.mark.parametrize(("kind", "body", "happening"), CASES)
def test_an_update_is_read(kind: str, body: dict[str, Any], happening: Happening) -> None:
    """Each kind of update gives its one happening."""
    assert read(raw(kind, body)).happening == happening


@pytest.mark.parametrize(
    ("kind", "body", "happening"), [case for case in CASES if case[0] in ALLOWED_UPDATES]
)
def test_the_library_reads_the_same(kind: str, body: dict[str, Any], happening: Happening) -> None:
    """Our examples have no field that python-telegram-bot does not know, and it finds the same in them."""
    update = Update.de_json(orjson.loads(raw(kind, body)), None)
    outside = envelope(raw(kind, body))
    assert str(update.update_id) == outside.external_id
    assert not update.api_kwargs
    assert not getattr(update, kind).api_kwargs
    chat, user = update.effective_chat, update.effective_user
    is_bot = user is not None and user.is_bot
    assert outside.routing_id == (str(chat.id) if chat is not None and not is_bot else None)
    assert outside.press_id == (update.callback_query.id if update.callback_query else None)
    _compare(update, happening)


def _compare(update: Update, happening: Happening) -> None:
    found = update.effective_message
    match happening:
        case Text(text=text, message_id=message_id) | Edited(text=text, message_id=message_id):
            assert found is not None
            assert (text, message_id) == (found.text or found.caption or "", str(found.message_id))
        case Media(message_id=message_id):
            assert found is not None
            assert message_id == str(found.message_id)
        case Press(data=data, message_id=message_id, shown=shown):
            assert update.callback_query is not None
            query = update.callback_query
            assert query.message is not None
            assert (data, message_id) == (query.data or "", str(query.message.message_id))
            assert (shown is not None) is query.message.is_accessible
        case Reachability(reachable=reachable):
            assert update.my_chat_member is not None
            assert reachable is (update.my_chat_member.new_chat_member.status == "member")
        case GroupContact(chat_id=chat_id):
            assert update.effective_chat is not None
            assert chat_id == str(update.effective_chat.id)
        case Command() | Deleted() | IdentityChanged() | ExpiryChanged() | Ignored():
            pass


# Fields of the library's list that say something about a message and are not its content.
NOT_CONTENT = {
    "business_connection_id",
    "effect_id",
    "reply_to_story",
    "sender_boost_count",
    "sender_business_bot",
    "suggested_post_info",
    "text",
}
ANSWERED = {"checklist", "dice", "game", "giveaway", "giveaway_winners", "invoice", "paid_media", "poll"}


def test_every_kind_of_message_has_its_place() -> None:
    """All kinds of Bot API 10.0: taken as media, known as nobody's message, or answered as something else."""
    known = {kind.value for kind in MessageType}
    assert known - NOT_CONTENT - ANSWERED == (set(MEDIA) | SERVICE) & known
    assert (set(MEDIA) | SERVICE) - known == {"migrate_from_chat_id"}


COMMANDS: list[tuple[str, Text | Command]] = [
    ("/start", Command(name="start", argument="", message_id="17")),
    ("/start flyer7", Command(name="start", argument="flyer7", message_id="17")),
    ("/start@the_bot flyer7", Command(name="start", argument="flyer7", message_id="17")),
    ("/Start@the_bot", Command(name="start", argument="", message_id="17")),
    ("/delete_me\n yes, please \n", Command(name="delete_me", argument="yes, please", message_id="17")),
    ("/stop ", Command(name="stop", argument="", message_id="17")),
    ("/עזרה", Text(text="/עזרה", message_id="17")),
    ("/", Text(text="/", message_id="17")),
    ("/home/me", Text(text="/home/me", message_id="17")),
    ("/" + "a" * 33, Text(text="/" + "a" * 33, message_id="17")),
    ("please /stop", Text(text="please /stop", message_id="17")),
    (" /stop", Text(text=" /stop", message_id="17")),
]


@pytest.mark.parametrize(("text", "happening"), COMMANDS)
def test_a_command_is_a_slash_and_a_latin_name_at_the_start(text: str, happening: Text | Command) -> None:
    """Case and the bot's name don't matter; a Hebrew word after a slash is text."""
    assert read(raw("message", message(text=text))).happening == happening


def test_the_language_of_the_app_comes_along() -> None:
    """From messages, presses and memberships, and it may be missing."""
    bodies = (("message", message(text="hi")), ("callback_query", press(BOT_MESSAGE)))
    for kind, body in (*bodies, ("my_chat_member", membership("member"))):
        assert read(raw(kind, body)).language_code == "he"
        silent = body | {"from": {**PERSON, "language_code": ""}}
        assert read(raw(kind, silent)).language_code is None


def test_a_press_in_a_group_can_be_acknowledged() -> None:
    """The spinner stops, and the group is known so that it can be left."""
    expected = Envelope(external_id="900", routing_id="-100200", press_id="q1")
    assert envelope(raw("callback_query", press({**BOT_MESSAGE, "chat": GROUP}))) == expected


BROKEN = [
    b"",
    b"nonsense",
    b"\xff\xfe",
    b"[1]",
    b"null",
    b'{"update_id":900,"message":5}',
    b'{"update_id":900,"message":{}}',
    b'{"update_id":900,"message":{"chat":{"type":"private"},"text":"hi"}}',
    b'{"update_id":900,"message":{"chat":{"type":"private","id":true},"message_id":1,"text":"hi"}}',
    b'{"update_id":900,"message":{"chat":{"type":"private","id":7},"text":"hi"}}',
    b'{"update_id":900,"callback_query":{"message":[]}}',
    b'{"update_id":900,"my_chat_member":{"chat":{"id":7,"type":"private"}}}',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_an_update_of_another_shape_is_a_value_error(broken: bytes) -> None:
    """The pipeline makes a dead letter of it and goes on."""
    with pytest.raises(ValueError, match=r"."):
        read(broken)


@pytest.mark.parametrize("broken", BROKEN[5:])
def test_a_broken_update_keeps_its_id(broken: bytes) -> None:
    """Telling redeliveries apart needs no more than the number."""
    assert envelope(broken).external_id == "900"


@pytest.mark.parametrize("garbage", [*BROKEN[:5], b'{"update_id":true}', b'{"update_id":"1"}', b"{}"])
def test_garbage_is_known_by_its_hash(garbage: bytes) -> None:
    """The same bytes are the same update, other bytes another."""
    outside = envelope(garbage)
    assert outside == envelope(bytes(garbage))
    assert outside.external_id.startswith("sha256:")
    assert outside.external_id != envelope(garbage + b" ").external_id
    assert outside.routing_id is None


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["message", "chat", "from", "id", "message_id", "text", "entities", "date", "data", "type", "status"]
shaped = st.recursive(
    anything | st.sampled_from(["private", "kicked", "/start", 7]),
    lambda inner: st.dictionaries(st.sampled_from([*FIELDS, "new_chat_member", "photo"]), inner, max_size=8),
    max_leaves=20,
)
updates = anything | st.dictionaries(st.sampled_from(["update_id", *ALLOWED_UPDATES]), shaped, max_size=3)


@given(st.binary(max_size=60) | updates.map(orjson.dumps))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    """`envelope` never raises, `read` raises ValueError or nothing, and where no chat is, nothing is said."""
    outside = envelope(data)
    try:
        happening = read(data).happening
    except ValueError:
        return
    if outside.routing_id is None:
        assert isinstance(happening, Ignored)


@given(st.sampled_from(CASES), st.data())
def test_a_real_update_with_one_broken_part_raises_nothing_else(
    case: tuple[str, dict[str, Any], Happening], data: st.DataObject
) -> None:
    """As Telegram might send it after a change we did not hear of."""
    kind, body, _ = case
    field = data.draw(st.sampled_from(sorted(body)))
    broken = raw(kind, body | {field: data.draw(anything)})
    assert envelope(broken).external_id == "900"
    with suppress(ValueError):
        read(broken)
