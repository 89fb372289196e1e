"""A screen that keeps itself up to date: its message changes, and no new one comes."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete

from bot.engine.flow import Choice, Flow, Move, Phrase, Route, Step, Timeout
from bot.model.outgoing import EditMessage, SendMessage
from bot.model.person import Platform
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.process import Processor
from bot.store import pauses
from bot.store.tables import message_ref
from tests.pipeline.works import Works, pressed, said

SPAN = timedelta(seconds=10)
DAY = timedelta(days=1)


def phrase(text: str) -> Phrase:
    return Phrase(context="test", text=text)


def route(step: str) -> Route:
    return Route(move=Move.GO, flow="menu", step=step)


def with_a_live_screen(works: Works, *, parts: int = 1) -> None:
    """The menu shows something that is looked at anew every ten seconds."""
    tea = Choice(id="tea", label=phrase("Tea"), route=route("served"))
    steps = (
        Step(
            id="home",
            say=(phrase("How it stands"),) * parts,
            choices=(tea,),
            timeout=Timeout(after=SPAN, route=route("home"), in_place=True),
        ),
        Step(id="served", say=(phrase("Here."),), route=Route(move=Move.END)),
    )
    book = works.turns.library.book
    menu: Flow = replace(book.flows["menu"], steps={one.id: one for one in steps}, expires=DAY)
    changed = replace(works.turns.library, book=replace(book, flows={**book.flows, "menu": menu}))
    works.processor = Processor(works.ground, replace(works.turns, library=changed))


async def passes(works: Works, span: timedelta = SPAN) -> None:
    """So long goes by, and what is due happens."""
    works.clock.pass_time(span)
    await works.ticker.fire()
    await works.settle()
    works.clock.pass_time(timedelta(seconds=2))
    await works.settle()


def edits(works: Works) -> list[EditMessage]:
    return [payload for _, payload in works.transport.sent if isinstance(payload, EditMessage)]


async def test_the_message_changes_and_none_is_added(works: Works) -> None:
    """Its buttons stay as they were, so that a press on its way still counts."""
    with_a_live_screen(works)
    await works.receive(said("menu"))
    await works.settle()
    await passes(works)
    await passes(works)
    (first,) = [payload for _, payload in works.transport.sent if isinstance(payload, SendMessage)]
    changed = edits(works)
    await works.receive(pressed(first.rows[0][0].data))
    await works.settle()
    await passes(works)

    assert [(one.message_id, one.rows) for one in changed] == [("1", first.rows)] * 2
    assert works.transport.texts == ["How it stands", "Here."]


async def test_a_change_never_comes_after_the_answer_to_a_press(works: Works) -> None:
    """However slow many messages leave just now: what was closed is not opened again."""
    with_a_live_screen(works)
    await works.receive(said("menu"))
    await works.settle()
    works.deliverer = works.another_deliverer(BulkLimiter(rate=0.01, burst=0))
    (shown,) = [payload for _, payload in works.transport.sent if isinstance(payload, SendMessage)]
    works.clock.pass_time(SPAN)
    await works.ticker.fire()
    await works.receive(pressed(shown.rows[0][0].data))
    await works.settle()
    works.clock.pass_time(DAY / 24)
    await works.settle()

    assert [one.rows for one in edits(works)] == [shown.rows, ()]


async def test_nobody_is_shown_it_for_longer_than_the_question_is_open(works: Works) -> None:
    """Changing does not make it younger."""
    with_a_live_screen(works)
    await works.receive(said("menu"))
    await works.settle()
    await passes(works)
    await passes(works, DAY)
    await passes(works)

    assert len(edits(works)) == 1
    assert works.rows("timer") == 0


async def test_what_is_still_on_its_way_goes_first(works: Works) -> None:
    """The message that is known may be an older screen: it is not changed, and changes do not pile up."""
    with_a_live_screen(works)
    await works.receive(said("menu"))
    await works.settle()
    async with works.db.unit() as unit:
        until = works.clock.now() + 5 * SPAN
        await pauses.pause(unit, Platform.TELEGRAM, until=until, reason="bad_token")
        await unit.commit()
    await works.receive(said("menu"))
    await works.handle()
    for _ in range(3):
        await passes(works)
    waiting, early = works.rows("outbox"), len(edits(works))
    for _ in range(4):
        await passes(works)

    assert early == 0
    assert waiting <= 2
    assert edits(works)
    assert {one.message_id for one in edits(works)} == {str(len(works.transport.sent) - len(edits(works)))}


async def test_where_no_screen_is_known_nothing_comes(works: Works) -> None:
    """After the chat was cleared, or where nothing can be edited."""
    with_a_live_screen(works)
    await works.receive(said("menu"))
    await works.settle()
    async with works.db.unit() as unit:
        await unit.change(delete(message_ref))
        await unit.commit()
    await passes(works)

    assert works.transport.texts == ["How it stands"]
    assert edits(works) == []


async def test_several_messages_are_said_anew(works: Works) -> None:
    """The old one loses its buttons first."""
    with_a_live_screen(works, parts=2)
    await works.receive(said("menu"))
    await works.settle()
    await passes(works)
    works.clock.pass_time(timedelta(seconds=2))
    await works.settle()

    assert works.transport.texts == ["How it stands"] * 4
    assert edits(works) == []
