"""The letter keeper's commands, with real keys, bundles and files."""

import base64
import csv
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.model.bundle import bundle_hash, pack
from bot.model.exit import Exit
from bot.model.letter import Entry, PublicForm
from bot.store.sealing import OPEN, KeeperKey, seal
from tests.cli.desk import PASSPHRASE, PROJECT, Desk
from tests.letters import LETTER, a_letter, an_entry, counted

PAGE = (PROJECT / "docs" / "letter.md").read_text(encoding="utf-8")
PEOPLE = (
    an_entry("e1", "תמר לוי", "Tamar Levi"),
    an_entry("e2", "נועה כ׳", "Noa C.", form=PublicForm.INITIAL),
    an_entry("e3", "אבי כהן", ""),
    an_entry("e4", "דנה גל", "Dana Gal"),
    counted("e5"),
    counted("e6"),
    counted("e7"),
)
FILES = ["reserves-1.csv", *(f"reserves-1.{name}" for name in ("en.html", "en.txt", "he.html", "he.txt"))]


def keeper(desk: Desk, name: str = "keeper.key") -> bytes:
    """Somebody makes a key pair; the public half."""
    assert desk.type(f"letter keys --out {name}") == Exit.OK, desk.err
    return base64.b64decode(desk.out.strip(), validate=True)


def bundled(
    desk: Desk, public: bytes, *entries: Entry, withdrawn: tuple[str, ...] = (), extra: tuple[bytes, ...] = ()
) -> str:
    """A bundle of these entries in the desk's folder; its hash."""
    data = pack(LETTER, sealed=[*(seal(public, entry) for entry in entries), *extra], withdrawn=withdrawn)
    (desk.folder / "bundle").write_bytes(data)
    return bundle_hash(data)


def nothing_written(desk: Desk) -> bool:
    return not (desk.folder / "list").exists() and not (desk.folder / "reserves-1").exists()


def test_the_commands_of_the_page_work(desk: Desk) -> None:
    """A pair is made, a bundle is opened, and the files the page names are there, for their owner alone."""
    public = b""
    for name in ("keys", "open"):
        block = re.search(rf"```sh {name}\n(.*?)```", PAGE, re.DOTALL)
        assert block is not None
        digest = bundled(desk, public, *PEOPLE) if public else ""
        line = " ".join(shlex.split(block[1])[1:]).replace("HASH", digest) + " --passphrase-file passphrase"
        assert desk.type(line) == Exit.OK, (line, desk.err)
        public = public or base64.b64decode(desk.out)

    assert sorted(path.name for path in (desk.folder / "list").iterdir()) == FILES
    assert all(f"`{name}`" in PAGE for name in FILES)
    assert (desk.folder / "list").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (desk.folder / "list").iterdir()} == {0o600}


def test_a_key_pair_is_made_for_its_owner_alone(desk: Desk) -> None:
    """Mode 0600, never overwritten, and only the public half is shown."""
    public = keeper(desk)
    text = (desk.folder / "keeper.key").read_text()

    assert (desk.folder / "keeper.key").stat().st_mode & 0o777 == 0o600
    assert KeeperKey.of(text.strip()).public == public
    assert text.strip().removeprefix(OPEN) not in desk.out + desk.err
    assert "BOT_LETTER_PUBLIC_KEY" in desk.err
    assert "no passphrase" in desk.err
    assert desk.type("letter keys --out keeper.key") == Exit.FAILED
    assert "overwritten" in desk.err
    assert (desk.folder / "keeper.key").read_text() == text


def test_a_key_needs_a_place(desk: Desk) -> None:
    """A file is no folder."""
    (desk.folder / "file").write_text("")

    assert desk.type("letter keys --out file/keeper.key") == Exit.FAILED
    assert "can't be written" in desk.err


def test_a_locked_key_opens_with_its_passphrase(desk: Desk) -> None:
    """Not with another one, and not without a terminal or a file to ask; a short one locks nothing."""
    assert desk.type("letter keys --out keeper.key --passphrase-file passphrase") == Exit.OK, desk.err
    told = desk.err
    bundled(desk, base64.b64decode(desk.out.strip()), *PEOPLE)
    for name, words in (("other", "four small worlds here"), ("short", "small")):
        (desk.folder / name).write_text(words)
        (desk.folder / name).chmod(0o600)
    opening = "letter open bundle --key keeper.key --out list"

    assert "no passphrase" not in told
    assert PASSPHRASE not in (desk.folder / "keeper.key").read_text()
    assert desk.type(opening) == Exit.USAGE
    assert "--passphrase-file" in desk.err
    assert desk.type(f"{opening} --passphrase-file other") == Exit.FAILED
    assert "does not open as a letter keeper's key" in desk.err
    assert nothing_written(desk)
    assert desk.type(f"{opening} --passphrase-file passphrase") == Exit.OK
    assert desk.type("letter keys --out new.key --passphrase-file short") == Exit.FAILED
    assert desk.type("letter keys --out new.key --passphrase") == Exit.USAGE
    assert not (desk.folder / "new.key").exists()


