"""While the bot is paused: who is answered, what everybody else hears, and that nothing is lost."""

from datetime import timedelta
from typing import Final

import pytest

from bot.engine.event import Loss
from bot.engine.need import LINES
from bot.model.hours import NEVER
from bot.model.outgoing import Priority, SendMessage
from bot.model.person import Role
from bot.pipeline import loss
from bot.store import inbox, invites, pauses
from tests.crew import Crew
from tests.organizer import SECRET, enrolled, shown
from tests.pipeline.works import DAN, Works, pressed, said

PAYLOAD: Final = "a" * 26
SENTENCE: Final = "This bot is paused for now"


async def _pause(works: Works) -> None:
    """As an organizer does it in the chat; the organizer is Dan."""
    await enrolled(works.db, (await works.meet(DAN)).person.id, now=works.clock.now())
    await _hears(works, said("/pause", by=DAN))


async def _hears(works: Works, raw: bytes) -> list[str]:
    before = len(works.transport.sent)
    await works.receive(raw)
    await works.settle()
    sent = [payload for _, payload in works.transport.sent[before:]]
    return [payload.text.text for payload in sent if isinstance(payload, SendMessage)]


async def test_who_writes_hears_one_sentence_and_the_lines(works: Works) -> None:
    """A newcomer and somebody in the middle of something alike, whatever they send."""
    await _hears(works, said("/start"))
    await _pause(works)

    for raw in (said("hello"), said("/menu"), said("/desk"), pressed("v1:n0000001:go_on"), said("2", by=77)):
        sentence, lines = await _hears(works, raw)
        assert sentence.startswith(SENTENCE)
        assert "1201" in lines


async def test_the_conversation_stays_where_it_is(works: Works) -> None:
    """Its session is not written at all, and its buttons work again afterwards."""
    await _hears(works, said("/menu"))
    before = (await works.meet()).session
    await _pause(works)
    await _hears(works, said("1"))
    meanwhile = (await works.meet()).session
    async with works.db.unit() as unit:
        await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()
    answered = await _hears(works, said("menu"))

    assert before == meanwhile
    assert not answered[0].startswith(SENTENCE)


async def test_crisis_words_open_the_crisis_lane(works: Works) -> None:
    """And it goes on as ever, until the person leaves it."""
    await _hears(works, said("/menu"))
    await _pause(works)
    heard = await _hears(works, said("I want to die"))
    more = await _hears(works, said("I am alone"))

    assert heard[0].startswith("That sounds very heavy.")
    assert not any(text.startswith(SENTENCE) for text in heard + more)


@pytest.mark.parametrize(
    "typed",
    [
        "/stop",
        "stop",
        "/hide",
        "hide",
        "/privacy",
        "privacy",
        "/crisis",
        "delete my data",
        "/delete",
        "/mydata",
        "my data",
    ],
)
async def test_what_protects_people_goes_on_working(works: Works, typed: str) -> None:
    """Stopping, deleting, privacy and the crisis lane, by command and by word."""
    await _hears(works, said("/menu"))
    await _pause(works)

    assert not any(text.startswith(SENTENCE) for text in await _hears(works, said(typed)))


async def test_an_invitation_is_taken_up_to_its_end(works: Works) -> None:
    """The last organizer may be gone: without a new one, nobody could ever end the pause."""
    await _pause(works)
    async with works.db.unit() as unit:
        await invites.make(unit, Role.ORGANIZER, payload=PAYLOAD, secret=SECRET, now=works.clock.now())
        await unit.commit()
    await _hears(works, said("/delete", by=DAN))
    await _hears(works, said("Delete everything now", by=DAN))
    (asked,) = await _hears(works, said(f"/start {PAYLOAD}"))
    (again,) = await _hears(works, said("999999"))
    welcome, _ = await _hears(works, said(shown(works.clock.now())))

    assert asked.startswith("This is an invitation")
    assert again.startswith("That code was not right.")
    assert welcome.startswith("Welcome.")


async def test_deleting_is_done_to_its_end(works: Works) -> None:
    """From the safety row of an open screen to the last button: nobody has to wait for that."""
    await _hears(works, said("/menu"))
    await _pause(works)
    session = (await works.meet()).session
    assert session is not None
    assert session.screen is not None
    await _hears(works, pressed(f"v1:{session.screen.nonce}:~delete"))
    (gone,) = await _hears(works, said("Delete everything now"))

    assert gone.startswith("Everything is deleted.")


