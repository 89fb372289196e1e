"""A flow as a Mermaid picture."""

from dataclasses import replace

from bot.engine.flow import Phrase
from bot.lint import mermaid
from tests.engine.talk import small_book

BUDDY = """\
flowchart TD
    s_ask(["ask: Would you like a volunteer to stay…"])
    s_ask -- "Yes, connect me" --> s_open
    s_ask -- "Not now" --> home_menu_home{{"home menu.home"}}
    s_ask -- "What is that?" --> call_buddy_about{{"call buddy.about"}}
    s_ask -- "A person" --> run_human{{"run human"}}
    s_ask -- "timeout" --> s_quiet
    s_about["about: A volunteer is a person who has…"]
    s_about --> end_(((end)))
    s_open[["case.open"]]
    s_open -- "opened" --> s_waiting
    s_open -- "again" --> s_open
    s_waiting["waiting: We are looking for {pair}."]
    s_waiting --> end_(((end)))
    s_quiet["quiet: No hurry."]
    s_quiet --> end_(((end)))
"""


def test_a_flow_is_drawn() -> None:
    """Questions are rounded, actions have double sides, and every way out has its answer."""
    assert mermaid(small_book().flows["buddy"]) == BUDDY


def test_words_that_mermaid_would_read_are_written_as_codes() -> None:
    """Quotes and brackets of a text are not the picture's own."""
    flow = small_book().flows["line"]
    said = Phrase(context="x", text='A "<b>" & #1')
    drawn = mermaid(replace(flow, steps={"open": replace(flow.steps["open"], say=(said,))}))

    assert '(["open: A #34;#60;b#62;#34; #38; #35;1"])' in drawn
