"""Looking for somebody who takes a case: whom to ask next, and how long to wait for an answer.

Pure: time, who is on duty, and chance are arguments. The rounds: a few, everybody who fits, the organizers on call;
then the person is told honestly, and it begins again (SECURITY §4). Called by the case's lane and where one is opened.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.model.case import Case, Need, Offer, OfferState
from bot.model.volunteer import Volunteer, present

FEW: Final = 3  # are asked first
SEARCH: Final = "search"  # the timer of a case that nobody has
CLAIM: Final = "claim"  # the timer of a case that somebody took, until both are on the line
_REFUSED: Final = frozenset({OfferState.PASSED, OfferState.GIVEN_BACK})
CLAIMS_A_DAY: Final = 10  # at most, by one volunteer: whoever is here to look at people gets to look at few
A_DAY: Final = timedelta(days=1)
WAITS: Final = {
    "five_minutes": timedelta(minutes=5),
    "quarter_hour": timedelta(minutes=15),
    "hour": timedelta(hours=1),
    "three_hours": timedelta(hours=3),
    "half_day": timedelta(hours=12),
    "day": timedelta(days=1),
}
_SETTLED: Final = frozenset({OfferState.TAKEN, OfferState.LATER})
LONGER: Final = "longer"
RARELY: Final = timedelta(hours=6)  # between two tries, at the most
_BYTES: Final = 8
_BY_DAY: Final = range(9, 21)  # hours in which a message wakes nobody
_STILL: Final = timedelta(days=2)  # after which it is asked whether to go on


class Round(IntEnum):
    """How far a search went."""

    NONE = 0
    FEW = 1
    ALL = 2
    ORGANIZERS = 3
    TOLD = 4  # the person was told that nobody is free; the next try is set


class Word(StrEnum):
    """What a person hears when nobody is free."""

    NOBODY = "nobody"  # how it stands, when it is tried again, and who answers meanwhile
    STILL = "still"  # the last word before silence: whether to go on


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """After which time of searching everybody is asked, the organizers are, and the person is told how it stands."""

    everybody: timedelta
    organizers: timedelta
    told: timedelta


USUAL: Final = Times(
    everybody=timedelta(minutes=15), organizers=timedelta(minutes=60), told=timedelta(hours=3)
)
URGENT: Final = Times(
    everybody=timedelta(minutes=2), organizers=timedelta(minutes=5), told=timedelta(minutes=10)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The times of each need; `usual` where a need has none of its own."""

    usual: Times = USUAL
    special: Mapping[Need, Times] = field(default_factory=lambda: {Need.URGENT: URGENT})

    def of(self, need: Need) -> Times:
        """The times for one need."""
        return self.special.get(need, self.usual)


def first_round(case: Case, *, is_minor: bool) -> Round:
    """Where a search begins: who is under eighteen, or asks for the organizers, is not offered to volunteers."""
    return Round.ORGANIZERS if is_minor or case.need is Need.ORGANIZE else Round.FEW


def after(done: Round, *, first: Round, need: Need = Need.BUDDY) -> Round:
    """The round after this one. After the person was told, everybody is asked once more.

    With whom the letter team talks is for nobody but its volunteers, so no organizers are asked.
    """
    match done:
        case Round.NONE:
            return first
        case Round.ALL if need is Need.VERIFY:
            return Round.TOLD
        case Round.TOLD:
            return max(Round.ALL, first)
        case _:
            return Round(done + 1)


def pause_after(done: Round, times: Times) -> timedelta:
    """How long a round waits for somebody before the next one."""
    match done:
        case Round.NONE:
            return timedelta()
        case Round.FEW:
            return times.everybody
        case Round.ALL:
            return times.organizers - times.everybody
        case Round.ORGANIZERS:
            return times.told - times.organizers
        case Round.TOLD:
            return times.told
        case _:
            assert_never(done)


def next_try(
    now: datetime, times: Times, *, next_shift: datetime | None, waited: timedelta = timedelta()
) -> datetime:
    """When it is tried again after the person was told: with the next shift, but not later than the time for telling.

    What has `waited` for several times that is tried more rarely, so that nobody learns to overlook it; whoever comes
    on duty is asked anyway.
    """
    rarely = min(waited / 4, RARELY) if waited > 4 * times.told else timedelta()
    latest, soonest = now + max(times.told, rarely), now + max(times.everybody, rarely)
    return latest if next_shift is None else min(latest, max(soonest, next_shift))


