"""The bot sends: texts, pictures, voice, files.

Each public method of ``Posting`` is one Bot API method: typed parameters in, the ``result`` out, or a Refusal
in Telegram's words. ``api`` has already checked the names of the parameters.
"""

from __future__ import annotations

from bot.sandbox.chat import Chat, Post, Wire
from bot.sandbox.decode import Params, Upload
from bot.sandbox.keyboard import check_markup
from bot.sandbox.refusal import bad_request, too_many_requests
from bot.sandbox.text import CAPTION_LIMIT, TEXT_LIMIT, fix_text, found_entities
from bot.sandbox.words import words
from bot.sandbox.world import StoredFile, World, without_reply

_NOT_SIMULATED = words(
    "parse_mode business_connection_id message_thread_id direct_messages_topic_id suggested_post_parameters "
    "inline_message_id allow_paid_broadcast"
)


class Posting:
    """The sending methods over one world. While ``losing``, sent messages are answered but reach nobody."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.losing = False

    def send_message(self, params: Params) -> Wire:
        """sendMessage: the new Message."""
        refuse_unsimulated(params)
        content = text_content(params)
        return self._post(params, content)

    def send_photo(self, params: Params) -> Wire:
        """sendPhoto: a file id or uploaded bytes."""
        stored = self._file("photo", params["photo"])
        size = {"width": 1280, "height": 960, **_file_wire(stored)}
        return self._post_media(params, {"photo": [size]})

    def send_voice(self, params: Params) -> Wire:
        """sendVoice: a file id or uploaded bytes."""
        stored = self._file("voice", params["voice"])
        voice = {"duration": params.get("duration", 0), "mime_type": "audio/ogg", **_file_wire(stored)}
        return self._post_media(params, {"voice": voice})

    def send_document(self, params: Params) -> Wire:
        """sendDocument: a file id or uploaded bytes."""
        stored = self._file("document", params["document"])
        return self._post_media(params, {"document": {"file_name": stored.name, **_file_wire(stored)}})

    def _post_media(self, params: Params, media: Wire) -> Wire:
        refuse_unsimulated(params)
        return self._post(params, {**media, **caption_content(params)})

    def _post(self, params: Params, content: Wire) -> Wire:
        world = self._world
        markup = check_markup(params["reply_markup"]) if "reply_markup" in params else None
        chat = world.writable(params["chat_id"])
        if world.flood.enforced:
            self._hold_to_rates(chat)
        wire: Wire = {
            "message_id": 0,
            "from": world.bot,
            "chat": chat.wire,
            "date": world.date(),
            **content,
        }
        if "reply_parameters" in params and (replied := _replied(chat, params["reply_parameters"])):
            wire["reply_to_message"] = replied
        if params.get("protect_content"):
            wire["has_protected_content"] = True
        if markup is not None:
            wire["reply_markup"] = markup
        wire["message_id"] = chat.take_id()
        if not self.losing:
            chat.put(Post(wire, mine=False))
        return wire

    def _hold_to_rates(self, chat: Chat) -> None:
        wait = self._world.flood.seconds_to_wait(
            chat_id=chat.chat_id, last_heard=chat.last_heard, now=self._world.now()
        )
        if wait:
            raise too_many_requests(wait)

    def _file(self, kind: str, given: str | bytes) -> StoredFile:
        if isinstance(given, bytes):
            if not given:
                raise bad_request("file must be non-empty")
            return self._world.add_file(kind, given, given.name if isinstance(given, Upload) else "")
        stored = self._world.files.get(given)
        if stored is None or stored.kind != kind:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored


def refuse_unsimulated(params: Params) -> None:
    """Refuse parameters that Telegram knows and this emulator does not act on."""
    if not _NOT_SIMULATED.isdisjoint(params):
        names = ", ".join(sorted(_NOT_SIMULATED & params.keys()))
        raise bad_request(f"the sandbox does not simulate {names}")


def text_content(params: Params) -> Wire:
    """The part of a Message that comes from ``text``, ``entities`` and ``link_preview_options``."""
    raw = params["text"]
    if not raw:
        raise bad_request("message text is empty")
    text, entities = fix_text(raw, params.get("entities") or [], limit=TEXT_LIMIT)
    if not text:
        raise bad_request("text must be non-empty")
    content: Wire = {"text": text}
    if "/" in text:
        entities = sorted(entities + found_entities(text), key=lambda entity: int(entity["offset"]))
    if entities:
        content["entities"] = entities
    preview = params.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return content


def caption_content(params: Params) -> Wire:
    """The part of a Message that comes from ``caption`` and ``caption_entities``."""
    caption, entities = fix_text(
        params.get("caption", ""), params.get("caption_entities") or [], limit=CAPTION_LIMIT
    )
    content: Wire = {"caption": caption} if caption else {}
    if caption and entities:
        content["caption_entities"] = entities
    return content


def _replied(chat: Chat, parameters: Wire) -> Wire | None:
    post = chat.posts.get(parameters.get("message_id", 0))
    if post is not None and not post.deleted:
        return without_reply(post)
    if parameters.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _file_wire(stored: StoredFile) -> Wire:
    return {
        "file_id": stored.file_id,
        "file_unique_id": f"unique-{stored.file_id}",
        "file_size": len(stored.content),
    }
