"""The commands around serving."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.app.house import opened
from bot.app.world import World
from bot.model.finding import Finding
from bot.sandbox import Emulator
from bot.settings import Mode, Secret, Settings, keyfile
from bot.store.errors import NotMigrated, WrongMasterKey
from bot.store.sealing import KeeperKey
from bot.transports.telegram.webhook import set_webhook
from tests.app.bots import migrated, settings_for
from tests.stage import staged

LATE = timedelta(seconds=1)


def wrong(findings: list[Finding]) -> list[str]:
    """What is not as it should be; that anybody may put this bot into a group is the emulator's way."""
    assert all(found.advice for found in findings if not found.ok)
    return [found.name for found in findings if not found.ok and found.name != "groups"]


async def test_migrating_twice_is_migrating_once(tmp_path: Path) -> None:
    """And it says what was done."""
    settings = settings_for(tmp_path)
    first = await app.migrate(settings)

    assert await app.migrate(settings) == first
    assert first == ["The key file is up to date.", "The database is up to date."]


def with_keys(settings: Settings, *keys: str) -> Settings:
    return settings.model_copy(update={"master_key": Secret(",".join(keys))})


async def opens(settings: Settings) -> None:
    async with opened(settings, World()):
        pass


async def test_after_a_rotation_the_new_key_is_enough(tmp_path: Path) -> None:
    """And the old one opens nothing any more."""
    old, new = keyfile.fresh(), keyfile.fresh()
    settings = with_keys(await migrated(tmp_path), old)
    await opens(settings)
    lines = await app.rotate_keys(with_keys(settings, new, old))
    await opens(with_keys(settings, new))

    assert lines[0].startswith("Wrapped ")
    with pytest.raises(WrongMasterKey):
        await opens(settings)


async def test_a_rotation_without_the_old_key_is_refused(tmp_path: Path) -> None:
    """Nothing is wrapped that could not be opened."""
    settings = with_keys(await migrated(tmp_path), keyfile.fresh())
    await opens(settings)

    with pytest.raises(WrongMasterKey):
        await app.rotate_keys(with_keys(settings, keyfile.fresh()))


async def test_the_doctor_finds_nothing_where_all_is_well(tmp_path: Path, emulator: Emulator) -> None:
    """Settings, key, databases, Telegram and the clock, each looked at."""
    findings = await app.doctor(await migrated(tmp_path, emulator))

    assert wrong(findings) == []
    assert [found.name for found in findings][:3] == ["settings", "master key", "databases"]
    assert "0 events wait" in findings[2].detail
    assert findings[-1].name == "clock"


async def test_the_doctor_says_where_the_cards_stand(tmp_path: Path, emulator: Emulator) -> None:
    """Where only approved ones are served and none is, it says what to do; cards that can't be read are named."""
    settings = await migrated(tmp_path, emulator)
    flows = Path(shutil.copytree(settings.flows_dir, tmp_path / "flows"))
    strict = settings.model_copy(update={"content_policy": "approved", "flows_dir": flows})
    (flows / "cards" / "approvals.yaml").write_text("# None\n")
    (unsigned,) = [one for one in await app.doctor(strict) if one.name == "cards"]
    (flows / "cards" / "approvals.yaml").write_text("- A9\n")

    assert not unsigned.ok
    assert unsigned.detail.endswith(" draft")
    assert wrong(await app.doctor(strict)) == ["cards"]


async def test_the_doctor_says_whether_an_open_letter_can_be_signed(
    tmp_path: Path, emulator: Emulator
) -> None:
    """Only with the keeper's key; a draft needs none; letters that can't be read are named."""
    settings = await migrated(tmp_path, emulator)
    flows = Path(shutil.copytree(settings.flows_dir, tmp_path / "flows"))
    with_flows = settings.model_copy(update={"flows_dir": flows, "letter_public_key": None})
    with_key = with_flows.model_copy(update={"letter_public_key": KeeperKey.fresh().public})
    file = flows / "letters" / "reserves.yaml"
    draft = file.read_text(encoding="utf-8")
    drafts = wrong(await app.doctor(with_flows))
    file.write_text(draft.replace("status: draft", "status: open"), encoding="utf-8")
    opened = [wrong(await app.doctor(one)) for one in (with_flows, with_key)]
    file.write_text("status: open", encoding="utf-8")

    assert drafts == []
    assert opened == [["letters"], []]
    assert wrong(await app.doctor(with_key)) == ["letters"]


