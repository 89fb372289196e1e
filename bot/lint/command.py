"""Rules of the words that count everywhere: commands are told apart in both languages, crisis words are there."""

from collections.abc import Iterator

from bot.engine.parse import CRISIS_WORDS, Place, Problem
from bot.i18n.normal import normalise
from bot.lint.material import Material, Saying, Use, problem


def words_are_unambiguous(material: Material) -> Iterator[Problem]:
    """A typed word means one command, whatever the language."""
    meant: dict[str, str] = {}
    for saying in material.sayings:
        if saying.use is not Use.WORDS:
            continue
        command = saying.phrase.context.partition(".")[2]
        for word in sorted(_words(saying)):
            if meant.setdefault(word, command) != command:
                message = f"`{word}` means both `{meant[word]}` and `{command}`."
                yield problem(
                    "command",
                    saying.place,
                    message=message,
                    advice="Leave it to one of them, in both languages.",
                )


def _words(saying: Saying) -> set[str]:
    words = {normalise(word) for wording in saying.wordings for word in wording.text.split(",")}
    return words - {""}


def crisis_words_are_there(material: Material) -> Iterator[Problem]:
    """Every crisis phrase has something to compare, and none is a command's word."""
    commands = {word for saying in material.sayings if saying.use is Use.WORDS for word in _words(saying)}
    for language, phrases in material.crisis.items():
        for phrase in phrases:
            plain = normalise(phrase)
            if plain and plain not in commands:
                continue
            message = (
                f"The crisis phrase {phrase!r} ({language}) {'is a command too' if plain else 'is empty'}."
            )
            yield problem(
                "crisis_words", Place(file=CRISIS_WORDS, line=0), message=message, advice="Write other words."
            )
