"""Reviewing cards from a terminal: making reviewers, showing cards, signing them. Works on files alone.

Both files of the register are appended to, an entry at a time, so that a change of them reads as what it is. What was
appended is read back and has to count, or the command fails and says so.
"""

import base64
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.app.words import read_reviews
from bot.engine.parse import APPROVALS, REVIEWERS, read_register
from bot.engine.parse.field import ID
from bot.i18n.hidden import unhidden
from bot.model.card import Card, CardStatus, Confidence
from bot.model.exit import Exit, ExpectedError
from bot.model.person import Language
from bot.model.review import NEEDED, Approval, Review, Reviewer, ReviewRole, due, expired
from bot.store.signing import SigningKey, make_key, read_key

SHORTEST_PASSPHRASE: Final = 8


class NoSuchCard(ExpectedError):
    """There is no card of that name."""

    status = Exit.USAGE
    advice = "`bot cards list` names every card."


class NotAName(ExpectedError):
    """A reviewer's name is a pseudonym of small Latin letters, digits and _, and is not taken yet."""

    status = Exit.USAGE
    advice = "Choose another name."


class WeakPassphrase(ExpectedError):
    """A passphrase has eight characters or more."""

    advice = "Choose a longer one; a few words are easy to remember."


class LoosePassphrase(ExpectedError):
    """Others may read the file with the passphrase, or nobody can."""

    advice = "Run chmod 600 on it, and see that it is there."


class NotAReviewer(ExpectedError):
    """The register has no reviewer with this key."""

    advice = "`bot cards reviewer new` makes one; the line in reviewers.yaml has to be there."


class NotYours(ExpectedError):
    """This card is not yours to sign."""

    advice = "Another reviewer has to look at it: docs/cards.md says who."


class NotApprovable(ExpectedError):
    """This card can't be approved as it stands."""

    advice = "Look at `status` and `confidence` of the card."


class NotCounted(ExpectedError):
    """The approval was written and does not count."""

    advice = "Look at the end of approvals.yaml, and ask `bot check`."


