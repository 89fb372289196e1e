"""Reviewers and approvals as files."""

import base64
from datetime import date
from pathlib import Path

import pytest

from bot.engine.parse import FlowsRefused, read_register, read_register_draft
from bot.model.review import Approval, Register, Reviewer, ReviewRole

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()
REVIEWER = f"- id: noa\n  role: lawyer\n  public_key: {KEY}\n"
APPROVAL = """\
- card: A1
  content: "00"
  reviewer: noa
  role: lawyer
  signed_on: 2026-11-24
  signature: AAAA
"""


def put(folder: Path, *, reviewers: str = REVIEWER, approvals: str = APPROVAL) -> Path:
    (folder / "reviewers.yaml").write_text(reviewers, encoding="utf-8")
    (folder / "approvals.yaml").write_text(approvals, encoding="utf-8")
    return folder


def test_a_register_is_read(tmp_path: Path) -> None:
    """Who may sign, what was signed, and where it stands."""
    put(tmp_path, approvals="# Signed\n" + APPROVAL)
    draft = read_register_draft(tmp_path)

    assert draft.register == read_register(tmp_path)
    assert draft.register == Register(
        reviewers={"noa": Reviewer(id="noa", role=ReviewRole.LAWYER, public_key=b"k" * 32)},
        approvals=(
            Approval(
                card="A1",
                content="00",
                reviewer="noa",
                role=ReviewRole.LAWYER,
                signed_on=date(2026, 11, 24),
                signature=b"\0\0\0",
            ),
        ),
    )
    assert draft.lines == ((f"{tmp_path.name}/approvals.yaml", 2),)


def test_no_file_and_comments_only_are_an_empty_register(tmp_path: Path) -> None:
    """As the project begins."""
    empty = Register(reviewers={}, approvals=())

    assert read_register(tmp_path / "gone") == empty
    assert read_register(put(tmp_path, reviewers="# Nobody yet\n\n", approvals="")) == empty


@pytest.mark.parametrize(
    ("reviewers", "approvals", "message"),
    [
        (REVIEWER + REVIEWER.replace(KEY, OTHER), "", "There are two reviewers `noa`."),
        (REVIEWER + REVIEWER.replace("noa", "gal"), "", "`gal` has somebody else's key."),
        (REVIEWER.replace(KEY, "AAAA"), "", "A public key has 32 bytes."),
        (REVIEWER.replace(KEY, "no key"), "", "`public_key` of reviewer `noa` is not base64."),
        (REVIEWER.replace("lawyer", "king"), "", "`role` of reviewer `noa` is `king`."),
        (REVIEWER.replace("  role: lawyer\n", ""), "", "reviewer `noa` has no `role`."),
        (REVIEWER, "card: A1\n", "This file is one list."),
        (REVIEWER, "- [", "This is not YAML: expected the node content, but found '<stream end>'."),
        (REVIEWER, APPROVAL.replace("2026-11-24", "now"), "`now` is no date."),
        (REVIEWER, APPROVAL.replace("  role: lawyer\n", ""), "an approval has no `role`."),
        (REVIEWER, APPROVAL + "  note: fine\n", "an approval knows no `note`."),
    ],
)
def test_what_is_wrong_with_a_register_is_refused(
    tmp_path: Path, reviewers: str, approvals: str, message: str
) -> None:
    """Each mistake has its sentence; two names or two roles are always two people."""
    with pytest.raises(FlowsRefused) as refused:
        read_register(put(tmp_path, reviewers=reviewers, approvals=approvals))

    assert message in [problem.message for problem in refused.value.problems]