def test_the_list_is_told_in_numbers(desk: Desk) -> None:
    """At the terminal stand counts, the hash and the files, and nobody's name."""
    digest = bundled(desk, keeper(desk), *PEOPLE, withdrawn=("e4", "e6", "e99"))

    assert desk.type("letter open bundle --key keeper.key") == Exit.OK, desk.err
    assert desk.out.splitlines()[:3] == [
        "letter: `reserves`, version 1",
        "signed: 5 signatures, 3 with a name, 2 counted without one; 2 withdrawn and left out",
        f"bundle: {digest}",
    ]
    assert sorted(desk.out.splitlines()[3:]) == [f"written: reserves-1/{name}" for name in FILES]
    assert "Tamar" not in desk.out + desk.err
    assert "תמר" not in desk.out + desk.err


def test_the_text_has_the_letter_the_names_and_the_numbers(desk: Desk) -> None:
    """In the right order in each language; who withdrew is nowhere."""
    bundled(desk, keeper(desk), *PEOPLE, withdrawn=("e4", "e6"))
    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.OK, desk.err
    hebrew, english = (
        (desk.folder / "list" / f"reserves-1.{name}.txt").read_text(encoding="utf-8") for name in ("he", "en")
    )

    assert re.sub("[\u2066-\u2069\u200f]", "", english) == (
        "A letter\n\nFirst.\n\nSecond.\n\nNoa C.\nTamar Levi\n\n"
        "And one more, with a name in the other language only\n"
        "And 2 more signatures without a name\n5 signatures in all\n"
    )
    assert re.sub("[\u2066-\u2069\u200f]", "", hebrew) == (
        "מכתב\n\nראשית.\n\nשנית.\n\nאבי כהן\nנועה כ׳\nתמר לוי\n\nועוד שתי חתימות, בלי שם\n5 חתימות בסך הכול\n"
    )


def test_the_table_opens_in_a_spreadsheet(desk: Desk) -> None:
    """UTF-8 with a mark that says so, every cell quoted, the number in the last column."""
    bundled(desk, keeper(desk), *PEOPLE)
    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.OK, desk.err
    data = (desk.folder / "list" / "reserves-1.csv").read_bytes()

    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["he", "en", "number"],
        ["אבי כהן", "", "1"],
        ["דנה גל", "Dana Gal", "1"],
        ["נועה כ׳", "Noa C.", "1"],
        ["תמר לוי", "Tamar Levi", "1"],
        ["", "", "3"],
    ]
    assert data.count(b"\r\n") == data.count(b"\n") == 6


def test_a_list_of_numbers_alone_has_no_names(desk: Desk) -> None:
    """Everybody chose to be counted."""
    bundled(desk, keeper(desk), counted("e1"))
    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.OK, desk.err

    assert "<ul>" not in (desk.folder / "list" / "reserves-1.he.html").read_text(encoding="utf-8")
    assert "One signature in all" in (desk.folder / "list" / "reserves-1.en.txt").read_text(encoding="utf-8")


def test_after_a_change_of_keys_both_open_their_own(desk: Desk) -> None:
    """Some were sealed to the old key, some to the new one."""
    old, new = keeper(desk, "old.key"), keeper(desk, "new.key")
    bundled(desk, new, PEOPLE[0], extra=(seal(old, PEOPLE[1]),))

    assert desk.type("letter open bundle --key new.key --out list") == Exit.FAILED
    assert desk.type("letter open bundle --key new.key --key old.key --out list") == Exit.OK, desk.err
    assert "2 with a name" in desk.out


@pytest.mark.parametrize("text", ["", "hello", "{key}", "\ud7ff"])
def test_what_is_no_key_opens_nothing(desk: Desk, text: str) -> None:
    """Another file, or the public half."""
    public = keeper(desk)
    bundled(desk, public, *PEOPLE)
    (desk.folder / "other.key").write_text(
        text.format(key=base64.b64encode(public).decode()), encoding="utf-8"
    )
    (desk.folder / "other.key").chmod(0o600)

    for name in ("other.key", "gone.key"):
        assert desk.type(f"letter open bundle --key {name} --out list") == Exit.FAILED
        assert "does not open as a letter keeper's key" in desk.err
    assert nothing_written(desk)


def test_a_key_that_others_can_read_is_refused(desk: Desk) -> None:
    """It is as good as lost, and its keeper should know."""
    bundled(desk, keeper(desk), *PEOPLE)
    (desk.folder / "keeper.key").chmod(0o644)

    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.FAILED
    assert "chmod 600" in desk.err


def test_another_key_opens_no_entry(desk: Desk) -> None:
    """It says of how many, and nothing is written."""
    bundled(desk, keeper(desk), *PEOPLE)
    keeper(desk, "other.key")

    assert desk.type("letter open bundle --key other.key --out list") == Exit.FAILED
    assert re.search(r"7 +do not open with the key that was given", desk.err)
    assert nothing_written(desk)


