"""Prompts: questions the bot raises by itself, beside the conversation, which stays as it is.

A prompt is answered by its button, a quote or its own short code, in any order and long after it was raised.
"""

from collections.abc import Mapping
from typing import Final

from bot.engine.effect import CloseScreen, DropKeyboard, Fault, OfferPrompt, Say
from bot.engine.event import PromptPressed, Raised
from bot.engine.flow import Choice, Step
from bot.engine.move import enter, follow
from bot.engine.need import NOTICE
from bot.engine.session import PROMPTS, Answered, Frame, Prompt
from bot.engine.walk import Walk

CODES: Final = "ABCDEFGHIJKLMNOPQRST"


def raise_prompt(walk: Walk, event: Raised) -> None:
    """Ask beside the open question; the oldest of too many prompts is dropped. One without choices only tells.

    What is asked about the same thing again is the same question: it has its old id and code, wherever it is answered.
    """
    flow = walk.book.flows.get(event.flow)
    if flow is None or not flow.prompt:
        walk.effects.append(Fault(error="missing_prompt", flow=event.flow, step=""))
        return
    step = flow.steps[flow.start]
    if not step.choices:
        _tell(
            walk,
            Frame(flow=flow.name, step=step.id, answers={**event.values, "subject": event.subject}),
            step,
        )
        return
    before = next(
        (one for one in walk.prompts if (one.flow, one.subject) == (flow.name, event.subject)), None
    )
    walk.prompts = tuple(one for one in walk.prompts if one is not before)[-(PROMPTS - 1) :]
    prompt = Prompt(
        id=before.id if before else walk.nonce,
        code=before.code if before else _free_code(walk.prompts),
        flow=flow.name,
        step=step.id,
        subject=event.subject,
        choices=tuple(choice.id for choice in step.choices),
        values=event.values,
    )
    walk.prompts = (*walk.prompts, prompt)
    _ask(walk, prompt, step)


def run_beside(walk: Walk, name: str, *, values: Mapping[str, str]) -> None:
    """Take a prompt that asks nothing, beside the open question; nothing happens to whom it is not for any more."""
    flow = walk.book.flows.get(name)
    if flow and flow.prompt and not flow.steps[flow.start].choices:
        walk.frames.append(Frame(flow=name, step=flow.start, answers=dict(values), prompt=name))
        enter(walk)


def _tell(walk: Walk, frame: Frame, step: Step) -> None:
    """The words of a step beside the open question, which stays as it is."""
    walk.frames.append(frame)
    walk.tell(step)
    walk.frames.pop()


def _ask(walk: Walk, prompt: Prompt, step: Step) -> None:
    """The words of a prompt, filled with its own values, and its choices."""
    _tell(walk, _frame(prompt), step)
    walk.effects.append(OfferPrompt(id=prompt.id, code=prompt.code, choices=step.choices))


def _frame(prompt: Prompt) -> Frame:
    answers = {**prompt.values, "subject": prompt.subject}
    return Frame(flow=prompt.flow, step=prompt.step, answers=answers, prompt=prompt.id)


def _free_code(prompts: tuple[Prompt, ...]) -> str:
    taken = {prompt.code for prompt in prompts}
    return next(code for code in CODES if code not in taken)


def answer_prompt(walk: Walk, event: PromptPressed) -> None:
    """An answer to a prompt runs its flow on top and leaves the open question as it was; so does one to a notice."""
    if event.notice:
        _answer_notice(walk, event)
        return
    if walk.answered == Answered(nonce=event.id, choice=event.choice):
        return
    prompt = next((prompt for prompt in walk.prompts if prompt.id == event.id), None)
    choice = _offered(walk, prompt, event.choice) if prompt else None
    if prompt is None or choice is None:
        walk.effects += [DropKeyboard(), Say(phrase=walk.book.phrases["prompt_closed"])]
        return
    walk.prompts = tuple(other for other in walk.prompts if other.id != prompt.id)
    walk.answered = Answered(nonce=prompt.id, choice=choice.id)
    walk.effects.append(CloseScreen(chosen=choice.label, prompt=prompt.id))
    walk.frames.append(_frame(prompt))
    walk.keep(choice.keep)
    follow(walk, choice.route)


def _answer_notice(walk: Walk, event: PromptPressed) -> None:
    """A button under a notice runs its flow beside the open question, and stays there: what was said can be changed.

    Nothing of it is in the session. A double tap is one within a minute; what a choice does, it does once anyway.
    """
    flow = walk.book.flows.get(NOTICE)
    choice = flow.steps[flow.start].choice(event.choice) if flow else None
    if flow is None or choice is None:
        walk.effects += [DropKeyboard(), Say(phrase=walk.book.phrases["prompt_closed"])]
        return
    tapped = Answered(nonce=f"{NOTICE}.{event.id}.{walk.now:%H%M}", choice=choice.id)
    if walk.answered == tapped:
        return
    walk.answered = tapped
    walk.frames.append(Frame(flow=flow.name, step=flow.start, answers={"notice": event.id}, prompt=event.id))
    walk.keep(choice.keep)
    follow(walk, choice.route)


def _offered(walk: Walk, prompt: Prompt, choice_id: str) -> Choice | None:
    """The choice of that id, if the prompt offered it and its flow still has it."""
    step = walk.book.step(prompt.flow, prompt.step)
    return step.choice(choice_id) if step and choice_id in prompt.choices else None