async def test_the_doctor_sees_databases_that_are_not_there(tmp_path: Path, emulator: Emulator) -> None:
    """And says which command makes them."""
    findings = await app.doctor(settings_for(tmp_path, emulator))

    assert wrong(findings) == ["databases"]
    assert findings[2].advice == NotMigrated.advice


async def test_the_doctor_sees_that_the_key_does_not_fit(tmp_path: Path, emulator: Emulator) -> None:
    """Without writing anything."""
    settings = await migrated(tmp_path, emulator)
    await opens(settings)
    findings = await app.doctor(with_keys(settings, keyfile.fresh()))

    assert wrong(findings) == ["databases"]


async def test_the_doctor_sees_a_missing_key_and_a_missing_token(tmp_path: Path) -> None:
    """Each with what to do about it."""
    bare = {"master_key": None, "telegram_token": None}
    findings = await app.doctor(await migrated(tmp_path, **bare))

    assert wrong(findings) == ["master key", "databases", "telegram"]


async def test_the_doctor_looks_at_signal_where_it_is_set_up(tmp_path: Path) -> None:
    """And asks for no token where Signal is all there is."""
    there = {"signal_rpc": "tcp://127.0.0.1:1", "signal_account": Secret("+15550100001")}
    settings = (await migrated(tmp_path, telegram_token=None)).model_copy(update=there)

    assert wrong(await app.doctor(settings)) == ["signal", "signal spooler", "signal attachments"]


async def test_the_doctor_sees_a_directory_that_is_not_there(tmp_path: Path, emulator: Emulator) -> None:
    """A path that can't be opened is a finding and not a defect."""
    (tmp_path / "file").write_text("")
    nowhere = f"sqlite+aiosqlite:///{tmp_path}/file/bot.db"
    findings = await app.doctor(settings_for(tmp_path, emulator, keys_url=nowhere))

    assert wrong(findings) == ["databases"]


async def test_the_doctor_sees_a_token_telegram_does_not_know(tmp_path: Path, emulator: Emulator) -> None:
    """Which is all that can be said about Telegram then."""
    settings = await migrated(tmp_path, emulator, telegram_token=Secret("7:nobody"))

    assert wrong(await app.doctor(settings)) == ["telegram"]


async def test_the_doctor_sees_a_telegram_that_does_not_answer(tmp_path: Path, emulator: Emulator) -> None:
    """Then there is no clock to compare with, either."""
    settings = await migrated(tmp_path, emulator, telegram_api_url="http://127.0.0.1:9")

    assert wrong(await app.doctor(settings)) == ["telegram", "clock"]


async def test_the_doctor_compares_the_webhook_with_the_mode(tmp_path: Path, emulator: Emulator) -> None:
    """One that is set while we poll, and one that is not set while we wait for it."""
    settings = await migrated(tmp_path, emulator)
    url = "https://bot.example.org/telegram"
    async with app.telegram_api(settings) as api:
        await set_webhook(api, url, secret="secret")
    polling = await app.doctor(settings)
    right = {"telegram_mode": Mode.WEBHOOK, "webhook_url": url}
    waiting = await app.doctor(settings.model_copy(update=right))
    elsewhere = {"telegram_mode": Mode.WEBHOOK, "webhook_url": f"{url}/new"}
    moved = await app.doctor(settings.model_copy(update=elsewhere))

    assert (wrong(polling), wrong(waiting), wrong(moved)) == (["webhook"], [], ["webhook"])


async def test_a_deploy_names_the_questions_it_would_interrupt(tmp_path: Path) -> None:
    """By place and number, while the bot serves; none if nothing changed."""
    async with staged(tmp_path) as stage:
        for _ in range(2):
            await stage.emulator.person().start()
        await stage.settle()
        unchanged = await app.touched(stage.settings)
        flows = Path(shutil.copytree(stage.settings.flows_dir, tmp_path / "flows"))
        start = flows / "start.yaml"
        start.write_text(
            start.read_text(encoding="utf-8").replace("id: go_on", "id: begin"), encoding="utf-8"
        )
        changed = await app.touched(stage.settings.model_copy(update={"flows_dir": flows}))

    assert unchanged == []
    assert changed == ["start.hello: 2 waiting"]


def test_the_machines_clock_is_in_utc() -> None:
    """Aware, and now."""
    before, now = datetime.now(UTC), World().clock.now()

    assert now.tzinfo is UTC
    assert before <= now <= before + LATE
