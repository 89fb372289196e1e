"""A broadcast in a second process that dies, is told to slow down, or is cut off: nobody is left out.

Nobody gets it twice beyond what was in flight. Every recipient ends in exactly one fate, and what the fates say is
what the platform saw.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import insert

from bot.app.world import MachineClock, World
from bot.model.consent import Consent, Method
from bot.model.notice import Fate, NoticeContent, content_hash
from bot.model.person import Language, Platform
from bot.sandbox.fault import Fault, FaultKind
from bot.settings import sandbox
from bot.store import consents, notice_drafts, people
from bot.store.db import Database
from bot.store.tables import consent_text
from tests.faults.aimed import killed_at, revived
from tests.faults.place import Place, make_slow
from tests.faults.watch import Stage
from tests.store.shelf import Shelf

PURPOSE: Final = "notice:protest:north"
WORDS: Final = "There is a meeting on Thursday."
CONTENT: Final = NoticeContent(texts={Language.HEBREW: WORDS})
RUNNING: Final = "SELECT count(*) FROM notice WHERE ended_at IS NULL"
IN_FLIGHT: Final = "SELECT count(*) FROM outbox WHERE sending"
FATES: Final = "SELECT fate, count(*) FROM notice_copy GROUP BY fate"
LONGEST: Final = 90.0  # seconds
BLOCKED: Final = 20  # one of so many has blocked the bot


async def announced(place: Place, count: int, *, rate: float = 200.0) -> list[int]:
    """A notice is approved for so many people, whom it finds when a bot starts; their chats."""
    place.urls = {**place.urls, "BOT_TELEGRAM_RATE": str(rate)}
    chats = [place.emulator.person(started=True).user_id for _ in range(count)]
    now = MachineClock().now()
    settings = sandbox(place.directory, env_file=place.directory / "none")
    library, _, _ = World().words(settings)
    text = next(one.text for one in library.consents if one.purpose == PURPOSE)
    shelf = Shelf(data=place.urls["BOT_DATABASE_URL"], keys=place.urls["BOT_KEYS_URL"])
    async with shelf.opened(at=now) as db:
        await _agree(db, chats, text)
        async with db.unit() as unit:
            await unit.change(insert(consent_text), {"purpose": PURPOSE, "text": text})
            made = await notice_drafts.open_draft(unit, "first", now=now)
            draft = replace(
                made,
                topic="protest",
                purposes=frozenset({PURPOSE}),
                is_emergency=True,  # whatever the hour of this test is
                useless_after=now + timedelta(hours=1),
            )
            await notice_drafts.change(unit, draft, content=CONTENT, now=now)
            assert await notice_drafts.approve(unit, draft.id, content=content_hash(draft, CONTENT), now=now)
            await unit.commit()
    return chats


async def _agree(db: Database, chats: list[int], text: str) -> None:
    today = MachineClock().now().date()
    given = Consent(
        purpose=PURPOSE, text=text, language=Language.HEBREW, method=Method.BUTTON, given_on=today
    )
    async with db.unit() as unit:
        found = await people.resolve(unit, Platform.TELEGRAM, [str(chat) for chat in chats], today=today)
        for person_id in found.values():
            await consents.give(unit, person_id, given=given)
        await unit.commit()


def came(place: Place, chats: list[int]) -> Counter[int]:
    """How often each of these chats has got it."""
    posts = {chat: place.emulator.person(chat).chat for chat in chats}
    return Counter({chat: sum(WORDS in post.text for post in shown) for chat, shown in posts.items()})


async def over(place: Place) -> dict[str, int]:
    """Wait until every copy has its fate; how many of each."""
    await place.until_number(RUNNING, 0, within=LONGEST)
    return dict(list(map(tuple, await place.data.ask(FATES))))


async def killed_and_revived(place: Place, *kills: tuple[Stage, int]) -> None:
    """Killed at each of these entries into a stage, one process after the other."""
    chats = await announced(place, 100, rate=40.0)
    make_slow(place.emulator, 7)
    in_flight = 0
    for stage, nth in kills:
        await killed_at(place, stage, nth=nth)
        in_flight += int((await place.data.ask_the_dead(IN_FLIGHT))[0][0])
    await revived(place)
    fates, got = await over(place), came(place, chats)

    assert fates == {Fate.DELIVERED: len(chats)}
    assert min(got.values()) == 1, "somebody was left out"
    assert got.total() - len(chats) <= in_flight


@pytest.mark.timeout(180)
async def test_a_broadcast_that_is_killed_leaves_nobody_out(place: Place) -> None:
    """While copies are made, while they are sent, before that is written; twice comes only what was in flight."""
    await killed_and_revived(place, (Stage.IN_TRANSACTION, 1), (Stage.SENDING, 5), (Stage.SENT, 12))


@pytest.mark.timeout(180)
async def test_a_broadcast_that_is_killed_leaves_nobody_out_on_postgresql(postgres_place: Place) -> None:
    """There what was being sent waits for the end of its lease."""
    await killed_and_revived(postgres_place, (Stage.SENDING, 5))


@pytest.mark.timeout(180)
async def test_a_storm_of_refusals_loses_nobody(place: Place) -> None:
    """429 again and again, 5xx, cut connections, and one of twenty has blocked the bot."""
    chats = await announced(place, 100)
    blocked = chats[::BLOCKED]
    for chat in blocked:
        place.emulator.faults.add(Fault(kind=FaultKind.BLOCKED, chat_id=chat, times=None))
    for kind, probability in (
        (FaultKind.FLOOD, 0.1),
        (FaultKind.BAD_GATEWAY, 0.05),
        (FaultKind.DROP_BEFORE, 0.05),
    ):
        place.emulator.faults.add(
            Fault(kind=kind, method="sendMessage", times=None, probability=probability, seed=3)
        )
    await place.start()
    fates, got = await over(place), came(place, chats)

    assert fates == {Fate.DELIVERED: len(chats) - len(blocked), Fate.BLOCKED: len(blocked)}
    assert got == Counter({chat: 0 if chat in blocked else 1 for chat in chats})


@pytest.mark.timeout(120)
async def test_a_platform_that_is_down_is_waited_for(place: Place) -> None:
    """In the middle of a broadcast; it goes on by itself when the platform is back."""
    chats = await announced(place, 60, rate=50.0)
    await place.start()
    await place.until(lambda: came(place, chats).total() > 10)
    place.emulator.go_down()
    await place.until_number("SELECT count(*) > 0 FROM outbox WHERE attempts > 1", 1)
    place.emulator.come_up()
    fates = await over(place)

    assert fates == {Fate.DELIVERED: len(chats)}
    assert min(came(place, chats).values()) >= 1
