"""The register of a directory of cards: who reviews (`reviewers.yaml`) and what they signed (`approvals.yaml`).

Both files are lists that commands append to; a file that is not there, or holds comments only, is an empty list.
Whether a signature is genuine is not asked here.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.engine.parse.field import Fields
from bot.engine.parse.problem import FlowsRefused, Notes, Problem
from bot.engine.parse.tree import Items, Tree, read_tree
from bot.model.review import Approval, Register, Reviewer, ReviewRole

REVIEWERS: Final = "reviewers.yaml"
APPROVALS: Final = "approvals.yaml"
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDraft:
    """The register as far as it could be read; `lines` is where each approval stands."""

    register: Register
    problems: tuple[Problem, ...]
    lines: tuple[tuple[str, int], ...]


def read_register(cards_dir: Path) -> Register:
    """The register of a directory. Raises FlowsRefused with every problem of both files."""
    draft = read_register_draft(cards_dir)
    if draft.problems:
        raise FlowsRefused(draft.problems)
    return draft.register


def read_register_draft(cards_dir: Path) -> RegisterDraft:
    """The register as far as it can be read."""
    people = Notes(f"{cards_dir.name}/{REVIEWERS}")
    signed = Notes(f"{cards_dir.name}/{APPROVALS}")
    reviewers = _reviewers(_entries(cards_dir / REVIEWERS, people), people)
    entries = _entries(cards_dir / APPROVALS, signed)
    return RegisterDraft(
        register=Register(
            reviewers=reviewers, approvals=tuple(_approval(entry, signed) for entry in entries)
        ),
        problems=tuple(sorted((*people.problems, *signed.problems))),
        lines=tuple((signed.file, entry.line) for entry in entries),
    )


def _entries(path: Path, notes: Notes) -> tuple[Tree, ...]:
    if not path.exists() or _says_nothing(path):
        return ()
    tree = read_tree(path, notes)
    if isinstance(tree, Items):
        return tree.items
    if tree is not None:
        notes.add(tree.line, "This file is one list.", advice="Begin each entry with `- `.")
    return ()


def _says_nothing(path: Path) -> bool:
    lines = path.read_bytes().splitlines()
    return all(not line.strip() or line.lstrip().startswith(b"#") for line in lines)


def _reviewers(entries: tuple[Tree, ...], notes: Notes) -> Mapping[str, Reviewer]:
    """The reviewers; no name and no key stands twice, so two approvals are two people's."""
    found: dict[str, Reviewer] = {}
    for entry in entries:
        reviewer = _reviewer(entry, notes)
        if reviewer.id in found:
            notes.add(
                entry.line, f"There are two reviewers `{reviewer.id}`.", advice="Give each their own name."
            )
        elif any(other.public_key == reviewer.public_key for other in found.values()):
            notes.add(
                entry.line, f"`{reviewer.id}` has somebody else's key.", advice="Each reviewer has their own."
            )
        found[reviewer.id] = reviewer
    return found


def _reviewer(tree: Tree, notes: Notes) -> Reviewer:
    fields = Fields(tree, notes, what="a reviewer")
    id = fields.name("id")
    fields.what = f"reviewer `{id}`"
    fields.need("role")
    reviewer = Reviewer(
        id=id,
        role=fields.member("role", ReviewRole.CALLER),
        public_key=_octets(fields, "public_key"),
    )
    if len(reviewer.public_key) != _KEY_BYTES:
        fields.note("public_key", "A public key has 32 bytes.", advice="Copy the whole line again.")
    fields.close()
    return reviewer


def _approval(tree: Tree, notes: Notes) -> Approval:
    fields = Fields(tree, notes, what="an approval")
    fields.need("role")
    approval = Approval(
        card=fields.need("card"),
        content=fields.need("content"),
        reviewer=fields.need("reviewer"),
        role=fields.member("role", ReviewRole.CALLER),
        signed_on=fields.day("signed_on"),
        signature=_octets(fields, "signature"),
    )
    fields.close()
    return approval


def _octets(fields: Fields, key: str) -> bytes:
    """Bytes written in base64 under `key`."""
    try:
        return base64.b64decode(fields.need(key), validate=True)
    except (binascii.Error, ValueError):
        fields.note(key, f"`{key}` of {fields.what} is not base64.", advice="Copy the whole line again.")
        return b""
