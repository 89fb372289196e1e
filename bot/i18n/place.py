"""Where a place is, as a link to a map: a search for its own words, which asks nothing of anybody before it is opened.

The map is OpenStreetMap's, which needs no account and keeps no history of anybody's searches under their name.
"""

from typing import Final
from urllib.parse import quote

_SEARCH: Final = "https://www.openstreetmap.org/search?query="


def map_link(place: str) -> str:
    """The link to a search for `place`, safe to put into any message."""
    return _SEARCH + quote(" ".join(place.split()), safe="")
