"""Every golden chat in `tests/transcripts`, played in both languages; `--update` rewrites them."""

from pathlib import Path

import pytest

from tests import plain_story, story
from tests.stage import staged


@pytest.mark.parametrize("path", story.stories(), ids=lambda path: path.stem)
async def test_the_chat_is_as_it_was_written_down(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A story shows the person, in Hebrew and in English, just what its file says."""
    told = story.read(path)
    seen = {language: await _played(told, language, tmp_path / language) for language in story.LANGUAGES}
    if request.config.getoption("--update"):
        story.write(told, seen)
    for position, step in enumerate(told.steps):
        for language in story.LANGUAGES:
            if not request.config.getoption("--update"):
                assert seen[language][position] == step.get(language), f"step {position + 1}: {dict(step)}"


@pytest.mark.parametrize("path", story.stories(), ids=lambda path: path.stem)
async def test_a_text_only_phone_shows_the_same(path: Path, tmp_path: Path) -> None:
    """The same words, choices, counts and places, with numbers for buttons."""
    told = story.read(path)
    if not plain_story.plays_here(told):
        pytest.skip("happens on Telegram only")
    for language in story.LANGUAGES:
        async with staged(tmp_path / language) as stage:
            person = stage.emulator.plain.person("plain-1", language=language)
            player = plain_story.PlainPlayer(stage, person, language)
            seen = [await player.play(step) for step in told.steps]
        assert list(plain_story.differences(told, seen, language)) == []


async def _played(told: story.Story, language: str, directory: Path) -> list[str]:
    async with staged(directory) as stage:
        person = stage.emulator.person(language_code=language)
        player = story.Player(stage, person, language)
        return [await player.play(step) for step in told.steps]
