"""Books, sessions and events made up by Hypothesis: any that the parser would accept, and any that a session could be.

Names come from small pools, so that sessions of other books often half fit. Flows may run in circles: the budget
has to end them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from bot.engine.alert import Alert, Alerted
from bot.engine.event import (
    Asked,
    Corrected,
    Distress,
    Event,
    Fired,
    Flooded,
    Invited,
    Led,
    Loss,
    Lost,
    Outcome,
    Pressed,
    PromptPressed,
    Raised,
    Started,
    Typed,
    Unsupported,
)
from bot.engine.fit import asks
from bot.engine.flow import (
    SYSTEM,
    Ask,
    AskKind,
    Audience,
    Book,
    Choice,
    Do,
    Flow,
    GlobalCommand,
    Move,
    Phrase,
    Route,
    Step,
    Timeout,
    Tone,
)
from bot.engine.need import CHANGED, COMMANDS, CRISIS, EXPIRED, PHRASES
from bot.engine.session import Answered, Frame, Prompt, Screen, Session
from bot.model.incoming import MediaKind

NOW: Final = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FLOWS: Final = ("a", "b", "c", "asks")
STEPS: Final = ("s", "t", "u", "v")
CHOICES: Final = ("x", "y", "z")
OUTCOMES: Final = ("done", "again")
NONCES: Final = ("n0000001", "n0000002", "n0000003")

texts = st.sampled_from(("", " ", "hello", "שלום"))
kept = st.sampled_from((None, "p", "q"))
answers = st.sampled_from(({}, {"p": "hello"}, {"p": "שלום", "q": ""}))
nonces = st.sampled_from(NONCES)
choice_ids = st.sampled_from((*CHOICES, "go_on", "over", "~menu", "~human", "~gone", ""))


def phrase(context: str) -> Phrase:
    return Phrase(context=context, text="words")


def _routes(*moves: Move) -> st.SearchStrategy[Route]:
    """A move of one of these kinds to anywhere a book can have. Each route is one draw: books are many."""
    special = {
        Move.END: [Route(move=Move.END)] * 6,
        Move.RUN: [Route(move=Move.RUN, flow=name) for name in ("menu", "human", CRISIS, "gone")],
    }
    return st.sampled_from(
        [
            route
            for move in moves
            for route in special.get(move)
            or [Route(move=move, flow=flow, step=step) for flow in FLOWS for step in STEPS]
        ]
    )


ANY: Final = _routes(*Move)
ON: Final = _routes(Move.GO, Move.HOME, Move.END, Move.RUN)
SAID: Final = phrase("said")
sayings = st.sampled_from(((SAID,), (), (SAID, SAID)))


@st.composite
def steps(draw: st.DrawFn, name: str, *, prompt: bool = False) -> Step:
    """A step that asks, acts or moves; the first of a prompt offers choices."""
    kind = "ask" if prompt else draw(st.sampled_from(("ask", "act", "move")))
    said = draw(sayings)
    if kind == "act":
        outcomes = {outcome: draw(ON) for outcome in OUTCOMES[: draw(st.sampled_from((1, 2)))]}
        return Step(id=name, say=said, do=Do(action="case.open", inputs={"in": "$p"}, outcomes=outcomes))
    if kind == "move":
        return Step(id=name, say=said, cards=("A1",), route=draw(ON))
    return draw(waits(name, said=said, prompt=prompt))


@st.composite
def waits(draw: st.DrawFn, name: str, *, said: tuple[Phrase, ...], prompt: bool) -> Step:
    """A question: choices, a free answer, or both; with a timeout or without."""
    offered = CHOICES[: draw(st.sampled_from((2, 1, 3, 0)))] or (CHOICES[:1] if prompt else ())
    moves = ON if prompt else ANY
    asked = Ask(kind=draw(st.sampled_from(AskKind)), keep=draw(kept), route=draw(ANY))
    has_ask = not offered or (not prompt and draw(st.booleans()))
    limit = Timeout(after=timedelta(days=1), route=draw(ANY))
    return Step(
        id=name,
        say=said,
        choices=tuple(Choice(id=one, label=SAID, route=draw(moves), keep=draw(answers)) for one in offered),
        ask=asked if has_ask else None,
        timeout=draw(st.sampled_from((None, limit))),
        unclear=draw(st.sampled_from((None, SAID))),
        exact=draw(st.booleans()),
        safety=draw(st.booleans()),
    )


@st.composite
def flows(draw: st.DrawFn, name: str) -> Flow:
    """A flow of one to four steps; `asks` is a prompt."""
    prompt = name == "asks"
    used = STEPS[: draw(st.sampled_from((2, 1, 3, 4)))]
    made = {one: draw(steps(one, prompt=prompt and one == used[0])) for one in used}
    return Flow(name=name, audience=Audience.PERSON, tone=Tone.INFORMATION, steps=made, prompt=prompt)


def machinery(commands: Mapping[str, Route]) -> tuple[Flow, Mapping[str, GlobalCommand]]:
    """The system flow and the commands of a book."""
    home = commands["menu"]
    two = (
        Choice(id="go_on", label=phrase("system"), route=Route(move=Move.END)),
        Choice(id="over", label=phrase("system"), route=home),
    )
    asked = {name: Step(id=name, say=(phrase("system"),), choices=two) for name in (EXPIRED, CHANGED)}
    system = Flow(name=SYSTEM, audience=Audience.PERSON, tone=Tone.INFORMATION, steps=asked)
    labelled = {"menu": {"menu": phrase("m")}, "human": {"safety": phrase("h")}}
    made = {
        name: GlobalCommand(name=name, words=phrase(name), route=route, **labelled.get(name, {}))
        for name, route in commands.items()
    }
    return system, made


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A book that `read_book` would accept: complete, and its targets may still be missing."""
    made = {name: draw(flows(name)) for name in FLOWS}
    starts = st.sampled_from([(name, step) for name in FLOWS for step in made[name].steps])
    routes_of = {}
    for name in COMMANDS:
        flow, step = draw(starts)
        move = Move.HOME if name in ("start", "menu", "language") else Move.CALL
        routes_of[name] = Route(move=move, flow=flow, step=step)
    system, commands = machinery(routes_of)
    phrases = {name: phrase(f"system.{name}") for name in PHRASES}
    return Book(flows={**made, SYSTEM: system}, commands=commands, phrases=phrases)


