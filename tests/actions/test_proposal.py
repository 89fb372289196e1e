"""One organizer asks, another one says the second yes, and what comes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.actions import ACTIONS, FOR_ORGANIZERS
from bot.actions.deed import thing_of
from bot.actions.scene import Scene
from bot.engine.event import Outcome, Raised
from bot.engine.flow import Audience
from bot.engine.parse import read_book
from bot.model.audit import CONSOLE, Thing
from bot.model.person import Platform, Role
from bot.model.proposal import UNANSWERED, Deed
from bot.model.queue import Lane, LaneKind
from bot.store import audit, codec, inbox, invites, memo, people, proof, proposals, roles, timers
from bot.store.crypto import TOTP_PERIOD, totp_code
from bot.store.proof import Enrolment
from tests.organizer import OTHER, SECRET
from tests.store.shelf import NOW

BOOK: Final = read_book(Path(__file__).parents[2] / "flows")


async def _organizer(scene: Scene, person_id: int, secret: bytes, *, proven: bool = True) -> Scene:
    """The turn of an organizer, who has proven a code if so wanted."""
    unit = scene.unit
    await roles.grant(unit, person_id, Role.ORGANIZER, today=NOW.date())
    step = int(NOW.timestamp()) // TOTP_PERIOD - 2
    await proof.enrol(unit, person_id, Enrolment(secret=secret, step=step))
    if proven:
        code = totp_code(secret, seconds=int(NOW.timestamp()))
        await proof.prove(unit, person_id, code=code, now=NOW)
    person = replace(scene.person, id=person_id)
    return replace(scene, person=person, roles=frozenset({Role.ORGANIZER}))


@pytest.fixture
async def pair(scene: Scene) -> tuple[Scene, Scene]:
    """Two organizers who have just proven a code."""
    (other,) = (await people.resolve(scene.unit, Platform.TELEGRAM, ["2002"], today=NOW.date())).values()
    first = await _organizer(scene, scene.person.id, SECRET)
    return first, await _organizer(scene, other, OTHER)


async def _act(scene: Scene, wish: str, shown: Mapping[str, str] | None = None) -> str:
    inputs = {"id": "", "content": "", "deed": Deed.ADD_ORGANIZER, **(shown or {}), "wish": wish}
    return (await ACTIONS["proposal.act"](scene, inputs)).name


async def _next(scene: Scene, after: str = "") -> tuple[str, Mapping[str, str]]:
    found = await ACTIONS["proposal.next"](scene, {"id": after})
    return found.name, found.values


async def _raised(scene: Scene) -> list[tuple[int, str, Mapping[str, str]]]:
    """The prompts that wait for people."""
    rows = await inbox.claim(scene.unit, now=NOW, limit=9)
    await inbox.finish(scene.unit, [row.id for row in rows], now=NOW)
    events = [(row.lane.id, codec.event_from_bytes(row.body or b"")) for row in rows]
    return [(who, event.flow, event.values) for who, event in events if isinstance(event, Raised)]


async def _acts(scene: Scene) -> list[str]:
    return [f"{one.act} {one.thing}" for one in await audit.entries(scene.unit)]


async def test_a_second_yes_makes_an_invitation(pair: tuple[Scene, Scene]) -> None:
    """The link comes to whoever asked, the key to nobody in the chat, and every step is in the audit."""
    first, second = pair
    await memo.put(first.unit, f"telegram_name/{first.unit.bot}", "a_bot")
    asked = await _act(first, "propose")
    prompts = await _raised(first)
    kind, shown = await _next(second)
    ended = await _act(second, "approve", shown)
    ((whom, flow, values),) = await _raised(first)
    (made,) = await invites.secrets(first.unit, Role.ORGANIZER, now=NOW)

    assert (asked, kind, ended) == ("proposed", "add_organizer", "approved")
    assert prompts == [(second.person.id, "proposed", {})]
    assert (whom, flow) == (first.person.id, "invitation")
    assert await invites.find(first.unit, values["link"].removeprefix("https://t.me/a_bot?start="), now=NOW)
    assert made[0] == NOW
    assert await _acts(first) == ["propose organizer", "approve organizer", "invite organizer"]


async def test_what_the_terminal_asked_sends_the_link_to_who_approved(pair: tuple[Scene, Scene]) -> None:
    """There is nobody else in the chat to send it to; without a name of the bot it is what to write."""
    first, _ = pair
    await proposals.propose(first.unit, Deed.ADD_ORGANIZER, proposer=CONSOLE, now=NOW)
    _, shown = await _next(first)
    ended = await _act(first, "approve", shown)
    ((whom, flow, values),) = await _raised(first)

    assert (shown["who"], ended, whom, flow) == (CONSOLE, "approved", first.person.id, "invitation")
    assert values["link"].startswith("/start ")


async def test_a_code_counts_for_a_quarter_of_an_hour(pair: tuple[Scene, Scene]) -> None:
    """For every act that takes one, so a second yes within it asks for none; after it a new one is asked for."""
    first, second = pair
    ends = []
    for minutes in (1, 14, 16):
        now = NOW + timedelta(minutes=minutes)
        asking, saying_yes = replace(first, now=now), replace(second, now=now)
        await proof.prove(first.unit, first.person.id, code=_code(SECRET, minutes), now=now)
        ends.append(await _act(asking, "propose"))
        ends.append(await _act(saying_yes, "approve", (await _next(saying_yes))[1]))

    assert ends == ["proposed", "approved"] * 2 + ["proposed", "unproven"]


def _code(secret: bytes, minutes: int) -> str:
    """What the app shows then."""
    return totp_code(secret, seconds=int((NOW + timedelta(minutes=minutes)).timestamp()))


async def test_nobody_says_the_second_yes_to_themselves(pair: tuple[Scene, Scene]) -> None:
    """They see their own as such, and may take it back; nobody is told of that."""
    first, _ = pair
    await _act(first, "propose")
    await _raised(first)
    kind, shown = await _next(first)
    ends = [await _act(first, wish, shown) for wish in ("approve", "refuse", "refuse")]

    assert (kind, ends) == ("own", ["gone", "refused", "gone"])
    assert await _raised(first) == []
    assert await invites.count_open(first.unit, Role.ORGANIZER, now=NOW) == 0


async def test_who_is_refused_hears_so(pair: tuple[Scene, Scene]) -> None:
    """And nothing was done."""
    first, second = pair
    await _act(first, "propose")
    await _raised(first)
    _, shown = await _next(second)
    ends = [await _act(second, wish, shown) for wish in ("refuse", "approve")]

    assert ends == ["refused", "gone"]
    assert await _raised(first) == [(first.person.id, "declined", {})]
    assert await _acts(first) == ["propose organizer", "refuse organizer"]
    assert await invites.count_open(first.unit, Role.ORGANIZER, now=NOW) == 0


async def test_the_end_of_the_half_hour_is_looked_at_for_who_asked(pair: tuple[Scene, Scene]) -> None:
    """Stopping everything calls that off too."""
    first, _ = pair
    await _act(first, "propose")
    (one,) = await proposals.all_open(first.unit, now=NOW)
    lane = Lane(kind=LaneKind.PERSON, id=first.person.id)
    (timer,) = await timers.all_of_lane(first.unit, lane)
    await ACTIONS["person.stop"](first, {})

    assert (timer.kind, timer.due_at, timer.values) == (UNANSWERED, one.ends_at, {"id": str(one.id)})
    assert await timers.all_of_lane(first.unit, lane) == []


async def test_a_note_that_is_put_off_says_whether_it_can_still_be_answered(
    pair: tuple[Scene, Scene],
) -> None:
    """Until when, while it waits; and that it is over, also by what another one said."""
    first, second = pair
    await _act(first, "propose")
    _, shown = await _next(second)
    later = [await ACTIONS["proposal.later"](second, {"id": shown["id"]})]
    await _act(second, "refuse", shown)
    later.append(await ACTIONS["proposal.later"](second, {"id": shown["id"]}))

    assert later == [Outcome(name="waits", values={"until": shown["until"]}), Outcome(name="over")]


async def test_content_other_than_was_shown_is_not_approved(pair: tuple[Scene, Scene]) -> None:
    """Nor is a proposal that there never was, or one whose time is over."""
    first, second = pair
    await _act(first, "propose")
    _, shown = await _next(second)
    late = replace(second, now=NOW + timedelta(minutes=31))
    await proof.prove(
        late.unit,
        late.person.id,
        code=totp_code(OTHER, seconds=int(late.now.timestamp())),
        now=late.now,
    )
    ends = [
        await _act(second, "approve", {**shown, "content": "0" * 64}),
        await _act(second, "approve"),
        await _act(late, "approve", shown),
    ]

    assert ends == ["gone"] * 3
    assert (await _next(late))[0] == "none"


async def test_one_thing_waits_at_a_time_and_they_are_shown_in_turn(pair: tuple[Scene, Scene]) -> None:
    """Whoever asks meanwhile sees what waits; the terminal could have asked, too."""
    first, second = pair
    ends = [await _act(first, "propose"), await _act(second, "propose")]
    _, one = await _next(second)
    await proposals.propose(first.unit, Deed.ADD_ORGANIZER, proposer=CONSOLE, now=NOW)
    _, other = await _next(second, one["id"])
    _, again = await _next(second, other["id"])

    assert ends == ["proposed", "already"]
    assert (other["who"], again) == (CONSOLE, one)


@pytest.mark.parametrize("wish", ["propose", "approve"])
async def test_without_a_fresh_code_nothing_dangerous_happens(
    scene: Scene, pair: tuple[Scene, Scene], wish: str
) -> None:
    """Fifteen minutes after a code the next one is asked for."""
    first, second = pair
    await proposals.propose(first.unit, Deed.ADD_ORGANIZER, proposer=CONSOLE, now=NOW)
    _, shown = await _next(second)
    later = replace(second, now=NOW + timedelta(minutes=15))

    assert await _act(later, wish, shown) == "unproven"
    assert await _acts(scene) == []


async def test_one_organizer_has_nobody_to_ask(scene: Scene) -> None:
    """The terminal invites alone then."""
    first = await _organizer(scene, scene.person.id, SECRET)

    assert await _act(first, "propose") == "alone"


def _privileged() -> set[str]:
    """What only flows for organizers do."""
    done: dict[bool, set[str]] = {True: set(), False: set()}
    for flow in BOOK.flows.values():
        for step in flow.steps.values():
            if step.do:
                done[flow.audience is Audience.ORGANIZER].add(step.do.action)
    return done[True] - done[False]


HARMLESS: Final = {"role.elevated": "no", "role.step_up": "wrong"}  # and what they say to who is no organizer


def test_every_privileged_act_is_behind_the_gate() -> None:
    """All that flows for organizers do, and nothing else does."""
    assert sorted(_privileged() - set(HARMLESS)) == sorted(FOR_ORGANIZERS)


@pytest.mark.parametrize("role", [None, Role.VOLUNTEER])
@pytest.mark.parametrize("act", sorted(_privileged()))
async def test_no_privileged_act_is_done_by_anybody_else(scene: Scene, act: str, role: Role | None) -> None:
    """Whatever their role: the turn fails, or they hear that they proved nothing, and nothing is written."""
    if role:
        await roles.grant(scene.unit, scene.person.id, role, today=NOW.date())
        scene.roles = frozenset({role})
    inputs = dict.fromkeys(("id", "content", "wish", "name", "peer", "card", "reason", "code", "alias"), "")
    if act in HARMLESS:
        assert (await ACTIONS[act](scene, inputs)).name == HARMLESS[act]
    else:
        with pytest.raises(LookupError):
            await ACTIONS[act](scene, inputs)

    assert await audit.entries(scene.unit) == []
    assert await inbox.claim(scene.unit, now=NOW, limit=9) == []


@pytest.mark.parametrize(("role", "thing"), [("organizer", Thing.ORGANIZER), ("volunteer", Thing.VOLUNTEER)])
def test_the_audit_of_a_phone_says_whose_role_it_is(role: str, thing: Thing) -> None:
    """From the question to the second yes."""
    assert thing_of(Deed.PHONE, {"phone": "ab12", "role": role, "since": ""}) is thing
