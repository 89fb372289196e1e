"""Rules of the words that count everywhere: commands are told apart in both languages, the words of alarm are there."""

from collections.abc import Iterator

from bot.engine.parse import CRISIS_WORDS, URGENT_WORDS, Place, Problem
from bot.i18n.normal import normalise
from bot.lint.material import Material, Saying, Use, problem


def words_are_unambiguous(material: Material) -> Iterator[Problem]:
    """A typed word means one command, or is courtesy, whatever the language."""
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


def alarm_words_are_there(material: Material) -> Iterator[Problem]:
    """Every crisis phrase, and every urgent one, has something to compare, and none is a command's word."""
    commands = {word for saying in material.sayings if saying.use is Use.WORDS for word in _words(saying)}
    lists = (
        (CRISIS_WORDS, "crisis", material.crisis),
        (URGENT_WORDS, "urgent", material.urgent),
    )
    for file, kind, phrases in lists:
        for language, phrase in ((language, one) for language, many in phrases.items() for one in many):
            plain = normalise(phrase)
            if plain and plain not in commands:
                continue
            fault = "is a command too" if plain else "is empty"
            yield problem(
                f"{kind}_words",
                Place(file=file, line=0),
                message=f"The {kind} phrase {phrase!r} ({language}) {fault}.",
                advice="Write other words.",
            )
