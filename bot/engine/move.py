"""From step to step: every move goes through `follow`, every step through `enter`, which spends the budget of 64.

A turn that cannot go on (a loop, a step that is gone, an outcome nobody expected) ends in one honest sentence and
a `Fault`; it never raises and never ends in silence.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, assert_never

from bot.engine.effect import CloseScreen, DropKeyboard, Fault, Perform, Say
from bot.engine.event import Led, Outcome
from bot.engine.flow import SYSTEM, Move, Phrase, Route, Step
from bot.engine.need import CHANGED, EXPIRED, MENU, START
from bot.engine.session import Frame
from bot.engine.walk import Walk

BUDGET: Final = 64
FACTS: Final = "facts"  # what a command below facts is handed: their ids


def run(walk: Walk, command: str) -> None:
    """Do what a global command does from anywhere. Its flow begins anew, wherever in it the person was."""
    found = walk.book.commands.get(command)
    if found is None or found.route.move not in (Move.CALL, Move.HOME):
        give_up(walk, "missing_command")
        return
    walk.frames = [frame for frame in walk.frames if frame.flow != found.route.flow]
    if found.card:
        facts = {FACTS: " ".join(walk.cards)}
        _call(walk, Frame(flow=found.route.flow, step=found.route.step, answers=facts))
    else:
        follow(walk, found.route)


def begin(walk: Walk, flow: str, *, answers: Mapping[str, str]) -> None:
    """Start a flow that no command leads to, instead of whatever was open."""
    found = walk.book.flows.get(flow)
    walk.frames = [Frame(flow=flow, step=found.start if found else "", answers=answers)]
    enter(walk)


def lead(walk: Walk, event: Led) -> None:
    """Start a flow on top of whatever is open, as another turn wishes; what is open of the same case gives way."""
    found = walk.book.flows.get(event.flow)
    step = event.step or (found.start if found else "")
    case = event.answers.get("case")
    walk.frames = [frame for frame in walk.frames if case is None or frame.answers.get("case") != case]
    _call(walk, Frame(flow=event.flow, step=step, answers=event.answers))


def follow(walk: Walk, route: Route) -> None:
    """Move along `route` and take the step it leads to."""
    match route.move:
        case Move.GO:
            _go(walk, route)
        case Move.CALL:
            _call(walk, Frame(flow=route.flow, step=route.step, answers=_handed(walk, route)))
        case Move.HOME:
            walk.frames = [Frame(flow=route.flow, step=route.step)]
            enter(walk)
        case Move.END:
            _end(walk)
        case Move.RUN:
            run(walk, route.flow)
        case Move.STAY:
            _stay(walk, route)
        case _:
            assert_never(route.move)


def _handed(walk: Walk, route: Route) -> dict[str, str]:
    """What a move hands on to another flow."""
    return {name: said for name, said in _inputs(route.hands, walk.answers).items() if said}


def _go(walk: Walk, route: Route) -> None:
    """The top frame goes on; its answers stay with it inside one flow, and into another go those that are handed on."""
    top = walk.top or Frame(flow=route.flow, step=route.step)
    answers = top.answers if top.flow == route.flow else _handed(walk, route)
    walk.frames[-1:] = [replace(top, flow=route.flow, step=route.step, answers=answers)]
    enter(walk)


def _stay(walk: Walk, route: Route) -> None:
    """Rest at a question as it stands on the screen; one that is not there is asked."""
    walk.frames[-1:] = [replace(walk.frames[-1], step=route.step)]
    if walk.has_changed():
        enter(walk)
    else:
        walk.keep_open()


def _call(walk: Walk, frame: Frame) -> None:
    """A frame on top of the open question; a flow is below it once.

    An answered prompt is no question any more: a frame called from it takes its place.
    """
    waiting = [below for below in walk.frames if below.prompt is None]
    kept = [below for below in waiting[:-1] if below.flow != frame.flow] + waiting[-1:]
    walk.frames = [*kept, frame]
    enter(walk)


def _end(walk: Walk) -> None:
    """The top frame is done: back to the question below it, or to rest. A prompt leaves what is below alone."""
    ended = walk.frames.pop() if walk.frames else None
    if ended and ended.prompt:
        if not walk.frames:
            walk.rest()
    elif walk.frames:
        walk.still_sees(ended.answers.get(FACTS, "") if ended else "")
        _come_back(walk)
    elif walk.has_spoken:
        walk.rest()
    else:  # a way back that leads nowhere leads to the menu
        run(walk, MENU)


def _come_back(walk: Walk) -> None:
    """The question below is asked again; a flow that lost it begins anew, once the person was told (`_nearest`)."""
    step, top = walk.step, walk.frames[-1]
    if step and step.waits:
        walk.show_again(step)
    elif step and top.step == walk.book.flows[top.flow].start:
        enter(walk)
    else:
        offer_changed(walk)


def enter(walk: Walk) -> None:
    """Take the step of the frame on top, within the budget."""
    step = walk.step
    if walk.spent >= BUDGET:
        give_up(walk, "loop")
    elif step is None:
        give_up(walk, "missing_step")
    else:
        walk.spent += 1
        _take(walk, step)


def _take(walk: Walk, step: Step) -> None:
    walk.tell(step)
    if step.waits:
        walk.wait(step)
    elif step.do:
        walk.pending = Perform(action=step.do.action, inputs=_inputs(step.do.inputs, walk.answers))
    else:
        follow(walk, step.route or Route(move=Move.END))


def _inputs(inputs: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, str]:
    """What an action or a call is given, `$name` replaced by the answer kept under that name."""
    return {
        name: answers.get(value[1:], "") if value.startswith("$") else value for name, value in inputs.items()
    }


def resolve(walk: Walk, outcome: Outcome) -> None:
    """The pending action ended: its outcome picks the next step."""
    step = walk.step
    route = step.do.outcomes.get(outcome.name) if step and step.do else None
    if route is None:
        give_up(walk, "unknown_outcome")
        return
    walk.keep(outcome.values)
    follow(walk, route)


# Where an answer does not lead on


def open_step(walk: Walk) -> Step | None:
    """The step whose question can be answered as the person saw it; if there is none, it is asked what to do."""
    step = walk.step
    if not walk.frames:
        run(walk, START)
    elif step is None or walk.has_changed():
        offer_changed(walk)
    elif walk.has_expired() and not step.is_line:  # what is said on a line goes there, however late
        offer_to_go_on(walk)
    else:
        return step
    return None


def ask_again(
    walk: Walk, why: str | Phrase, *, way_out: bool = False, values: Mapping[str, str] | None = None
) -> None:
    """The current question once more, its first line saying why; `way_out` adds the menu and a person to it.

    An open line is no question: there the sentence stands by itself.
    """
    if walk.step and walk.step.is_line and not walk.has_changed():
        walk.remark(walk.book.phrases[why] if isinstance(why, str) else why, values)
        return
    walk.open_with(walk.book.phrases[why] if isinstance(why, str) else why, values)
    step = walk.step
    if not walk.frames:
        run(walk, START)
    elif step is None or walk.has_changed():
        offer_changed(walk)
    else:
        walk.show_again(step, brief=True, extra=walk.ways_out(step) if way_out else ())


def offer_to_go_on(walk: Walk) -> None:
    """The question was open for too long: go on with it, or start over."""
    _interrupt(walk, EXPIRED)


def offer_changed(walk: Walk) -> None:
    """Say that this conversation changed; go on from the nearest step, or start over."""
    walk.frames = [frame for frame in walk.frames if frame.flow in walk.book.flows]
    walk.frames = [_nearest(walk, frame) for frame in walk.frames]
    _interrupt(walk, CHANGED)


def _nearest(walk: Walk, frame: Frame) -> Frame:
    """The frame at its own step if that still asks something, else at the start of its flow."""
    step = walk.book.step(frame.flow, frame.step)
    return frame if step and step.waits else replace(frame, step=walk.book.flows[frame.flow].start)


def _interrupt(walk: Walk, question: str) -> None:
    """Put a question of the machinery on top of the one that was open; without one there is only the menu."""
    walk.frames = [frame for frame in walk.frames if frame.flow != SYSTEM and frame.prompt is None]
    if walk.frames:
        follow(walk, Route(move=Move.CALL, flow=SYSTEM, step=question))
    else:
        walk.open_with(walk.book.phrases["changed_flow"])
        run(walk, MENU)


def give_up(walk: Walk, error: str) -> None:
    """End a turn that cannot go on: logged, nothing half said, and an honest sentence.

    A prompt that fails leaves the open question alone; anything else leaves the person at rest.
    """
    top = walk.top or Frame(flow="", step="")
    walk.pending = None
    if top.prompt:
        walk.frames.pop()
    else:
        walk.rest()
    walk.effects = [effect for effect in walk.effects if isinstance(effect, (CloseScreen, DropKeyboard))]
    walk.effects.append(Fault(error=error, flow=top.flow, step=top.step))
    walk.effects.append(Say(phrase=walk.book.phrases["broken"]))
