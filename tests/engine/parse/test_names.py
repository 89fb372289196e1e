"""Names of cases, in both scripts."""

from pathlib import Path
from typing import Final

import pytest

from bot.engine.parse import NAMES, FlowsRefused, read_names
from bot.model.person import Language

FLOWS: Final = Path(__file__).parents[3] / "flows"
ENOUGH: Final = 120


def test_names_are_read_by_their_key(tmp_path: Path) -> None:
    """In the order of the file; without a file there are none."""
    path = tmp_path / NAMES
    assert read_names(path) == {}
    path.write_text("lotus: {he: לוטוס, en: Lotus}\n", encoding="utf-8")

    assert read_names(path) == {"lotus": {Language.HEBREW: "לוטוס", Language.ENGLISH: "Lotus"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("lotus: {he: לוטוס}\n", "name `lotus` has no `en`."),
        ("lotus: {he: לוטוס, en: Lotus, fr: Lotus}\n", "name `lotus` knows no `fr`."),
        ("lotus: Lotus\n", "name `lotus` has to be a mapping."),
        ("- lotus\n", f"{NAMES} has to be a mapping."),
    ],
)
def test_names_that_cannot_be_used_are_refused(tmp_path: Path, text: str, message: str) -> None:
    """Each mistake has its sentence."""
    path = tmp_path / NAMES
    path.write_text(text, encoding="utf-8")

    with pytest.raises(FlowsRefused) as refused:
        read_names(path)

    assert message in [problem.message for problem in refused.value.problems]


def test_there_are_enough_names_and_each_is_one_of_its_own() -> None:
    """Letters only, so that no number counts anybody, and none reads like another."""
    names = read_names(FLOWS / NAMES)

    assert len(names) >= ENOUGH
    for language in Language:
        shown = [name[language] for name in names.values()]
        assert len({one.casefold() for one in shown}) == len(names)
        assert all(one.replace("\u05f3", "").replace("'", "").isalpha() for one in shown)
