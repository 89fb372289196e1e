"""A volunteer as the rest of the bot knows them: what they offer, in which languages, and when they are on duty.

Pure: `moment` and the zone of whoever has chosen none are arguments. Whoever is away is stood in for by their deputy,
whose own deputy stands in where they are away too. Called by matching, the duty timer and the volunteer's own screens.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.case import Need
from bot.model.hours import NEVER, covers, next_quarter
from bot.model.person import Language

BY_HAND: Final = timedelta(hours=12)  # for how long "on" and "off" hold where no hours begin or end sooner
CAPACITY: Final = 5  # the most people somebody may accompany at once
ON_PROBATION: Final = 1
OFFERED: Final = frozenset(Need) - {
    Need.VERIFY
}  # what volunteers choose themselves; verifying is given by organizers
_AHEAD: Final = timedelta(days=15)  # two weeks of hours, so that who comes back next week is foreseen


class Standing(StrEnum):
    """How far somebody is trusted."""

    NEWCOMER = "newcomer"  # nobody vouched for them yet; they have no role
    PROBATION = "probation"  # one case at a time
    FULL = "full"


class Duty(StrEnum):
    """What decides whether somebody is on duty."""

    HOURS = "hours"
    ON = "on"  # by hand, until `duty_until`, or until they change it where there is none
    OFF = "off"  # the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """One volunteer; `id` is their person's. `away_until` is the first day they are back.

    `zone`: None where they have chosen none; `is_reachable`: False once every address of theirs blocked the
    bot, and while it is doubted whose phone theirs is.
    """

    id: int
    standing: Standing
    languages: frozenset[Language]
    needs: frozenset[Need]
    capacity: int
    hours: int = NEVER
    duty: Duty = Duty.HOURS
    duty_until: datetime | None = None
    away_until: date | None = None
    deputy_id: int | None = None
    zone: str | None = None
    is_reachable: bool = True

    @property
    def room(self) -> int:
        """How many people they may accompany at once."""
        return ON_PROBATION if self.standing is Standing.PROBATION else self.capacity

    @property
    def may_help(self) -> bool:
        """Whether anybody may be entrusted to them at all."""
        return self.standing is not Standing.NEWCOMER and self.is_reachable


def is_away(volunteer: Volunteer, moment: datetime, *, zone: str) -> bool:
    """Whether they said they are away, on that day where they are."""
    today = moment.astimezone(ZoneInfo(volunteer.zone or zone)).date()
    return volunteer.away_until is not None and today < volunteer.away_until


def is_on_duty(volunteer: Volunteer, moment: datetime, *, zone: str) -> bool:
    """Whether they may be offered somebody now; `zone` counts for whoever has chosen none."""
    return (
        volunteer.may_help
        and not is_away(volunteer, moment, zone=zone)
        and _wants(volunteer, moment, zone=zone)
    )


def next_change(volunteer: Volunteer, moment: datetime, *, zone: str) -> datetime | None:
    """When they next come on duty or go off it; None if not within two weeks."""
    now = is_on_duty(volunteer, moment, zone=zone)
    changes = (
        at for at in _turns(volunteer, moment, zone=zone) if is_on_duty(volunteer, at, zone=zone) is not now
    )
    return next(changes, None)


def by_hand_until(volunteer: Volunteer, moment: datetime, *, zone: str) -> datetime:
    """For how long "on" or "off" by hand holds from now on: until their hours next begin or end, 12 hours at most."""
    there, latest = volunteer.zone or zone, moment + BY_HAND
    now, at = covers(volunteer.hours, moment, zone=there), next_quarter(moment, zone=there)
    while at < latest:
        if covers(volunteer.hours, at, zone=there) is not now:
            return at
        at = next_quarter(at, zone=there)
    return latest


def present(everyone: Iterable[Volunteer], moment: datetime, *, zone: str) -> list[Volunteer]:
    """Who is on duty, deputies of those who are away at an hour of theirs included; each once, in order of id."""
    book = {one.id: one for one in everyone}
    found = (_stand_in(one, book, moment, zone) for one in book.values() if _wants(one, moment, zone=zone))
    return sorted({one.id: one for one in found if one}.values(), key=lambda one: one.id)


def next_present(
    everyone: Iterable[Volunteer], moment: datetime, *, need: Need, language: Language, zone: str
) -> datetime | None:
    """When somebody for this need and language is on duty: `moment` if now; None if nobody within two weeks."""
    fitting = [one for one in everyone if need in one.needs and language in one.languages]
    firsts = (
        moment if is_on_duty(one, moment, zone=zone) else next_change(one, moment, zone=zone)
        for one in fitting
        if one.may_help
    )
    return min((first for first in firsts if first), default=None)


def _wants(volunteer: Volunteer, moment: datetime, *, zone: str) -> bool:
    """Whether it is an hour of theirs, by the week or by hand."""
    by_hand = volunteer.duty_until is None or moment < volunteer.duty_until
    if by_hand and volunteer.duty is not Duty.HOURS:
        return volunteer.duty is Duty.ON
    return covers(volunteer.hours, moment, zone=volunteer.zone or zone)


def _turns(volunteer: Volunteer, moment: datetime, *, zone: str) -> Iterator[datetime]:
    """The moments ahead at which anything about their duty can change, in order."""
    at, until, end = moment, volunteer.duty_until, moment + _AHEAD
    while at < end:
        start = next_quarter(at, zone=volunteer.zone or zone)
        at = until if until and at < until < start else start
        yield at


def _stand_in(
    volunteer: Volunteer, book: Mapping[int, Volunteer], moment: datetime, zone: str
) -> Volunteer | None:
    """They themselves, or whoever stands in for them; None where nobody does, or deputies lead in a circle."""
    seen, one = set[int](), volunteer
    while is_away(one, moment, zone=zone):
        seen.add(one.id)
        deputy = book.get(one.deputy_id) if one.deputy_id else None
        if deputy is None or deputy.id in seen:
            return None
        one = deputy
    return one if one.may_help else None
