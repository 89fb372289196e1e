"""The menu and the descriptions: set for every scope and language, and only when they changed."""

from dataclasses import replace

import pytest

from bot.model.outgoing import SendFailed
from bot.model.person import Language
from bot.transports.telegram.api import Api
from bot.transports.telegram.profile import BotProfile, MenuCommand, ProfileWords, apply_profile
from tests.transports.telegram.double import TOKEN, RecordingRequest, refused

ENGLISH = ProfileWords(
    language=None,
    description="What the bot does",
    short_description="A bot",
    commands=(MenuCommand(name="start", description="Begin"),),
)
HEBREW = ProfileWords(
    language=Language.HEBREW,
    description="מה הבוט עושה",
    short_description="בוט",
    commands=(MenuCommand(name="start", description="להתחיל"),),
)
PROFILE = BotProfile(words=(ENGLISH, HEBREW))


async def test_every_scope_gets_every_language() -> None:
    """Two scopes times two languages of commands, and both descriptions in each language."""
    request = RecordingRequest()
    await apply_profile(Api(TOKEN, request=request), PROFILE, stored=None)
    menus = [
        (parameters["scope"]["type"], parameters.get("language_code"), parameters["commands"])
        for method, parameters in request.calls
        if method == "setMyCommands"
    ]
    assert menus == [
        ("default", None, [{"command": "start", "description": "Begin"}]),
        ("all_private_chats", None, [{"command": "start", "description": "Begin"}]),
        ("default", "he", [{"command": "start", "description": "להתחיל"}]),
        ("all_private_chats", "he", [{"command": "start", "description": "להתחיל"}]),
    ]
    assert ("setMyDescription", {"description": "What the bot does"}) in request.calls
    assert ("setMyDescription", {"description": "מה הבוט עושה", "language_code": "he"}) in request.calls
    assert ("setMyShortDescription", {"short_description": "A bot"}) in request.calls
    assert ("setMyShortDescription", {"short_description": "בוט", "language_code": "he"}) in request.calls


async def test_an_unchanged_profile_makes_no_call() -> None:
    """The stored fingerprint is the one that came back."""
    request = RecordingRequest()
    api = Api(TOKEN, request=request)
    stored = await apply_profile(api, PROFILE, stored=None)
    request.calls.clear()
    assert await apply_profile(api, PROFILE, stored=stored) == stored
    assert request.calls == []


async def test_a_changed_word_sets_everything_again() -> None:
    """One description is enough."""
    request = RecordingRequest()
    changed = BotProfile(words=(ENGLISH, replace(HEBREW, description="אחר")))
    stored = PROFILE.fingerprint()
    assert await apply_profile(Api(TOKEN, request=request), changed, stored=stored) != stored
    assert len(request.calls) == 8


async def test_a_failure_leaves_the_old_fingerprint_in_force() -> None:
    """It raises, so there is nothing new to store."""
    request = RecordingRequest(refused(429, "Too Many Requests: retry after 9", retry_after=9))
    with pytest.raises(SendFailed):
        await apply_profile(Api(TOKEN, request=request), PROFILE, stored=None)


@pytest.mark.parametrize("name", ["", "Start", "עזרה", "a" * 33, "a b"])
def test_a_command_name_is_latin_and_short(name: str) -> None:
    """Telegram takes no others."""
    with pytest.raises(ValueError, match="no command named"):
        MenuCommand(name=name, description="x")


@pytest.mark.parametrize("description", ["", "x" * 257])
def test_a_command_description_has_a_length(description: str) -> None:
    """From 1 to 256."""
    with pytest.raises(ValueError, match="empty or too long"):
        MenuCommand(name="start", description=description)


def test_words_have_their_limits() -> None:
    """512 before Start, 120 beside a link, 100 commands."""
    with pytest.raises(ValueError, match="The description is too long"):
        replace(ENGLISH, description="x" * 513)
    with pytest.raises(ValueError, match="short description is too long"):
        replace(ENGLISH, short_description="x" * 121)
    with pytest.raises(ValueError, match="too many commands"):
        replace(ENGLISH, commands=ENGLISH.commands * 101)


def test_a_profile_needs_words_for_everybody_else() -> None:
    """Without a fallback most languages would see an empty menu."""
    with pytest.raises(ValueError, match="other languages"):
        BotProfile(words=(HEBREW,))
