"""Further on with a real Signal account: another app, a notice, the letter, and all that can go over a line."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.notice import Answer, NoticeContent
from bot.model.person import Language, Platform
from bot.sandbox import Person
from tests import darkroom
from tests.happening import CHANCE
from tests.notices import NORTH, sent, want
from tests.signal_lab.friend import Friend
from tests.signal_lab.lab import Lab
from tests.signal_lab.playing import Play, begun, known, on_a_line, playing
from tests.stage import TUESDAY

pytestmark = pytest.mark.timeout(400)  # the first to ask waits until the lab is up

HOUR, DAY, WEEK = 3_600, 86_400, 604_800  # seconds
HIDDEN = "canary-4711"
LONG = "מילה ועוד מילה " * 120 + "סוף"


@pytest.fixture
async def play(lab: Lab, tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(lab, tmp_path) as play:
        yield play


def somebody(play: Play) -> Person:
    """Whose Telegram is in English, and whom the bot has never met."""
    return play.stage.emulator.person(language_code="en")


def found(pattern: str | re.Pattern[str], text: str) -> str:
    matched = re.search(pattern, text)
    assert matched, text
    return matched[0]


async def until_morning(play: Play) -> None:
    """Until a Tuesday morning: what the bot begins by itself waits over a night and a Sabbath."""
    await play.stage.pass_time((TUESDAY - play.stage.clock.now()) % timedelta(days=7))


def files(lab: Lab) -> list[Path]:
    """Whatever the bot's signal-cli keeps."""
    return [one for one in lab.daemon.data.rglob("*") if one.is_file()]


async def test_from_telegram_to_signal(play: Play, noa: Friend) -> None:
    """With a code, and a yes where it was made; what was agreed to comes along, and the old chat is cleared."""
    dan = somebody(play)
    await play.does(dan, "/start", "Go on", "/consents", "Notes that ask how you are", "I agree")
    await play.does(dan, "/move", "Show a code")
    await play.says(noa, found(CHANCE["moving"], dan.last.text), sees="A question has come in")
    before = noa.heard(lambda seen: "agreed" in seen.text)
    await play.does(dan, "It was me; take this app off")
    await play.sees(noa, "Everything goes on here now, and only here")
    listed = await play.says(noa, "/consents", sees="What you agreed to")

    assert before == []
    assert "Notes that ask how you are: \u2068agreed\u2069" in listed.text
    assert dan.chat == []


async def test_a_notice_reaches_both_apps(play: Play, noa: Friend) -> None:
    """With codes there and buttons here; who answers gets what they asked for, also a file for the calendar."""
    dan, stage = somebody(play), play.stage
    await play.does(dan, "/start")
    await begun(play, noa)
    for who in ((Platform.SIGNAL, noa.uuid), (Platform.TELEGRAM, str(dan.user_id))):
        await want(stage.house.db, await known(stage, *who))
    await until_morning(play)
    now = stage.clock.now()
    content = NoticeContent(
        texts={Language.HEBREW: "נפגשים מול הכלא.", Language.ENGLISH: "We meet in front of the prison."},
        place="כיכר המאה, חיפה",
        starts_at=now + timedelta(days=1),
        answers=frozenset(Answer),
    )
    await sent(stage.house.db, content, topic="protest", purpose=NORTH, now=now)
    await stage.house.ticker.fire()
    notice = await play.sees(noa, "We meet in front of the prison.")
    await play.says(noa, found(r"\w+(?=\. I'm coming)", notice.text), sees="You are counted.")
    file = await play.says(noa, found(r"\w+(?=\. For my calendar)", notice.text), sees="For a calendar.")

    assert "We meet in front of the prison." in dan.last.text
    await play.does(dan, "I'm coming")
    assert "You are counted." in dan.last.text
    assert b"BEGIN:VCALENDAR" in await noa.file(file.files[0])


