"""What words say to a notice: a code from anywhere, an answer's words beside a quote; all else is what it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import update

from bot.engine.event import Distress, Event, PromptPressed, Raised, Spoken, Typed
from bot.engine.session import Frame, Screen, Session
from bot.model.incoming import Happening, Ignored, Text
from bot.model.notice import Answer, Notice
from bot.model.notice_code import code_of
from bot.model.person import Role
from bot.pipeline.noted import Noted
from bot.pipeline.pointed import CLOSED
from bot.pipeline.standing import Standing
from bot.store.people import Known
from bot.store.tables import notice
from tests.notices import CONTENT, drafted
from tests.pipeline.test_broadcast import goes_on, sent, wanting
from tests.pipeline.works import DAN, Works
from tests.stage import TUESDAY

DAY: Final = timedelta(days=1)
TALK: Final = replace(CONTENT, starts_at=TUESDAY + DAY, answers=frozenset({Answer.COMING, Answer.CANT}))
_WIPED: Final = update(notice).values(content_sealed=None)
LINE: Final = Session(frames=(Frame(flow="line", step="open"),))


async def _got(works: Works) -> tuple[Known, Notice, str]:
    """Somebody, the talk they got a notice of, and its code."""
    (known,) = await wanting(works, 1)
    one = await sent(works, content=TALK, useless_after=TUESDAY + DAY)
    await goes_on(works, 3)
    return known, one, code_of(one.serial)


async def _means(
    works: Works, known: Known, happening: Happening, session: Session | None = None
) -> Event | None:
    book = works.turns.library.book_of(known.roles)
    standing = Standing(book=book, session=session or Session(), today=TUESDAY.date())
    noted = Noted(standing=standing, vocabulary=works.turns.vocabulary, known=known)
    async with works.db.unit() as unit:
        return await noted.meaning(unit, happening)


def _says(text: str, quoted: str | None = None) -> Text:
    return Text(text=text, message_id="5", quoted=quoted)


async def test_a_code_answers_from_anywhere(works: Works) -> None:
    """On a line too, where it is not passed on; what has no use under that notice is no answer to it."""
    known, one, code = await _got(works)
    cant = PromptPressed(id=str(one.id), choice="cant", notice=True)
    assert await _means(works, known, _says(f"{code}2")) == cant
    assert await _means(works, known, _says(f"{code.lower()} 2."), LINE) == cant
    assert await _means(works, known, _says(f"{code}0")) == replace(cant, choice="stop")
    for other in ("3", "5", "7"):  # no reminder was offered, there is no place, and no such number
        assert isinstance(await _means(works, known, _says(code + other)), Typed)
    assert isinstance(await _means(works, known, _says(f"{code}7"), LINE), Spoken)


async def test_a_code_is_of_whoever_got_the_notice(works: Works) -> None:
    """To others it says nothing, not even that there is one; organizers have seen it where it was prepared."""
    known, one, code = await _got(works)
    other = await works.meet(DAN)
    organizer = replace(other, roles=frozenset({Role.ORGANIZER}))
    draft = await drafted(works.db, content=TALK)
    assert isinstance(await _means(works, other, _says(f"{code}1")), Typed)
    assert isinstance(await _means(works, known, _says(f"{code_of(draft.serial)}1")), Typed)
    assert await _means(works, organizer, _says(f"{code}1")) == PromptPressed(
        id=str(one.id), choice="coming", notice=True
    )
    assert await _means(works, organizer, _says(f"{code_of(draft.serial)}1")) == PromptPressed(
        id=str(draft.id), choice="coming", notice=True
    )


async def test_beside_a_quote_an_answers_words_are_enough(works: Works) -> None:
    """In either language, nearly at least; a question is none, and of all else it is said that nobody reads it."""
    known, one, code = await _got(works)
    coming = PromptPressed(id=str(one.id), choice="coming", notice=True)
    nobody = Raised(flow="notice_word", subject=str(one.id))
    for quoted in (f"n1:{one.id}:coming", f"Tomorrow.\n\n{code}1. I'm coming\n{code}0. Stop these"):
        assert await _means(works, known, _says("im coming", quoted)) == coming
        assert await _means(works, known, _says("לא אוכל", quoted)) == replace(coming, choice="cant")
        assert await _means(works, known, _says("Coming?", quoted)) == nobody
        assert await _means(works, known, _says("Where exactly", quoted)) == nobody
        assert await _means(works, known, _says("I want to kill myself", quoted)) == Distress()


async def test_a_number_counts_where_numbers_stand(works: Works) -> None:
    """Beside a quote of the list; under buttons nobody saw one, and "2" may be how many come."""
    known, one, code = await _got(works)
    cant = PromptPressed(id=str(one.id), choice="cant", notice=True)
    listed = f"{code}1. I'm coming\n{code}2. I can't"
    assert await _means(works, known, _says("2", listed)) == cant
    assert await _means(works, known, _says("2\ufe0f\u20e3", listed)) == cant
    assert await _means(works, known, _says("2", f"n1:{one.id}:coming")) == Raised(
        flow="notice_word", subject=str(one.id)
    )
    assert await _means(works, known, _says("7", listed)) == Raised(flow="notice_word", subject=str(one.id))


async def test_beside_a_list_of_nobody_no_answer_is_taken(works: Works) -> None:
    """Least of all to the question that is open; other words are what they are."""
    known, *_ = await _got(works)
    menu = Session(
        frames=(Frame(flow="menu", step="home"),), screen=Screen(nonce="n0000001", choices=("~stop",))
    )
    gone = "ZZ1. A list of somebody else's"
    assert await _means(works, known, _says("1"), menu) == Typed(text="1", choice="~stop", exact=True)
    assert await _means(works, known, _says("1", gone), menu) == CLOSED
    assert await _means(works, known, _says("what", gone), menu) == Typed(text="what")


async def test_on_a_line_words_beside_a_notice_are_for_the_other_end(works: Works) -> None:
    """An answer to the notice is not."""
    known, one, code = await _got(works)
    listed = f"{code}1. I'm coming\n{code}2. I can't"
    coming = PromptPressed(id=str(one.id), choice="coming", notice=True)
    assert await _means(works, known, _says("1", listed), LINE) == coming
    assert await _means(works, known, _says("shall we go there", listed), LINE) == Spoken()


async def test_a_wiped_notice_can_still_be_answered_to(works: Works) -> None:
    """So that stopping such notices works from any old one; what came of the rest is said by its action."""
    known, one, code = await _got(works)
    async with works.db.unit() as unit:
        await unit.change(_WIPED, {})
        await unit.commit()
    assert await _means(works, known, _says(f"{code}5")) == PromptPressed(
        id=str(one.id), choice="rights", notice=True
    )


async def test_what_is_no_text_is_not_looked_up(works: Works) -> None:
    """Nor is what is no part of the conversation."""
    known, *_ = await _got(works)
    assert await _means(works, known, Ignored()) is None
