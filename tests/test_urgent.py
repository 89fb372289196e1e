"""The urgent lane and the day of a hearing keep what they say: lines first, nobody called by words, no day kept."""

from pathlib import Path

from tests.organizer import enrolled
from tests.stage import Stage, staged
from tests.test_crisis import id_of


async def test_the_lines_come_with_the_very_first_message(tmp_path: Path) -> None:
    """Somebody who never wrote before, in the middle of it: no welcome and no question comes before the numbers."""
    async with staged(tmp_path) as stage:
        person = stage.emulator.person(language_code="en")
        await person.send("they arrested me")
        await stage.settle()

        first, defence, danger, question = (message.text for message in person.replies)
        assert "the lines come first" in first
        assert "073-310-3300" in defence
        assert "101" in danger
        assert "Shall somebody of our team be called" in question


async def test_nobody_is_called_by_words_alone(tmp_path: Path) -> None:
    """Words over-fire, so calling somebody takes a press; then organizers are told at once."""
    async with staged(tmp_path) as stage:
        organizer, person = (stage.emulator.person(language_code="en") for _ in range(2))
        await organizer.send("/start")
        await stage.settle()
        await enrolled(stage.house.db, await id_of(stage, organizer.user_id), now=stage.clock.now())
        seen = organizer.history

        for words in ("military police at the door", "urgent", "they took my phone"):
            await person.send(words)
            await stage.settle()
        assert organizer.history == seen

        await person.send("Call somebody now")
        await stage.settle()
        assert len(organizer.history) > len(seen)


async def test_the_day_of_a_hearing_is_not_kept_longer_than_the_conversation(tmp_path: Path) -> None:
    """It stands with the answers while the pages are read, and is gone with the way to the menu."""
    async with staged(tmp_path) as stage:
        person = stage.emulator.person(language_code="en")
        for words in (
            "/start",
            "Go on",
            "Something urgent",
            "A hearing, a fine or prison",
            "A hearing is ahead",
        ):
            await person.send(words)
            await stage.settle()
        await person.send("in a week")
        await stage.settle()
        assert await kept(stage, person.user_id) == {"day": "2026-12-01"}

        await person.send("menu")
        await stage.settle()
        assert await kept(stage, person.user_id) == {}


async def kept(stage: Stage, user_id: int) -> dict[str, str]:
    session = await stage.session(user_id)
    return {name: value for frame in session.frames for name, value in frame.answers.items()}
