"""The product's own book, for what a small one does not have."""

from functools import cache
from pathlib import Path

from bot.engine.flow import Book
from bot.engine.parse import read_book


@cache
def real_book() -> Book:
    """The book of `flows/`."""
    return read_book(Path(__file__).parents[2] / "flows")
