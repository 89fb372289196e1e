"""What a step shows that no flow has the words of: what is kept, files, numbers, a notice, words that were brought."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.engine.effect import Show
from bot.engine.flow import Book, Phrase, Shown
from bot.i18n.calendar import Entry, calendar_file
from bot.i18n.lifetime import told
from bot.i18n.render import Renderer
from bot.model.chart import Chart
from bot.model.outgoing import SendFile, SendMedia
from bot.model.person import Language
from bot.model.text import Rich
from bot.pipeline.announce import Announcer
from bot.pipeline.draft import Draft
from bot.pipeline.figures import chart_of, in_words, table
from bot.pipeline.listener import Listener
from bot.pipeline.sharing import handed_on

Phrases = Mapping[str, Phrase]

# What a file says with it, and what it is called: names that tell nothing in a list of files.
FILES: Final[Mapping[Shown, tuple[str, str]]] = {
    Shown.MINE: ("file", "data.json"),
    Shown.BUNDLE: ("bundle", "data.bundle"),
    Shown.TABLE: ("table", "data.csv"),
    Shown.CALENDAR: ("calendar", "date.ics"),
}


def shown(effect: Show, to: Listener, *, renderer: Renderer, book: Book) -> Iterator[Draft]:
    """The messages that show it, none where nothing was brought."""
    match effect.shown:
        case Shown.NOTICE:
            yield from _notice(effect, to, Announcer(book=book, renderer=renderer))
        case Shown.CALENDAR:
            yield from _calendar(effect, to, renderer=renderer, phrases=book.phrases)
        case Shown.FLYER | Shown.SHARE | Shown.LETTERS:
            yield from handed_on(effect, to, renderer=renderer, phrases=book.phrases)
        case _:
            yield from _brought(effect, to, renderer=renderer, phrases=book.phrases)


def _brought(effect: Show, to: Listener, *, renderer: Renderer, phrases: Phrases) -> Iterator[Draft]:
    match effect.shown:
        case Shown.RETENTION:
            kept = told(renderer, to.voice, phrases=phrases)
            yield from (Draft(parts=[words], sensitive=effect.sensitive) for words in kept)
        case Shown.WORDS:
            brought = [to.attached.decode()] if to.attached else []
            yield from (Draft(parts=[Rich(words)], sensitive=effect.sensitive) for words in brought)
        case Shown.MINE | Shown.BUNDLE:
            if to.attached is not None:
                yield _file(effect, to.attached, words=_said(effect, to, renderer, phrases))
        case _:  # a chart or its table
            if to.figures is not None:
                chart = chart_of(to.figures, to.voice, renderer=renderer, phrases=phrases)
                yield _numbers(effect, chart, words=_said(effect, to, renderer, phrases))


def _notice(effect: Show, to: Listener, announcer: Announcer) -> Iterator[Draft]:
    """A notice as each language will have it, by what makes it for its readers."""
    if to.notice is None:
        return
    notice, content = to.notice
    for language in Language:
        voice = replace(to.voice, language=language)
        said = announcer.message(notice, content, voice=voice, limits=to.limits)
        if isinstance(said, SendMedia):
            yield Draft(parts=[], sensitive=effect.sensitive, picture=said)
        else:
            yield Draft(parts=[said.text], rows=said.rows, sensitive=effect.sensitive)


def _calendar(effect: Show, to: Listener, *, renderer: Renderer, phrases: Phrases) -> Iterator[Draft]:
    """A date as a file, under a title that says nothing."""
    if to.dated is not None:
        title = renderer.label(to.voice, phrases["calendar_title"])
        at, now, uid, place = to.dated.at, to.dated.now, to.dated.uid, to.dated.place
        content = calendar_file(Entry(title=title, at=at, now=now, uid=uid, place=place))
        yield _file(effect, content, words=_said(effect, to, renderer, phrases))


def _said(effect: Show, to: Listener, renderer: Renderer, phrases: Phrases) -> Rich:
    """What a file says with it."""
    return renderer.render(to.voice, phrases[FILES[effect.shown][0]]) if effect.shown in FILES else Rich("")


def _file(effect: Show, content: bytes, *, words: Rich) -> Draft:
    file = SendFile(name=FILES[effect.shown][1], content=content, caption=words)
    return Draft(parts=[], sensitive=effect.sensitive, file=file)


def _numbers(effect: Show, chart: Chart, *, words: Rich) -> Draft:
    """As a file, or as a picture with the same in words."""
    if effect.shown is Shown.TABLE:
        return _file(effect, table(chart), words=words)
    return Draft(parts=[Rich(in_words(chart))], sensitive=effect.sensitive, chart=chart)
