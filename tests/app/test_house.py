"""What a house is built of."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.app.house import bot_id, house, telegram_api
from bot.app.world import World
from bot.engine.parse import FlowsRefused
from bot.model.card import ContentPolicy
from bot.settings import Secret
from tests.app.bots import migrated, settings_for


def test_updates_belong_to_the_public_half_of_the_token(tmp_path: Path) -> None:
    """The secret half is in no tag; without a token they belong to nobody."""
    settings = settings_for(tmp_path)

    assert bot_id(settings.model_copy(update={"telegram_token": Secret("42:secret")})) == "42"
    assert bot_id(settings.model_copy(update={"telegram_token": None})) == ""


async def test_without_a_token_there_is_a_connection_that_nobody_answers(tmp_path: Path) -> None:
    """Signal alone needs no Telegram; nothing breaks before it is used."""
    async with telegram_api(settings_for(tmp_path).model_copy(update={"telegram_token": None})):
        pass


async def test_what_a_house_can_say_is_what_the_settings_name(tmp_path: Path) -> None:
    """Its flows, its words, and which cards are shown."""
    settings = await migrated(tmp_path, content_policy="approved")
    async with house(settings, spawn=asyncio.get_running_loop().create_task, world=World()) as home:
        library = home.library

    assert library.policy is ContentPolicy.APPROVED
    assert "start" in library.book.flows
    assert library.cards


async def test_broken_flows_are_refused(tmp_path: Path) -> None:
    """Before anybody is answered with them."""
    settings = await migrated(tmp_path)
    flows = Path(shutil.copytree(settings.flows_dir, tmp_path / "flows"))
    (flows / "menu.yaml").write_text("flow: menu\nsteps: {}\n")
    broken = settings.model_copy(update={"flows_dir": flows})

    with pytest.raises(FlowsRefused):
        async with house(broken, spawn=asyncio.get_running_loop().create_task, world=World()):
            pass
