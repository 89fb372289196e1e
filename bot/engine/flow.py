"""What a conversation is, as data: flows of steps, each a value that the interpreter in `step.py` reads.

`parse.py` makes these from YAML, `graph.py` walks them, the linter judges them. The English text of a phrase is
its gettext msgid and `flow.step` is its context, so the engine carries words without reading them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.engine.ask import AskKind as AskKind
from bot.engine.phrase import Phrase as Phrase
from bot.engine.shown import Shown as Shown
from bot.model.letter import Letter
from bot.model.person import Platform, Role
from bot.model.topic import Topics

SYSTEM: Final = "system"
DEFAULT_EXPIRY: Final = timedelta(days=7)


class Audience(StrEnum):
    """Who may be in a flow."""

    PERSON = "person"
    VOLUNTEER = "volunteer"
    ORGANIZER = "organizer"
    TEAM = "team"  # volunteers and organizers


class Tone(StrEnum):
    """The voices of `CONTENT.md`; they never mix in one message."""

    INFORMATION = "information"
    MEMBER = "member"
    SUPPORTER = "supporter"
    CRISIS = "crisis"


class Option(StrEnum):
    """What a page of options is about. Nothing acts on it: the linter holds that all of them stand side by side."""

    SERVING = "serving"
    REQUEST = "request"
    REFUSAL = "refusal"
    WAITING = "waiting"


class Move(StrEnum):
    """How a transition treats the stack of frames."""

    GO = "go"  # this frame goes on at the target
    CALL = "call"  # the target starts on top and comes back here when it ends
    HOME = "home"  # the whole stack gives way to the target
    END = "end"  # this frame ends
    RUN = "run"  # as the global command of that name does
    STAY = "stay"  # this frame rests at the target, whose question is on the screen already


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where to go. `flow` is always filled in, also for a step of the same flow; for RUN it names the command.

    `hands`: what a call hands on to the flow it begins; `$name` is an answer kept here.
    """

    move: Move
    flow: str = ""
    step: str = ""
    hands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer offered. `keep` are answers the session remembers when it is chosen."""

    id: str
    label: Phrase
    route: Route
    keep: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A free answer: its kind, the name it is kept under (None: read and forgotten), and where it leads.

    `stop`: where a bare word that elsewhere stops the bot leads, on a line; kept as `word`.
    """

    kind: AskKind
    keep: str | None
    route: Route
    stop: Route | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """An action and where each of its outcomes leads. `inputs` may name kept answers as `$name`."""

    action: str
    inputs: Mapping[str, str]
    outcomes: Mapping[str, Route]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeout:
    """What happens when a wait stays unanswered; its words stay on the screen, or are replaced there if `in_place`."""

    after: timedelta
    route: Route
    in_place: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One point of a flow: its cards, what it says and shows, then exactly one of: wait (choices, ask), act, move.

    `exact`: a typed answer counts only as the exact label or number (consent, signing, deleting).
    """

    id: str
    say: tuple[Phrase, ...] = ()
    cards: tuple[str, ...] = ()
    show: Shown | None = None
    choices: tuple[Choice, ...] = ()
    ask: Ask | None = None
    do: Do | None = None
    route: Route | None = None
    unclear: Phrase | None = None
    timeout: Timeout | None = None
    count: str | None = None
    option: Option | None = None
    sensitive: bool = False
    exact: bool = False
    safety: bool = True

    @property
    def is_line(self) -> bool:
        """Whether what is written here is carried to somebody, instead of being an answer."""
        return self.ask is not None and self.ask.kind is AskKind.LINE

    @property
    def asks_a_number(self) -> bool:
        """Whether a number may be the answer: then only the step's own choices have one, and "stop" has none."""
        return self.ask is not None and self.ask.kind in (AskKind.DATE, AskKind.TIME)

    @property
    def waits(self) -> bool:
        """Whether the conversation rests here until something happens."""
        return bool(self.choices) or self.ask is not None

    @property
    def asking(self) -> tuple[Phrase, ...]:
        """The last thing it says; where platforms differ, each in its words."""
        return self.say[-len(Platform) :] if self.say and self.say[-1].on else self.say[-1:]

    def choice(self, id: str) -> Choice | None:
        """The choice of that id offered here, if there is one."""
        return next((choice for choice in self.choices if choice.id == id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A conversation. The first step is where it starts."""

    name: str
    audience: Audience
    tone: Tone
    steps: Mapping[str, Step]
    expires: timedelta = DEFAULT_EXPIRY
    prompt: bool = False

    @property
    def start(self) -> str:
        """The id of the first step."""
        return next(iter(self.steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalCommand:
    """A command that wins over a flow. `words` is a phrase of words parted by commas, `route` where it leads.

    `card` is its label below facts that were shown; it is handed their ids as `facts`.
    """

    name: str
    words: Phrase
    route: Route
    menu: Phrase | None = None
    safety: Phrase | None = None
    card: Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """All flows, and what holds everywhere: the global commands, the machinery's own sentences, letters, topics."""

    flows: Mapping[str, Flow]
    commands: Mapping[str, GlobalCommand]
    phrases: Mapping[str, Phrase]
    letters: Mapping[str, Letter] = field(default_factory=dict)
    topics: Topics = field(default_factory=Topics)

    def step(self, flow: str, step: str) -> Step | None:
        """The step of that name, None if the flow or the step is gone."""
        return found.steps.get(step) if (found := self.flows.get(flow)) else None

    def choices(self, step: Step) -> tuple[Choice, ...]:
        """What is offered at a step, in the order typed numbers count: its own choices, then the safety row."""
        return step.choices + (self.safety if step.safety else ())

    def choice(self, step: Step, id: str) -> Choice | None:
        """The choice of that id as a screen of `step` may offer it: the step's own, or a global command's."""
        if not id.startswith("~"):
            return step.choice(id)
        command = self.commands.get(id[1:])
        label = (command.safety or command.menu or command.card) if command else None
        return command_choice(id[1:], label) if label else None

    def seen_by(self, roles: frozenset[Role]) -> "Book":
        """The book of somebody with these roles: what is for others is not there at all, as if nobody wrote it."""
        audiences = {Audience.PERSON, *(Audience(role.value) for role in roles)}
        if roles:
            audiences.add(Audience.TEAM)
        flows = {name: flow for name, flow in self.flows.items() if flow.audience in audiences}
        commands = {name: one for name, one in self.commands.items() if one.route.flow in flows}
        return replace(self, flows=flows, commands=commands)

    @property
    def below_cards(self) -> tuple[Choice, ...]:
        """The choices below facts, after everything else."""
        return tuple(command_choice(one.name, one.card) for one in self.commands.values() if one.card)

    @property
    def safety(self) -> tuple[Choice, ...]:
        """The choices under every screen: talk to someone, a lawyer, delete, stop."""
        return tuple(command_choice(one.name, one.safety) for one in self.commands.values() if one.safety)


def command_choice(name: str, label: Phrase) -> Choice:
    """A choice that runs a global command. Its id begins with `~`, which no choice of a flow can."""
    return Choice(id=f"~{name}", label=label, route=Route(move=Move.RUN, flow=name))