async def test_what_the_bot_says_by_itself_is_held_until_the_end(works: Works) -> None:
    """Relay, check-ins and notices stay in the outbox, and no health check calls that late; replies leave."""
    known = await works.meet()
    await _pause(works)
    before = len(works.transport.sent)
    for priority in Priority:
        await works.post(known, priority.name, priority=priority)
    works.clock.pass_time(timedelta(minutes=5))
    await works.settle()
    held = works.transport.texts[before:]
    await works.ticker.measure()
    late = works.ticker.longest_overdue
    async with works.db.unit() as unit:
        await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()
    for _ in range(4):  # a chat gets one check-in or notice a second
        works.clock.pass_time(timedelta(seconds=2))
        await works.settle()

    assert held == ["REPLY"]
    assert late == 0
    assert sorted(works.transport.texts[before:]) == sorted(priority.name for priority in Priority)


async def test_a_pause_survives_a_restart_and_takes_a_code_to_end(works: Works) -> None:
    """It is on disk; whoever only holds an organizer's phone can't end it."""
    await _pause(works)
    works.processor = type(works.processor)(works.ground, works.turns)
    asked = await _hears(works, said("/resume", by=DAN))
    wrong = await _hears(works, said("999999", by=DAN))
    held = await _hears(works, said("hello"))
    opened = await _hears(works, said(shown(works.clock.now()), by=DAN))
    replay = await _hears(works, said("/pause", by=DAN)) and await _hears(works, said("/resume", by=DAN))

    assert asked[0].startswith("Please write the code")
    assert wrong[0].startswith("That code was not right")
    assert held[0].startswith(SENTENCE)
    assert opened[0].startswith("The bot is open again.")
    assert replay[0].startswith("The bot is open again.")
    assert [row[0] for row in works.ask("SELECT act FROM audit ORDER BY seq")] == [
        "pause",
        "resume",
        "pause",
        "resume",
    ]


async def test_a_lost_message_is_told_while_paused(works: Works) -> None:
    """What a turn puts into somebody's lane is no message they wrote."""
    await _hears(works, said("/menu"))
    known = await works.meet()
    await _pause(works)
    before = len(works.transport.texts)
    async with works.db.unit() as unit:
        await inbox.add(unit, [loss.news(known.person.id, Loss.FAILED, row_id=1)], now=works.clock.now())
        await unit.commit()
    await works.settle()

    assert works.transport.texts[before].startswith("Your last message could not be handled")


async def test_the_lines_are_a_card_that_always_shows(works: Works) -> None:
    """Whatever is approved: a person is never left with a sentence alone."""
    library = works.turns.library

    assert library.cards[LINES].card.always


@pytest.mark.parametrize("typed", ["they arrested me", "/urgent", "urgent"])
async def test_urgent_words_bring_the_way_to_a_lawyer_as_well(works: Works, typed: str) -> None:
    """Nobody can be called from here meanwhile, so it is said who answers elsewhere, the defence first."""
    await _hears(works, said("/menu"))
    await _pause(works)
    sentence, defence, lines = await _hears(works, said(typed))

    assert sentence.startswith(SENTENCE)
    assert "073-310-3300" in defence
    assert "1201" in lines


async def test_on_a_line_they_do_too(works: Works) -> None:
    """It is said that nothing was passed on, and who answers."""
    crew = Crew(works)
    noa, gal = await crew.person(1001), await crew.volunteer(2001)
    await crew.asks(noa)
    await crew.answers(gal, "accept")
    await _pause(works)
    sentence, defence, lines = await _hears(works, said("they arrested me", by=1001))

    assert sentence.startswith(SENTENCE)
    assert "073-310-3300" in defence
    assert "1201" in lines
    assert "they arrested me" not in crew.heard(2001)


async def test_nobody_is_looked_for_and_nothing_is_forgotten(works: Works) -> None:
    """An offer could not be accepted, and a promise not be kept; the search goes on where it was."""
    crew = Crew(works)
    noa, gal = await crew.person(1001), await crew.volunteer(2001, hours=NEVER)
    case = await crew.asks(noa)
    await _pause(works)
    before = len(works.transport.sent)
    for _ in range(5):  # hours, minute by minute where something waits
        await crew.after(timedelta(hours=1))
    meanwhile = len(works.transport.sent)
    async with works.db.unit() as unit:
        await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()
    await crew.after(timedelta(minutes=2))
    await crew.after(timedelta(hours=4))

    assert meanwhile == before
    assert await crew.asked(noa, flow="nobody") == [noa]
    assert set(await crew.timers_of(case.id)) == {"search"}
    assert await crew.asked(gal) == []
