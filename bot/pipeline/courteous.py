"""Whether words that are no answer are courtesy alone: then they are answered kindly, and nothing is asked anew. Pure.

Where any words are the answer they are that. A plain "ok" is no courtesy where it may be meant to agree to something:
the question is asked again, so that nobody takes a yes for given.
"""

from dataclasses import replace
from typing import Final

from bot.engine.event import Typed
from bot.engine.flow import AskKind
from bot.i18n.vocabulary import Vocabulary
from bot.pipeline.standing import Standing

UNWORDED: Final = frozenset(
    {AskKind.DATE, AskKind.PICTURE}
)  # what words without an answer in them are no answer to
MANY: Final = 4  # answers, of which "ok" picks none


def courteous(typed: Typed, *, standing: Standing, vocabulary: Vocabulary) -> Typed:
    """`typed`, which means no choice and no command, with whether it is courtesy alone."""
    ask = standing.step.ask if standing.step else None
    if typed.date or (ask and ask.kind not in UNWORDED):
        return typed
    may_agree = _may_be_agreed_to(standing, vocabulary)
    return replace(typed, courtesy=vocabulary.is_courtesy(typed.text, may_agree=may_agree))


def _may_be_agreed_to(standing: Standing, vocabulary: Vocabulary) -> bool:
    """Whether "ok" may be meant for an answer: to a prompt, to what needs an exact one, to one of few, or to a yes."""
    is_exact = standing.step is not None and standing.step.exact
    own = standing.own
    return bool(standing.session.prompts) or is_exact or len(own) < MANY or vocabulary.has_yes(own)
