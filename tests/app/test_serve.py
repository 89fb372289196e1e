"""The whole bot: how it starts, serves, says how it is, refuses, and ends."""

import asyncio
import json
import logging
import os
import socket
import sqlite3
import time
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import app
from bot.app.house import house
from bot.app.serve import AlreadyRunning, NoListening, profile
from bot.app.signal import intake, silence, spooler
from bot.app.world import World
from bot.engine.alert import Alert
from bot.model.exit import Exit
from bot.sandbox import Emulator, Fault, FaultKind
from bot.settings import Listen, Mode, Secret, keyfile
from bot.spool.folder import ALIVE, AWAY, PLACE, SPOOLER, Folder, Public
from bot.spool.segment import Pen, has_room
from bot.store import migrate
from bot.store.errors import NoDataFile, NoKeyFile, NotMigrated, WrongMasterKey
from tests.app.bots import SOON, fetch, free_port, migrated, refusal, serving, settings_for
from tests.postgres import Cluster
from tests.stage import StillClock

HELLO = "ההחלטה תמיד"
SECRET = "a-long-random-word"


async def meet(emulator: Emulator) -> Any:
    """Somebody who starts the bot and is answered."""
    person = emulator.person()
    await person.start()
    await person.wait_for(lambda message: bool(message.buttons), timeout=SOON)
    return person


async def test_people_are_answered(tmp_path: Path, emulator: Emulator) -> None:
    """From the first message to a pressed button, with no call that Telegram would not take."""
    async with serving(await migrated(tmp_path, emulator)):
        person = await meet(emulator)
        await person.press(person.last.labels[0])
        await person.wait_reply(after=person.last.message_id, timeout=SOON)

    assert emulator.violations == []
    assert len(person.toasts) == 1


async def test_told_to_stop_it_leaves_nothing_in_doubt(tmp_path: Path, emulator: Emulator) -> None:
    """A call under way ends and is written down; the next process sends nothing again."""
    settings = await migrated(tmp_path, emulator)
    emulator.faults.latency_ms = 150
    person = emulator.person()
    async with serving(settings):
        await person.start()
        await emulator.wait_until(lambda: len(person.replies) > 0, timeout=SOON)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        (sending,) = data.execute("SELECT count(*) FROM outbox WHERE sending").fetchone()
    emulator.faults.clear()
    async with serving(settings):
        await person.wait_for(lambda message: bool(message.buttons), timeout=SOON)

    assert sending == 0
    assert len({message.text for message in person.replies}) == len(person.replies)


