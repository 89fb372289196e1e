"""After how long messages of a chat disappear: a shorter time than the bot's stays, a longer one does not."""

from datetime import timedelta

import pytest

from bot.model.expiry import LONGEST, SHORTEST, USUAL, Expiry
from bot.model.kept import DataClass, Group
from bot.model.retention import RETENTION

HOUR, DAY, WEEK, MONTH = 3600, 86_400, 604_800, 2_419_200


@pytest.mark.parametrize(
    ("kept", "seconds", "after"),
    [
        (Expiry(), HOUR, Expiry(now=HOUR, own=HOUR)),
        (Expiry(), 0, Expiry(now=0)),
        (Expiry(now=WEEK), HOUR, Expiry(now=HOUR, own=HOUR)),
        (Expiry(now=WEEK), MONTH, Expiry(now=MONTH)),
        (Expiry(now=HOUR, own=HOUR), 0, Expiry(now=0)),
        (Expiry(now=HOUR, own=HOUR), WEEK, Expiry(now=WEEK)),
        (Expiry(now=DAY), DAY, Expiry(now=DAY)),  # on a line: their app repeats it
        (Expiry(now=DAY), 2 * DAY, Expiry(now=2 * DAY, own=2 * DAY)),
    ],
)
def test_what_its_person_sets_is_theirs_where_it_is_shorter(
    kept: Expiry, seconds: int, after: Expiry
) -> None:
    """A longer time, or none, is no choice that stays; what holds already is none at all."""
    assert kept.changed(seconds, usual=USUAL) == after


@pytest.mark.parametrize(
    ("kept", "seconds", "after"),
    [
        (Expiry(), HOUR, Expiry(now=HOUR, own=HOUR)),
        (Expiry(), 0, Expiry(now=0)),
        (Expiry(now=WEEK), WEEK, Expiry(now=WEEK)),
        (Expiry(now=WEEK), DAY, Expiry(now=WEEK)),  # written before a line ended
        (Expiry(now=DAY), WEEK, Expiry(now=WEEK)),
        (Expiry(now=HOUR, own=HOUR), 0, Expiry(now=0, own=HOUR)),
    ],
)
def test_what_a_message_shows_counts_only_where_it_is_longer(
    kept: Expiry, seconds: int, after: Expiry
) -> None:
    """It may be older than the last change; at the very first it is all that is known."""
    assert kept.shown(seconds, usual=USUAL) == after


@pytest.mark.parametrize(
    ("kept", "usual", "on_a_line", "seconds"),
    [
        (Expiry(now=0), USUAL, False, WEEK),
        (Expiry(now=WEEK), USUAL, True, DAY),
        (Expiry(now=DAY), USUAL, False, WEEK),
        (Expiry(now=HOUR, own=HOUR), USUAL, False, HOUR),
        (Expiry(now=HOUR, own=HOUR), USUAL, True, HOUR),
        (Expiry(now=2 * DAY, own=2 * DAY), USUAL, True, DAY),
        (Expiry(now=DAY, own=2 * DAY), USUAL, False, 2 * DAY),
        (Expiry(now=0), SHORTEST, True, DAY),
        (Expiry(now=0), LONGEST, False, MONTH),
    ],
)
def test_the_shortest_of_what_holds_is_wanted(
    kept: Expiry, usual: timedelta, on_a_line: bool, seconds: int
) -> None:
    """The setting, a day on a line, and what its person chose; after a line it is as before."""
    assert kept.wanted(usual=usual, on_a_line=on_a_line) == seconds


def test_no_words_of_a_chat_are_kept_for_longer_than_the_bot_lets_them_stay_there() -> None:
    """Beside what somebody gave for others to read, apart from whose it is: how long that lasts is said there."""
    given = {DataClass.SUPPORT_TEXT, DataClass.SUPPORT_FATE, DataClass.CARD_DOUBT}
    wordless = {DataClass.DEAD_LETTER}
    unopened = {DataClass.SPOOL}  # what no key of the bot opens; all else there is read at once
    words = [kept for kept in RETENTION if kept.group is Group.WORDS or kept.data is DataClass.CALL_BODY]
    longer = {kept.data for kept in words if kept.ttl is None or kept.ttl > SHORTEST}

    assert longer == given | wordless | unopened
