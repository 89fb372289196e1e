"""What is kept and for how long, in words: the table of `model.retention` as a person reads it, group by group.

The words of each class stand in `flows/system.yaml` under its name; only `{time}` comes from the table. So what is
promised is what the sweep executes, and a class that nobody found words for does not pass `bot check`.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from bot.engine.flow import Phrase
from bot.i18n.render import Renderer
from bot.model.kept import Group, Kept
from bot.model.person import Voice
from bot.model.retention import RETENTION
from bot.model.text import Rich, joined

DAY: Final = timedelta(days=1)
BULLET: Final = Rich("• ")
HOUR: Final = timedelta(hours=1)


def told(renderer: Renderer, voice: Voice, *, phrases: Mapping[str, Phrase]) -> Iterator[Rich]:
    """One text a group: its heading, and a line for each class. Raises KeyError for a class without words."""
    for group in Group:
        lines = [_line(kept, renderer, voice, phrases) for kept in RETENTION if kept.group is group]
        yield joined([renderer.render(voice, phrases[group.value]), *lines], "\n")


def _line(kept: Kept, renderer: Renderer, voice: Voice, phrases: Mapping[str, Phrase]) -> Rich:
    values = {"time": in_words(kept.ttl, renderer, voice=voice, phrases=phrases)} if kept.ttl else {}
    return BULLET + renderer.render(voice, phrases[kept.words], values)


def in_words(span: timedelta, renderer: Renderer, *, voice: Voice, phrases: Mapping[str, Phrase]) -> str:
    """A length of time in the largest unit that holds it exactly. Example: two days."""
    name, unit = ("lasts_days", DAY) if span % DAY == timedelta() else ("lasts_hours", HOUR)
    return renderer.label(voice, phrases[name], {"count": str(span // unit)})
