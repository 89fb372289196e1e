"""A number sent again because nothing came: it was for the question before, not for one that nobody has read."""

from datetime import timedelta

from bot.model.person import Platform
from bot.store import pauses
from tests.pipeline.works import Works, photo, said

STALE = "belonged to an earlier question"
HOUR = timedelta(hours=1)
CONSENTS = "SELECT count(*) FROM consent"


async def at_the_consents(works: Works) -> None:
    """A person who has the list of what can be agreed to in front of them."""
    for text in ("/start", "1", "1", "/consents"):
        works.clock.pass_time(timedelta(seconds=5))
        await works.receive(said(text))
        await works.settle()


async def test_a_number_sent_again_while_the_bot_was_away_agrees_to_nothing(works: Works) -> None:
    """The first opens the question, and the second is told that it is for an earlier one."""
    await at_the_consents(works)

    await works.receive(said("2"), said("1"), said("1"))
    works.clock.pass_time(HOUR)
    await works.settle()

    assert works.number(CONSENTS) == 0
    assert [STALE in text for text in works.transport.texts[-3:]] == [False, True, True]


async def test_an_answer_after_the_question_counts(works: Works) -> None:
    """The same, from somebody who has read what they agree to."""
    await at_the_consents(works)

    for text in ("2", "1"):
        works.clock.pass_time(timedelta(seconds=5))
        await works.receive(said(text))
        await works.settle()

    assert works.number(CONSENTS) == 1


async def test_a_number_sent_again_while_the_platform_is_paused_agrees_to_nothing(works: Works) -> None:
    """What comes in is handled while nothing goes out: the question waits, and so does its answer."""
    await at_the_consents(works)
    works.clock.pass_time(timedelta(seconds=5))
    async with works.db.unit() as unit:
        await pauses.pause(unit, Platform.TELEGRAM.value, until=works.clock.now() + HOUR, reason="challenged")
        await unit.commit()

    for text in ("2", "1"):
        works.clock.pass_time(timedelta(minutes=1))
        await works.receive(said(text))
        await works.settle()
    works.clock.pass_time(HOUR)
    await works.settle()

    assert works.number(CONSENTS) == 0
    assert STALE in works.transport.texts[-1]


async def test_a_question_that_is_asked_again_is_as_old_as_it_was(works: Works) -> None:
    """An answer counts that came behind something the bot can't read, although the question was repeated after it."""
    await at_the_consents(works)
    works.clock.pass_time(timedelta(seconds=5))

    await works.receive(photo(album="a"), said("2"))
    works.clock.pass_time(HOUR)
    await works.settle()

    assert "Notes that ask how you are" in works.transport.texts[-1]
    assert STALE not in works.transport.texts[-1]


async def test_a_clock_that_was_put_back_makes_no_answer_too_early(works: Works) -> None:
    """What is asked since a time that is still to come says nothing about an answer."""
    await at_the_consents(works)
    works.clock.pass_time(-HOUR)

    await works.receive(said("2"))
    await works.settle()
    works.clock.pass_time(HOUR)
    await works.settle()

    assert not any(STALE in text for text in works.transport.texts)