async def test_a_start_takes_up_what_a_crash_left(
    tmp_path: Path, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """A call that was cut off is made again at once, and the log says so."""
    settings = await migrated(tmp_path, emulator)
    async with serving(settings):
        person = await meet(emulator)
    emulator.faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", retry_after=3600))
    async with serving(settings):
        await person.send("menu")
        await emulator.wait_until(lambda: emulator.journal.count("sendMessage", "flood") == 1, timeout=SOON)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        data.execute("UPDATE outbox SET sending = 1")
        data.commit()
    seen = len(person.replies)
    with caplog.at_level(logging.WARNING, logger="bot"):
        async with serving(settings):
            await emulator.wait_until(lambda: len(person.replies) > seen, timeout=SOON)

    assert "sends_cut_short" in [record.getMessage() for record in caplog.records]


async def test_a_second_process_on_one_file_is_refused(tmp_path: Path, emulator: Emulator) -> None:
    """The first goes on."""
    settings = await migrated(tmp_path, emulator)
    async with serving(settings):
        await meet(emulator)
        refused = await refusal(settings)
        await meet(emulator)

    assert isinstance(refused, AlreadyRunning)
    assert refused.status is Exit.TRY_AGAIN


async def test_on_postgresql_a_second_process_stands_by(
    tmp_path: Path, emulator: Emulator, cluster: Cluster
) -> None:
    """One receives; when it ends, the other does, and nobody waits for an operator."""
    urls = {name: cluster.url(cluster.create()) for name in ("database_url", "keys_url")}
    settings = await migrated(tmp_path, emulator, **urls)
    async with AsyncExitStack() as first:
        await first.enter_async_context(serving(settings))
        await meet(emulator)
        async with serving(settings):
            await meet(emulator)
            await first.aclose()
            await meet(emulator)

    assert emulator.journal.count("getUpdates", "409") == 0


async def test_a_taken_port_is_refused_with_advice(tmp_path: Path, emulator: Emulator) -> None:
    """And not as a defect."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listen = Listen(host="127.0.0.1", port=other.getsockname()[1])
        refused = await refusal(await migrated(tmp_path, emulator, http_listen=listen))

    assert isinstance(refused, NoListening)
    assert refused.advice


async def test_an_unmigrated_database_is_refused(tmp_path: Path, emulator: Emulator) -> None:
    """Nothing is migrated by accident."""
    assert isinstance(await refusal(settings_for(tmp_path, emulator)), NotMigrated)


async def test_unmigrated_data_beside_a_good_key_file_is_refused(tmp_path: Path, emulator: Emulator) -> None:
    """Each of the two is looked at."""
    settings = settings_for(tmp_path, emulator)
    await migrate.migrate_keys(settings.keys_url)

    assert isinstance(await refusal(settings), NotMigrated)


async def started_once(tmp_path: Path, emulator: Emulator) -> Any:
    """Settings of a bot that has served."""
    settings = await migrated(tmp_path, emulator)
    async with serving(settings):
        await meet(emulator)
    return settings


async def test_a_wrong_master_key_is_refused(tmp_path: Path, emulator: Emulator) -> None:
    """Before anything is written with it."""
    settings = await started_once(tmp_path, emulator)
    other = settings.model_copy(update={"master_key": Secret(keyfile.fresh())})

    assert isinstance(await refusal(other), WrongMasterKey)


def _lose(directory: Path, file: str) -> None:
    for path in directory.glob(f"{file}*"):
        path.unlink()


@pytest.mark.parametrize(("lost", "error"), [("keys.db", NoKeyFile), ("bot.db", NoDataFile)])
async def test_a_lost_half_is_refused(
    tmp_path: Path, emulator: Emulator, lost: str, error: type[Exception]
) -> None:
    """A new key file opens nothing, and beside a new data file the old keys would be swept away."""
    settings = await started_once(tmp_path, emulator)
    _lose(tmp_path, lost)
    await app.migrate(settings)

    assert isinstance(await refusal(settings), error)


async def test_the_profile_is_set_once(tmp_path: Path, emulator: Emulator) -> None:
    """Telegram limits these calls; the next start makes none as long as no word changed."""
    settings = await migrated(tmp_path, emulator)
    async with serving(settings):
        await emulator.wait_until(lambda: emulator.journal.count("setMyShortDescription") == 2, timeout=SOON)
        await meet(emulator)
    async with serving(settings):
        await meet(emulator)

    assert emulator.journal.count("setMyCommands") == 4
    assert emulator.journal.count("setMyShortDescription") == 2


async def test_a_changed_profile_is_set_again(tmp_path: Path, emulator: Emulator) -> None:
    """The fingerprint of the words decides."""
    settings = await started_once(tmp_path, emulator)
    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        data.execute("UPDATE memo SET value = 'other' WHERE name LIKE 'telegram_profile%'")
        data.commit()
    before = emulator.journal.count("setMyCommands")
    async with serving(settings):
        await emulator.wait_until(lambda: emulator.journal.count("setMyCommands") == before + 4, timeout=SOON)


async def test_the_profile_is_tried_until_telegram_takes_it(tmp_path: Path, emulator: Emulator) -> None:
    """Meanwhile people are answered."""
    emulator.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, method="setMyCommands"))
    async with serving(await migrated(tmp_path, emulator)):
        await meet(emulator)
        await emulator.wait_until(lambda: emulator.journal.count("setMyShortDescription") == 2, timeout=SOON)


async def test_the_profile_is_in_every_language(tmp_path: Path, emulator: Emulator) -> None:
    """Everybody whose app speaks no Hebrew reads English."""
    settings = await migrated(tmp_path, emulator)
    async with house(settings, spawn=asyncio.get_running_loop().create_task, world=World()) as home:
        hebrew, english = profile(home).words

    assert (hebrew.language, english.language) == ("he", None)
    assert [command.name for command in hebrew.commands] == [command.name for command in english.commands]
    assert hebrew.description != english.description


async def test_updates_come_by_webhook(tmp_path: Path, emulator: Emulator) -> None:
    """Told where to deliver, Telegram does; a stranger without the secret is turned away, and nobody polls."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    hook = {"webhook_url": url, "webhook_secret": Secret(SECRET), "telegram_mode": Mode.WEBHOOK}
    settings = await migrated(tmp_path, emulator, http_listen=Listen(host="127.0.0.1", port=port), **hook)
    async with serving(settings):
        person = await meet(emulator)
        await person.press(person.last.labels[0])
        await person.wait_reply(after=person.last.message_id, timeout=SOON)
        async with ClientSession() as stranger, stranger.post(url, data=b"{}") as answer:
            turned_away = answer.status
        health = await fetch(port, "/healthz")

    assert turned_away == 403
    assert json.loads(health[1])["checks"].keys() == {"storage", "queues"}
    assert emulator.journal.count("getUpdates") == 0
    assert emulator.violations == []


async def test_a_webhook_delivery_during_storage_trouble_comes_again(
    tmp_path: Path, emulator: Emulator
) -> None:
    """503 until the update is on disk; then it is there once."""
    port = free_port()
    hook = {
        "webhook_url": f"http://127.0.0.1:{port}/telegram",
        "webhook_secret": Secret(SECRET),
        "telegram_mode": Mode.WEBHOOK,
        "http_listen": Listen(host="127.0.0.1", port=port),
    }
    async with serving(await migrated(tmp_path, emulator, **hook)):
        person = await meet(emulator)
        seen = len(person.replies)
        somebody = sqlite3.connect(tmp_path / "bot.db", isolation_level=None, check_same_thread=False)
        with closing(somebody) as other:
            # In a thread: the bot is in this one, and may have to end a transaction of its own first.
            await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
            await person.send("menu")
            await emulator.wait_until(lambda: "503" in emulator.receiving.hook.last_error, timeout=SOON)
        await emulator.wait_until(lambda: len(person.replies) > seen, timeout=SOON)
        await emulator.wait_until(lambda: emulator.pending == 0, timeout=SOON)

    with closing(sqlite3.connect(tmp_path / "bot.db")) as data:
        assert data.execute("SELECT count(*) FROM inbox").fetchone() == (2,)


async def test_health_is_good_while_telegram_and_the_storage_answer(
    tmp_path: Path, emulator: Emulator
) -> None:
    """And bad when either has not for too long; it says which, and nothing about people."""
    port, clock = free_port(), StillClock()
    settings = await migrated(tmp_path, emulator, http_listen=Listen(host="127.0.0.1", port=port))
    async with serving(settings, World(clock=clock)):
        await meet(emulator)
        good = await fetch(port, "/healthz")
        metrics = await fetch(port, "/metrics")
        emulator.go_down()
        clock.pass_time(timedelta(seconds=91))
        bad = await fetch(port, "/healthz")

    assert good[0] == 200
    assert json.loads(good[1]) == {
        "ok": True,
        "checks": {
            "storage": {"ok": True, "age_seconds": 0.0},
            "queues": {"ok": True, "age_seconds": 0.0},
            "telegram": {"ok": True, "age_seconds": 0.0},
        },
    }
    assert 'bot_poll_age_seconds{platform="telegram"} 0.0' in metrics[1].splitlines()
    assert bad[0] == 503
    assert json.loads(bad[1])["checks"]["telegram"] == {"ok": False, "age_seconds": 91.0}


async def test_before_the_first_poll_health_is_not_good(tmp_path: Path, emulator: Emulator) -> None:
    """A bot that has never reached Telegram serves nobody, and has no age to show."""
    port = free_port()
    emulator.go_down()
    settings = await migrated(tmp_path, emulator, http_listen=Listen(host="127.0.0.1", port=port))
    async with serving(settings):
        health = await fetch(port, "/healthz")
        metrics = await fetch(port, "/metrics")

    assert health[0] == 503
    assert json.loads(health[1])["checks"]["telegram"] == {"ok": False, "age_seconds": None}
    assert json.loads(health[1])["checks"]["storage"]["ok"]
    assert "bot_poll_age_seconds{" not in metrics[1]


async def test_health_knows_whether_signal_is_heard(tmp_path: Path, emulator: Emulator) -> None:
    """While signal-cli answers the spooler; before that, and when it has not for too long, health is not good."""
    port, spool = free_port(), Folder(tmp_path / "spool")
    signal = {"signal_rpc": "tcp://127.0.0.1:1", "signal_account": Secret("+15550100001")}
    listen = Listen(host="127.0.0.1", port=port)
    settings = await migrated(tmp_path, emulator, http_listen=listen, signal_spool=spool.path, **signal)
    found = []
    async with serving(settings):
        await meet(emulator)
        while spool.public() is None:  # noqa: ASYNC110 - the bot gives it, and tells nobody
            await asyncio.sleep(0.01)
        for seconds in (None, 0, 91):
            if seconds is not None:
                spool.beat()
                os.utime(spool.path / ALIVE, (time.time() - seconds,) * 2)
            found.append(json.loads((await fetch(port, "/healthz"))[1])["checks"]["signal"])

    assert [one["ok"] for one in found] == [False, True, False]
    assert [one["age_seconds"] is None for one in found] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "minutes", "why"),
    [
        (None, 0, None),
        (ALIVE, 9, Alert.HEARD),
        (ALIVE, 11, Alert.SPOOLER),
        (PLACE, 9, Alert.HEARD),
        (PLACE, 11, Alert.SPOOLER),
    ],
)
def test_minutes_without_signal_are_noticed(
    tmp_path: Path, name: str | None, minutes: int, why: Alert | None
) -> None:
    """Counted from the last sign of life, or from when the bot first wanted one."""
    spool = Folder(tmp_path / "spool")
    spool.make()
    if name:
        _silent(spool, name, minutes=minutes)
    settings = settings_for(tmp_path, signal_rpc="tcp://127.0.0.1:1", signal_spool=spool.path)

    assert intake(settings) is why
    assert intake(settings.model_copy(update={"signal_rpc": None})) is None


