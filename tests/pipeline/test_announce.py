"""A notice as its readers see it, in the preview and when it is sent; and what a press under it brings."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from icalendar import Calendar

from bot.actions.proofread import AROUND, CAPTION, LONGEST, Doubt, doubts
from bot.actions.scene import Dated
from bot.engine.effect import Say, Show
from bot.engine.flow import Phrase, Shown
from bot.model.incoming import FileRef
from bot.model.limit import LIMITS
from bot.model.notice import Answer, Notice, NoticeContent, Picture
from bot.model.outgoing import Rows, SendFile, SendMedia, SendMessage
from bot.model.person import Form, Language, Platform, Voice
from bot.pipeline.announce import Announcer
from bot.pipeline.listener import Listener
from bot.pipeline.speech import Speech
from tests.pipeline.works import Words

NOTICE: Final = Notice(id=41, author="first", serial=145)
CONTENT: Final = NoticeContent(
    texts={Language.HEBREW: "נפגשים *בכיכר*.", Language.ENGLISH: "We meet on the *square*."},
    place="כיכר הבימה, תל אביב",
    starts_at=datetime(2026, 11, 28, 17, 30, tzinfo=UTC),
    link="https://example.org/a",
    answers=frozenset(Answer),
)
ENGLISH: Final = Voice(language=Language.ENGLISH, zone="America/New_York")
HEBREW: Final = Voice(language=Language.HEBREW)
LISTENER: Final = Listener(
    voice=ENGLISH, platform=Platform.TELEGRAM, limits=LIMITS[Platform.TELEGRAM], today=date(2026, 11, 26)
)


def _message(
    words: Words,
    content: NoticeContent = CONTENT,
    *,
    to: Voice = ENGLISH,
    notice: Notice = NOTICE,
    on: Platform = Platform.TELEGRAM,
) -> SendMessage:
    said = _said(words, content, to=to, notice=notice, on=on)
    assert isinstance(said, SendMessage)
    return said


def _said(
    words: Words,
    content: NoticeContent,
    *,
    to: Voice = ENGLISH,
    notice: Notice = NOTICE,
    on: Platform = Platform.TELEGRAM,
) -> SendMessage | SendMedia:
    announcer = Announcer(book=words.library.book, renderer=words.renderer)
    return announcer.message(notice, content, voice=to, limits=LIMITS[on])


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter not in "\u2066\u2068\u2069\u200f")


def _choices(rows: Rows) -> list[list[str]]:
    return [[button.url or button.data for button in row] for row in rows]


def test_a_notice_says_what_when_and_where(words: Words) -> None:
    """By the clocks of the place, wherever its reader lives; what an organizer wrote is never read as markup."""
    assert _plain(_message(words).text.text) == (
        "We meet on the *square*.\n\nWhen: Saturday, 28 November 2026, 19:30\n\n"
        "Where: כיכר הבימה, תל אביב\n\nhttps://example.org/a"
    )
    assert _plain(_message(words, to=HEBREW).text.text).startswith(
        "נפגשים *בכיכר*.\n\nמתי: יום שבת, 28 בנובמבר 2026"
    )


def test_a_notice_has_the_buttons_that_have_a_use(words: Words) -> None:
    """Two to a row, the map as a link, and last, by itself, how to have no more of these."""
    *rows, (rights, there), stop = _choices(_message(words).rows)
    assert rows == [["n1:41:coming", "n1:41:cant"], ["n1:41:remind", "n1:41:calendar"]]
    assert (rights, stop) == ("n1:41:rights", ["n1:41:stop"])
    assert there.startswith("https://www.openstreetmap.org/search?query=")

    bare = replace(CONTENT, place="", starts_at=None, answers=frozenset())
    assert _choices(_message(words, bare).rows) == [["n1:41:stop"]]
    assert all(len(button.data.encode()) <= 64 for row in _message(words).rows for button in row)


def test_without_a_place_the_clocks_are_named(words: Words) -> None:
    """A talk online is at one time in many places."""
    online = replace(CONTENT, place="", zone="Europe/London")
    assert "2026, 17:30, by the clocks of London" in _plain(_message(words, online).text.text)


def test_a_missing_language_is_said(words: Words) -> None:
    """Its reader gets the other text, below a word about that."""
    only = replace(CONTENT, texts={Language.HEBREW: "נפגשים בכיכר."})
    text = _plain(_message(words, only).text.text)
    assert text.startswith("This notice was written in Hebrew only.\n\nנפגשים בכיכר.")
    assert _plain(_message(words, replace(CONTENT, texts={}), to=HEBREW).text.text).startswith("מתי")


def test_a_correction_says_so_first(words: Words) -> None:
    """Before its own words."""
    text = _message(words, notice=replace(NOTICE, corrects=40)).text.text
    assert text.startswith("This corrects an earlier notice.\n\nWe meet")


def test_what_is_called_off_says_so_and_asks_for_nothing(words: Words) -> None:
    """When and where it would have been; no words of an organizer are needed, and only its end can be pressed."""
    off = replace(CONTENT, texts={}, link="", answers=frozenset(), called_off=True)
    first = replace(NOTICE, corrects=40)
    message = _message(words, off, notice=first)
    assert _plain(message.text.text) == (
        "It is called off. What an earlier notice told of does not take place.\n\n"
        "It would have been: Saturday, 28 November 2026, 19:30\n\nWhere: כיכר הבימה, תל אביב"
    )
    assert _choices(message.rows) == [["n1:41:stop"]]
    told = replace(
        off, place="", texts={Language.ENGLISH: "The rain is too strong."}, answers=frozenset(Answer)
    )
    assert "by the clocks of Jerusalem" in _plain(_message(words, told, notice=first).text.text)
    assert "The rain is too strong." in _message(words, told, notice=first).text.text
    assert _choices(_message(words, told, notice=first).rows) == [["n1:41:stop"]]
    assert "openstreetmap" not in _message(words, off, notice=first, on=Platform.SIGNAL).text.text


def test_where_there_are_no_buttons_answers_have_codes(words: Words) -> None:
    """Each its number, which stays where others have no use; the last one is always zero. The map is a link."""
    message = _message(words, on=Platform.SIGNAL)
    *_, link, answers, how = _plain(message.text.text).split("\n\n")
    assert (message.rows, link.partition("?")[0]) == ((), "https://www.openstreetmap.org/search")
    assert answers.splitlines() == [
        "UH1. I'm coming",
        "UH2. I can't",
        "UH3. Remind me",
        "UH4. For my calendar",
        "UH5. Rights when stopped",
        "UH0. Stop these",
    ]
    assert how.startswith("To answer, write the code of an answer, for example UH1.")

    talk = replace(CONTENT, place="", answers=frozenset())
    *_, answers, how = _plain(_message(words, talk, on=Platform.SIGNAL).text.text).split("\n\n")
    assert answers.splitlines() == ["UH4. For my calendar", "UH0. Stop these"]
    assert "for example UH4." in how
    assert "openstreetmap" not in _message(words, talk, on=Platform.SIGNAL).text.text


def test_the_link_to_the_map_is_the_first_to_go(words: Words) -> None:
    """A notice is one message; the answers stay."""
    long = replace(CONTENT, texts={Language.ENGLISH: "x" * 1700})
    text = _message(words, long, on=Platform.SIGNAL).text.text
    assert "openstreetmap" not in text
    assert "UH0. Stop these" in _plain(text)


def _shown(words: Words, shown: Shown, **brought: Any) -> list[object]:
    speech = Speech(words.library, words.renderer, replace(LISTENER, **brought))
    opening = Say(phrase=Phrase(context="test", text="Look."), joins=True)
    return [one.payload for one in speech.of((opening, Show(shown=shown)))]


def test_the_preview_is_what_is_sent(words: Words) -> None:
    """In both languages, with its buttons; what opens the message stands above the first."""
    hebrew, english = _shown(words, Shown.NOTICE, notice=(NOTICE, CONTENT))
    assert isinstance(hebrew, SendMessage)
    assert isinstance(english, SendMessage)
    assert (english.text, english.rows) == (_message(words).text, _message(words).rows)
    assert hebrew.text.text == "Look.\n\n" + _message(words, to=HEBREW).text.text
    (only,) = _shown(words, Shown.NOTICE)
    assert isinstance(only, SendMessage)
    assert only.text.text == "Look."


PICTURE: Final = Picture(platform=Platform.TELEGRAM, file=FileRef(file_id="p"))


def test_the_words_stand_under_the_picture(words: Words) -> None:
    """One message with its buttons, if there are any; where the words do not fit, they go alone."""
    pictured = replace(CONTENT, picture=PICTURE)
    plain = _message(words)
    said = _said(words, pictured)
    assert isinstance(said, SendMedia)
    assert (said.caption, said.rows, said.file) == (plain.text, plain.rows, PICTURE.file)
    there = _said(words, pictured, on=Platform.SIGNAL)
    assert isinstance(there, SendMedia)
    assert (there.rows, there.file) == ((), PICTURE.file)
    long = replace(pictured, texts={Language.ENGLISH: "x" * 1024})
    assert isinstance(_said(words, long), SendMessage)


@pytest.mark.parametrize("notice", [NOTICE, replace(NOTICE, corrects=40)])
@pytest.mark.parametrize("language", Language)
def test_what_is_not_warned_of_fits_under_the_picture(
    words: Words, notice: Notice, language: Language
) -> None:
    """In every form, with a long place and link, in the other language, by the clocks of wherever it is."""
    for place in ("", "p" * LONGEST["place"]):
        around = len(place) + len("https://" + "l" * 100) + AROUND
        content = replace(
            CONTENT,
            texts={language: "x" * (CAPTION - around)},
            place=place,
            link="https://" + "l" * 100,
            zone="America/Argentina/ComodRivadavia",
            picture=PICTURE,
        )
        assert Doubt.PICTURE not in doubts(
            notice, content, blocked={}, now=datetime(2026, 11, 26, tzinfo=UTC)
        )
        voices = [Voice(language=to, form=form) for to in Language for form in Form]
        assert all(isinstance(_said(words, content, to=to, notice=notice), SendMedia) for to in voices)
    wordy = replace(content, texts={language: "x" * (CAPTION - around + 1)})
    assert Doubt.PICTURE in doubts(notice, wordy, blocked={}, now=datetime(2026, 11, 26, tzinfo=UTC))


def test_the_preview_shows_the_picture(words: Words) -> None:
    """As it will be, twice; what opens the message, and the questions below it, are messages of their own."""
    opening, hebrew, english = _shown(words, Shown.NOTICE, notice=(NOTICE, replace(CONTENT, picture=PICTURE)))
    assert isinstance(opening, SendMessage)
    assert opening.text.text == "Look."
    assert isinstance(hebrew, SendMedia)
    assert isinstance(english, SendMedia)
    assert english.caption == _message(words).text


def test_a_date_is_a_file(words: Words) -> None:
    """Under a title that says nothing, in the language of whoever asked; without a date there is none."""
    at = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
    dated = Dated(at=at, place="Here", uid="u", now=datetime(2026, 11, 26, tzinfo=UTC))
    (file,) = [one for one in _shown(words, Shown.CALENDAR, dated=dated) if isinstance(one, SendFile)]
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert (file.name, str(event["summary"]), str(event["location"])) == ("date.ics", "A date", "Here")
    assert len(_shown(words, Shown.CALENDAR)) == 1
