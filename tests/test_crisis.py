"""The crisis lane keeps its promise: what is said there stays between the person and the bot."""

from pathlib import Path

from bot.model.person import Platform
from bot.store import people
from tests.organizer import enrolled
from tests.stage import Stage, staged


async def test_nobody_is_alerted_by_what_somebody_says_in_a_crisis(tmp_path: Path) -> None:
    """Not an organizer, not anybody else who writes to the bot: only the person's own chat moves."""
    async with staged(tmp_path) as stage:
        organizer, person = (stage.emulator.person(language_code="en") for _ in range(2))
        await organizer.send("/start")
        await stage.settle()
        await enrolled(stage.house.db, await id_of(stage, organizer.user_id), now=stage.clock.now())
        seen, calls = organizer.history, len(stage.emulator.calls())

        for words in ("I want to die", "No, there is danger", "I have a gun here and a plan"):
            await person.send(words)
            await stage.settle()

        assert "nobody is alerted" in " ".join(message.text for message in person.replies)
        assert organizer.history == seen
        chats = {call.chat_id for call in stage.emulator.calls()[calls:] if call.chat_id}
        assert chats == {person.user_id}


async def id_of(stage: Stage, user_id: int) -> int:
    async with stage.house.db.unit() as unit:
        today = stage.clock.now().date()
        (found,) = (await people.resolve(unit, Platform.TELEGRAM, [str(user_id)], today=today)).values()
    return found