class NotWritten(ExpectedError):
    """The register can't be written."""

    advice = "See that the folder of the cards is yours to write in. A key that was just made for it can go."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody is asked to sign."""

    review: Review
    key: SigningKey
    approval: Approval


def secret_in(path: Path) -> str:
    """The passphrase in a file that nobody else may read. Raises LoosePassphrase."""
    try:
        if path.stat().st_mode & 0o077:
            raise LoosePassphrase
        return path.read_text(encoding="utf-8").strip("\r\n")
    except OSError:
        raise LoosePassphrase from None


def add_reviewer(cards_dir: Path, name: str, *, role: ReviewRole, key: Path, passphrase: str) -> list[str]:
    """A new reviewer with a new key. Raises NotAName, WeakPassphrase, SigningKeyExists, NoPlaceForKey."""
    if not ID.fullmatch(name) or name in read_register(cards_dir).reviewers:
        raise NotAName
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase
    public = base64.b64encode(make_key(key, passphrase=passphrase).public).decode()
    _append(cards_dir / REVIEWERS, {"id": name, "role": role.value, "public_key": public})
    return [
        f"`{name}` reviews as {role.value}. Their key is in {key}: it stays with them.",
        f"Commit the new line in {cards_dir / REVIEWERS}; two people look at it.",
    ]


def propose(cards_dir: Path, card_id: str, *, key: Path, passphrase: str, today: date) -> Proposal:
    """What the holder of `key` would sign. Raises NoSuchCard, NoSigningKey, NotAReviewer, NotYours, NotApprovable."""
    review = find(cards_dir, card_id)
    private = read_key(key, passphrase=passphrase)
    reviewer = _holder(read_register(cards_dir).reviewers, private)
    card = review.card
    if reviewer.role not in NEEDED[card.kind] or card.provenance.author == reviewer.id:
        raise NotYours
    if card.confidence is Confidence.LOW or card.status is CardStatus.PULLED or card.review_by < today:
        raise NotApprovable
    approval = Approval(
        card=card.id,
        content=review.content,
        reviewer=reviewer.id,
        role=reviewer.role,
        signed_on=today,
    )
    return Proposal(review=review, key=private, approval=approval)


def _holder(reviewers: Mapping[str, Reviewer], key: SigningKey) -> Reviewer:
    found = next((one for one in reviewers.values() if one.public_key == key.public), None)
    if found is None:
        raise NotAReviewer
    return found


def sign(cards_dir: Path, proposal: Proposal) -> list[str]:
    """Sign what was proposed. Raises NotCounted where the card on disk is no longer what was shown."""
    signed = proposal.key.signed(proposal.approval)
    entry = {
        "card": signed.card,
        "content": signed.content,
        "reviewer": signed.reviewer,
        "role": signed.role.value,
        "signed_on": signed.signed_on.isoformat(),
        "signature": base64.b64encode(signed.signature).decode(),
    }
    _append(cards_dir / APPROVALS, entry)
    review = find(cards_dir, signed.card)
    if signed not in review.approvals:
        raise NotCounted
    return [f"Signed by `{signed.reviewer}` as {signed.role.value}.", _line(review, today=signed.signed_on)]


def _append(path: Path, entry: Mapping[str, str]) -> None:
    """One more entry of a list, on disk when this returns. Raises NotWritten."""
    lines = [f"{'- ' if key == next(iter(entry)) else '  '}{key}: {value}\n" for key, value in entry.items()]
    try:
        with path.open("a+", encoding="utf-8") as file:
            file.seek(0)
            is_cut = not file.read().endswith(("\n", ""))
            file.write(("\n" if is_cut else "") + "".join(lines))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        raise NotWritten from None


def find(cards_dir: Path, card_id: str) -> Review:
    """One card with its review. Raises NoSuchCard, FlowsRefused."""
    found = read_reviews(cards_dir).get(card_id)
    if found is None:
        raise NoSuchCard
    return found


def listed(cards_dir: Path, *, today: date, pulled: frozenset[str] = frozenset()) -> list[str]:
    """Every card, one a line: id, kind, where it stands, until when, and who has yet to sign."""
    reviews = read_reviews(cards_dir)
    return [_line(reviews[name], today=today, pulled=pulled) for name in sorted(reviews)]


def due_soon(cards_dir: Path, *, today: date, days: int) -> list[str]:
    """The cards whose time has run out, then those whose time ends in so many days."""
    reviews = read_reviews(cards_dir)
    found = [*expired(reviews, today=today), *due(reviews, today=today, within=timedelta(days=days))]
    return [_line(review, today=today) for review in found]


def _line(review: Review, *, today: date, pulled: frozenset[str] = frozenset()) -> str:
    until, missing = review.until(today), review.missing(today)
    parts = [f"{review.card.id:<18}", f"{review.card.kind:<7}", f"{review.standing(today, pulled=pulled):<9}"]
    if until:
        parts.append(f"until {until.isoformat()}")
    if missing:
        parts.append(f"missing: {', '.join(missing)}")
    if review.card.always:
        parts.append("always shown")
    return " ".join(parts)


def shown(review: Review, *, today: date, pulled: frozenset[str] = frozenset()) -> list[str]:
    """Everything of a card that a reviewer looks at, in both languages."""
    card, origin = review.card, review.card.provenance
    signed = [f"signed: {one.reviewer} ({one.role}), {one.signed_on.isoformat()}" for one in review.approvals]
    notes = {
        "source address": card.source_url,
        "source's words": origin.quote,
        "supersedes": origin.supersedes,
        "change": origin.change_note,
    }
    return [
        _line(review, today=today, pulled=pulled),
        f"content: {review.content}",
        f"claim: {unhidden(origin.claim)}; author: {origin.author}; confidence: {card.confidence}",
        f"source of {card.source_date}, fetched on {origin.fetched_on}, review by {card.review_by}",
        *(f"{name}: {unhidden(value)}" for name, value in notes.items() if value),
        *signed,
        *_words(card),
    ]


def _words(card: Card) -> Iterator[str]:
    """What people read: each language, and each Hebrew form that differs."""
    for language in Language:
        yield from (
            "",
            f"--- {language}",
            unhidden(card.texts[language]),
            f"({unhidden(card.sources[language])})",
        )
    for form, text in card.forms.items():
        yield from ("", f"--- {Language.HEBREW}@{form}", unhidden(text))
