"""What a line of signal-cli says, by the lines that were recorded of one."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.incoming import (
    By,
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
    Text,
)
from bot.transports.signal.envelope import envelope, read
from bot.transports.signal.parts import parts
from tests.transports.signal.recorded import recorded

NOA = "21cca620-cf96-4bbc-af46-97a36a57f18d"
GROUP = "bm90IGEgcmVhbCBncm91cCBhdCBhbGwsIDMyIGJ5dGU="
LINES = recorded()


def photo(message_id: str, name: str, caption: str = "") -> Media:
    file = FileRef(file_id=name, size=77)
    return Media(media=MediaKind.PHOTO, message_id=message_id, file=file, caption=caption)


SAYS: dict[str, Happening] = {
    "untrusted_identity": IdentityChanged(),
    "delete": Deleted(message_id="t1795691844770"),
    "text": Text(text="שלום /start", message_id="t1795691844770"),
    "text_not_asked_for": Text(text="שלום /start", message_id="t1795691844770"),
    "quote_of_the_bot": Text(
        text="2",
        message_id="t1795691851384",
        reply_to="o1795691845089",
        quoted="1. הזכויות שלי\n2. לדבר עם אדם",
    ),
    "quote_of_oneself": Text(text="as I said", message_id="t1795691851437", reply_to="t1795691844770"),
    "styled": Text(text="bold and 🙂 plain", message_id="t1795691851541"),
    "reaction_to_the_bot": Text(
        text="👍", message_id="t1795691851638:r", reply_to="o1795691845089", by=By.SIGN
    ),
    "reaction_down": Text(text="👎", message_id="t1795691851861:r", reply_to="o1795691845089", by=By.SIGN),
    "image": photo("t1795691852222", "1507950d858d46a7bd3406b21f8c0059.png"),
    "image_with_words": photo("t1795691852437", "97176b6a29ec4bf7befe79c118e7b25e.png", "תמונה"),
    "two_files": photo("t1795691852665", "fb4cbe510148482884e2dc2c73682335.png", "two"),
    "audio": Media(
        media=MediaKind.VOICE,
        message_id="t1795691852809",
        file=FileRef(file_id="9094db01ef2748fe912aa67f91740d50.aac", size=140),
    ),
    "view_once": Media(media=MediaKind.PHOTO, message_id="t1795691852993"),
    "mention": Text(text="hi X there", message_id="t1795691853238"),
    "link_preview": Text(text="see https://example.org now", message_id="t1795691853338"),
    "text_before_edit": Text(text="typo hre", message_id="t1795691853440"),
    "edit": Edited(text="typo here", message_id="t1795691853440", renamed="t1795691853549"),
    "edit_of_an_edit": Edited(text="typo here again", message_id="t1795691853549", renamed="t1795691853745"),
    "text_that_expires": Text(text="goes in a day", message_id="t1795691872779"),
    "edit_that_expires": Edited(
        text="goes in one day", message_id="t1795691872779", renamed="t1795691872930"
    ),
    "timer_set": ExpiryChanged(seconds=86_400),
    "timer_set_told_by_a_newer_daemon": ExpiryChanged(seconds=604_800),
    "several_lines": Text(text="שורה ראשונה\nשורה שנייה \u200f", message_id="t1795691873184"),
    "command": Command(name="start", argument="flyer7", message_id="t1795691873285"),
    "held_until_trusted": Text(text="from another phone", message_id="t1795692133479"),
    "text_of_a_newer_daemon": Text(text="שלום", message_id="t1795701845770"),
    "poll_vote": Text(text="2", message_id="t1795701848770:v", reply_to="o1795691845089", by=By.VOTE),
    "poll_of_theirs": Media(media=MediaKind.OTHER, message_id="t1795701850770"),
    "sticker": Media(media=MediaKind.STICKER, message_id="t1795701852770"),
    "contact_card": Media(media=MediaKind.CONTACT, message_id="t1795701853770"),
    "story_reply": Text(text="hi", message_id="t1795701854770"),
    "deleted_by_an_admin": GroupContact(chat_id=GROUP),
    "group_text": GroupContact(chat_id=GROUP),
    "group_changed": GroupContact(chat_id=GROUP),
}
LONG = {"long_text", "long_text_of_a_newer_daemon"}


def data(**fields: object) -> bytes:
    """A message with these fields."""
    timestamp = 1795691844770
    said = {
        "sourceUuid": NOA,
        "timestamp": timestamp,
        "dataMessage": {"timestamp": timestamp, "message": None, **fields},
    }
    return orjson.dumps({"params": {"envelope": said}})


@pytest.mark.parametrize("kind", sorted(set(LINES) - LONG))
def test_each_kind_says_what_it_says(kind: str) -> None:
    """Words, files, answers; what is not in the table asks for nothing."""
    assert read(LINES[kind]).happening == SAYS.get(kind, Ignored())


@pytest.mark.parametrize("kind", sorted(LINES))
def test_each_kind_has_an_outside(kind: str) -> None:
    """It is the person's where it says something, the group's where it comes from one, else nobody's."""
    found, happening = envelope(LINES[kind]), SAYS.get(kind, Ignored())
    if kind in LONG:
        happening = read(LINES[kind]).happening

    whose = {Ignored: None, GroupContact: GROUP}.get(type(happening), NOA)
    assert found.routing_id == whose
    assert found.external_id.startswith((f"{NOA}:", "ac887872-8483-4c24-bba6-ddaa14247c23:"))


