"""How old a signal-cli is: Signal refuses one that was not updated for about three months. Pure.

The days stand in signal-cli's CHANGELOG.md, read on 2026-07-13 (commit c26e0632). A version that is not here is between
two that are, older than all, or newer, and then nobody knows here when it came out.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

OLD: Final = timedelta(days=80)  # then there is a week or two left to update in
Version = tuple[int, ...]

RELEASED: Final[dict[Version, date]] = {
    (0, 13, 22): date(2025, 11, 14),
    (0, 13, 23): date(2026, 1, 24),
    (0, 13, 24): date(2026, 2, 5),
    (0, 14, 0): date(2026, 3, 1),
    (0, 14, 1): date(2026, 3, 8),
    (0, 14, 2): date(2026, 4, 4),
    (0, 14, 3): date(2026, 4, 22),
    (0, 14, 4): date(2026, 5, 23),
    (0, 14, 5): date(2026, 6, 11),
    (0, 14, 6): date(2026, 7, 12),
}
NEWEST: Final = max(RELEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When a version came out: on that day or before it; after it, where it is `newer` than all that are known."""

    day: date
    is_newer: bool = False

    def is_old(self, today: date) -> bool:
        """Whether it surely is."""
        return not self.is_newer and today - self.day > OLD


def numbers(version: str) -> Version | None:
    """A version as numbers. Example: "0.14.6" gives (0, 14, 6)."""
    found = re.match(r"\d+(?:\.\d+)+", version)
    return tuple(int(part) for part in found[0].split(".")) if found else None


def release(version: Version) -> Release:
    """When this one came out, as far as it is known."""
    if version > NEWEST:
        return Release(day=RELEASED[NEWEST], is_newer=True)
    return Release(day=RELEASED[min(one for one in RELEASED if one >= version)])
