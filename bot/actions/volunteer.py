"""What a volunteer says about themselves: languages, kinds of help, how many people, hours, being away, a deputy.

Whoever is no volunteer does not get here, because these flows are not there for them; `_own` fails the turn otherwise.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.actions import duty
from bot.actions.role import FORGOTTEN, digits
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.case import Need
from bot.model.hours import Quarter, toggled
from bot.model.person import Language, Role
from bot.model.volunteer import CAPACITY, OFFERED, Standing, Volunteer
from bot.store import audit, roles, spoken

NONE: Final = "none"


async def show(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """All of it. Outcomes: `shown`; `to_agree` where the conduct has changed since it was agreed to."""
    own = await duty.own(scene)
    name = "to_agree" if await duty.has_to_agree(scene) else "shown"
    return Outcome(name=name, values=await _values(scene, own))


async def set_languages(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Help in `languages`, codes parted by spaces. Outcome: `done`."""
    languages = frozenset(map(Language, inputs["languages"].split()))
    return await _changed(scene, replace(await duty.own(scene), languages=languages))


async def toggle_need(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Help with `need` from now on, or no more. Outcome: `done`."""
    own, need = await duty.own(scene), Need(inputs["need"])
    needs = own.needs ^ {need} if need in OFFERED else own.needs
    return await _changed(scene, replace(own, needs=needs))


async def set_capacity(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Accompany at most `capacity` people at once. Outcome: `done`."""
    capacity = min(max(int(inputs["capacity"]), 1), CAPACITY)
    return await _changed(scene, replace(await duty.own(scene), capacity=capacity))


async def toggle_hours(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be there in `quarter` on `days` (numbers, Sunday first) from now on, or no more. Outcome: `done`."""
    own, days = await duty.own(scene), map(int, inputs["days"].split())
    hours = toggled(own.hours, days, quarter=Quarter[inputs["quarter"].upper()])
    return await _changed(scene, replace(own, hours=hours))


async def set_zone(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Keep hours by the clocks of `zone` (IANA). Outcome: `done`."""
    own, zone = await duty.own(scene), inputs["zone"]
    scene.person = replace(scene.person, zone=zone)
    return await _changed(scene, replace(own, zone=zone))


async def go_away(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be away until the day `until`. Outcomes: `away`, `past` for a day that is not ahead."""
    own, until = await duty.own(scene), date.fromisoformat(inputs["until"])
    if until <= scene.now.astimezone(ZoneInfo(own.zone or scene.zone)).date():
        return Outcome(name="past")
    await duty.settle(scene, replace(own, away_until=until))
    return Outcome(name="away", values={"until": until.isoformat()})


async def come_back(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Be back at once, without a deputy. Outcome: `done`."""
    return await _changed(scene, replace(await duty.own(scene), away_until=None, deputy_id=None))


async def stand_in(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """A `code` that makes this volunteer the deputy of whoever they tell it to. Outcome: `code`."""
    own = await duty.own(scene)
    return Outcome(name="code", values={"code": await spoken.give(scene.unit, own.id, now=scene.now)})


async def set_deputy(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Whoever told the `code` stands in while this volunteer is away. Outcomes: `done`, `wrong`."""
    own = await duty.own(scene)
    found = await spoken.heard(scene.unit, own.id, code=digits(inputs["code"]), now=scene.now)
    if found is None or found.person_id == own.id or found.standing is Standing.NEWCOMER:
        await spoken.missed(scene.unit, own.id, now=scene.now)
        return Outcome(name="wrong", values=FORGOTTEN)
    await spoken.use_up(scene.unit, found.person_id)
    await duty.settle(scene, replace(own, deputy_id=found.person_id))
    return Outcome(name="done", values=FORGOTTEN)


async def leave(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Volunteer no more: every line is closed on this side and offered to others. Outcome: `done`."""
    own = await duty.own(scene)
    alias = await roles.alias_of(scene.unit, own.id, Role.VOLUNTEER)
    today = scene.now.date()
    await audit.write(scene.unit, actor=alias or "", act=Act.LEAVE, thing=Thing.VOLUNTEER, today=today)
    await duty.end(scene.unit, own.id, now=scene.now)
    return Outcome(name="done")


async def _changed(scene: Scene, own: Volunteer) -> Outcome:
    await duty.settle(scene, own)
    return Outcome(name="done", values=await _values(scene, own))


async def _values(scene: Scene, own: Volunteer) -> dict[str, str]:
    """What a screen shows of them."""
    return {
        "languages": " ".join(sorted(one.value for one in own.languages)),
        "needs": " ".join(one.value for one in Need if one in own.needs) or NONE,
        "capacity": str(own.room),
        "hours": str(own.hours),
        "standing": own.standing.value,
        "alias": await roles.alias_of(scene.unit, own.id, Role.VOLUNTEER) or "",
    }
