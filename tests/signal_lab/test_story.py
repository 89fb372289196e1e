"""Whole stories, from a real Signal account to the bot and back: what a person there can do, over the real daemon."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import Lab
from tests.signal_lab.playing import Play, begun, on_a_line, playing

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up


@pytest.fixture
async def play(lab: Lab, tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(lab, tmp_path) as play:
        yield play


async def test_the_first_journey(play: Play, noa: Friend) -> None:
    """From the first word to what the options are, by numbers, by words and by a quote of the list."""
    await begun(play, noa)
    menu = await play.says(noa, "1", sees="Where are you with this now?")
    await noa.quote("thinking it over", menu)
    await play.sees(noa, "nothing has to be decided here")
    await play.says(noa, "facts: the options", sees="in no particular order")
    seen = await play.says(noa, "1", sees="Before you act, speak with a lawyer.")

    assert "The decision is yours." in seen.text
    assert all(len(one.text.encode()) <= 2000 for one in [seen, menu])


async def test_a_person_on_signal_and_a_volunteer_on_telegram(play: Play, noa: Friend) -> None:
    """They find each other, and write to each other through the bot; neither sees who the other is."""
    volunteer = await on_a_line(play, noa)
    answered = await noa.send("Are you there?")
    mark = await play.while_waiting(noa.sees_reaction(answered))
    await volunteer.send("I am. Take your time.")
    heard = await play.sees(noa, "Take your time.")

    told = "\n".join(message.text for message in volunteer.replies)
    assert "Are you there?" in told
    assert mark == "👌"
    assert str(volunteer.user_id) not in heard.text
    assert noa.uuid not in told
    assert noa.number not in told


async def test_a_note_comes_later_and_is_answered(play: Play, noa: Friend) -> None:
    """A check-in that was agreed to comes at its time, showing nothing, and its answer counts."""
    await begun(play, noa)
    await play.says(noa, "/checkins", sees="No note is set.")
    await play.says(noa, "Set one", sees="When should it come?")
    await play.says(noa, "In a week", sees="At what time of the day?")
    await play.says(noa, "In the evening", sees="Shall it come?")
    await play.says(noa, "Yes, it may come", sees="It is set.")
    await play.stage.pass_time(timedelta(days=9))
    note = await play.sees(noa, "A note for you")
    asked = await play.says(noa, "A1", sees="How")

    assert note.text.startswith("\u2068A note for you\u2069.")
    assert "Talk to someone now" in asked.text.replace("\u00a0", " ")  # which stays on a line
