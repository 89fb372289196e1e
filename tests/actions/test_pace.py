"""How fast a notice goes, and how long it still takes."""

from datetime import timedelta

from bot.actions.pace import NONE, pace
from bot.model.notice import Fate, Report
from tests.stage import TUESDAY

SECOND = timedelta(seconds=1)


def report(delivered: int, pending: int, *, is_whole: bool = True) -> Report:
    return Report(fates={Fate.DELIVERED: delivered, Fate.PENDING: pending}, is_whole=is_whole)


def test_the_first_look_knows_no_pace() -> None:
    """It says so, and a second one in the same moment too."""
    first = pace(report(100, 900), "", now=TUESDAY)
    again = pace(report(100, 900), first["since"], now=TUESDAY)

    assert (first["rate"], first["left"]) == (NONE, NONE)
    assert again == first


def test_the_next_look_measures() -> None:
    """Copies a minute, and hours and minutes left, rounded up."""
    since = pace(report(100, 900), "", now=TUESDAY)["since"]
    later = pace(report(130, 870), since, now=TUESDAY + 10 * SECOND)

    assert (later["rate"], later["left"], later["since"]) == ("180", "0:05", since)


def test_a_measure_begins_anew_after_a_minute() -> None:
    """What was long ago says nothing of now."""
    since = pace(report(0, 600), "", now=TUESDAY)["since"]
    later = pace(report(1, 599), since, now=TUESDAY + 60 * SECOND)

    assert (later["rate"], later["left"]) == ("1", "9:59")
    assert later["since"] != since


def test_what_does_not_move_or_still_grows_has_no_end_in_sight() -> None:
    """No time is made up."""
    since = pace(report(100, 900), "", now=TUESDAY)["since"]
    still = pace(report(100, 900), since, now=TUESDAY + 10 * SECOND)
    grows = pace(report(130, 870, is_whole=False), since, now=TUESDAY + 10 * SECOND)

    assert (still["rate"], still["left"]) == ("0", NONE)
    assert (grows["rate"], grows["left"]) == ("180", NONE)
