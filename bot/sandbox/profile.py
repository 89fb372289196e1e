"""The bot's profile and the chats it is in: commands, descriptions, name, getMe, getChat, getFile.

Each public function is one Bot API method, as in ``posting``. ``commands_for`` is the menu one person sees.
"""

from __future__ import annotations

import re

from bot.sandbox.chat import Wire
from bot.sandbox.decode import Params
from bot.sandbox.refusal import Refusal, bad_request
from bot.sandbox.words import words
from bot.sandbox.world import NOT_A_MEMBER, World

COMMAND_LIMIT = 100
NAME_LIMIT = 64
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = words(
    "default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member"
)
_ACTIONS = words(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)

ScopeKey = tuple[str, int | None, int | None]
_DEFAULT: ScopeKey = ("default", None, None)


class Profile:
    """Everything the bot says about itself, per language and scope."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._commands: dict[tuple[ScopeKey, str], list[Wire]] = {}
        self._words: dict[tuple[str, str], str] = {}

    def get_me(self, _params: Params) -> Wire:
        """getMe: the bot's own User."""
        return {
            **self._world.bot,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def set_my_commands(self, params: Params) -> bool:
        """setMyCommands: replace the list of one scope and language."""
        commands = params["commands"]
        if not isinstance(commands, list) or len(commands) > COMMAND_LIMIT:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            _check_command(command)
        self._commands[_scope_key(params), _language(params)] = commands
        self._world.announce()
        return True

    def get_my_commands(self, params: Params) -> list[Wire]:
        """getMyCommands: the list of exactly this scope and language."""
        return self._commands.get((_scope_key(params), _language(params)), [])

    def delete_my_commands(self, params: Params) -> bool:
        """deleteMyCommands: people then see the next broader list."""
        self._commands.pop((_scope_key(params), _language(params)), None)
        return True

    def commands_for(self, user_id: int, language_code: str | None) -> list[Wire]:
        """The menu of a private chat: the narrowest scope first, in it the person's own language first."""
        for scope in (("chat", user_id, None), ("all_private_chats", None, None), _DEFAULT):
            for language in (language_code or "", ""):
                if found := self._commands.get((scope, language)):
                    return found
        return []

    def set_my_name(self, params: Params) -> bool:
        """setMyName: at most 64 characters."""
        return self._set("name", NAME_LIMIT, params)

    def get_my_name(self, params: Params) -> Wire:
        """getMyName: in a language, or the one for everybody."""
        found = self.about("name", _language(params))
        return {"name": found or self._world.bot["first_name"]}

    def set_my_description(self, params: Params) -> bool:
        """setMyDescription: at most 512 characters, shown before Start is pressed."""
        return self._set("description", DESCRIPTION_LIMIT, params)

    def get_my_description(self, params: Params) -> Wire:
        """getMyDescription: in a language, or the one for everybody."""
        return {"description": self.about("description", _language(params))}

    def set_my_short_description(self, params: Params) -> bool:
        """setMyShortDescription: at most 120 characters, shared with the bot's link."""
        return self._set("short_description", SHORT_DESCRIPTION_LIMIT, params)

    def get_my_short_description(self, params: Params) -> Wire:
        """getMyShortDescription: in a language, or the one for everybody."""
        return {"short_description": self.about("short_description", _language(params))}

    def about(self, what: str, language: str | None) -> str:
        """The name, description or short_description that a person of this language sees."""
        return self._words.get((what, language or "")) or self._words.get((what, "")) or ""

    def send_chat_action(self, params: Params) -> bool:
        """sendChatAction: checked, and not shown."""
        self._world.writable(params["chat_id"])
        if params["action"] not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True

    def get_chat(self, params: Params) -> Wire:
        """getChat: the ChatFullInfo of a chat the bot knows."""
        chat = self._world.chat(params["chat_id"])
        gifts = (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        )
        return {
            **chat.wire,
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
        }

    def leave_chat(self, params: Params) -> bool:
        """leaveChat: groups only."""
        chat = self._world.writable(params["chat_id"])
        if chat.is_private:
            raise bad_request("chat member status can't be changed in private chats")
        chat.close(NOT_A_MEMBER)
        self._world.member_changed(chat, self._world.bot, before="member", after="left")
        return True

    def get_file(self, params: Params) -> Wire:
        """getFile: where to download it, under ``/file/bot<token>/``."""
        stored = self._world.files.get(params["file_id"])
        if stored is None:
            raise bad_request("invalid file_id")
        return {
            "file_id": stored.file_id,
            "file_unique_id": f"unique-{stored.file_id}",
            "file_size": len(stored.content),
            "file_path": f"{stored.kind}/{stored.file_id}",
        }

    def end_session(self, _params: Params) -> bool:
        """LogOut and close: accepted, and nothing happens."""
        return True

    def _set(self, what: str, limit: int, params: Params) -> bool:
        value = params.get(what, "")
        if len(value) > limit:
            raise bad_request(f"bot {what.replace('_', ' ')} is too long")
        self._words[what, _language(params)] = value
        self._world.announce()
        return True


def _check_command(command: object) -> None:
    if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
        raise bad_request("can't parse BotCommand: expected command and description")
    if not _COMMAND.fullmatch(str(command["command"])):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command["description"])) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope_key(params: Params) -> ScopeKey:
    scope = params.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat_id, user_id = scope.get("chat_id"), scope.get("user_id")
    return str(scope["type"]), int(chat_id) if chat_id else None, int(user_id) if user_id else None


def _language(params: Params) -> str:
    code = str(params.get("language_code") or "")
    if code and not _LANGUAGE.fullmatch(code):
        raise _bad_language()
    return code


def _bad_language() -> Refusal:
    return bad_request("invalid language code specified")
