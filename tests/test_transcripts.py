"""Every golden chat in `tests/transcripts`, played in both languages; `--update` rewrites them."""

from pathlib import Path
from typing import Final

import pytest

from bot.model.person import Platform
from tests import cast, signal_story, story
from tests.happening import LANGUAGES, happening_of
from tests.stage import staged

STORIES: Final = story.stories()
OF_TELEGRAM: Final = [path for path in STORIES if story.phone_of(path) is Platform.TELEGRAM]
ON_BOTH: Final = [path for path in OF_TELEGRAM if path.stem not in signal_story.ON_ITS_OWN]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
async def test_the_chat_is_as_it_was_written_down(
    path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A story shows the person, in Hebrew and in English, just what its file says."""
    told = story.read(path)
    played = _on_telegram if told.phone is Platform.TELEGRAM else _on_signal
    seen = {language: await played(told, language, tmp_path / language) for language in LANGUAGES}
    if request.config.getoption("--update"):
        story.write(told, seen)
    for position, step in enumerate(told.steps):
        for language in LANGUAGES:
            if not request.config.getoption("--update"):
                assert seen[language][position] == step.get(language), f"step {position + 1}: {dict(step)}"


@pytest.mark.parametrize("path", ON_BOTH, ids=lambda path: path.stem)
async def test_a_phone_with_signal_shows_the_same(path: Path, tmp_path: Path) -> None:
    """The same words, choices, counts and places, with numbers for buttons."""
    told = story.read(path)
    for language in LANGUAGES:
        played = _cast_on_signal if told.people else _alone_on_signal
        shown = await played(told, language, tmp_path / language)
        golden = [step[language] for step in told.steps]
        if told.people:
            golden = cast.about_first(golden, next(iter(told.people)))
        assert list(signal_story.differences(told, shown, golden)) == [], language


def test_a_story_that_can_not_be_compared_is_told_anew_of_a_phone_with_signal() -> None:
    """Whom it is about has Signal there; where somebody has it here, the two have it the other way round."""
    of = {path.stem: path for path in STORIES}
    for here, there in signal_story.ON_ITS_OWN.items():
        phones, turned = (story.phones_of(of[name]) for name in (here, there))
        first, second = (
            {happening_of(step)[0] for step in story.read(of[name]).steps} for name in (here, there)
        )

        assert (phones[0], turned[0]) == (Platform.TELEGRAM, Platform.SIGNAL)
        assert Platform.SIGNAL not in phones or turned[phones.index(Platform.SIGNAL)] is Platform.TELEGRAM, (
            there
        )
        assert first <= second, there


def test_a_story_with_both_phones_in_it_is_told_both_ways() -> None:
    """Nobody's side is told of one platform alone."""
    both = [path.stem for path in OF_TELEGRAM if Platform.SIGNAL in story.phones_of(path)]

    assert set(both) <= signal_story.ON_ITS_OWN.keys()


def test_what_a_phone_with_signal_does_otherwise_has_a_story_of_its_own() -> None:
    """The words that come there instead are written down, and both ways are really gone."""
    told = {path.stem: story.read(path) for path in STORIES}
    places = {step["he"].splitlines()[-1] for path in OF_TELEGRAM for step in told[path.stem].steps}

    assert [told[name].phone for name in signal_story.OTHERWISE.values()] == [Platform.SIGNAL] * len(
        signal_story.OTHERWISE
    )
    assert [other for other in signal_story.OTHERWISE if not any(other in place for place in places)] == []


async def _on_telegram(told: story.Story, language: str, directory: Path) -> list[str]:
    async with staged(directory, **told.settings) as stage:
        if told.people:
            everybody = await cast.Cast.of(told, stage, language, platform=Platform.TELEGRAM)
            return [cast.told(await everybody.play(step)) for step in told.steps]
        player = story.Player(stage, stage.emulator.person(language_code=language), language)
        return [await player.play(step) for step in told.steps]


async def _on_signal(told: story.Story, language: str, directory: Path) -> list[str]:
    async with staged(directory, **told.settings) as stage:
        if told.people:
            everybody = await cast.Cast.of(told, stage, language, platform=Platform.SIGNAL)
            return [cast.told(await everybody.play(step)) for step in told.steps]
        someone = await stage.somebody(None if told.stranger else language)
        player = signal_story.SignalPlayer(stage, someone, language)
        return [await player.play(step) for step in told.steps]


async def _alone_on_signal(
    told: story.Story, language: str, directory: Path
) -> list[signal_story.Seen | None]:
    async with staged(directory) as stage:
        player = signal_story.SignalPlayer(stage, await stage.somebody(language), language)
        return [
            signal_story.on_signal(await player.play(step), hints=player.hints())
            if signal_story.can_happen(step)
            else None
            for step in told.steps
        ]


async def _cast_on_signal(
    told: story.Story, language: str, directory: Path
) -> list[signal_story.Seen | None]:
    async with staged(directory, **told.settings) as stage:
        everybody = await cast.Cast.of(told, stage, language, platform=Platform.SIGNAL)
        return [
            await everybody.seen_on_signal(step)
            if signal_story.can_happen(step) or not cast.is_firsts(told, step)
            else None
            for step in told.steps
        ]
