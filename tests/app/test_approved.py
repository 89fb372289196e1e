"""From a reviewer's key to a person's phone: the whole bot with the policy of `bot run`, on real files and keys."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.app.review import add_reviewer, propose, sign
from bot.model.card import ContentPolicy
from bot.model.review import ReviewRole
from bot.sandbox import Person
from tests.stage import TUESDAY, Stage, staged

PROJECT: Final = Path(__file__).parents[2]
PASSPHRASE: Final = "four small words here"
TODAY: Final = TUESDAY.date()
MISSING: Final = "We have no verified answer to that"
CARD: Final = "legal_groups"
FACT: Final = "Independent groups, not of the army"


def signed(cards: Path, *roles: ReviewRole) -> None:
    """One reviewer of each of these roles signs the card."""
    for role in roles:
        key = cards.parent / f"{role}.pem"
        add_reviewer(cards, f"a_{role}", role=role, key=key, passphrase=PASSPHRASE)
        sign(cards, propose(cards, CARD, key=key, passphrase=PASSPHRASE, today=TODAY))


@asynccontextmanager
async def running(directory: Path, *roles: ReviewRole) -> AsyncIterator[tuple[Stage, Person]]:
    """The bot with a card that these roles signed."""
    flows = Path(shutil.copytree(PROJECT / "flows", directory / "flows"))
    signed(flows / "cards", *roles)
    async with staged(directory / "stage", content_policy=ContentPolicy.APPROVED, flows_dir=flows) as stage:
        yield stage, stage.emulator.person(language_code="en")


async def read(stage: Stage, person: Person) -> list[str]:
    """What somebody gets to read who asks for a lawyer."""
    seen = len(person.history)
    await person.send("/lawyer")
    await stage.settle()
    return [message.text for message in person.history[seen:] if not message.mine]


async def test_an_approved_card_is_served_and_another_is_not(tmp_path: Path) -> None:
    """What two people signed is said as it is, unmarked; of the rest the bot says that it has no checked answer."""
    async with running(tmp_path, ReviewRole.CALLER, ReviewRole.EDITOR) as (stage, person):
        said = await read(stage, person)

    assert [text.startswith(FACT) for text in said].count(True) == 1
    assert [text.startswith(MISSING) for text in said].count(True) == 1  # the other card of that step
    assert not any("Draft" in text or "073" in text for text in said)


async def test_one_signature_serves_nothing(tmp_path: Path) -> None:
    """It takes two people."""
    async with running(tmp_path, ReviewRole.EDITOR) as (stage, person):
        said = await read(stage, person)

    assert not any(text.startswith(FACT) for text in said)
    assert any(text.startswith(MISSING) for text in said)


async def test_an_approval_runs_out_while_the_bot_runs(tmp_path: Path) -> None:
    """On the day after its last; the emergency lines never do."""
    async with running(tmp_path, ReviewRole.CALLER, ReviewRole.EDITOR) as (stage, person):
        await read(stage, person)
        until = stage.house.library.cards[CARD].until(TODAY)
        assert until is not None
        await stage.pass_time(until - TODAY + timedelta(days=1))
        said = await read(stage, person)
        await person.send("I want to die")
        await stage.settle()
        lines = person.history[-1].text + person.history[-2].text

    assert not any(text.startswith(FACT) for text in said)
    assert "1201" in lines


async def test_an_approved_card_is_pulled_while_the_bot_runs(tmp_path: Path) -> None:
    """The next turn says the honest sentence."""
    async with running(tmp_path, ReviewRole.CALLER, ReviewRole.EDITOR) as (stage, person):
        before = await read(stage, person)
        await stage.pull(CARD)
        after = await read(stage, person)

    assert any(text.startswith(FACT) for text in before)
    assert not any(text.startswith(FACT) for text in after)


async def test_a_changed_word_is_not_served_after_the_next_start(tmp_path: Path) -> None:
    """Whoever changed it, and however little."""
    async with running(tmp_path, ReviewRole.CALLER, ReviewRole.EDITOR) as (stage, person):
        await read(stage, person)
        await stage.deploy("cards/lawyers.yaml", "not of the army,", "not of the army")
        said = await read(stage, person)

    assert not any(text.startswith("Independent groups") for text in said)
