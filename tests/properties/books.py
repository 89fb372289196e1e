"""Books, sessions and events made up by Hypothesis: any that the parser would accept, and any that a session could be.

Names come from small pools, so that sessions of other books often half fit. Flows may run in circles: the budget
has to end them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from bot.engine.event import (
    Asked,
    Corrected,
    Distress,
    Event,
    Fired,
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

names = st.sampled_from(("p", "q"))
texts = st.sampled_from(("", " ", "hello", "שלום"))
answers = st.dictionaries(names, texts, max_size=2)
nonces = st.sampled_from(NONCES)
choice_ids = st.sampled_from((*CHOICES, "go_on", "over", "~menu", "~human", "~gone", ""))


def phrase(context: str) -> Phrase:
    return Phrase(context=context, text="words")


def routes(*moves: Move) -> st.SearchStrategy[Route]:
    """A move of one of these kinds to anywhere a book can have."""
    targets = st.builds(
        Route, move=st.sampled_from(moves), flow=st.sampled_from(FLOWS), step=st.sampled_from(STEPS)
    )
    others = {
        Move.END: st.just(Route(move=Move.END)),
        Move.RUN: st.builds(Route, move=st.just(Move.RUN), flow=st.sampled_from(("menu", "human", CRISIS))),
    }
    special = [others[move] for move in moves if move in others]
    plain = [move for move in moves if move not in others]
    targets = st.builds(
        Route,
        move=st.sampled_from(plain or [Move.GO]),
        flow=st.sampled_from(FLOWS),
        step=st.sampled_from(STEPS),
    )
    return st.one_of(targets, *special)


ANY: Final = routes(*Move)
ON: Final = routes(Move.GO, Move.HOME, Move.END, Move.RUN)


@st.composite
def steps(draw: st.DrawFn, name: str, *, prompt: bool = False) -> Step:
    """A step that asks, acts or moves; the first of a prompt offers choices."""
    kind = "ask" if prompt else draw(st.sampled_from(("ask", "act", "move")))
    said = draw(st.lists(st.just(phrase(name)), max_size=2))
    if kind == "act":
        outcomes = draw(st.dictionaries(st.sampled_from(OUTCOMES), ON, min_size=1))
        inputs = {"in": "$p", "fixed": "x"}
        return Step(id=name, say=tuple(said), do=Do(action="case.open", inputs=inputs, outcomes=outcomes))
    if kind == "move":
        return Step(id=name, say=tuple(said), cards=("A1",), route=draw(ON))
    return draw(waits(name, said=tuple(said), prompt=prompt))


@st.composite
def waits(draw: st.DrawFn, name: str, *, said: tuple[Phrase, ...], prompt: bool) -> Step:
    ids = draw(st.lists(st.sampled_from(CHOICES), unique=True, min_size=1 if prompt else 0))
    choices = tuple(
        Choice(id=one, label=phrase(name), route=draw(ON if prompt else ANY), keep=draw(answers))
        for one in ids
    )
    kept = draw(st.none() | names)
    asked = draw(st.none() | st.builds(Ask, kind=st.sampled_from(AskKind), keep=st.just(kept), route=ANY))
    must_ask = not choices and asked is None
    after = timedelta(days=1)
    return Step(
        id=name,
        say=said,
        choices=choices,
        ask=Ask(kind=AskKind.TEXT, keep=kept, route=draw(ANY)) if must_ask else None if prompt else asked,
        timeout=draw(st.none() | st.builds(Timeout, after=st.just(after), route=ANY)),
        unclear=draw(st.none() | st.just(phrase(name))),
        exact=draw(st.booleans()),
        safety=draw(st.booleans()),
        sensitive=draw(st.booleans()),
    )


@st.composite
def flows(draw: st.DrawFn, name: str) -> Flow:
    """A flow of one to four steps; `asks` is a prompt."""
    prompt = name == "asks"
    used = draw(st.lists(st.sampled_from(STEPS), unique=True, min_size=1))
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
        move = Move.CALL if name == CRISIS else draw(st.sampled_from((Move.CALL, Move.HOME)))
        routes_of[name] = Route(move=move, flow=flow, step=step)
    system, commands = machinery(routes_of)
    phrases = {name: phrase(f"system.{name}") for name in PHRASES}
    return Book(flows={**made, SYSTEM: system}, commands=commands, phrases=phrases)


moments = st.integers(min_value=-40, max_value=40).map(lambda days: NOW + timedelta(days=days))


@st.composite
def frames(draw: st.DrawFn, book: Book) -> Frame:
    """A frame at any step of the book, now and then at one of another book."""
    known = [(flow.name, step) for flow in book.flows.values() for step in flow.steps]
    flow, step = draw(st.sampled_from([*known, *known, ("a", "gone"), ("gone", "gone")]))
    prompt = draw(st.sampled_from((None, None, None, *NONCES)))
    return Frame(flow=flow, step=step, answers=draw(answers), prompt=prompt)


@st.composite
def screens(draw: st.DrawFn, book: Book, frame: Frame | None) -> Screen | None:
    """Mostly the screen that the frame's step opens; else any, or none."""
    step = book.step(frame.flow, frame.step) if frame else None
    if step and draw(st.integers(0, 3)):
        shown = tuple(choice.id for choice in book.choices(step))
        return Screen(nonce=draw(nonces), choices=shown, asks=asks(step))
    choices = draw(st.lists(choice_ids, max_size=4).map(tuple))
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
    stack = draw(st.lists(frames(book), max_size=6).map(tuple))
    answered = st.builds(Answered, nonce=nonces, choice=choice_ids)
    return Session(
        frames=stack,
        screen=draw(screens(book, stack[-1] if stack else None)),
        answered=draw(st.none() | answered),
        prompts=draw(st.lists(prompts(book), max_size=3).map(tuple)) * draw(st.sampled_from((1, 1, 9))),
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
    st.builds(Unsupported, media=st.sampled_from(MediaKind)),
    st.just(Corrected()),
    st.builds(Fired, timer=st.just("wait"), version=nonces),
    st.builds(Outcome, name=st.sampled_from((*OUTCOMES, "gone")), values=answers),
    st.builds(Raised, flow=st.sampled_from((*FLOWS, "gone")), subject=texts, values=answers),
    st.just(Lost()),
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
    return draw(st.one_of(ways))


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
    event = draw(fitting(session) | events)
    outcome = draw(st.sampled_from(("done", "again", "gone")))
    return Case(book=book, session=session, event=event, nonce="n0000007", outcome=outcome)
