"""What always passes, whatever else a person sends: a crisis phrase, what can't wait, and the ways to people and out.

Asked by `receive` only of those of whom too much comes at once. Words are named by a hash that this process alone can
make; nothing is kept of them.
"""

from typing import assert_never

from bot.engine.flow import Book
from bot.engine.need import CRISIS, URGENT
from bot.i18n.vocabulary import Vocabulary
from bot.model.incoming import (
    Command,
    Deleted,
    Edited,
    ExpiryChanged,
    GroupContact,
    Happening,
    IdentityChanged,
    Ignored,
    Media,
    Press,
    Reachability,
    Text,
)


class Urgency:
    """Tells the urgent from the rest."""

    def __init__(self, book: Book, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._commands = {
            CRISIS,
            URGENT,
            *(name for name, command in book.commands.items() if command.safety),
        }

    def key(self, happening: Happening) -> int | None:
        """A name for what is urgent in it, the same for the same words; None if nothing is."""
        words = self._words(happening)
        return None if words is None else hash(words)

    def _words(self, happening: Happening) -> str | None:
        match happening:
            case Text():
                command = self._vocabulary.command(happening.text, among=self._commands)
                return command or self._alarm(happening.text)
            case Edited():
                return self._alarm(happening.text)
            case Media():
                return self._alarm(happening.caption)
            case Command():
                name = happening.name if happening.name in self._commands else None
                return name or self._alarm(happening.argument)
            case Press():
                name = happening.data.rpartition("~")[2]
                return name if "~" in happening.data and name in self._commands else None
            case Reachability():  # whether the bot may write to them at all
                return str(happening.reachable)
            case Deleted() | IdentityChanged() | GroupContact() | ExpiryChanged() | Ignored():
                return None
            case _:
                assert_never(happening)

    def _alarm(self, text: str) -> str | None:
        is_alarm = self._vocabulary.is_distress(text) or self._vocabulary.is_urgent(text)
        return text if is_alarm else None