def test_the_words_and_their_withheld_shadow_have_two_names() -> None:
    """First a line says that they can't be read, later the same message comes whole: it must not look like a copy."""
    names = {envelope(LINES[kind]).external_id for kind in ("untrusted_identity", "held_until_trusted")}

    assert len(names) == 2


def test_however_it_is_told_it_has_one_name() -> None:
    """With a subscription and without one, and in capitals."""
    told = {"text", "text_not_asked_for"}

    assert len({envelope(LINES[kind]) for kind in told}) == 1
    assert envelope(LINES["text"].replace(NOA.encode(), NOA.upper().encode())) == envelope(LINES["text"])
    stream = json.dumps(json.loads(LINES["text"])["params"]["result"]).encode()
    assert envelope(stream) == envelope(LINES["text"])


def test_the_time_of_writing_is_signals() -> None:
    """When it got there, which an outage of ours does not move."""
    written_at = read(LINES["text"]).written_at

    assert written_at is not None
    assert written_at.isoformat() == "2026-11-26T11:17:24.890000+00:00"


def test_a_long_text_comes_whole_from_a_newer_daemon() -> None:
    """From one before 0.14 it comes cut, and shows that it does."""
    cut, whole = (read(LINES[kind]).happening for kind in sorted(LONG))

    assert isinstance(cut, Text)
    assert isinstance(whole, Text)
    assert cut.text == whole.text[: len(cut.text) - 1] + "…"
    assert len(whole.text.encode()) == 2700


@pytest.mark.parametrize(
    ("fields", "happening"),
    [
        ({"message": "hi \ufffc"}, Text(text="hi @", message_id="t1795691844770")),
        ({"message": "/Menu"}, Command(name="menu", argument="", message_id="t1795691844770")),
        ({"message": " /menu\n"}, Command(name="menu", argument="", message_id="t1795691844770")),
        ({"message": "\u200f/close\u200f"}, Command(name="close", argument="", message_id="t1795691844770")),
        ({"message": ""}, Ignored()),
        ({"payment": {"note": "n"}}, Media(media=MediaKind.OTHER, message_id="t1795691844770")),
        ({"message": "hi", "somethingNew": {"a": 1}}, Text(text="hi", message_id="t1795691844770")),
        ({"message": "hi", "quote": {"id": "x"}}, Text(text="hi", message_id="t1795691844770")),
        ({"groupInfo": {"groupId": None}, "message": "hi"}, Text(text="hi", message_id="t1795691844770")),
        ({"reaction": {"emoji": "👍"}}, Ignored()),
        ({"pollVote": {"optionIndexes": [1]}}, Ignored()),
        (
            {"attachments": [{"contentType": "video/mp4", "id": "v"}]},
            Media(media=MediaKind.VIDEO, message_id="t1795691844770"),
        ),
        (
            {"attachments": [{"contentType": "text/vcard", "id": "v"}, None]},
            Media(media=MediaKind.FILE, message_id="t1795691844770"),
        ),
        (
            {"attachments": [{"contentType": "image/png"}]},
            Media(media=MediaKind.PHOTO, message_id="t1795691844770"),
        ),
    ],
)
def test_other_messages(fields: dict[str, Any], happening: Happening) -> None:
    """What was not recorded, and what no daemon should say."""
    assert read(data(**fields)).happening == happening


