"""Rules of approvals: each one counts, or somebody has to look at it. A problem here is never a card that is served."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.engine.parse import Place, Problem
from bot.lint.material import Material, problem
from bot.model.review import Flaw, flaw
from bot.store.signing import is_genuine

_SAID: Final[Mapping[Flaw, tuple[str, str]]] = {
    Flaw.UNKNOWN_CARD: ("is of a card that is not there", "Take the entry away with its card."),
    Flaw.UNKNOWN_REVIEWER: ("is by somebody who is no reviewer", "Ask a registered reviewer to sign."),
    Flaw.OTHER_ROLE: ("is in a role its reviewer does not have", "Ask a reviewer of that role to sign."),
    Flaw.FORGED: (
        "has a signature that is not genuine",
        "Find out who changed it, and have it signed again.",
    ),
    Flaw.OWN_CARD: ("is by the card's author", "Ask another reviewer to sign."),
    Flaw.WEAK_SOURCE: ("is of a card with low confidence", "Find a better source first."),
}


def approvals_count(material: Material) -> Iterator[Problem]:
    """Every approval is a registered reviewer's own, for a card that may be approved and is not their own."""
    draft = material.register
    for approval, (file, line) in zip(draft.register.approvals, draft.lines, strict=True):
        card = material.cards.cards.get(approval.card)
        found = flaw(approval, card, register=draft.register, verify=is_genuine)
        if found is not None:
            said, advice = _SAID[found]
            message = f"The approval of `{approval.card}` by `{approval.reviewer}` {said}."
            yield problem("approval", Place(file=file, line=line), message=message, advice=advice)
        elif approval.signed_on > material.today:
            message = f"The approval of `{approval.card}` by `{approval.reviewer}` is of a day that is still to come."
            advice = (
                "It does not count before that day, and would last too long after it: have it signed again."
            )
            yield problem("approval", Place(file=file, line=line), message=message, advice=advice)
