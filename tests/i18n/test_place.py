"""A link to a map holds the place and nothing else."""

from urllib.parse import parse_qs, urlsplit

from bot.i18n.place import map_link


def test_the_link_finds_the_place() -> None:
    """What is searched for is the place as it was written, in any alphabet, on one line."""
    link = map_link("כיכר הבימה,\nתל אביב & more")
    assert parse_qs(urlsplit(link).query) == {"query": ["כיכר הבימה, תל אביב & more"]}
    assert link.isascii()
    assert not set(link) & set(" \n()")
