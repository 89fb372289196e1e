"""The turnstile: when each message may be handled, and whether it is stored at all. In memory; time is given.

`judge` only looks, so that a batch which could not be stored counts for nothing; `keep` remembers what it judged.
Called by `receive`. What is remembered is bounded: of too many people the ones who were silent longest are forgotten.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Generic, TypeVar

from bot.model.flood import NEW_FOR, RULES, Flow, Rule

REMEMBERED: Final = 50_000
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
SET_BACK: Final = timedelta(minutes=1)  # less is how clocks are kept right
SOON: Final = timedelta(milliseconds=1)  # the clock of the tables

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message, of a person unless it is nobody's. `urgent` reads it and names what in it always passes.

    `is_on_a_line`: somebody is there to read it, so it may wait and is never dropped.
    """

    person_id: int | None
    is_new: bool
    urgent: Callable[[], int | None]
    is_on_a_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a message. `told_until`: its person hears, before it, that many came at once.

    `hurries`: what waits of this person is due now, because this must not wait for it.
    """

    due_at: datetime
    is_stored: bool = True
    told_until: datetime | None = None
    hurries: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many since when, and when the last of them is due."""

    since: datetime = LONG_AGO
    count: int = 0
    due_at: datetime = LONG_AGO

    def one_more(self, rule: Rule, now: datetime) -> "Tally":
        """Counted within the rule's window, which begins with the first after the one before is over."""
        if now - self.since >= rule.within:
            return replace(self, since=now, count=1)
        return replace(self, count=self.count + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A person who was told: until when, and what was stored of theirs since, of urgent things minute by minute."""

    until: datetime
    stored: Tally
    urgent: Tally = Tally()
    same: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Judgement:
    """The verdicts on a batch in order, and what to remember if it is stored."""

    tallies: dict[int, Tally] = field(default_factory=dict)
    episodes: dict[int, Episode] = field(default_factory=dict)
    newcomers: dict[int, datetime] = field(default_factory=dict)
    crowd: Tally = Tally()
    verdicts: list[Verdict] = field(default_factory=list)


class Turnstile:
    """Judges what arrives."""

    def __init__(self, rules: Mapping[Flow, Rule] = RULES, *, remembered: int = REMEMBERED) -> None:
        self._rules = rules
        self._tallies: Bounded[Tally] = Bounded(remembered)
        self._episodes: Bounded[Episode] = Bounded(remembered)
        self._newcomers: Bounded[datetime] = Bounded(remembered)
        self._crowd = Tally()
        self._latest = LONG_AGO

    def __len__(self) -> int:
        """How much is remembered."""
        return len(self._tallies) + len(self._episodes) + len(self._newcomers)

    def pressed(self, senders: Iterable[int], now: datetime) -> list[int]:
        """Of whom so much comes that something of it may be dropped: they were told so, or are about to be."""
        counts = Counter(senders)
        episodes = {one: self._episodes.get(one) for one in counts}
        told = {one for one, episode in episodes.items() if episode and now < episode.until}
        many = self._rules[Flow.TOO_MANY].more_than
        return sorted(told | {one for one, count in counts.items() if count > many})

    def judge(self, arrivals: Sequence[Arrival], now: datetime) -> Judgement:
        """What becomes of these, in the order they came."""
        if now + SET_BACK < self._latest:
            self._forget()
        self._latest = now
        found = Judgement(crowd=self._crowd)
        for arrival in arrivals:
            who = arrival.person_id
            verdict = Verdict(due_at=now) if who is None else self._one(found, arrival, who, now)
            found.verdicts.append(verdict)
        return found

    def _forget(self) -> None:
        """The clock was set back: what is remembered lies ahead, and would hold people up until it is there again."""
        remembered = self._tallies.most
        self._tallies, self._episodes = Bounded(remembered), Bounded(remembered)
        self._newcomers, self._crowd = Bounded(remembered), Tally()

    def keep(self, judgement: Judgement) -> None:
        """The batch is stored: it counts."""
        self._tallies.put(judgement.tallies)
        self._episodes.put(judgement.episodes)
        self._newcomers.put(judgement.newcomers)
        self._crowd = judgement.crowd

    def _one(self, found: Judgement, arrival: Arrival, who: int, now: datetime) -> Verdict:
        episode = found.episodes.get(who) or self._episodes.get(who)
        if episode and now < episode.until:
            key = arrival.urgent()
            if key is None:
                judged, verdict = self._told_before(episode, now, keeps_all=arrival.is_on_a_line)
            else:
                judged, verdict = self._urgent(episode, key, now)
            found.episodes[who] = judged
            return verdict
        tally = found.tallies.get(who) or self._tallies.get(who) or Tally()
        tally = tally.one_more(self._rules[Flow.MANY], now)
        due_at = self._when(tally, now)
        told_until = self._many_until(tally, now)
        if due_at <= now:  # what is held for its own sake takes nobody's place in the line of newcomers
            due_at = self._newcomers_turn(found, who, is_new=arrival.is_new, now=now)
        is_urgent = due_at > now and arrival.urgent() is not None
        due_at = now if is_urgent else due_at
        found.tallies[who] = replace(tally, due_at=due_at)
        if told_until:
            found.episodes[who] = Episode(until=told_until, stored=Tally(since=now, due_at=due_at))
        return Verdict(due_at=due_at, told_until=told_until, hurries=is_urgent)

    def _when(self, tally: Tally, now: datetime) -> datetime:
        """A person's messages are due one after the other, further apart the more there are."""
        flows = (Flow.BURST, Flow.QUICK, Flow.MANY)
        paces = [rule.pace for rule in map(self._rules.__getitem__, flows) if tally.count > rule.more_than]
        due_at = tally.due_at + max((pace for pace in paces if pace), default=timedelta())
        return due_at if paces and due_at - now >= SOON else now

    def _many_until(self, tally: Tally, now: datetime) -> datetime | None:
        if tally.count <= self._rules[Flow.MANY].more_than:
            return None
        return now + self._rules[Flow.TOO_MANY].within

    def _newcomers_turn(self, found: Judgement, who: int, *, is_new: bool, now: datetime) -> datetime:
        """When everybody new together leaves room for this one; now for whoever is known."""
        rule = self._rules[Flow.NEWCOMERS]
        came = found.newcomers.get(who) or self._newcomers.get(who)
        if is_new:
            came = found.newcomers[who] = now
        if came is None or now - came > NEW_FOR:
            return now
        crowd = found.crowd.one_more(rule, now)
        if rule.pace and (crowd.count > rule.more_than or crowd.due_at > now):
            crowd = replace(crowd, due_at=max(crowd.due_at, now) + rule.pace)
        found.crowd = crowd
        return max(crowd.due_at, now)

    def _told_before(self, episode: Episode, now: datetime, *, keeps_all: bool) -> tuple[Episode, Verdict]:
        """A little more is taken slowly, then nothing but what is urgent, or is for the other end of a line."""
        stored = replace(episode.stored, count=episode.stored.count + 1)
        pace = self._rules[Flow.MANY].pace or timedelta()
        if stored.count > self._rules[Flow.TOO_MANY].more_than and not keeps_all:
            return episode, Verdict(due_at=now, is_stored=False)
        stored = replace(stored, due_at=max(stored.due_at + pace, now))
        return replace(episode, stored=stored), Verdict(due_at=stored.due_at)

    def _urgent(self, episode: Episode, key: int, now: datetime) -> tuple[Episode, Verdict]:
        """It always passes; what was answered often enough within the minute passes again in the next."""
        urgent = episode.urgent.one_more(self._rules[Flow.URGENT], now)
        same = {**(episode.same if urgent.count > 1 else {})}
        same[key] = same.get(key, 0) + 1
        too_many = urgent.count > self._rules[Flow.URGENT].more_than
        if too_many or same[key] > self._rules[Flow.SAME_WORDS].more_than:
            return episode, Verdict(due_at=now, is_stored=False)
        stored = replace(episode.stored, due_at=now)
        judged = replace(episode, urgent=urgent, same=same, stored=stored)
        return judged, Verdict(due_at=now, hurries=True)


class Bounded(Generic[Value]):
    """Values of the people who were here last; the others are forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._values: OrderedDict[int, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, who: int) -> Value | None:
        """What is remembered of them."""
        return self._values.get(who)

    def put(self, values: Mapping[int, Value]) -> None:
        """Remember these as the newest."""
        for who, value in values.items():
            self._values[who] = value
            self._values.move_to_end(who)
        while len(self._values) > self.most:
            self._values.popitem(last=False)
