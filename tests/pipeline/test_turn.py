"""One turn: who it is, where they can be reached, and what is written of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete

from bot.engine.event import Loss
from bot.engine.flow import Choice, Move, Phrase, Route, Step, Timeout
from bot.model.incoming import Incoming, Media, MediaKind
from bot.model.outgoing import LeaveChat
from bot.model.person import Language, Person
from bot.pipeline import loss
from bot.pipeline.acquaintance import acquainted
from bot.pipeline.process import Processor
from bot.store import inbox
from bot.store.tables import address
from tests.pipeline.works import DAN, NOA, Works, membership, pressed, said

GROUP = -1001
EVERYBODY = "SELECT count(*) FROM person"


@pytest.mark.parametrize(
    ("app_language", "language"),
    [
        ("he", Language.HEBREW),
        ("iw-IL", Language.HEBREW),
        ("ru", Language.HEBREW),
        ("en-GB", Language.ENGLISH),
    ],
)
async def test_the_first_language_is_guessed_from_the_app(
    works: Works, app_language: str, language: Language
) -> None:
    """Hebrew where apps in Israel speak one of its languages, else English, whatever was written."""
    await works.receive(said("hello שלום", language=app_language))
    await works.settle()

    assert (await works.meet()).person.language is language


@pytest.mark.parametrize(
    ("wrote", "language"),
    [("שלום", Language.HEBREW), ("I want to die", Language.ENGLISH), ("1", None), ("/start", None)],
)
async def test_where_no_app_tells_it_is_guessed_from_the_letters(
    works: Works, wrote: str, language: Language | None
) -> None:
    """It is unknown for no longer than one turn: who says nothing of it then is spoken to in Hebrew."""
    await works.receive(said(wrote, language=""))
    await works.settle()
    first = (await works.meet()).person.language
    await works.receive(said("?", language=""))
    await works.settle()

    assert (first, (await works.meet()).person.language) == (language, language or Language.HEBREW)


async def test_a_photo_with_words_tells_the_language_too(works: Works) -> None:
    """Of everything somebody writes, only commands are Latin for all."""
    photo = Media(media=MediaKind.PHOTO, message_id="1", caption="look")

    assert acquainted(Person(id=1), Incoming(happening=photo), is_new=True).language is Language.ENGLISH


async def test_the_language_stays_when_the_app_changes(works: Works) -> None:
    """Only the first message is guessed from."""
    await works.receive(said("/start", language="en"))
    await works.settle()
    await works.receive(said("menu", language="he"))
    await works.settle()

    assert (await works.meet()).person.language is Language.ENGLISH


@pytest.mark.parametrize(("hour", "expected"), [(21, date(2026, 11, 24)), (23, date(2026, 11, 25))])
async def test_a_day_is_counted_where_the_person_is(works: Works, hour: int, expected: date) -> None:
    """An hour after midnight in Jerusalem it is still yesterday in UTC."""
    person = await works.meet()

    assert works.turns._day(person.person, works.clock.now().replace(hour=hour)) == expected


async def test_a_group_is_left_and_forgotten(works: Works) -> None:
    """Nothing is said there; of the group nothing stays."""
    await works.receive(membership("member", chat=GROUP))
    await works.settle()

    assert [payload for _, payload in works.transport.sent] == [LeaveChat(chat_id=str(GROUP))]
    assert works.number(EVERYBODY) == 0
    assert works.number("SELECT count(*) FROM outbox") == 0


async def test_a_stranger_who_only_blocks_is_forgotten(works: Works) -> None:
    """Nobody was spoken to, so nobody is remembered."""
    await works.receive(membership("kicked"))
    await works.settle()

    assert works.number(EVERYBODY) == 0
    assert works.transport.sent == []


async def test_a_stranger_who_takes_a_block_back_and_writes_is_answered(works: Works) -> None:
    """The message that waits behind it is not forgotten with them."""
    await works.receive(membership("kicked"), membership("member"), said("/start"))
    await works.settle()

    assert works.transport.texts[0].startswith("Hello. This bot is run by volunteers")
    assert works.number(EVERYBODY) == 1


async def test_who_blocks_is_left_alone_until_they_write(works: Works) -> None:
    """What the bot would say by itself is not even tried; a message makes them reachable again."""
    await works.receive(said("/start"))
    await works.settle()
    await works.receive(membership("kicked"))
    await works.settle()
    known = await works.meet()
    said_before = len(works.transport.sent)
    async with works.db.unit() as unit:
        await inbox.add(unit, [loss.news(known.person.id, Loss.FAILED, row_id=1)], now=works.clock.now())
        await unit.commit()
    await works.settle()
    said_meanwhile = len(works.transport.sent)
    await works.receive(said("menu"))
    await works.settle()

    assert len(known.unreachable) == 1
    assert said_meanwhile == said_before
    assert (await works.meet()).unreachable == frozenset()
    assert len(works.transport.sent) > said_before


async def test_taking_a_block_back_is_enough_to_be_reached(works: Works) -> None:
    """Telegram tells of it before they write."""
    await works.receive(said("/start"))
    await works.settle()
    await works.receive(membership("kicked"), membership("member"))
    await works.settle()

    assert (await works.meet()).unreachable == frozenset()


async def test_a_person_without_an_address_is_not_spoken_to(works: Works) -> None:
    """Where the routing id can't be opened any more there is nowhere to say anything."""
    await works.receive(said("/start"))
    await works.settle()
    known = await works.meet()
    sent = len(works.transport.sent)
    async with works.db.unit() as unit:
        await unit.change(delete(address))
        await inbox.add(unit, [loss.news(known.person.id, Loss.FAILED, row_id=1)], now=works.clock.now())
        await unit.commit()
    await works.settle()

    assert len(works.transport.sent) == sent
    assert works.number("SELECT count(*) FROM inbox WHERE handled_at IS NULL") == 0


