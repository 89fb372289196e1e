"""Flyers from a terminal: made, drawn into a folder, listed with what may be told, ended."""

import stat
from pathlib import Path
from typing import Final

import pytest

from bot import app
from bot.app import flyer
from bot.app.flyer import Drawing
from bot.app.house import opened
from bot.app.keeper import FolderExists, NotWritten
from bot.app.world import World
from bot.model.flyer import SCANNED
from bot.paper.code import PIXELS
from bot.pipeline import leaflet
from bot.sandbox import Emulator
from bot.settings import Settings
from bot.store import counters
from tests import ready
from tests.app.bots import SOON, free_port, migrated, serving
from tests.paper.reader import in_picture, words_of

WORLD: Final = World(words=ready.read_once)


async def scanned(settings: Settings, code: str, times: int) -> None:
    """So many people opened it today."""
    async with opened(settings, WORLD) as db, db.unit() as unit:
        today = WORLD.clock.now().date()
        await counters.count(unit, {f"{SCANNED}.{code}": times}, today=today)
        await unit.commit()


async def drawn(settings: Settings, code: str, out: Path, *, called: str | None = "a_bot") -> list[str]:
    """What drawing it says."""
    return await app.draw_flyer(settings, Drawing(code=code, bot=called, out=out), world=WORLD)


async def test_one_is_drawn_into_a_folder_of_its_own(tmp_path: Path) -> None:
    """Four files for their owner alone; the code on them leads to the bot, and says which flyer it was."""
    settings, out = await migrated(tmp_path), tmp_path / "out"
    code = (await app.new_flyer(settings, "By the station", days=30)).code
    lines = await drawn(settings, code, out)
    link = f"https://t.me/a_bot?start=f_{code}"

    assert lines[0] == f"opens: {link}"
    assert {path.name for path in out.iterdir()} == set(leaflet.NAMES.values())
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert words_of(in_picture((out / "code.png").read_bytes(), pixels=PIXELS)) == link
    assert (out / "page-a6.pdf").read_bytes().startswith(b"%PDF-")


async def test_nothing_is_drawn_over(tmp_path: Path) -> None:
    """A folder that is there stays as it is; one that can't be made says so."""
    settings, out = await migrated(tmp_path), tmp_path / "out"
    code = (await app.new_flyer(settings, "Station", days=1)).code
    out.mkdir()

    with pytest.raises(FolderExists):
        await drawn(settings, code, out)
    with pytest.raises(NotWritten):
        await drawn(settings, code, tmp_path / "nowhere" / "out")


async def test_the_name_of_the_bot_is_asked_and_remembered(tmp_path: Path, emulator: Emulator) -> None:
    """Whoever serves has asked already."""
    settings = await migrated(tmp_path, emulator)
    code = (await app.new_flyer(settings, "Station", days=1)).code
    async with serving(settings):
        await emulator.wait_until(lambda: emulator.journal.count("setMyCommands") > 0, timeout=SOON)
    alone = settings.model_copy(update={"telegram_api_url": f"http://127.0.0.1:{free_port()}"})
    lines = await drawn(alone, code, tmp_path / "out", called=None)

    assert lines[0].startswith("opens: https://t.me/sandbox_bot?start=f_")


async def test_without_a_name_there_is_no_link_to_print(tmp_path: Path) -> None:
    """Nobody has asked Telegram yet, and it can't be reached."""
    settings = await migrated(tmp_path)
    code = (await app.new_flyer(settings, "Station", days=1)).code
    nobody = settings.model_copy(update={"telegram_token": None})

    with pytest.raises(flyer.NameUnknown):
        await drawn(nobody, code, tmp_path / "out", called=None)


async def test_a_drawing_that_takes_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written then."""
    settings = await migrated(tmp_path)
    code = (await app.new_flyer(settings, "Station", days=1)).code
    monkeypatch.setattr(flyer, "DRAWN_WITHIN", 0.0001)

    with pytest.raises(flyer.NotDrawn):
        await drawn(settings, code, tmp_path / "out")
    assert not (tmp_path / "out").exists()


async def test_the_list_tells_no_small_number(tmp_path: Path) -> None:
    """Fewer than five could be told apart; none and many are told."""
    settings = await migrated(tmp_path)
    empty = await app.list_flyers(settings)
    told = []
    for times in (0, 4, 5):
        code = (await app.new_flyer(settings, f"Seen {times}", days=1)).code
        await scanned(settings, code, times)
        told += [line for line in await app.list_flyers(settings) if line.startswith(code)]

    assert empty == ["There is no flyer."]
    assert [" ".join(line.split()[3:]) for line in told] == [
        "0 Seen 0",
        "fewer than 5 Seen 4",
        "5 Seen 5",
    ]


async def test_one_is_ended_once_and_cannot_be_drawn(tmp_path: Path) -> None:
    """The list says so, and the audit who did it."""
    settings = await migrated(tmp_path)
    code = (await app.new_flyer(settings, "Station", days=1)).code
    await app.retire_flyer(settings, code)

    with pytest.raises(flyer.FlyerUnknown):
        await app.retire_flyer(settings, code)
    with pytest.raises(flyer.FlyerUnknown):
        await drawn(settings, code, tmp_path / "out")
    assert " ended " in (await app.list_flyers(settings))[0]
    assert [line.partition("console ")[2] for line in await app.audited(settings)] == [
        "make flyer",
        "retire flyer",
    ]


@pytest.mark.parametrize(("name", "days"), [("", 1), ("x" * 41, 1), ("Station", 0), ("Station", 367)])
async def test_an_unfit_one_is_not_made(tmp_path: Path, name: str, days: int) -> None:
    """A name for the list, and a time that ends."""
    with pytest.raises(flyer.FlyerUnfit):
        await app.new_flyer(await migrated(tmp_path), name, days=days)
