"""A reviewer's desk."""

from pathlib import Path

import pytest

from tests.cli.desk import Desk, laid


@pytest.fixture
def desk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    untouched_logging: None,
) -> Desk:
    """With all of the project's cards, and nobody who reviews."""
    return laid(tmp_path, capsys, monkeypatch)
