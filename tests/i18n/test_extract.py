import runpy
import sys
from pathlib import Path

import pytest

from bot.engine.flow import Book
from bot.i18n import extract
from bot.i18n.catalog import FOLDERS, po_path
from bot.model.person import Form
from tests.i18n.voices import book, phrase, step

SMALL = book(step("home", phrase("Hello")))


def read_small(_flows: Path) -> Book:
    """Flows that need no machinery."""
    return SMALL


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    return tmp_path / "locales"


def run(locales: Path, *arguments: str) -> int:
    return extract.main([*arguments, "--locales", str(locales)], read=read_small)


def translate(locales: Path) -> None:
    path = po_path(locales, Form.NEUTRAL)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('msgid "Hello"\nmsgstr ""', 'msgid "Hello"\nmsgstr "שלום"'), encoding="utf-8"
    )


def test_every_catalog_is_made(locales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The template and four Hebrew catalogs, each named with its number of messages."""
    assert run(locales) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(FOLDERS)
    assert all(po_path(locales, form).exists() for form in Form)


def test_a_check_of_nothing_changes_nothing(locales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what to run and exits 1."""
    assert run(locales, "--check") == 1
    assert "run python -m bot.i18n.extract" in capsys.readouterr().out
    assert not locales.exists()


def test_an_untranslated_message_fails_the_check(locales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Up to date is not enough: Hebrew has to be there."""
    run(locales)
    capsys.readouterr()
    assert run(locales, "--check") == 1
    assert capsys.readouterr().out == "he: ('menu.home', 'Hello'): is not translated\n"


def test_a_translated_catalog_passes_the_check(locales: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The forms may stay empty; a second update keeps every word."""
    run(locales)
    translate(locales)
    capsys.readouterr()
    assert (run(locales, "--check"), capsys.readouterr().out) == (0, "")
    assert (run(locales), run(locales, "--check")) == (0, 0)


def test_flows_that_cannot_be_read_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command as it is run, where there are no flows: it says so and writes nothing."""
    places = ["--flows", str(tmp_path / "none"), "--locales", str(tmp_path / "locales")]
    monkeypatch.setattr(sys, "argv", ["extract", *places])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(extract.__file__), run_name="__main__")
    assert ended.value.code == 1
    assert "No flows are here" in capsys.readouterr().out
    assert not (tmp_path / "locales").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Hello"\nmsgstr ""', '"Hello"\nmsgstr "שלום'),
        ('"Hello"\nmsgstr ""', '"Hello"\nmsgstr "של"ום"'),
        ('"Hello"\nmsgstr ""', '"Hello"\n<<<<<<< ours\nmsgstr ""'),
        ('"Hello"\nmsgstr ""', '"Hello"\nmsgstr "a"\n\nmsgctxt "menu.home"\nmsgid "Hello"\nmsgstr "b"'),
    ],
)
def test_a_broken_catalog_is_never_written_over(
    old: str, new: str, locales: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip of the quotes, a merge's mark, a message twice: it is named, and the file stays as it is."""
    run(locales)
    path = po_path(locales, Form.NEUTRAL)
    broken = path.read_text(encoding="utf-8").replace(old, new)
    path.write_text(broken, encoding="utf-8")
    capsys.readouterr()
    assert run(locales) == 1
    assert str(path) in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == broken