def test_one_bad_entry_refuses_the_whole_list(desk: Desk) -> None:
    """Each fault with its number: cut, to other words, no name."""
    public = keeper(desk)
    strange = [
        an_entry("e8", fingerprint=a_letter(version=2).fingerprint),
        an_entry("e9", '=HYPERLINK("x")', ""),
        an_entry("e1"),
    ]
    bundled(desk, public, *PEOPLE, *strange, extra=(seal(public, PEOPLE[0])[:-1],))

    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.FAILED
    assert len(re.findall(r"\b1 +(?:do not open|were given|hold what|stand in)", desk.err)) == 4
    assert "HYPERLINK" not in desk.err
    assert nothing_written(desk)


def test_a_page_can_be_corrected_by_the_bundle_before(desk: Desk) -> None:
    """What has to come off is told as a number and listed as it was printed; a name written anew as it was stays."""
    public = keeper(desk)
    bundled(desk, public, *PEOPLE, an_entry("e8", "דנה גל", "Dana Gal"), withdrawn=("e7",))
    (desk.folder / "bundle").rename(desk.folder / "last")
    anew = (an_entry("e9", "תמר לוי", "Tamar Levi"), an_entry("e10", "אבי כהן-גל", ""))
    bundled(desk, public, *PEOPLE[3:5], *anew, withdrawn=("e2",))
    line = "letter open bundle --key keeper.key --before last --out list"

    assert desk.type(line) == Exit.OK, desk.err
    assert "to take off: 3 lines, 1 of the counted" in desk.out
    assert "כהן" not in desk.out + desk.err
    file = desk.folder / "list" / "reserves-1.removed.txt"
    assert file.read_text("utf-8") == "אבי כהן\nדנה גל / Dana Gal\nנועה כ׳ / Noa C.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert desk.type(line.replace("--before last --out list", "--before bundle --out same")) == Exit.OK
    assert "to take off: 0 lines, 0 of the counted" in desk.out
    assert sorted(path.name for path in (desk.folder / "same").iterdir()) == FILES


def test_the_bundle_of_another_letter_corrects_nothing(desk: Desk) -> None:
    """Nothing is written."""
    public, other = keeper(desk), a_letter(id="other")
    theirs = an_entry("e1", letter="other", fingerprint=other.fingerprint)
    (desk.folder / "last").write_bytes(pack(other, sealed=[seal(public, theirs)]))
    bundled(desk, public, *PEOPLE)

    assert desk.type("letter open bundle --key keeper.key --before last --out list") == Exit.FAILED
    assert "another letter" in desk.err
    assert nothing_written(desk)


def test_a_changed_bundle_is_refused(desk: Desk) -> None:
    """And one of a later format, one that is not there, one that nobody approved."""
    digest = bundled(desk, keeper(desk), *PEOPLE)
    data = (desk.folder / "bundle").read_bytes()
    (desk.folder / "changed").write_bytes(data.replace(b"First", b"Worst"))
    (desk.folder / "later").write_bytes(data.replace(b"bundle 1", b"bundle 9"))
    refused = {
        "changed": "was changed",
        "later": "does not know",
        "gone": "can't be read",
        f"bundle --hash {'0' * 64}": "its hash is another",
    }

    for name, words in refused.items():
        assert desk.type(f"letter open {name} --key keeper.key --out list") != Exit.OK
        assert words in desk.err
    assert nothing_written(desk)
    assert desk.type(f"letter open bundle --key keeper.key --hash {digest.upper()} --out list") == Exit.OK


def test_nothing_is_overwritten(desk: Desk) -> None:
    """A folder that is there stays as it is; a place that is none is said."""
    bundled(desk, keeper(desk), *PEOPLE)
    (desk.folder / "list").mkdir()
    (desk.folder / "file").write_text("")

    assert desk.type("letter open bundle --key keeper.key --out list") == Exit.FAILED
    assert "never be overwritten" in desk.err
    assert list((desk.folder / "list").iterdir()) == []
    assert desk.type("letter open bundle --key keeper.key --out file/list") == Exit.FAILED
    assert "can't be written" in desk.err


def test_the_real_command_opens_it_without_a_database_or_a_net(desk: Desk) -> None:
    """In a process of its own, where neither a database nor a connection can be opened."""
    bundled(desk, keeper(desk), *PEOPLE)
    guarded = (
        "import socket, sqlite3, sys\n"
        "def no(*_, **__): raise AssertionError('opened')\n"
        "socket.socket.connect = sqlite3.connect = no\n"
        "from bot.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    line = ["letter", "open", "bundle", "--key", "keeper.key", "--out", "list"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    ended = subprocess.run(
        [sys.executable, "-c", guarded, *line],
        cwd=desk.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert ended.returncode == Exit.OK, ended.stderr
    assert Path(desk.folder / "list" / "reserves-1.csv").exists()
