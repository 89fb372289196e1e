"""What can be wrong with words. Every one is a mistake in flows, catalogs or code, never in what a person wrote.

Translation tests and `bot check` find them before a person could; the pipeline treats them as a failed turn.
"""

from typing import ClassVar

from bot.model.exit import Exit, ExpectedError


class WordsError(Exception):
    """Words could not be made."""


class BadTemplate(WordsError):
    """A text has a stray brace or an unknown value format."""


class MissingValue(WordsError):
    """A text names a value that was not given."""


class BadValue(WordsError):
    """A value is not what its format asks for: a date, a time or a number."""


class CatalogMissing(ExpectedError, WordsError):
    """The Hebrew catalog is not there; the bot does not start without it."""

    status: ClassVar[Exit] = Exit.SETTINGS
    advice: ClassVar[str] = "Set BOT_LOCALES_DIR to the directory of the translations."


class CatalogBroken(ExpectedError, WordsError):
    """A catalog is not valid PO; reading on would lose what stands behind the mistake."""

    status: ClassVar[Exit] = Exit.SETTINGS
    advice: ClassVar[str] = "Mend the line named above; every text stands between double quotes."