async def test_deleting_leaves_the_goodbye_and_nothing_else(works: Works) -> None:
    """Everything of the person goes in the turn that says goodbye, and the goodbye arrives."""
    await works.receive(said("/start"), said("/delete"))
    await works.settle()
    await works.receive(said("1"), said("what came later"))
    await works.settle()

    assert works.transport.texts[-1].startswith("Everything is deleted.")
    assert works.rows("person", "address", "session", "timer", "message_ref", "outbox") == 0
    assert works.number("SELECT count(*) FROM inbox WHERE body IS NOT NULL") == 0
    assert works.ask("SELECT DISTINCT lane_kind FROM inbox") == [("nobody",)]


async def test_the_goodbye_survives_an_outage_of_the_platform(works: Works) -> None:
    """It is owed under a key of its own, which goes with it."""
    await works.receive(said("/start"), said("/delete"))
    await works.settle()
    await works.receive(said("1"))
    await works.handle()
    owed = works.number("SELECT count(*) FROM outbox WHERE owed")
    works.db.keyring._cache.clear()
    await works.deliver()

    assert owed > 0
    assert works.transport.sent[-1][0] == str(NOA)
    assert works.transport.texts[-1].startswith("Everything is deleted.")
    assert works.number("SELECT count(*) FROM outbox") == 0


async def test_somebody_else_is_untouched_by_a_deletion(works: Works) -> None:
    """In the same batch or after."""
    await works.receive(said("/start", by=DAN), said("/delete"))
    await works.settle()
    await works.receive(said("1"), said("menu", by=DAN))
    await works.settle()

    assert works.number(EVERYBODY) == 1
    assert (await works.meet(DAN)).session is not None


async def test_a_stale_press_is_answered_with_the_open_question(works: Works) -> None:
    """Data that is not ours is a press of no screen."""
    await works.receive(said("/start"))
    await works.settle()
    await works.receive(pressed("drop table"))
    await works.settle()

    assert works.transport.texts[-1].startswith("That answer belonged to an earlier question.")


async def test_turns_are_counted_without_anybodys_name(works: Works) -> None:
    """A start through a link is a number of a day, whatever the link says."""
    await works.receive(said("/start flyer7"), said("/start noa", by=DAN))
    await works.settle()

    assert works.ask("SELECT name, value FROM counter") == [("start.link", 2)]


def with_a_wait(works: Works) -> None:
    """The menu asks something, and speaks again after an hour of silence."""
    again = Route(move=Move.GO, flow="menu", step="late")
    served = Route(move=Move.GO, flow="menu", step="served")
    tea = Choice(id="tea", label=phrase("Tea"), route=served)
    ask = Step(
        id="home",
        say=(phrase("Tea?"),),
        choices=(tea,),
        timeout=Timeout(after=timedelta(hours=1), route=again),
    )
    here = Step(id="served", say=(phrase("Here."),), route=Route(move=Move.END))
    late = Step(id="late", say=(phrase("Still there?"),), route=Route(move=Move.END))
    menu = replace(works.turns.library.book.flows["menu"], steps={"home": ask, "late": late, "served": here})
    book = replace(works.turns.library.book, flows={**works.turns.library.book.flows, "menu": menu})
    works.processor = Processor(
        works.ground, replace(works.turns, library=replace(works.turns.library, book=book))
    )


def phrase(text: str) -> Phrase:
    return Phrase(context="test", text=text)


@pytest.mark.parametrize("silence", [timedelta(hours=1), timedelta(days=3)])
async def test_a_wait_ends_once_when_its_time_is_over(works: Works, silence: timedelta) -> None:
    """On time or long after, when the bot was away: what the step says to silence is said once."""
    with_a_wait(works)
    await works.receive(said("menu"))
    await works.settle()
    works.clock.pass_time(silence)
    for _ in range(2):
        await works.ticker.fire()
        await works.settle()
        works.clock.pass_time(
            timedelta(seconds=2)
        )  # the old keyboard goes first, and a chat has a turn a second
        await works.settle()

    assert works.transport.texts == ["Tea?", "Still there?"]


async def test_an_answered_wait_says_nothing_to_silence(works: Works) -> None:
    """The timer of an answered question means nothing."""
    with_a_wait(works)
    for text in ("menu", "1"):
        await works.receive(said(text))
        await works.settle()
    works.clock.pass_time(timedelta(hours=1))
    await works.ticker.fire()
    await works.settle()

    assert works.transport.texts == ["Tea?", "Here."]
