"""A notice as its readers see it: its words, when and where, and its answers. One look for the preview and for sending.

Pure, and the same for everybody of one language, form and platform, so that a broadcast makes it once for each. Times
are told by the clocks of where it takes place. Called by `speech` for organizers, by deliver for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.engine.flow import Book, Choice
from bot.engine.need import NOTICE
from bot.i18n.place import map_link
from bot.i18n.render import Renderer
from bot.model.incoming import MediaKind
from bot.model.limit import Limits
from bot.model.notice import Notice, NoticeContent, button_data
from bot.model.notice_code import code_of
from bot.model.outgoing import Button, Rows, SendMedia, SendMessage
from bot.model.person import Voice
from bot.model.text import Rich, joined

COLUMNS: Final = 2
STOP: Final = 0  # the number of the last answer, however many come before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Puts notices into words."""

    book: Book
    renderer: Renderer

    def message(
        self, notice: Notice, content: NoticeContent, *, voice: Voice, limits: Limits
    ) -> SendMessage | SendMedia:
        """The one message that a notice is: its words, under its picture where that fits."""
        there = replace(voice, zone=content.zone)
        parts = [
            self._opening(notice, content, there),
            self._words(content, there),
            self._when(content, there),
            self._said("notice_where", there, place=content.place) if content.place else Rich(""),
            Rich(content.link),
        ]
        text = joined(parts)
        if not limits.has_buttons:
            text = self._listed(parts, notice, content, voice=there, limits=limits)
        rows = self._rows(notice, content, voice) if limits.has_buttons else ()
        if content.picture is None or not limits.media or limits.length(text.text) > limits.caption:
            return SendMessage(text=text, rows=rows)
        source, file = content.picture.platform, content.picture.file
        return SendMedia(media=MediaKind.PHOTO, source=source, file=file, caption=text, rows=rows)

    def _opening(self, notice: Notice, content: NoticeContent, voice: Voice) -> Rich:
        """That it corrects an earlier one, or calls that off, which is said in fixed words."""
        if content.called_off:
            return self._said("notice_called_off", voice)
        return self._said("notice_corrects", voice) if notice.corrects else Rich("")

    def _words(self, content: NoticeContent, voice: Voice) -> Rich:
        """The text; in the other language, where there is none in the reader's, below a word about that."""
        words = self.renderer.written(content.text_in(voice.language), voice.language)
        if content.texts.get(voice.language):
            return words
        return joined([self._said("notice_foreign", voice), words]) if words.text else words

    def _when(self, content: NoticeContent, voice: Voice) -> Rich:
        """When it takes place; without a place also by whose clocks."""
        if content.starts_at is None:
            return Rich("")
        phrase = "notice_was_when" if content.called_off else "notice_when"
        phrase += "" if content.place else "_there"
        return self._said(phrase, voice, at=content.starts_at.isoformat(), zone=content.zone)

    def _listed(
        self, parts: list[Rich], notice: Notice, content: NoticeContent, *, voice: Voice, limits: Limits
    ) -> Rich:
        """Where there are no buttons: the answers with the code of each, and the map as a link if it fits."""
        code = code_of(notice.serial)
        offered = {
            f"{code}{number}": choice for number, choice in numbered(self.book) if is_offered(choice, content)
        }
        lines = [self.renderer.item(voice, choice.label, sign=sign) for sign, choice in offered.items()]
        answers = [Rich("\n".join(lines)), self._said("notice_answers", voice, code=next(iter(offered)))]
        link = Rich(map_link(content.place) if content.place and not content.called_off else "")
        whole = joined([*parts, link, *answers])
        return whole if limits.length(whole.text) <= limits.text else joined([*parts, *answers])

    def _said(self, phrase: str, voice: Voice, **values: str) -> Rich:
        return self.renderer.render(voice, self.book.phrases[phrase], values)

    def _rows(self, notice: Notice, content: NoticeContent, voice: Voice) -> Rows:
        """What can be answered: two to a row, and last, by itself, how to have no more of these."""
        offered = [choice for _, choice in numbered(self.book) if is_offered(choice, content)]
        buttons = [
            Button(label=self.renderer.label(voice, choice.label), data=button_data(notice.id, choice.id))
            for choice in offered
        ]
        if content.place and not content.called_off:
            label = self.renderer.label(voice, self.book.phrases["notice_map"])
            buttons.insert(-1, Button(label=label, url=map_link(content.place)))
        *others, last = buttons
        pairs = [tuple(others[at : at + COLUMNS]) for at in range(0, len(others), COLUMNS)]
        return (*pairs, (last,))


def numbered(book: Book) -> Sequence[tuple[int, Choice]]:
    """Every answer there can be, with the number it has under any notice; the last one, which ends them, has `STOP`."""
    flow = book.flows[NOTICE]
    *others, last = flow.steps[flow.start].choices
    return (*enumerate(others, start=1), (STOP, last))


def is_offered(choice: Choice, content: NoticeContent) -> bool:
    """Whether a button has a use under this notice: no calendar without a time, no map without a place.

    Where it is called off, there is nothing to say to it, and nothing to come to.
    """
    match choice.id:
        case "coming" | "cant" | "remind" | "calendar" | "rights" if content.called_off:
            return False
        case "coming" | "cant" | "remind":
            return choice.id in content.answers
        case "calendar":
            return content.starts_at is not None
        case "rights":
            return bool(content.place)
        case _:
            return True