moments = st.integers(min_value=-40, max_value=40).map(lambda days: NOW + timedelta(days=days))


@st.composite
def frames(draw: st.DrawFn, book: Book) -> Frame:
    """A frame at any step of the book, mostly at a question; now and then at a step of another book."""
    known = [(flow.name, step) for flow in book.flows.values() for step in flow.steps.values()]
    asking = [(flow, step.id) for flow, step in known if step.waits]
    any_step = [(flow, step.id) for flow, step in known]
    flow, step = draw(st.sampled_from([*asking * 3, *any_step, ("a", "gone"), ("gone", "gone")]))
    prompt = draw(st.sampled_from((None,) * 12 + (NONCES[0],)))
    return Frame(flow=flow, step=step, answers=draw(answers), prompt=prompt)


@st.composite
def screens(draw: st.DrawFn, book: Book, frame: Frame | None) -> Screen | None:
    """Mostly the screen that the frame's step opens; else any, or none."""
    step = book.step(frame.flow, frame.step) if frame else None
    if step and draw(st.integers(0, 3)):
        shown = tuple(choice.id for choice in book.choices(step))
        return Screen(nonce=draw(nonces), choices=shown, asks=asks(step))
    choices = draw(st.sampled_from(((), ("x",), ("x", "gone"), ("y", "~menu", "~gone"))))
    wrong = Screen(nonce=draw(nonces), choices=choices, asks=draw(st.sampled_from((None, "text", "gone"))))
    return draw(st.sampled_from((None, wrong)))


