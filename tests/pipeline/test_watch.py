"""The watch: each trouble it looks for is told to each organizer, once an hour, in words that say nothing to others."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Final

import pytest

from bot.engine.alert import Alert, Alerted
from bot.model.outgoing import SendMessage
from bot.model.person import Form, Language, Platform, Role, Voice
from bot.model.queue import Cause, DeadLetter
from bot.model.review import NEEDED, Approval, PullReason
from bot.pipeline import holding, intake
from bot.pipeline.answering import reply_address
from bot.pipeline.watch import Watch
from bot.store import alerts, cards, doubts, inbox, invites, memo, pauses, people, roles
from tests.organizer import enrolled
from tests.pipeline.works import DAN, NOA, Words, Works, said

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)


async def _organizers(works: Works, *numbers: int) -> None:
    for number in numbers:
        await works.receive(said("/menu", by=number))
        await works.settle()
        await enrolled(works.db, (await works.meet(number)).person.id, now=works.clock.now())


async def _told(works: Works) -> list[tuple[str, str]]:
    """Who is told what when the watch looks now."""
    before = len(works.transport.sent)
    await works.watch.look()
    await works.settle()
    sent = works.transport.sent[before:]
    return [(who, payload.text.text) for who, payload in sent if isinstance(payload, SendMessage)]


async def _give_up(works: Works) -> None:
    await works.receive(said("hello", by=77))
    async with works.db.unit() as unit:
        (row,) = await inbox.claim(unit, now=works.clock.now(), limit=1)
        died_at = works.clock.now()
        await inbox.bury(
            unit, [DeadLetter(row_id=row.id, lane=row.lane, cause=Cause.FAILED, error="E", died_at=died_at)]
        )
        await unit.commit()


async def _cut_off(
    works: Works, reason: str = "bad_token", *, on: Platform = Platform.SIGNAL, span: timedelta = 5 * MINUTE
) -> None:
    """A platform that none of the organizers is on, so that they hear of it at once."""
    async with works.db.unit() as unit:
        await pauses.pause(unit, on, until=works.clock.now() + span, reason=reason)
        await unit.commit()


async def _age_cards(works: Works) -> None:
    name, review = next(iter(works.turns.library.cards.items()))
    signed = tuple(
        Approval(card=name, content=review.content, reviewer="r", role=role, signed_on=date(2020, 1, 1))
        for role in NEEDED[review.card.kind]
    )
    old = replace(review, approvals=signed)
    works.watch = Watch(works.ground, works.retention, cards={name: old})


async def test_a_fact_that_is_said_to_be_wrong_waits_for_a_look(works: Works) -> None:
    """Organizers are told as of cards past their time, once a day; of older words they are not."""
    await _organizers(works, NOA)
    words = works.turns.library.book.phrases["alert_cards"].text
    content = next(iter(works.turns.library.cards.values())).content
    async with works.db.unit() as unit:
        await doubts.add(unit, "0" * 64, words="", today=works.clock.now().date())
        await unit.commit()
    before = await _told(works)
    async with works.db.unit() as unit:
        await doubts.add(unit, content, words="", today=works.clock.now().date())
        await unit.commit()

    assert (before, await _told(works), await _told(works)) == ([], [(str(NOA), words)], [])


async def _stop_sweeping(works: Works) -> None:
    await works.retention.sweep()
    works.clock.pass_time(21 * MINUTE)


def _hear_nothing(why: Alert | None) -> Callable[[Works], Awaitable[None]]:
    async def trouble(works: Works) -> None:
        works.watch = Watch(works.ground, works.retention, cards={}, intake=lambda: why)

    return trouble


async def _invite_nobody(works: Works) -> None:
    """An invitation that nobody has used for five days."""
    async with works.db.unit() as unit:
        made_at = works.clock.now() - timedelta(days=5)
        await invites.make(unit, Role.ORGANIZER, payload="a" * 26, secret=b"s" * 20, now=made_at)
        await unit.commit()


async def _break_a_key(works: Works) -> None:
    works.db.keyring.unreadable += 1


TROUBLES: Final[dict[Alert, Callable[[Works], Awaitable[None]]]] = {
    Alert.GIVEN_UP: _give_up,
    Alert.ELSEWHERE: _cut_off,
    Alert.CHALLENGED: partial(_cut_off, reason=pauses.CHALLENGED),
    Alert.CARDS: _age_cards,
    Alert.SWEEP: _stop_sweeping,
    Alert.KEYS: _break_a_key,
    Alert.INVITE: _invite_nobody,
    **{alert: _hear_nothing(alert) for alert in intake.TROUBLES},
}


async def test_all_is_well(works: Works) -> None:
    """Nothing is said, and nothing is written."""
    await _organizers(works, NOA)
    await works.retention.sweep()

    assert await _told(works) == []
    assert works.rows("alert") == 0


@pytest.mark.parametrize("alert", list(TROUBLES))
async def test_each_trouble_is_told_to_each_organizer(works: Works, alert: Alert) -> None:
    """And to nobody else."""
    await _organizers(works, NOA, DAN)
    await works.meet(77)
    await TROUBLES[alert](works)
    words = works.turns.library.book.phrases[f"alert_{alert}"].text.replace("`", "")

    assert sorted(await _told(works)) == sorted([(str(NOA), words), (str(DAN), words)])


async def test_an_alert_of_a_kind_comes_once_an_hour(works: Works) -> None:
    """However often the watch looks, and again an hour later if it is still so."""
    await _organizers(works, NOA)
    counts = []
    for minutes in (0, 5, 54, 1):
        works.clock.pass_time(minutes * MINUTE)
        await _cut_off(works)
        counts.append(len(await _told(works)))

    assert counts == [1, 0, 0, 1]


async def test_cards_past_their_time_are_told_once_a_day(works: Works) -> None:
    """A review takes days: who is told of it every hour of the night mutes the bot, and misses the rest."""
    await _organizers(works, NOA)
    await _age_cards(works)
    counts = []
    for hours in (0, 1, 22, 1):
        works.clock.pass_time(hours * HOUR)
        await works.retention.sweep()
        counts.append(len(await _told(works)))

    assert counts == [1, 0, 0, 1]


async def test_a_card_that_was_pulled_is_not_told_of(works: Works) -> None:
    """Nobody is shown it anyway, and whoever pulled it knows."""
    await _organizers(works, NOA)
    await _age_cards(works)
    name, review = next(iter(works.turns.library.cards.items()))
    async with works.db.unit() as unit:
        await cards.pull(unit, name, review.content, reason=PullReason.LAW, now=works.clock.now())
        await unit.commit()

    assert await _told(works) == []


async def test_two_kinds_are_two_alerts(works: Works) -> None:
    """One does not hide the other."""
    await _organizers(works, NOA)
    await _cut_off(works)
    await _break_a_key(works)

    assert len(await _told(works)) == 2


async def test_what_is_over_is_told_no_more(works: Works) -> None:
    """A dead letter of an hour ago, a pause that has ended, a key that was counted before."""
    await _organizers(works, NOA)
    for trouble in (_give_up, _cut_off, _break_a_key):
        await trouble(works)
    first = len(await _told(works))
    works.clock.pass_time(HOUR + MINUTE)
    await works.retention.sweep()

    assert (first, await _told(works)) == (3, [])


async def test_a_flood_that_ends_by_itself_is_no_alert(works: Works) -> None:
    """The platform said how long, and it is seconds."""
    await _organizers(works, NOA)
    await _cut_off(works, reason="flood")

    assert await _told(works) == []


async def test_workers_that_look_at_once_tell_once(works: Works) -> None:
    """The first one to write it down is the one that tells."""
    await _organizers(works, NOA)
    await _cut_off(works)
    others = [Watch(works.ground, works.retention, cards={}) for _ in range(5)]
    before = len(works.transport.texts)
    await asyncio.gather(*(one.look() for one in others))
    await works.settle()

    assert len(works.transport.texts) == before + 1


async def test_who_is_no_organizer_any_more_is_not_told(works: Works) -> None:
    """Even if the alert was on its way."""
    await _organizers(works, NOA)
    await _cut_off(works)
    await works.watch.look()
    known = await works.meet()
    async with works.db.unit() as unit:
        await roles.revoke(unit, known.person.id, Role.ORGANIZER)
        await unit.commit()
    before = len(works.transport.sent)
    await works.settle()

    assert len(works.transport.sent) == before
    assert (await works.meet()).session is not None


async def test_an_alert_speaks_the_organizers_language(works: Works) -> None:
    """And leaves the open question as it is."""
    await _organizers(works, NOA)
    known = await works.meet()
    async with works.db.unit() as unit:
        await people.save(unit, [replace(known.person, language=Language.HEBREW)])
        await unit.commit()
    await _cut_off(works)
    ((_, words),) = await _told(works)

    assert words.startswith("הודעה מהדסק: ")
    assert (await works.meet()).session == known.session


async def test_a_flood_that_lasts_is_told(works: Works) -> None:
    """Where the platform says to wait for longer than somebody would want to."""
    await _organizers(works, NOA)
    await _cut_off(works, reason="flood", span=11 * MINUTE)

    assert len(await _told(works)) == 1


async def test_who_has_only_the_failing_platform_hears_of_it_late(works: Works) -> None:
    """It waits with everything else, and says then that it is over; what to do about it is over too."""
    await _organizers(works, NOA)
    await _cut_off(works, reason=pauses.CHALLENGED, on=Platform.TELEGRAM)
    early = await _told(works)
    works.clock.pass_time(6 * MINUTE)
    await works.settle()

    assert early == []
    assert works.transport.texts[-1] == works.turns.library.book.phrases["alert_platform"].text


async def test_each_platform_has_its_alert(works: Works) -> None:
    """One that is told of does not hide the other; the desk names both as one kind."""
    await _organizers(works, NOA)
    await _cut_off(works)
    first = await _told(works)
    await _cut_off(works, on=Platform.TELEGRAM, span=MINUTE)
    await _told(works)
    works.clock.pass_time(2 * MINUTE)
    await works.settle()
    async with works.db.reading() as unit:
        kinds = await alerts.kinds_since(unit, works.clock.now() - HOUR)

    assert (len(first), kinds) == (1, [Alert.PLATFORM])
    assert works.transport.texts[-1] == works.turns.library.book.phrases["alert_platform"].text


async def test_an_alert_goes_where_nothing_is_wrong(works: Works) -> None:
    """Of somebody with two addresses the one on the other platform is taken; without such a one, any."""
    await _organizers(works, NOA)
    known = await works.meet()
    (here,) = known.addresses
    there = replace(here, id=here.id + 1, platform=Platform.SIGNAL)
    told = [
        reply_address(Alerted(alert=Alert.PLATFORM, about=about), replace(known, addresses=both))
        for both in ((here, there), (there, here))
        for about in Platform
    ]
    alone = reply_address(Alerted(alert=Alert.DEAF, about=Platform.TELEGRAM), known)

    assert [one.platform for one in told if one] == [Platform.SIGNAL, Platform.TELEGRAM] * 2
    assert alone == here


async def _challenged(works: Works, *, on: Platform) -> None:
    await _cut_off(works, reason=pauses.CHALLENGED, on=on)
    async with works.db.unit() as unit:
        await memo.put(unit, memo.riddle(on), "token-1")
        await unit.commit()


async def test_a_riddle_is_told_of_once_and_the_next_one_too(works: Works) -> None:
    """However many messages met it. When it is solved, that is told at once, with how much waited."""
    await _organizers(works, NOA)
    told = []
    for _ in range(2):
        await _challenged(works, on=Platform.SIGNAL)
        told += [await _told(works), await _told(works)]
        before = len(works.transport.texts)
        async with works.db.unit() as unit:
            await holding.lift(unit, Platform.SIGNAL, now=works.clock.now())
            await unit.commit()
        await works.settle()
        told.append([("", text) for text in works.transport.texts[before:]])

    assert [len(one) for one in told] == [1, 0, 1] * 2
    assert ["captcha" in told[0][0][1], "takes messages again" in told[2][0][1]] == [True, True]


async def test_a_riddle_that_is_forgotten_by_itself_is_told_as_solved(works: Works) -> None:
    """Once the platform was tried again and said nothing of it for some minutes."""
    await _organizers(works, NOA)
    both = replace(works.ground, transports=dict.fromkeys(Platform, works.transport))
    works.watch = Watch(both, works.retention, cards={})
    await _challenged(works, on=Platform.SIGNAL)
    counts = []
    for minutes in (0, 6, 3, 2, 1):
        works.clock.pass_time(minutes * MINUTE)
        counts.append([text for _, text in await _told(works)])

    assert [len(one) for one in counts] == [1, 0, 0, 1, 0]
    assert "takes messages again" in counts[3][0]


async def test_that_signal_comes_in_again_is_told_once(works: Works) -> None:
    """To who was told that it did not, whatever it was; then a new trouble is told at once, and its end too."""
    await _organizers(works, NOA)
    counts = []
    for found in (
        Alert.HEARD,
        Alert.AWAY,
        Alert.AWAY,
        None,
        Alert.HEARD,
        Alert.HEARD,
        Alert.DEAF,
        Alert.HEARD,
    ):
        await _hear_nothing(found)(works)
        counts.append(len(await _told(works)))

    assert counts == [0, 1, 0, 0, 1, 0, 1, 1]


async def test_of_workers_that_notice_the_end_one_tells_it(works: Works) -> None:
    """Also where all of them have seen that it was told of."""
    await _organizers(works, NOA)
    await _hear_nothing(Alert.FULL)(works)
    await _told(works)
    for _ in range(2):
        async with works.db.unit() as unit:
            await intake.put_right(unit, now=works.clock.now())
            await unit.commit()
    before = len(works.transport.sent)
    await works.settle()

    assert len(works.transport.sent) == before + 1


async def test_who_has_only_that_platform_is_not_told_that_it_works(works: Works) -> None:
    """They see it."""
    await _organizers(works, NOA)
    before = len(works.transport.sent)
    async with works.db.unit() as unit:
        await holding.lift(unit, Platform.TELEGRAM, now=works.clock.now())
        await unit.commit()
    await works.settle()

    assert works.transport.sent[before:] == []


@pytest.mark.parametrize("language", list(Language))
def test_alerts_tell_an_onlooker_nothing(words: Words, language: Language) -> None:
    """What a locked screen shows of them begins and ends alike, is about as long, and has nothing of anybody in it."""
    phrases = {alert: words.library.book.phrases[f"alert_{alert}"] for alert in Alert}
    said_ = {
        alert: words.renderer.render(Voice(language=language, form=form), phrase, {"count": "3"}).text
        for alert, phrase in phrases.items()
        for form in Form
    }
    first = {alert: text.partition("\n")[0] for alert, text in said_.items()}
    urgent = {text for alert, text in first.items() if alert not in (Alert.SOLVED, Alert.HEARD)}

    assert not any("{" in phrase.text.replace("{count:number}", "") for phrase in phrases.values())
    assert len({text.partition(":")[0] for text in first.values()}) == 1
    assert len({text.split(". ")[-1] for text in urgent}) == 1
    assert max(map(len, first.values())) - min(map(len, first.values())) <= 12