def test_an_edit_of_what_has_no_name_is_nothing() -> None:
    """Nobody knows what it changes."""
    said = {"sourceUuid": NOA, "timestamp": 1795691844770, "editMessage": {"dataMessage": {}}}

    assert read(orjson.dumps({"envelope": said})).happening == Ignored()


def test_an_edit_in_a_group_is_the_groups() -> None:
    """There nothing is answered."""
    edit = {"targetSentTimestamp": 1795691844770, "dataMessage": {"groupInfo": {"groupId": GROUP}}}
    said = {"sourceUuid": NOA, "timestamp": 1795691844771, "editMessage": edit}

    assert read(orjson.dumps({"envelope": said})).happening == GroupContact(chat_id=GROUP)


@pytest.mark.parametrize("source", [None, "", "+15550100002", "PNI:21cca620-cf96-4bbc-af46-97a36a57f18d"])
def test_who_has_no_uuid_is_nobody(source: str | None) -> None:
    """A number is nobody's name here; what they wrote can't be answered."""
    said = {"sourceUuid": source, "timestamp": 1795691844770, "dataMessage": {"message": "hi"}}
    raw = orjson.dumps({"envelope": said})

    assert envelope(raw).routing_id is None
    assert envelope(raw).external_id.startswith("sha256:")
    assert read(raw).happening == Ignored()


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"params":{"result":{}}}', b'{"envelope":1}'])
def test_what_is_no_envelope_is_refused(raw: bytes) -> None:
    """With the port's one error."""
    with pytest.raises(ValueError):  # noqa: PT011  the port's one error
        read(raw)


NAMES = st.sampled_from(
    sorted(
        {
            name
            for line in LINES.values()
            for name in line.decode().replace(":", '"').split('"')
            if name.isidentifier()
        }
    )
)
VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5) | st.just(NOA)
TREES = st.recursive(
    VALUES, lambda part: st.lists(part, max_size=3) | st.dictionaries(NAMES, part, max_size=6)
)


def _held(envelope: bytes) -> None:
    with suppress(ValueError):
        read(envelope)


@given(st.binary() | TREES.map(orjson.dumps))
def test_no_line_breaks_the_reader(raw: bytes) -> None:
    """Nothing but ValueError from reading, and an outside always."""
    assert isinstance(envelope(raw), Envelope)
    _held(raw)


@given(
    st.dictionaries(NAMES, TREES, max_size=6), st.sampled_from(["dataMessage", "editMessage", "newMessage"])
)
def test_no_message_breaks_the_reader(fields: dict[str, Any], kind: str) -> None:
    """Whatever is in a message of a known sender, it is read, or asks for nothing."""
    said = {"sourceUuid": NOA, "timestamp": 1795691844770, kind: fields}

    read(orjson.dumps({"envelope": said}))
    assert isinstance(envelope(orjson.dumps({"envelope": said})), Envelope)