@st.composite
def prompts(draw: st.DrawFn, book: Book) -> Prompt:
    """Mostly a prompt of the book, as it was raised; else one of another book."""
    flow = book.flows["asks"]
    offered = tuple(choice.id for choice in flow.steps[flow.start].choices)
    place = draw(
        st.sampled_from((("asks", flow.start),) * 3 + (("asks", "gone"), ("gone", "gone"), ("a", "s")))
    )
    return Prompt(
        id=draw(nonces),
        code=draw(st.sampled_from(("A", "B", "?"))),
        flow=place[0],
        step=place[1],
        subject=draw(texts),
        choices=draw(st.sampled_from((offered, offered, ("x",), ()))),
        values=draw(answers),
    )


@st.composite
def sessions(draw: st.DrawFn, book: Book) -> Session:
    """A session that half fits the book: of a turn before, of an older book, or of nothing sensible."""
    size = draw(st.sampled_from((3, 1, 2, 4, 0, 6)))
    stack = tuple(draw(frames(book)) for _ in range(size))
    answered = st.builds(Answered, nonce=nonces, choice=choice_ids)
    return Session(
        frames=stack,
        screen=draw(screens(book, stack[-1] if stack else None)),
        answered=draw(st.none() | answered),
        prompts=draw(st.lists(prompts(book), max_size=2).map(tuple)) * draw(st.sampled_from((1, 1, 9))),
        expires_at=draw(st.sampled_from((None, NOW + timedelta(days=1))) | moments),
    )


events: Final[st.SearchStrategy[Event]] = st.one_of(
    st.builds(Started, payload=st.sampled_from(("", "flyer7"))),
    st.builds(Pressed, nonce=nonces, choice=choice_ids),
    st.builds(PromptPressed, id=nonces, choice=choice_ids),
    st.builds(
        Typed,
        text=texts,
        date=st.none() | st.just("2026-11-25"),
        choice=st.none() | choice_ids,
        exact=st.booleans(),
    ),
    st.builds(Asked, command=st.sampled_from(("menu", "human", "gone", ""))),
    st.just(Distress()),
    st.builds(Unsupported, media=st.sampled_from(MediaKind), album=st.sampled_from((None, "1", "2"))),
    st.builds(Flooded, until=st.just(NOW)),
    st.just(Corrected()),
    st.just(Invited(invite="17", flow="join")),
    st.builds(Alerted, alert=st.sampled_from(Alert)),
    st.builds(Fired, timer=st.sampled_from(["wait", "turns", "gone", "menu"]), version=nonces),
    st.builds(Outcome, name=st.sampled_from((*OUTCOMES, "gone")), values=answers),
    st.builds(Raised, flow=st.sampled_from((*FLOWS, "gone")), subject=texts, values=answers),
    st.builds(Led, flow=st.sampled_from((*FLOWS, "gone")), answers=answers),
    st.builds(Lost, how=st.sampled_from(Loss)),
)


@st.composite
def fitting(draw: st.DrawFn, session: Session) -> Event:
    """An event that answers something the session has open."""
    screen = session.screen
    typed = st.builds(
        Typed, text=texts, choice=st.sampled_from((None, "x", "y", "~human")), exact=st.booleans()
    )
    ways: list[st.SearchStrategy[Event]] = [typed, st.just(Distress())]
    if screen:
        choice = st.sampled_from(screen.choices or ("",))
        ways += [st.builds(Pressed, nonce=st.just(screen.nonce), choice=choice)] * 3
        ways.append(st.just(Fired(timer="wait", version=screen.nonce)))
    for prompt in session.prompts[:2]:
        choice = st.sampled_from(prompt.choices or ("",))
        ways += [st.builds(PromptPressed, id=st.just(prompt.id), choice=choice)] * 2
    return draw(ways[draw(st.integers(0, len(ways) - 1))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One turn to take: its actions end in `outcome`."""

    book: Book
    session: Session
    event: Event
    nonce: str
    outcome: str


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any book, any session, any event."""
    book = draw(books())
    session = draw(sessions(book))
    event = draw(fitting(session) if draw(st.integers(0, 2)) else events)
    outcome = draw(st.sampled_from(("done", "again", "gone")))
    return Case(book=book, session=session, event=event, nonce="n0000007", outcome=outcome)
