"""A directory of cards: each file holds one card or a list of cards, with both languages in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.engine.parse.field import Fields
from bot.engine.parse.problem import FlowsRefused, Notes, Problem
from bot.engine.parse.register import APPROVALS, REVIEWERS
from bot.engine.parse.tree import Items, Table, Tree, read_tree
from bot.model.card import Card, CardAudience, CardKind, CardStatus, Confidence, Provenance
from bot.model.person import Form, Language

CARD_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """The cards as far as they could be read; `places` is the (file, line) of each."""

    cards: Mapping[str, Card]
    problems: tuple[Problem, ...]
    places: Mapping[str, tuple[str, int]]


def read_cards(cards_dir: Path) -> Mapping[str, Card]:
    """The cards of a directory by id. Raises FlowsRefused with every problem of every file."""
    draft = read_card_draft(cards_dir)
    if draft.problems:
        raise FlowsRefused(draft.problems)
    return draft.cards


def read_card_draft(cards_dir: Path) -> CardDraft:
    """All cards of a directory, as far as they can be read."""
    cards: dict[str, Card] = {}
    places: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for path in sorted(set(cards_dir.glob("*.yaml")) - {cards_dir / APPROVALS, cards_dir / REVIEWERS}):
        notes = Notes(f"{cards_dir.name}/{path.name}")
        for tree in _entries(read_tree(path, notes)):
            card = _card(tree, notes)
            if card.id in cards:
                notes.add(tree.line, f"There are two cards `{card.id}`.", advice="Give each card its own id.")
            cards[card.id], places[card.id] = card, (notes.file, tree.line)
        problems += notes.problems
    return CardDraft(cards=cards, problems=tuple(sorted(problems)), places=places)


def _entries(tree: Tree | None) -> tuple[Tree, ...]:
    if tree is None:
        return ()
    return tree.items if isinstance(tree, Items) else (tree,)


def _sources(fields: Fields, notes: Notes) -> dict[Language, str]:
    """Where the fact comes from: one name for both languages, or one for each."""
    tree = fields.tree("source")
    if not isinstance(tree, Table):
        return dict.fromkeys(Language, fields.need("source"))
    named = Fields(tree, notes, what=f"the source of {fields.what}")
    sources = {language: named.need(language.value) for language in Language}
    named.close()
    return sources


def _hebrew(fields: Fields, notes: Notes) -> dict[Form, str]:
    """The Hebrew wordings: one text for everybody, or `n` and the forms that differ from it."""
    tree = fields.tree("he")
    if not isinstance(tree, Table):
        return {Form.NEUTRAL: fields.need("he")}
    named = Fields(tree, notes, what=f"`he` of {fields.what}")
    named.need(Form.NEUTRAL.value)
    forms = {form: named.word(form.value) for form in Form}
    named.close()
    return {form: text for form, text in forms.items() if text or form is Form.NEUTRAL}


def _provenance(fields: Fields) -> Provenance:
    return Provenance(
        claim=fields.need("claim"),
        author=fields.name("author"),
        fetched_on=fields.day("fetched_on"),
        quote=fields.word("source_quote"),
        supersedes=fields.word("supersedes"),
        change_note=fields.word("change_note"),
    )


def _card(tree: Tree, notes: Notes) -> Card:
    fields = Fields(tree, notes, what="a card")
    id = fields.need("id")
    fields.what = f"card `{id}`"
    if id and not CARD_ID.fullmatch(id):
        fields.note("id", f"`{id}` is no id of a card.", advice="Use Latin letters, digits and _.")
    for key in ("kind", "confidence", "status"):
        fields.need(key)
    hebrew = _hebrew(fields, notes)
    card = Card(
        id=id,
        kind=fields.member("kind", CardKind.LAW),
        texts={Language.HEBREW: hebrew.pop(Form.NEUTRAL), Language.ENGLISH: fields.need("en")},
        forms=hebrew,
        sources=_sources(fields, notes),
        source_url=fields.word("source_url"),
        source_date=fields.day("source_date"),
        confidence=fields.member("confidence", Confidence.LOW),
        audience=fields.member("audience", CardAudience.EVERYONE),
        provenance=_provenance(fields),
        review_by=fields.day("review_by"),
        status=fields.member("status", CardStatus.DRAFT),
        always=fields.flag("always"),
    )
    fields.close()
    return card
