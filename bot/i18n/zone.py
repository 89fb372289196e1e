"""A typed time zone -> its IANA name, or None: "Europe/Madrid", "madrid", "New York"."""

from functools import lru_cache
from zoneinfo import available_timezones


def zone_named(text: str) -> str | None:
    """The zone of that name, or the one whose city it is."""
    zones, cities = _known()
    wanted = text.strip().replace(" ", "_").casefold()
    return zones.get(wanted) or cities.get(wanted)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, str]]:
    zones = {name.casefold(): name for name in sorted(available_timezones())}
    return zones, {name.rpartition("/")[2]: shown for name, shown in zones.items() if "/" in name}
