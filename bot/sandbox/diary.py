"""What each simulated person did, in order, and how that reads as a golden chat (`tests/story.py` plays it).

Only what people and the machine room do is written; what the bot said to it, `--update` fills in.
"""

from __future__ import annotations

from typing import Any

import orjson

from bot.sandbox.words import words

MINUTE = 60
_SPANS = (
    ("week", 7 * 24 * 60 * MINUTE),
    ("day", 24 * 60 * MINUTE),
    ("hour", 60 * MINUTE),
    ("minute", MINUTE),
)
_SENT = words("photo voice document sticker contact location forward")
_TITLE = "Clicked in the sandbox"

Given = dict[str, Any]
Step = tuple[str, str | bool]


class Diary:
    """The steps of everybody, by their id."""

    def __init__(self) -> None:
        self._steps: dict[int, list[Step]] = {}

    def note(self, user_id: int, verb: str, *, given: Given) -> None:
        """Somebody did this."""
        if (step := _step(verb, given)) is not None:
            self._steps.setdefault(user_id, []).append(step)

    def passed(self, seconds: float) -> None:
        """Time went by for everybody who has begun; less than a minute is not told."""
        if (span := spelled(seconds)) is not None:
            self._for_all(("wait", span))

    def restarted(self) -> None:
        """The bot ended in some way and starts again."""
        self._for_all(("restart", True))

    def transcript(self, user_id: int) -> str:
        """The story of one person, as YAML."""
        steps = [f"- {name}: {_scalar(value)}" for name, value in self._steps.get(user_id, [])]
        return "\n".join([f"story: {_TITLE}", "steps:" if steps else "steps: []", *steps, ""])

    def _for_all(self, step: Step) -> None:
        for steps in self._steps.values():
            steps.append(step)


def spelled(seconds: float) -> str | None:
    """A length of time in the largest unit that fits it whole. Example: 259200 is "3 days"."""
    minutes = round(seconds / MINUTE) * MINUTE
    for name, length in _SPANS:
        if minutes and minutes % length == 0:
            count = minutes // length
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return None


def _step(verb: str, given: Given) -> Step | None:
    match verb:
        case "start":
            return "start", str(given.get("payload", ""))
        case "send":
            return "say", str(given["text"])
        case "press":
            return "press", str(given["button"]).rpartition(":")[2]
        case "edit":
            return "edit", str(given["text"])
        case "block" | "unblock":
            return verb, True
        case _ if verb in _SENT:
            return "send", verb
        case _:
            return None


def _scalar(value: str | bool) -> str:
    """A YAML scalar that reads the same whatever the text is: JSON is YAML, once nothing invisible is left in it."""
    plain = orjson.dumps(value).decode()
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in plain)


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