async def test_the_letter_is_signed(lab: Lab, play: Play, noa: Friend) -> None:
    """Two yeses with a day between them; the name is nowhere in what signal-cli keeps."""
    await begun(play, noa)
    await play.says(noa, "/letter", sees="Are you eighteen or older?")
    page = await play.says(noa, "Yes, I am", sees="is a public letter")
    page = await play.says(noa, "Read the letter", sees="Page")
    while "Read on" in page.text:
        page = await play.says(noa, "Read on", sees="4.")
    await play.says(noa, "About joining", sees="What is it with you now?")
    await play.says(noa, "No order, and no service lately", sees="What would become public?")
    await play.says(noa, "First name and initial", sees="Would it be good to talk")
    await play.says(noa, "Go on", sees="A first yes, to the form only")
    await play.says(noa, "Yes, I think about joining", sees="Written down, without a name.")
    await play.stage.pass_time(timedelta(days=4))  # a day to think, and maybe a night and a Sabbath
    await play.sees(noa, "A note for you")
    await play.says(noa, "/letter", sees="The time to think is over")
    await play.says(noa, "To the second yes", sees="How should the name stand in the Hebrew list?")
    await play.says(noa, "נועה כ", sees="letter for letter")
    await play.says(noa, "Only this line", sees="The second yes.")
    await play.says(noa, "Yes, I sign", sees="Signed and sealed.")
    await play.says(noa, "No", sees="no such note comes")

    assert "You have joined" in (await play.says(noa, "/letter", sees="You have joined")).text
    assert [file for file in files(lab) if "נועה כ".encode() in file.read_bytes()] == []


async def test_what_goes_over_a_line(lab: Lab, play: Play, noa: Friend) -> None:
    """Words of any length, an edit, a deletion, photos and voices: made anew, and gone from signal-cli's folder."""
    volunteer = await on_a_line(play, noa)
    folder = lab.daemon.data / "attachments"
    before = set(folder.iterdir()) if folder.exists() else set()

    def told(words: str) -> bool:
        return any(words in message.text for message in volunteer.replies)

    def came(kind: str) -> bytes:
        (one,) = [message.file for message in volunteer.replies if message.kind == kind]
        assert one
        return play.stage.emulator.world.files[one.file_id].content

    await volunteer.send(LONG)
    end = await play.sees(noa, "סוף")
    pieces = [*noa.heard(lambda seen: "מילה" in seen.text), end]
    await noa.send(LONG)
    await play.until(
        lambda: told("מילה ועוד") and told("…")
    )  # cut by this signal-cli; a newer one brings it whole

    moment = await noa.send("I am hre")
    await play.until(lambda: told("I am hre"))
    await noa.edit(moment, "I am here")
    await play.until(lambda: told("I am here"))
    await noa.delete(moment)
    await play.until(lambda: not told("I am here"))

    await noa.attach(darkroom.picture(HIDDEN), "image/jpeg", text="look")
    await noa.attach(darkroom.recorded(HIDDEN), "audio/aac")
    await play.sees(noa, "Whoever hears a voice may know whose it is.")
    await noa.attach(darkroom.recorded(HIDDEN), "audio/aac")
    await play.until(lambda: any(message.kind == "voice" for message in volunteer.replies))
    sent_on = [came("photo"), came("voice")]

    await volunteer.photo(content=darkroom.picture(HIDDEN))
    photo = await noa.file((await play.sees(noa, "\ufffc")).files[0])
    await volunteer.voice(content=darkroom.sound(HIDDEN))
    await play.until(lambda: told("Whoever hears a voice may know whose it is."))
    await volunteer.voice(content=darkroom.sound(HIDDEN))
    voice = await noa.file((await play.sees(noa, "\ufffc")).files[0])
    await play.until(lambda: set(folder.iterdir()) <= before)

    assert " ".join(piece.text for piece in pieces).count("מילה") == LONG.count("מילה")
    assert all(len(piece.text.encode()) <= 2000 for piece in pieces)
    assert not any(HIDDEN.encode() in one for one in [*sent_on, photo, voice])
    assert darkroom.seen(photo).size == darkroom.seen(sent_on[0]).size


async def test_the_timer_of_a_chat(play: Play, noa: Friend) -> None:
    """A week from the first message, a day on a line; a longer one is put back, with one line why; a shorter stays."""
    volunteer = await on_a_line(play, noa)
    await noa.sees_timer(WEEK)
    await noa.sees_timer(DAY)
    await noa.timer(WEEK)
    await play.sees(noa, "That time is set again now")
    await noa.sees_timer(DAY)
    await noa.timer(HOUR)
    await noa.send("Are you there?")
    await play.until(lambda: any("Are you there?" in message.text for message in volunteer.replies))
    await volunteer.send("I am.")

    assert (await play.sees(noa, "I am.")).expires == HOUR
