"""Somebody who does anything at all gets an answer, in their language, and a way on."""

import logging
import random
from pathlib import Path

import pytest

from bot.model.person import Language
from tests.stage import staged
from tests.walker import Walker, faults_of


async def walk(directory: Path, *, seed: int, steps: int, caplog: pytest.LogCaptureFixture) -> None:
    language = (Language.HEBREW, Language.ENGLISH)[seed % 2]
    with caplog.at_level(logging.ERROR):
        async with staged(directory) as stage:
            person = stage.emulator.person(language_code=language.value)
            dice = random.Random(seed)
            await Walker(stage, person, language, dice, caplog.records).walk(steps)


@pytest.mark.timeout(600)  # whoever asked for somebody and waits for weeks is tried for every few hours
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_whatever_somebody_does_they_are_answered(
    seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whole sentences, their own language, never a dead end, never a fault."""
    await walk(tmp_path, seed=seed, steps=100, caplog=caplog)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
async def test_for_hours(seed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The same, with a thousand steps a walk."""
    await walk(tmp_path, seed=seed, steps=1000, caplog=caplog)


@pytest.mark.parametrize(
    ("text", "language", "faults"),
    [
        ("One moment.", Language.ENGLISH, 0),
        ("רגע אחד.", Language.HEBREW, 0),
        ("English", Language.HEBREW, 0),
        ("עברית", Language.ENGLISH, 0),
        ("פרופיל חדש\nhttps://newprofile.org", Language.HEBREW, 0),
        ("One moment.", Language.HEBREW, 1),
        ("One רגע.", Language.ENGLISH, 1),
        ("Hello {name}.", Language.ENGLISH, 1),
        ("It is None.", Language.ENGLISH, 1),
    ],
)
def test_the_walker_notices_holes_and_the_other_language(text: str, language: Language, faults: int) -> None:
    """Each language may name the other on its button."""
    assert len(list(faults_of(text, language))) == faults
