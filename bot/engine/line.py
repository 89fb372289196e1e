"""A line: a question that is no question, because what is written there is for somebody else.

Words for the other end stay in the platform's message, which only the step's action sees; words from there come with
the event and go on as they are. Whatever the machinery says meanwhile, the line stays open as it is.
"""

from typing import Final, assert_never

from bot.engine.effect import Count, Relay, ShowCard
from bot.engine.event import Carried, Led, Raised, Spoken
from bot.engine.flow import Step
from bot.engine.move import ask_again, follow, lead, open_step
from bot.engine.need import (
    CRISIS,
    DEFENCE,
    LINE,
    LINE_ASKS,
    LINE_ENDED,
    LINE_NEW,
    LINE_WORD,
    LINES,
    MOVE,
    MOVED,
    TALK_ENDED,
    URGENT,
)
from bot.engine.prompt import raise_prompt
from bot.engine.walk import Walk

# The steps that would take the place of an open line without its writer's asking, what is asked beside it then, and
# the step where its button leads.
UNASKED: Final = {
    "": (LINE_NEW, ""),
    "exchange_asked": (LINE_ASKS, "asked_later"),
    "exchange_type": (LINE_ASKS, "type_later"),
    "ended_person": (LINE_ENDED, ""),
    "ended_talk": (TALK_ENDED, ""),
}


def take_on_the_line(walk: Walk, event: Carried | Spoken) -> None:
    """Something from the other end, or for it."""
    match event:
        case Carried():
            _carried(walk, event)
        case Spoken():
            if step := open_step(walk):
                _spoken(walk, step, event)
        case _:
            assert_never(event)


def take_along(walk: Walk, event: Led) -> None:
    """Another turn leads into a flow; not away from the open line, whose writer would write to the wrong person.

    What somebody's own press leads to is another step.
    """
    case = event.answers.get("case")
    is_on_another = bool(walk.step and walk.step.is_line) and walk.answers.get("case") != case
    if case and is_on_another and event.flow == LINE and event.step in UNASKED:
        flow, step = UNASKED[event.step]
        raise_prompt(
            walk, Raised(flow=flow, subject=case, values={"who": event.answers["who"], "step": step})
        )
    else:
        if event.flow == MOVED:  # the question where its code was shown is over
            walk.frames = [frame for frame in walk.frames if frame.flow != MOVE]
        lead(walk, event)


def _carried(walk: Walk, event: Carried) -> None:
    """Words from the other end: as they are where that line is open, else with a name and the way there."""
    is_open = bool(walk.step and walk.step.is_line) and walk.answers.get("case") == event.case
    walk.effects.append(
        Relay(
            case=event.case,
            epoch=event.epoch,
            line=event.line,
            sender=event.sender,
            words=event.words,
            media=event.media,
            is_caption=event.is_caption,
            who=None if is_open else event.who,
            reply_to=event.reply_to,
            edits=event.edits,
        )
    )
    if not is_open and not event.is_edit:
        raise_prompt(walk, Raised(flow=LINE_WORD, subject=event.case, values={"who": event.who}))


def _spoken(walk: Walk, step: Step, event: Spoken) -> None:
    """Words for the other end. In distress or danger the lines to call come beside them, and the line stays open."""
    if step.ask is None or not step.is_line:
        ask_again(walk, "unclear", way_out=True)
        return
    if event.crisis or event.urgent:
        walk.effects.append(Count(counter=CRISIS if event.crisis else URGENT))
        walk.remark(walk.book.phrases["crisis_on_the_line"])
        cards = (LINES,) if event.crisis else (DEFENCE, LINES)
        walk.effects += [ShowCard(card=card, sensitive=True) for card in cards]
        walk.be_gentle()
    if event.word and step.ask.stop:
        walk.keep({"word": event.word})
        walk.close(None)
        follow(walk, step.ask.stop)
    else:
        follow(walk, step.ask.route)
