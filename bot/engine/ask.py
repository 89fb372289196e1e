"""The kinds of free answers that a question can wait for."""

from enum import StrEnum


class AskKind(StrEnum):
    """What a free answer has to be."""

    TEXT = "text"
    DATE = "date"
    TIME = "time"  # of day, in words that its action reads
    PICTURE = "picture"  # a photo, which only its action ever sees
    LINE = "line"  # not for the bot: it is carried to somebody, and only its action ever sees it
