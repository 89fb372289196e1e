"""Commands, descriptions and names: kept per language and scope, within Telegram's limits."""

from __future__ import annotations

import pytest
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest

from bot.sandbox import Emulator, Person
from tests.sandbox.test_sending import unknown_fields


async def test_get_me_and_get_chat_parse_strictly(bot: Bot, noa: Person) -> None:
    """Every field is known to the library."""
    assert unknown_fields(await bot.get_me()) == []
    assert unknown_fields(await bot.get_chat(noa.user_id)) == []
    assert unknown_fields(await bot.get_webhook_info()) == []


async def test_commands_are_kept_per_scope_and_language(bot: Bot) -> None:
    """GetMyCommands gives exactly the list of one scope and language."""
    await bot.set_my_commands([BotCommand("menu", "תפריט")], language_code="he")
    await bot.set_my_commands([BotCommand("menu", "Menu")], scope=BotCommandScopeAllPrivateChats())

    assert [one.description for one in await bot.get_my_commands(language_code="he")] == ["תפריט"]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(language_code="he")
    assert await bot.get_my_commands(language_code="he") == ()


async def test_a_narrow_scope_beats_a_matching_language(bot: Bot, emulator: Emulator) -> None:
    """A Hebrew list in the default scope loses to any list in a narrower one."""
    await bot.set_my_commands([BotCommand("he", "x")], language_code="he")
    await bot.set_my_commands([BotCommand("private", "x")], scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands([BotCommand("volunteer", "x")], scope=BotCommandScopeChat(7))

    menus = [emulator.profile.commands_for(user_id, "he")[0]["command"] for user_id in (7, 8)]
    assert menus == ["volunteer", "private"]


@pytest.mark.parametrize(
    "command", [("Menu", "x"), ("תפריט", "x"), ("a" * 33, "x"), ("a", ""), ("a", "x" * 257)]
)
async def test_commands_are_limited(bot: Bot, command: tuple[str, str]) -> None:
    """Names are 1-32 of a-z, 0-9 and _; descriptions 1-256."""
    with pytest.raises(BadRequest, match=r"(?i)bot_command"):
        await bot.set_my_commands([command])


async def test_profile_texts_are_limited_and_per_language(bot: Bot) -> None:
    """64, 512 and 120 characters; a language without its own text gets everybody's."""
    await bot.set_my_description("א" * 512)
    await bot.set_my_description("English", language_code="en")
    await bot.set_my_short_description("x" * 120)
    await bot.set_my_name("x" * 64)

    assert (await bot.get_my_description("he")).description == "א" * 512
    assert (await bot.get_my_description("en")).description == "English"
    assert (await bot.get_my_name()).name == "x" * 64
    for call in (
        bot.set_my_description("x" * 513),
        bot.set_my_short_description("x" * 121),
        bot.set_my_name("x" * 65),
    ):
        with pytest.raises(BadRequest, match="is too long"):
            await call


async def test_chat_actions_are_checked(bot: Bot, noa: Person) -> None:
    """Known ones pass, others are refused."""
    assert await bot.send_chat_action(noa.user_id, "typing")
    with pytest.raises(BadRequest, match="Wrong parameter action"):
        await bot.send_chat_action(noa.user_id, "pondering")
