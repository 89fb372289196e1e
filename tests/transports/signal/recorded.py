"""Lines that a signal-cli daemon wrote, one of each kind: what the parser has to read.

In `envelopes.jsonl` each line is one kind. `seen` is the version it was recorded from, in the lab (`tests/signal_lab`),
between two numbers that belong to nobody; null where no daemon that can be had here says it: those are written
after the source of 0.14.6.
"""

import json
from pathlib import Path
from typing import Any, Final

_FILE: Final = Path(__file__).parent / "envelopes.jsonl"


def recorded() -> dict[str, bytes]:
    """Every kind, as one line of the daemon without its end."""
    return {one["kind"]: _line(one["raw"]) for one in map(json.loads, _lines())}


def seen() -> set[str]:
    """The kinds that a real daemon was seen to say."""
    return {one["kind"] for one in map(json.loads, _lines()) if one["seen"]}


def _lines() -> list[str]:
    return _FILE.read_text(encoding="utf-8").splitlines()


def _line(raw: dict[str, Any]) -> bytes:
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
