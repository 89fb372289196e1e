"""What is read out of a message: its words, which file to fetch, what it answers. Of all else nothing is even known.

Every field that the Bot API gives a message is filled with marks, beside words, under a photo and under a voice
message, as new and as edited. How it goes on from here is held by tests/contract/test_line_leak.py.
"""

from typing import Any

import pytest

from bot.model.incoming import FileRef, Ignored, Media, MediaKind, Text
from bot.transports.telegram.update import read
from tests.bot_api import Marked, every_field
from tests.transports.telegram.double import message, raw

FILE = {"file_id": "file-1", "file_size": 9}
SAID: dict[str, dict[str, Any]] = {
    "words": {"text": "hello"},
    "photo": {"photo": [FILE], "caption": "hello"},
    "voice": {"voice": {**FILE, "duration": 2}, "caption": "hello"},
}
FIELDS = every_field()
WHAT_IS_SAID = ("text", "photo", "voice")


def sender(marked: Marked) -> dict[str, Any]:
    """Somebody with a name."""
    return {
        "id": 1001,
        "is_bot": False,
        "language_code": "he",
        **{name: marked.word() for name in ("first_name", "last_name", "username")},
    }


@pytest.mark.parametrize("kind", ["message", "edited_message"])
@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize(("name", "choice"), [one for one in FIELDS if one[0] not in WHAT_IS_SAID], ids=str)
def test_nothing_but_what_was_said_is_read(name: str, choice: int, said: str, kind: str) -> None:
    """Whatever stands beside it."""
    marked = Marked()
    content = {**SAID[said], "from": sender(marked)}
    if name not in content:
        content[name] = marked.field(name, choice)
    read_as = repr(read(raw(kind, message(**content))))
    known = {word for word in marked.marks if word in read_as}
    named = {str(content.get("media_group_id")), str(content.get("caption"))}
    answered = content.get("reply_to_message")

    assert known <= named | ({str(answered["message_id"])} if answered else set())


@pytest.mark.parametrize(("name", "choice"), FIELDS, ids=str)
def test_no_other_content_has_a_file_to_fetch(name: str, choice: int) -> None:
    """Only a photo and a voice message have one; the others are known by their kind."""
    marked = Marked()
    happening = read(raw("message", message(**{name: marked.field(name, choice)}))).happening

    if isinstance(happening, Media) and happening.media not in (MediaKind.PHOTO, MediaKind.VOICE):
        assert happening.file is None
    assert isinstance(happening, Ignored | Media | Text)


def test_what_is_forwarded_is_nothing_but_forwarded() -> None:
    """No caption, no file: it is somebody else's."""
    content = {**SAID["photo"], "forward_origin": Marked().field("forward_origin")}

    assert read(raw("message", message(**content))).happening == Media(
        media=MediaKind.FORWARD, message_id="17"
    )


def test_who_is_mentioned_is_not_read() -> None:
    """An entity can name an account that the words do not show."""
    user = {"id": 4711, "is_bot": False, "first_name": "Secret"}
    entity = {"type": "text_mention", "offset": 0, "length": 5, "user": user}
    written = read(raw("message", message(text="hello", entities=[entity]))).happening
    shown = read(raw("message", message(photo=[FILE], caption="hello", caption_entities=[entity]))).happening

    assert written == Text(text="hello", message_id="17")
    assert shown == Media(
        media=MediaKind.PHOTO, message_id="17", file=FileRef(file_id="file-1", size=9), caption="hello"
    )
