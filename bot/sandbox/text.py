"""What Telegram does to text before it becomes a message: cleaning, trimming, limits, entities.

Follows td/telegram/misc.cpp (``clean_input_string``) and MessageEntity.cpp (``fix_formatted_text``). Length
is counted in code points, entity offsets in UTF-16 units. Pure; called by ``posting`` and ``speaking``.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.refusal import bad_request
from bot.sandbox.words import words

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 32768
ENTITY_LIMIT = 100

Entity = dict[str, Any]

_ODD = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a\u200e\u200f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_MARK_RUN = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")
_URL = re.compile(r"https?://[^\s\u2066-\u2069<>\"]+[^\s\u2066-\u2069<>\".,;:!?)]")
_TRIMMED = " \n\t"
_ENTITY_TYPES = words(
    "bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link "
    "text_mention custom_emoji date_time mention hashtag cashtag bot_command url email phone_number"
)
# Telegram finds these by itself and drops the ones a caller sends along.
_FOUND_NOT_SENT = words("mention hashtag cashtag bot_command url email phone_number")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the measure of entity offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Delete, replace and fold the characters Telegram does not keep; ends are not trimmed."""
    if _ODD.search(text) is None:
        return text
    text = _CONTROL.sub(" ", _REMOVED.sub("", text))
    return _MARK_RUN.sub("\u200c", text)


def fix_text(text: str, entities: list[Entity], *, limit: int) -> tuple[str, list[Entity]]:
    """The text and entities a message ends up with, or Refusal.

    ``limit`` is in code points, after cleaning. Entities are moved with what was deleted before them.
    """
    if len(text) * 4 > RAW_LIMIT and len(text.encode()) > RAW_LIMIT:
        raise bad_request("text is too long")
    final = clean(text)
    start = len(final) - len(final.lstrip(_TRIMMED))
    final = final.strip(_TRIMMED)
    if len(final) > limit:
        raise bad_request("message is too long" if limit == TEXT_LIMIT else "message caption is too long")
    if entities:
        shift = utf16_length(clean(text)[:start])
        entities = _placed(text, final, entities, shift)
    return final, entities


def _placed(text: str, final: str, entities: list[Entity], trimmed: int) -> list[Entity]:
    end, moved = utf16_length(text), _kept_before(text)
    length = utf16_length(final)
    placed: list[Entity] = []
    for entity in entities:
        first, last = _span(entity, end)
        first = min(max(moved[first] - trimmed, 0), length)
        last = min(max(moved[last] - trimmed, 0), length)
        if last > first and entity["type"] not in _FOUND_NOT_SENT:
            placed.append({**entity, "offset": first, "length": last - first})
    placed.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return placed[:ENTITY_LIMIT]


def _span(entity: object, end: int) -> tuple[int, int]:
    if not isinstance(entity, dict) or entity.get("type") not in _ENTITY_TYPES:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: field offset and length must be of type Number")
    if offset < 0 or length < 0 or offset + length > end:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {end}"
        )
    return offset, offset + length


def _kept_before(text: str) -> list[int]:
    """For each UTF-16 offset of the raw text, how many units of cleaned text stand before it."""
    kept, count = [0], 0
    for char in text:
        gone = _REMOVED.match(char) is not None
        for _ in range(utf16_length(char)):
            count += 0 if gone else 1
            kept.append(count)
    return kept


def found_entities(text: str) -> list[Entity]:
    """Links and commands, which Telegram marks by itself."""
    links = [_entity("url", text, match) for match in _URL.finditer(text)]
    commands = [_entity("bot_command", text, match) for match in _COMMAND.finditer(text)]
    alone = [command for command in commands if not any(_overlap(command, link) for link in links)]
    return sorted(links + alone, key=lambda entity: int(entity["offset"]))


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


def _entity(kind: str, text: str, match: re.Match[str]) -> Entity:
    return {
        "type": kind,
        "offset": utf16_length(text[: match.start()]),
        "length": utf16_length(match.group()),
    }
