"""What an action may touch: the open unit of work, the person whose turn it is, and the time.

The person is a value; an action that changes them replaces it, and the turn saves what changed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.model.card import ContentPolicy
from bot.model.chart import Figures
from bot.model.gentle import NEVER, is_gentle, is_hard
from bot.model.incoming import Incoming
from bot.model.letter import Letter
from bot.model.notice import Notice, NoticeContent
from bot.model.person import Address, Language, Person, Role
from bot.model.review import Review
from bot.model.search import CLAIMS_A_DAY, Patience
from bot.model.topic import Topics
from bot.store.unit import Unit

ShownNotice = tuple[Notice, NoticeContent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """Something with a date, for a calendar. `uid` is a random name of this one file, `now` when it was made."""

    at: datetime
    place: str
    uid: str
    now: datetime


@dataclass(slots=True, kw_only=True)
class Scene:
    """One turn as its actions see it. `here` is the address it is answered at, if there is one.

    `zone` (IANA) is where whoever has chosen none is thought to be.

    `forgotten`: nothing of this person may be written any more; `cleared`: the chat is to be emptied;
    `attached`: the content of the file that the turn shows; `figures`: its numbers; `texts`: the hash of the words
    of each step that asks for consent; `pressed`: a button brought the person here; `counts`: what to count when the
    turn is written;
    `pulled`: the contents of cards taken out of service; `names`: what the sides of a case may call each other;
    `patience`: how long a search for somebody waits; `claims_a_day`: how many cases one volunteer can take in
    a day; `heard`: the update that the turn is about, where it is one: only a line, and a name for the letter, take
    words from it; `gentle_until`: the last day of the week after a hard moment, as the session has it. `letters` and
    `topics`: those there are; `keeper`: the public key that signatures are sealed to; `draft`: the turn shows the name
    that is typed under that key. `blocked`: what a notice may not say; `shown_notice`: the one that the turn shows;
    `dated`: the date it makes a file of. `left`: addresses that are taken off; `handed_over`: the one of this turn
    belongs to somebody else now, who says what is said there. `took_file`: what was sent is asked for later.
    """

    unit: Unit
    person: Person
    addresses: tuple[Address, ...]
    now: datetime
    zone: str = "Asia/Jerusalem"
    roles: frozenset[Role] = frozenset()
    cards: Mapping[str, Review] = field(default_factory=dict)
    policy: ContentPolicy = ContentPolicy.APPROVED
    pulled: frozenset[str] = frozenset()
    names: Sequence[str] = ()
    patience: Patience = field(default_factory=Patience)
    claims_a_day: int = CLAIMS_A_DAY
    here: Address | None = None
    heard: Incoming | None = None
    gentle_until: date = NEVER
    letters: Mapping[str, Letter] = field(default_factory=dict)
    topics: Topics = field(default_factory=Topics)
    blocked: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    shown_notice: ShownNotice | None = None
    dated: Dated | None = None
    keeper: bytes | None = None
    draft: int | None = None
    forgotten: bool = False
    handed_over: bool = False
    took_file: bool = False
    left: list[Address] = field(default_factory=list)
    cleared: bool = False
    attached: bytes | None = None
    figures: Figures | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    pressed: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def is_gentle(self) -> bool:
        """Whether numbers to call were shown to this person in a hard moment, in the last seven days."""
        return is_gentle(self.gentle_until, now=self.now)

    @property
    def is_hard(self) -> bool:
        """Whether that was today or yesterday: nobody is led to a letter then."""
        return is_hard(self.gentle_until, now=self.now)
