"""Reviewing cards from a terminal, with real keys and files."""

import re
import shlex
from datetime import date, timedelta

import pytest

from bot.app import World
from bot.model.exit import Exit
from bot.settings import keyfile
from tests.cli.desk import PASSPHRASE, PROJECT, Desk

PAGE = (PROJECT / "docs" / "cards.md").read_text(encoding="utf-8")


def today() -> date:
    return World().clock.now().date()


def test_a_review_goes_as_the_page_says(desk: Desk) -> None:
    """Every command of docs/cards.md works, and at its end the card is approved and the check is content."""
    block = re.search(r"```sh review\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        words = shlex.split(line, comments=True)[1:]
        asks = "--key" in words
        given = " --passphrase-file passphrase" if asks else ""
        assert desk.type(" ".join(words) + given, answer="A9") == Exit.OK, (line, desk.out, desk.err)

    until = today() + timedelta(days=60)
    assert desk.out == "problems: 0\n"
    assert desk.standing("A9") == f"A9 law approved until {until.isoformat()}"
    assert desk.standing("A6") == "A6 law draft missing: editor, lawyer"


def test_a_reviewer_has_a_key_of_their_own(desk: Desk) -> None:
    """Mode 0600 under the passphrase; the register has the public half, and comments stay."""
    assert desk.reviewer("cedar", "lawyer") == Exit.OK
    assert desk.reviewer("olive", "editor") == Exit.OK

    register = (desk.cards / "reviewers.yaml").read_text(encoding="utf-8")
    assert (desk.folder / "cedar.pem").stat().st_mode & 0o777 == 0o600
    assert register.startswith("# Who reviews cards")
    assert re.search(r"- id: cedar\n  role: lawyer\n  public_key: [\w+/]{43}=\n- id: olive\n", register)
    assert PASSPHRASE not in desk.out + desk.err + register


@pytest.mark.parametrize("name", ["cedar", "Cedar", "9"])
def test_a_name_is_a_pseudonym_that_is_free(desk: Desk, name: str) -> None:
    """No key is made for another."""
    assert desk.reviewer("cedar", "lawyer") == Exit.OK
    before = (desk.cards / "reviewers.yaml").read_text(encoding="utf-8")
    new = f"cards reviewer new {name} --role caller --key new.pem --passphrase-file passphrase"

    assert desk.type(new) == Exit.USAGE
    assert "pseudonym" in desk.err
    assert not (desk.folder / "new.pem").exists()
    assert (desk.cards / "reviewers.yaml").read_text(encoding="utf-8") == before


def test_a_passphrase_is_long_and_its_file_is_its_owners(desk: Desk) -> None:
    """Short ones, open files and missing ones are refused; so is asking without a terminal."""
    (desk.folder / "short").write_text("1234567")
    (desk.folder / "short").chmod(0o600)
    (desk.folder / "open").write_text(PASSPHRASE)
    (desk.folder / "open").chmod(0o644)
    new = "cards reviewer new cedar --role lawyer --key cedar.pem"

    assert desk.type(f"{new} --passphrase-file short") == Exit.FAILED
    assert "eight characters" in desk.err
    assert desk.type(f"{new} --passphrase-file open") == Exit.FAILED
    assert "chmod 600" in desk.err
    assert desk.type(f"{new} --passphrase-file gone") == Exit.FAILED
    assert desk.type(new) == Exit.USAGE
    assert "--passphrase-file" in desk.err
    assert not (desk.folder / "cedar.pem").exists()


def test_a_key_needs_a_folder(desk: Desk) -> None:
    """Nobody is registered without one."""
    new = "cards reviewer new cedar --role lawyer --key gone/cedar.pem --passphrase-file passphrase"

    assert desk.type(new) == Exit.FAILED
    assert "can't be written there" in desk.err
    assert "cedar" not in (desk.cards / "reviewers.yaml").read_text(encoding="utf-8")


def test_a_register_that_cannot_be_written_is_said(desk: Desk) -> None:
    """And nobody is told that they are registered."""
    (desk.cards / "reviewers.yaml").unlink()
    (desk.cards / "reviewers.yaml").symlink_to(desk.folder / "gone" / "reviewers.yaml")

    assert desk.reviewer("cedar", "lawyer") == Exit.FAILED
    assert "The register can't be written." in desk.err
    assert desk.out == ""


def test_a_problem_is_said_without_what_a_terminal_would_obey(desk: Desk) -> None:
    """Who reviews a stranger's change reads what is wrong with it, whatever it holds to wipe the screen."""
    desk.change("lines.yaml", "id: crisis_lines", 'id: "a\\e[2Jb"')

    assert desk.type("check") == Exit.FAILED
    assert "is no id of a card" in desk.out
    assert "\x1b" not in desk.out
    desk.type("cards list")
    assert "\x1b" not in desk.out + desk.err


def test_no_command_takes_a_role_for_an_approval(desk: Desk) -> None:
    """It comes from the register, to which the key belongs."""
    assert desk.type("cards approve A9 --key cedar.pem --role lawyer") == Exit.USAGE


def test_what_is_signed_is_shown_and_its_id_typed(desk: Desk) -> None:
    """Both languages and the source; another id signs nothing."""
    desk.reviewer("cedar", "lawyer")
    before = (desk.cards / "approvals.yaml").read_text(encoding="utf-8")

    assert desk.approve("A9", "cedar", answer="A6") == Exit.FAILED
    assert "The order stays valid until a new one is issued." in desk.out
    assert "הצו נשאר בתוקף עד שיוצא צו חדש" in desk.out
    assert "GHQ Order 31.0603" in desk.out
    assert (desk.cards / "approvals.yaml").read_text(encoding="utf-8") == before


def test_a_card_is_not_everybodys_to_sign(desk: Desk) -> None:
    """Not its author's, not another role's, not a stranger's, and not with a wrong passphrase."""
    desk.reviewer("cedar", "lawyer")
    desk.reviewer("linden", "caller")
    desk.reviewer("first_draft", "editor")

    assert desk.approve("A9", "linden") == Exit.FAILED
    assert desk.approve("A9", "first_draft") == Exit.FAILED
    assert "not yours to sign" in desk.err
    assert desk.approve("A99", "cedar") == Exit.USAGE
    desk.change("reviewers.yaml", "id: cedar", "id: birch")
    (desk.folder / "passphrase").write_text("another passphrase")
    assert desk.approve("A9", "cedar") == Exit.FAILED
    assert "does not open" in desk.err


def test_a_key_that_is_not_in_the_register_signs_nothing(desk: Desk) -> None:
    """Whoever holds it."""
    desk.reviewer("cedar", "lawyer")
    (desk.cards / "reviewers.yaml").write_text("# Nobody\n")

    assert desk.approve("A9", "cedar") == Exit.FAILED
    assert "no reviewer with this key" in desk.err


def test_a_weak_or_pulled_or_old_card_is_not_signed(desk: Desk) -> None:
    """It has to be mended first."""
    desk.reviewer("cedar", "lawyer")
    for old, new in [
        ("confidence: high", "confidence: low"),
        ("confidence: low", "confidence: high"),
        ("status: draft", "status: pulled"),
        ("status: pulled", "status: draft"),
        ("review_by: 2999-12-31", "review_by: 2026-11-24"),
    ]:
        desk.change("request.yaml", old, new)
        if new not in ("confidence: high", "status: draft"):
            assert desk.approve("A9", "cedar") == Exit.FAILED
            assert "can't be approved" in desk.err


def test_a_changed_word_makes_a_card_stale_and_a_signature_moved_is_reported(desk: Desk) -> None:
    """One letter is enough; and an approval that was edited fails the check."""
    desk.reviewer("cedar", "lawyer")
    desk.reviewer("olive", "editor")
    assert desk.approve("A9", "cedar") == Exit.OK
    assert desk.standing("A9") == "A9 law draft missing: editor"
    assert desk.approve("A9", "olive") == Exit.OK
    assert desk.standing("A9").startswith("A9 law approved until ")

    desk.change("request.yaml", "until a new one is issued", "until a new one is sent")
    assert desk.standing("A9") == "A9 law stale missing: editor, lawyer"
    assert desk.type("check") == Exit.OK

    desk.change("approvals.yaml", "card: A9", "card: A6")
    assert desk.type("check") == Exit.FAILED
    assert desk.out.count("has a signature that is not genuine") == 2


def test_what_ends_soon_is_named(desk: Desk) -> None:
    """In two weeks, or in as many days as asked for."""
    desk.reviewer("cedar", "lawyer")
    desk.reviewer("olive", "editor")
    desk.approve("A9", "cedar")
    desk.approve("A9", "olive")

    assert desk.type("cards due") == Exit.OK
    assert desk.out == ""
    assert desk.type("cards due --days 99999999999") == Exit.USAGE
    assert desk.type("cards due --days 60") == Exit.OK
    assert desk.out.startswith("A9 ")


def test_a_card_is_pulled_and_given_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the bot's own settings; the list says so, and the audit has both acts."""
    monkeypatch.setenv("BOT_MASTER_KEY", keyfile.fresh())
    assert desk.type("migrate") == Exit.OK

    assert desk.type("cards pull A9 --reason law") == Exit.OK
    assert desk.standing("A9").startswith("A9 law pulled")
    assert re.search(r"^pulled: A9, .* UTC, law$", desk.out, re.MULTILINE)
    assert desk.type("cards show A9") == Exit.OK
    assert "pulled" in desk.out.splitlines()[0]

    assert desk.type("cards pull A9 --undo") == Exit.OK
    assert desk.standing("A9").startswith("A9 law draft")
    assert desk.type("cards pull A9 --undo") == Exit.OK
    assert "was not pulled" in desk.out
    assert desk.type("audit list") == Exit.OK
    assert [line.split()[2:] for line in desk.out.splitlines()] == [
        ["console", "pull", "card"],
        ["console", "restore", "card"],
    ]


def test_the_emergency_lines_cannot_be_pulled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that only a deploy changes them; a card that is not there is said to be that."""
    monkeypatch.setenv("BOT_MASTER_KEY", keyfile.fresh())
    desk.type("migrate")

    assert desk.type("cards pull crisis_lines") == Exit.FAILED
    assert "deploy" in desk.err
    assert desk.type("cards pull nothing") == Exit.USAGE
    assert desk.type("cards pull A9 --reason boredom") == Exit.USAGE
