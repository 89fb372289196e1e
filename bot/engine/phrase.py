"""One text as the engine carries it, which reads no language: the renderer puts it into words."""

from dataclasses import dataclass

from bot.model.person import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One translatable text. `plural` and `count` (the name of a value) only where a number decides the form.

    `on`: it is said on that platform alone, and another one in its place on the others.
    """

    context: str
    text: str
    plural: str | None = None
    count: str | None = None
    on: Platform | None = None
