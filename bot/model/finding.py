"""What `bot doctor` says about one thing it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. Example: Finding(name="master key", ok=False, detail="none given", advice="…")."""

    name: str
    ok: bool
    detail: str
    advice: str = ""
