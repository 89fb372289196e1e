"""What people see of the bot before and beside the chat: its descriptions and its menu of commands.

Telegram looks commands up by scope first and by language second, so every scope gets every language: a list in
one scope would otherwise hide a better fitting one in a wider scope. The words come from `app`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

import orjson
from telegram.constants import BotCommandLimit, BotDescriptionLimit

from bot.model.person import Language
from bot.transports.telegram.api import Api
from bot.transports.telegram.translate import Call

NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
SCOPES: Final = ("default", "all_private_chats")


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuCommand:
    """One line of the menu. Example: MenuCommand(name="start", description="Begin")."""

    name: str
    description: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"Telegram takes no command named {self.name!r}")
        if not 1 <= len(self.description) <= BotCommandLimit.MAX_DESCRIPTION:
            raise ValueError(f"The description of /{self.name} is empty or too long")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileWords:
    """The bot's words in one language; None is everybody whose language has no words of its own.

    `description` stands in the chat before Start is pressed, `short_description` goes with a shared link.
    """

    language: Language | None
    description: str
    short_description: str
    commands: tuple[MenuCommand, ...]

    def __post_init__(self) -> None:
        if len(self.description) > BotDescriptionLimit.MAX_DESCRIPTION_LENGTH:
            raise ValueError("The description is too long")
        if len(self.short_description) > BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH:
            raise ValueError("The short description is too long")
        if len(self.commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
            raise ValueError("There are too many commands")


@dataclass(frozen=True, slots=True, kw_only=True)
class BotProfile:
    """The bot's words in every language. Raises ValueError unless there is a fallback."""

    words: tuple[ProfileWords, ...]

    def __post_init__(self) -> None:
        if not any(words.language is None for words in self.words):
            raise ValueError("The profile has no words for other languages")

    def fingerprint(self) -> str:
        """A hash that changes with any word."""
        return hashlib.sha256(orjson.dumps(asdict(self))).hexdigest()


async def apply_profile(api: Api, profile: BotProfile, *, stored: str | None) -> str:
    """Set everything if `stored` is not the profile's fingerprint; returns the fingerprint to store.

    These methods are limited in rate, hence the fingerprint. Raises SendFailed; it is safe to start over.
    """
    fingerprint = profile.fingerprint()
    if fingerprint != stored:
        for words in profile.words:
            for call in calls_for(words):
                await api.call(call.method, call.parameters)
    return fingerprint


def calls_for(words: ProfileWords) -> Iterator[Call]:
    """The calls that set one language's words."""
    language = {"language_code": words.language.value} if words.language else {}
    commands = [{"command": item.name, "description": item.description} for item in words.commands]
    for scope in SCOPES:
        yield Call(
            method="setMyCommands", parameters={"commands": commands, "scope": {"type": scope}, **language}
        )
    yield Call(method="setMyDescription", parameters={"description": words.description, **language})
    yield Call(
        method="setMyShortDescription", parameters={"short_description": words.short_description, **language}
    )