def fitting(
    case: Case, everyone: Iterable[Volunteer], *, busy: Mapping[int, int], now: datetime, zone: str
) -> list[int]:
    """Who could take the case now: on duty, of its need and language, with room for one more; never its own person."""
    return [
        one.id
        for one in present(everyone, now, zone=zone)
        if one.id != case.person_id
        and case.need in one.needs
        and case.language in one.languages
        and busy.get(one.id, 0) < one.room
    ]


def without_refused(case: Case, who: Iterable[int], *, offers: Collection[Offer]) -> list[int]:
    """Of these, who may be asked about this case: not its own person, and not who passed or gave it back."""
    refused = {offer.volunteer_id for offer in offers if offer.state in _REFUSED} | {case.person_id}
    return [one for one in who if one not in refused]


def to_ask(
    who: Sequence[int],
    *,
    offers: Collection[Offer],
    at_most: int | None,
    overlooked: Callable[[Offer], bool],
) -> list[int]:
    """Of these, in their order, who is asked now: who was not yet, or whose unanswered offer counts as overlooked.

    `at_most` offers are open at once; None: any number.
    """
    asked = {one.volunteer_id: one for one in offers}
    open_now = sum(one.state is OfferState.OPEN and not overlooked(one) for one in offers)
    found = [one for one in who if one not in asked or _is_old(asked[one], overlooked)]
    return found if at_most is None else found[: max(0, at_most - open_now)]


def _is_old(offer: Offer, overlooked: Callable[[Offer], bool]) -> bool:
    return offer.state in _SETTLED or (offer.state is OfferState.OPEN and overlooked(offer))


def is_overlooked(offer: Offer, case: Case, *, now: datetime, times: Times) -> bool:
    """Whether an open offer stayed unanswered for so long that it is made once more.

    As long again as the case had waited when it was made, so that who never answers is asked more and more rarely.
    """
    most = RARELY if case.need is Need.URGENT else A_DAY
    return now - offer.offered_at >= max(times.told, min(offer.offered_at - case.opened_at, most))


def in_order(who: Sequence[int], *, busy: Mapping[int, int], entropy: Callable[[int], bytes]) -> list[int]:
    """Who has the fewest open cases first; chance decides between equals, so that nobody can wait for a case."""
    return sorted(who, key=lambda one: (busy.get(one, 0), entropy(_BYTES)))


def two_names(
    names: Sequence[str], *, taken: Collection[str], entropy: Callable[[int], bytes]
) -> tuple[str, str]:
    """What the sides of a line call each other, drawn at random: not alike, and of no other open case of theirs."""
    free = [name for name in names if name not in taken] or list(names)
    first = free[_below(len(free), entropy)]
    rest = [name for name in free if name != first] or [name for name in names if name != first]
    return first, rest[_below(len(rest), entropy)]


def _below(limit: int, entropy: Callable[[int], bytes]) -> int:
    return int.from_bytes(entropy(_BYTES), "big") % limit


def wait_class(span: timedelta) -> str:
    """The coarse class of a wait, for counting: the shortest of `WAITS` that holds it, or `longer`."""
    return next((name for name, limit in WAITS.items() if span <= limit), LONGER)


def within(counts: Mapping[str, int], share: float) -> str | None:
    """The class within which at least this share of the waits lies, by their numbers per class; None without any."""
    total, so_far = sum(counts.values()), 0
    for name in (*WAITS, LONGER):
        so_far += counts.get(name, 0)
        if total and so_far >= share * total:
            return name
    return None


def word_due(case: Case, now: datetime, *, zone: str) -> Word | None:
    """What the person hears now of nobody being free: the first time always, then once a day and by day.

    From the third day on it is asked whether to go on, once; then it is silent until there is somebody. Who only agreed
    to talk with the letter team hears it once.
    """
    if case.need is Need.VERIFY:
        return Word.NOBODY if case.told_on is None else None
    today, opened = now.astimezone(ZoneInfo(zone)), case.opened_at.astimezone(ZoneInfo(zone)).date()
    word = Word.STILL if today.date() - opened >= _STILL else Word.NOBODY
    if case.told_on is None:
        return word
    is_due = today.date() > case.told_on and today.hour in _BY_DAY and case.told_on - opened < _STILL
    return word if is_due else None
