"""A proposal: a dangerous act that one organizer asks for and another one approves, bound to its exact content.

What is approved is a hash over the act and everything that decides what it does; other content has another hash. After
half an hour it is over.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LASTS: Final = timedelta(minutes=30)
HASH_FORMAT: Final = 1
UNANSWERED: Final = "unanswered"  # the timer at the end of a proposal, and the prompt to whoever made it


class Deed(StrEnum):
    """What takes two organizers."""

    ADD_ORGANIZER = "add_organizer"
    LETTER_CALL = "letter_call"  # ask everybody who signed a letter once more
    LETTER_PUBLISH = "letter_publish"
    ADDRESSEE_ADD = "addressee_add"  # somebody in prison who can be written to
    PHONE = "phone"  # somebody of the team has another phone, and it is theirs
    NOTICE_SEND = "notice_send"  # these words to these people


class Verdict(StrEnum):
    """How a proposal ended; none while it is open, and where its time ran out."""

    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal. `proposer` is the alias of a role, or `console`; `content` the hash that was made with it."""

    id: int
    deed: Deed
    content: str
    proposer: str
    made_at: datetime
    inputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def ends_at(self) -> datetime:
        """From when on it can't be approved any more."""
        return self.made_at + LASTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What an organizer says to a proposal, having been shown `content`. `by` is their alias."""

    verdict: Verdict
    by: str
    content: str


def content_hash(deed: Deed, inputs: Mapping[str, str]) -> str:
    """SHA-256 (hex) over exactly what would be done. No two contents write alike."""
    canonical = json.dumps(
        [HASH_FORMAT, deed.value, sorted(inputs.items())], ensure_ascii=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()
