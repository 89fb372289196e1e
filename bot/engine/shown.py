"""The things that a step can show beside its own words. `pipeline.showing` makes messages of them."""

from enum import StrEnum


class Shown(StrEnum):
    """What a step can show that no flow has the words of."""

    RETENTION = "retention"  # what is kept and for how long, from the table that executes it
    MINE = "mine"  # the file of all that is kept about this person, which an action has collected
    BUNDLE = "bundle"  # the file for the letter keeper, which an action has made
    CHART, TABLE = "chart", "table"  # numbers as a picture, or as a file; an action has counted them
    FLYER = "flyer"  # the files of a printed flyer, for a link that an action has brought
    SHARE = "share"  # words to pass on, with such a link and a button for it
    LETTERS = "letters"  # letters of support that an action has brought, to be printed
    NOTICE = "notice"  # a notice as its readers will see it, in every language
    CALENDAR = "calendar"  # a date as a file
    WORDS = "words"  # what an action has brought: a page of a letter, or a line as it will appear; never kept