def test_what_keeps_signal_from_coming_in_is_told_apart(tmp_path: Path) -> None:
    """A spooler that runs and hears nothing, one that has no room, and none at all; no folder is no room."""
    spool = Folder(tmp_path / "spool")
    spool.make()
    _silent(spool, ALIVE, minutes=11)
    settings = settings_for(tmp_path, signal_rpc="tcp://127.0.0.1:1", signal_spool=spool.path)
    pen, found = Pen(spool), [intake(settings)]
    with spool.held(SPOOLER):
        pen.begin()
        found.append(intake(settings))
        pen.make_room()
        found.append(intake(settings))

    assert found == [Alert.SPOOLER, Alert.DEAF, Alert.FULL]
    assert not has_room(Folder(tmp_path / "none"), is_spooled=False)
    assert not Folder(tmp_path / "none").is_written()


def test_whether_a_spooler_runs_and_hears_is_told(tmp_path: Path) -> None:
    """Each with what to start; a look makes no file that whoever starts it might not open."""
    spool = Folder(tmp_path / "spool")
    settings = settings_for(tmp_path, signal_rpc="tcp://127.0.0.1:1", signal_spool=spool.path)
    spool.make()
    found = [spooler(settings)]
    is_untouched = not (spool.path / SPOOLER).exists()
    with spool.held(SPOOLER):
        found.append(spooler(settings))
        spool.publish(Public(name="a1", key=bytes(32)))
        found.append(spooler(settings))
        spool.beat()
        found.append(spooler(settings))
        _silent(spool, ALIVE, minutes=2)
        found.append(spooler(settings))
    found.append(spooler(settings))

    assert is_untouched
    assert [one.ok for one in found] == [False, True, False, True, False, False]
    assert all(bool(one.advice) is not one.ok for one in found)
    assert [("bot signal spool" in one.advice) for one in found if not one.ok] == [True, False, False, True]


@pytest.mark.parametrize(("minutes", "why"), [(None, Alert.HEARD), (9, None), (11, Alert.AWAY)])
def test_minutes_without_a_network_are_noticed(
    tmp_path: Path, minutes: int | None, why: Alert | None
) -> None:
    """Where signal-cli answers; a short while is told neither as trouble nor as its end, and health sees it at once."""
    spool = Folder(tmp_path / "spool")
    spool.make()
    spool.beat()
    if minutes:
        _silent(spool, AWAY, minutes=minutes)
    settings = settings_for(tmp_path, signal_rpc="tcp://127.0.0.1:1", signal_spool=spool.path)

    assert intake(settings) is why
    assert (silence(settings) or 0) // 60 == (minutes or 0)


def _silent(spool: Folder, name: str, *, minutes: int) -> None:
    spool.put(name, b"")
    os.utime(spool.path / name, (time.time() - minutes * 60,) * 2)
