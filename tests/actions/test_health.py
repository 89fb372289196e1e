"""How the bot does, on one screen: what is said of platforms, queues, clearing and the audit."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from bot.actions import health
from bot.actions.scene import Scene
from bot.model.audit import Act, Thing
from bot.model.outgoing import Priority, SendMessage
from bot.model.person import Platform
from bot.model.queue import Cause, Lane, LaneKind, NewInbox, NewOutbox, Origin, Timer
from bot.model.text import Rich
from bot.store import audit, inbox, memo, outbox, pauses, tables, timers, vitals
from bot.store.moment import to_ms
from tests.store.shelf import NOW

HOUR = timedelta(hours=1)
CALL = SendMessage(text=Rich("hello"))
NOBODY = Lane(kind=LaneKind.NOBODY, id=0)


async def _came(scene: Scene, origin: Origin, at: datetime) -> None:
    row = NewInbox(lane=NOBODY, origin=origin, external_id=f"{origin}/{at}", body=b"{}")
    await inbox.add(scene.unit, [row], now=at)


async def _seen(scene: Scene) -> dict[str, str]:
    return dict((await health.look(scene, {})).values)


async def test_all_is_well_where_nothing_happened(scene: Scene) -> None:
    """Every figure is nothing, and the audit is whole."""
    found = await health.look(scene, {})

    assert found.name == "well"
    assert {found.values[name] for name in ("outbox", "timers", "dead", "overdue")} == {"0"}
    assert (found.values["audit"], found.values["swept"]) == ("audit_whole", "span_never")


async def test_copies_of_a_notice_wait_for_their_turn_and_are_no_sign(scene: Scene) -> None:
    """A thousand of them say nothing about how the bot does; they are told where notices are."""
    for priority in (Priority.NOTICE, Priority.EMERGENCY, Priority.REPLY):
        row = NewOutbox(address_id=1, person_id=scene.person.id, payload=CALL, priority=priority)
        await outbox.add(scene.unit, [row], now=NOW)

    assert (await _seen(scene))["outbox"] == "1"


async def test_a_platform_that_never_brought_anything_is_said_to_be_so(scene: Scene) -> None:
    """Silence since the beginning is not the same as silence for days."""
    await _came(scene, Origin.TELEGRAM, NOW)
    seen = await _seen(scene)

    assert (seen["telegram"], seen["signal"]) == ("span_now", "span_never")


async def test_a_platform_is_as_old_as_what_it_brought_last(scene: Scene) -> None:
    """One by one; what timers and turns wrote is no word from anybody."""
    for origin, at in (
        (Origin.TELEGRAM, NOW - 3 * HOUR),
        (Origin.TELEGRAM, NOW - timedelta(minutes=1)),
        (Origin.SIGNAL, NOW - 30 * HOUR),
        (Origin.TURN, NOW),
    ):
        await _came(scene, origin, at)
    seen = await _seen(scene)

    assert (seen["telegram"], seen["signal"]) == ("span_now", "age_days")
    assert seen["inbox"] == "3"  # the fourth is taken for the row of the turn that looks


async def test_a_platform_that_takes_nothing_is_named(scene: Scene) -> None:
    """With its reason, until when the longest is left alone; a pause of the whole bot is told elsewhere."""
    await pauses.hold(scene.unit, pauses.EVERYTHING, reason="organizer")
    ends = [(await health.look(scene, {})).name]
    for platform, hours, reason in ((Platform.TELEGRAM, 1, "bad_token"), (Platform.SIGNAL, 2, "flood")):
        await pauses.pause(scene.unit, platform, until=NOW + hours * HOUR, reason=reason)
    found = await health.look(scene, {})

    assert [*ends, found.name] == ["well", "held"]
    assert found.values["held"] == "held_signal_flood held_telegram_refused"
    assert found.values["until"] == (NOW + 2 * HOUR).isoformat()


async def test_a_captcha_that_is_wanted_is_an_outcome_of_its_own(scene: Scene) -> None:
    """Because somebody can do something about it, which is said there."""
    await pauses.pause(scene.unit, Platform.SIGNAL, until=NOW + HOUR, reason=pauses.CHALLENGED)
    found = await health.look(scene, {})

    assert (found.name, found.values["held"]) == ("challenged", "held_signal_challenged")


async def test_timers_that_nobody_saw_to_are_counted(scene: Scene) -> None:
    """Those of this very moment are not late."""
    for number, ago in enumerate((timedelta(), HOUR, 2 * HOUR)):
        lane = Lane(kind=LaneKind.CASE, id=number)
        await timers.put(scene.unit, [Timer(lane=lane, kind="search", due_at=NOW - ago, version="")], now=NOW)

    assert (await _seen(scene))["timers"] == "2"


async def test_what_was_given_up_is_counted_by_cause(scene: Scene) -> None:
    """And by nothing else: no error, no lane, no time."""
    for number, cause in enumerate((Cause.FAILED, Cause.FAILED, Cause.EXPIRED)):
        await scene.unit.change(insert(tables.dead_letter), _dead(number, cause))
    seen = await _seen(scene)

    assert [seen[f"dead_{cause}"] for cause in Cause] == ["0", "2", "1"]
    assert seen["dead"] == "3"


def _dead(number: int, cause: Cause) -> dict[str, object]:
    return {
        "row_id": number,
        "lane_kind": "person",
        "lane_id": 1,
        "cause": cause.value,
        "error": "Boom",
        "died_at": to_ms(NOW),
        "day": NOW.date().toordinal(),
        "body": None,
    }


@pytest.mark.parametrize(("hours", "overdue"), [(24, "0"), (26, "1")])
async def test_what_should_be_gone_is_counted_by_kind(scene: Scene, hours: int, overdue: str) -> None:
    """A row that outlived its class by more than some sweeps; one that may stay for a reason never counts."""
    await _came(scene, Origin.TELEGRAM, NOW - hours * HOUR)
    await scene.unit.change(update(tables.person).values(seen_on=1))

    assert (await _seen(scene))["overdue"] == overdue


async def test_the_last_sweep_is_known_to_every_worker(scene: Scene) -> None:
    """Because it stands in the database."""
    await memo.put(scene.unit, vitals.SWEPT, (NOW - timedelta(minutes=5)).isoformat())

    assert (await _seen(scene))["swept"] == "span_minutes"


async def test_an_audit_that_was_changed_is_told(scene: Scene) -> None:
    """Where, is told at the machine."""
    await audit.write(scene.unit, actor="a", act=Act.PAUSE, thing=Thing.BOT, today=NOW.date())
    seen = [(await _seen(scene))["audit"]]
    await scene.unit.change(update(tables.audit).values(act="resume"))
    seen.append((await _seen(scene))["audit"])

    assert seen == ["audit_whole", "audit_broken"]
