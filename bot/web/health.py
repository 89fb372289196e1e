"""What `/healthz` says: named checks with the age of their last success, as JSON, and nothing about people."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must be alive. Example: Check(name="telegram", ok=True, age=3.2) was last seen 3.2 s ago.

    `age` is None if it was never seen yet.
    """

    name: str
    ok: bool
    age: float | None


def status(checks: Sequence[Check]) -> int:
    """200 if all is well, else 503."""
    return 200 if _all_ok(checks) else 503


def body(checks: Sequence[Check]) -> bytes:
    """The answer. Example: {"ok": true, "checks": {"telegram": {"ok": true, "age_seconds": 3.2}}}."""
    told = {check.name: {"ok": check.ok, "age_seconds": _rounded(check.age)} for check in checks}
    return json.dumps({"ok": _all_ok(checks), "checks": told}).encode()


def _all_ok(checks: Sequence[Check]) -> bool:
    return all(check.ok for check in checks)


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(age, 1)
