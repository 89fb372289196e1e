"""A book to break."""

from pathlib import Path

import pytest

from tests.lint.shelf import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A whole book without a problem."""
    return Shelf(tmp_path)