def test_several_files_are_several_messages() -> None:
    """Each a line of its own with a name of its own; the words and what they answer stay with the first."""
    first, second = parts(LINES["two_files"])
    whole = SAYS["two_files"]

    assert isinstance(whole, Media)
    assert read(first).happening == replace(whole, album="t1795691852665")
    assert read(second).happening == Media(
        media=MediaKind.FILE, message_id="t1795691852665:2", album="t1795691852665"
    )
    names = [envelope(line).external_id for line in (first, second)]
    assert names == [f"{NOA}:1795691852665:data", f"{NOA}:1795691852665:data.2"]
    assert envelope(first) == envelope(LINES["two_files"])


@pytest.mark.parametrize("kind", sorted(set(LINES) - {"two_files"}))
def test_everything_else_is_one_line(kind: str) -> None:
    """As it came; the rest of a long text is no file."""
    assert parts(LINES[kind]) == [LINES[kind]]


@given(st.binary() | TREES.map(orjson.dumps))
def test_no_line_breaks_the_parting(raw: bytes) -> None:
    """Whatever it is, there is something to store."""
    assert parts(raw)


@given(st.lists(TREES, max_size=4), st.booleans())
def test_no_list_of_files_breaks_it(files: list[Any], subscribed: bool) -> None:
    """Whatever stands there, each line can be read, and has its own name."""
    said = {"sourceUuid": NOA, "timestamp": 1795691844770, "dataMessage": {"attachments": files}}
    result = {"envelope": said}
    found = parts(orjson.dumps({"params": {"result": result} if subscribed else result}))

    assert len({envelope(line).external_id for line in found}) == len(found)
    for line in found:
        read(line)


def test_a_person_is_a_code_of_signals_never_a_number_or_a_name() -> None:
    """Also where the daemon knows both: nothing of them gets into what the bot reads."""
    line = orjson.loads(LINES["text"])
    line["params"]["result"]["envelope"] |= {
        "source": "+15550100777",
        "sourceNumber": "+15550100777",
        "sourceName": "Noa",
    }
    told = orjson.dumps(line)

    assert envelope(told).routing_id == NOA
    assert not any(word in f"{envelope(told)} {read(told)}" for word in ("15550100777", "Noa"))


@pytest.mark.parametrize(
    ("fields", "happening"),
    [
        ({"expiresInSeconds": 3600, "viewOnce": False}, ExpiryChanged(seconds=3600)),
        ({"expiresInSeconds": 0, "viewOnce": False}, Ignored()),
        ({"expiresInSeconds": 0, "isExpirationUpdate": True}, ExpiryChanged(seconds=0)),
        ({"expiresInSeconds": 3600, "isExpirationUpdate": False}, Ignored()),
        ({"expiresInSeconds": 3600, "payment": None}, Ignored()),
        ({"expiresInSeconds": True, "isExpirationUpdate": True}, Ignored()),
        ({"isExpirationUpdate": True}, Ignored()),
    ],
)
def test_a_change_of_the_timer_is_told_from_other_things_without_words(
    fields: dict[str, object], happening: Happening
) -> None:
    """An older daemon has no name for it; that it was turned off shows there in the next message."""
    assert read(data(**fields)).happening == happening


@pytest.mark.parametrize(
    ("fields", "expiry"),
    [
        ({"message": "hi", "expiresInSeconds": 0}, 0),
        ({"message": "hi", "expiresInSeconds": 3600}, 3600),
        ({"message": "/menu", "expiresInSeconds": 3600}, 3600),
        ({"message": "hi", "expiresInSeconds": -1}, None),
        ({"message": "hi"}, None),
        ({"expiresInSeconds": 3600, "remoteDelete": {"timestamp": 1795691844770}}, None),
    ],
)
def test_words_tell_after_how_long_they_disappear(fields: dict[str, object], expiry: int | None) -> None:
    """What has none says nothing of it."""
    assert read(data(**fields)).expiry == expiry


def test_a_reaction_tells_nothing_of_the_timer() -> None:
    """Apps send it without one."""
    assert read(LINES["reaction_to_the_bot"]).expiry is None
