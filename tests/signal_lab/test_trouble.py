"""What goes wrong between the bot and Signal, on a real daemon, and that nothing is lost by it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import running
from tests.faults.place import MIGRATE, PROJECT, Place, SqliteData, open_place
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import BOT, Lab
from tests.signal_lab.playing import LOOK, Play, on_a_line, playing
from tests.signal_lab.rpc import SOON

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up

SPOOLER = ("-m", "bot", "signal", "spool")
CAPTCHA = {"token": "tok-123", "options": ["captcha"]}


@pytest.fixture
async def play(lab: Lab, tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(lab, tmp_path) as play:
        yield play


def migrated(files: dict[str, str]) -> None:
    subprocess.run(MIGRATE, cwd=PROJECT, env=files, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
async def place(lab: Lab, tmp_path: Path) -> AsyncIterator[Place]:
    """Where `bot run` and `bot signal spool` are processes of their own."""
    files = {
        "BOT_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}",
        "BOT_KEYS_URL": f"sqlite+aiosqlite:///{tmp_path / 'keys.db'}",
    }
    migrated(files)
    signal = {
        "BOT_SIGNAL_RPC": lab.daemon.unix,
        "BOT_SIGNAL_ACCOUNT": BOT,
        "BOT_SIGNAL_SPOOL": str(tmp_path / "spool"),
    }
    data = SqliteData(tmp_path / "bot.db")
    async with (
        running() as emulator,
        open_place(tmp_path, emulator, data=data, urls={**files, **signal}) as place,
    ):
        yield place


async def begun(play: Play, noa: Friend) -> None:
    await play.says(noa, "/start", sees="להמשיך")
    await play.says(noa, "English", sees="Go on")


async def until(condition: Callable[[], Awaitable[bool]], *, play: Play | None = None) -> None:
    """Let everything happen until something is so."""
    async with asyncio.timeout(SOON):
        while not await condition():
            if play:
                await play.happen()
            await asyncio.sleep(LOOK)


async def quiet(place: Place) -> None:
    """Nothing is on its way: what is, when something dies, may come twice."""
    await place.until_number("SELECT count(*) FROM outbox", 0)


async def test_a_conversation_goes_on_over_every_death(lab: Lab, noa: Friend, place: Place) -> None:
    """Bot, spooler and daemon are killed in turn, then the network goes: each answer comes, and comes once."""
    bot, spooler = await place.start(), await place.start(SPOOLER, ready=False)
    await noa.send("/start")
    await noa.sees("להמשיך")
    await noa.send("English")
    await noa.sees("Go on")

    await quiet(place)
    bot.kill()
    await bot.ended()
    await noa.send("1")
    await place.start()
    await noa.sees("Where are you with this now?")

    await quiet(place)
    spooler.kill()
    await spooler.ended()
    async with asyncio.timeout(SOON):
        # It has to see that nobody is there, for which systemd gives it five seconds.
        while await lab.is_listening():  # noqa: ASYNC110 - a service that tells nobody
            await asyncio.sleep(LOOK)
    await noa.send("thinking it over")
    await place.start(SPOOLER, ready=False)
    await noa.sees("nothing has to be decided here")

    await quiet(place)
    lab.daemon.kill()
    await noa.send("facts: the options")
    await asyncio.to_thread(lab.daemon.start)
    await noa.sees("in no particular order")

    await quiet(place)
    await lab.network(up=False)
    await noa.send("1")
    assert await lab.waiting() > 0
    await lab.network(up=True)
    await noa.sees("Before you act, speak with a lawyer.")

    await quiet(place)
    again = ("Where are you", "nothing has to be decided", "in no particular order", "Before you act")
    assert not noa.heard(lambda seen: any(words in seen.text for words in again))


async def test_an_answer_waits_for_the_network(lab: Lab, play: Play, noa: Friend) -> None:
    """What could not be sent for minutes is sent when it can be."""
    await begun(play, noa)
    await noa.send("1")
    await until(play.take_in)
    await lab.network(up=False)
    await play.stage.settle()
    await play.stage.pass_time(timedelta(minutes=3))
    before = noa.heard(lambda seen: "Where are you" in seen.text)
    await lab.network(up=True)
    async with asyncio.timeout(SOON):
        while not noa.heard(lambda seen: "Where are you" in seen.text):
            await play.stage.pass_time(timedelta(seconds=30))  # the longest that it waits for a network
            await asyncio.sleep(0.5)

    assert before == []


async def test_an_answer_waits_until_a_captcha_is_solved(lab: Lab, play: Play, noa: Friend) -> None:
    """Nothing more is sent before, and nothing is dropped; the command that solves it speaks with the real daemon."""
    await begun(play, noa)
    wanted = {"match": f"PUT /v1/messages/{noa.uuid}", "status": 428, "body": CAPTCHA, "times": 99}
    await lab.faults(wanted)
    await noa.send("1")

    async def is_refused() -> bool:
        calls = (await lab.state())["log"]  # of every test before this one too
        return any(status == 428 and noa.uuid in call for call, status in calls)

    await until(is_refused, play=play)
    await play.happen()
    await lab.faults({"match": "PUT /v1/challenge", "status": 200})
    await play.stage.pass_time(timedelta(minutes=20))
    before = noa.heard(lambda seen: "Where are you" in seen.text)
    await play.stage.captcha("signalcaptcha://solved")

    assert before == []
    assert (await play.sees(noa, "Where are you with this now?")).text


async def test_an_answer_that_was_too_fast_goes_later(lab: Lab, play: Play, noa: Friend) -> None:
    """Signal says that it is too much, and gets it a minute later."""
    await begun(play, noa)
    await lab.faults({"match": f"PUT /v1/messages/{noa.uuid}", "status": 413, "times": 1})

    assert (await play.says(noa, "1", sees="Where are you with this now?")).text


async def test_a_line_goes_on_once_a_new_phone_is_known_to_be_theirs(play: Play, noa: Friend) -> None:
    """Nothing of the line is shown to it before; then all comes: what was for them, and what they had written."""
    volunteer = await on_a_line(play, noa)
    await noa.new_phone()
    await volunteer.send("How was your day?")
    await volunteer.send("There is time.")
    await noa.send("I am still here")
    await play.sees(noa, "Is it still the same person?")
    before = noa.heard(lambda seen: "your day" in seen.text or "There is time" in seen.text)
    await play.catch_up()
    await noa.send("It is me")
    await play.sees(noa, "How was your day?")
    await play.sees(noa, "There is time.")
    await noa.timer(0)  # anything that is said wakes the daemon; else it looks within a minute

    async def is_read() -> bool:
        return any("I am still here" in message.text for message in volunteer.replies)

    await until(is_read, play=play)
    assert before == []
