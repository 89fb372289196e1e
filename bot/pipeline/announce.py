"""A notice as its readers see it. Pure, and the same for everybody of one language, form and platform.

Called by deliver for everybody it is for.
"""

from dataclasses import dataclass

from bot.engine.flow import Book
from bot.i18n.render import Renderer
from bot.model.limit import Limits
from bot.model.notice import Notice, NoticeContent
from bot.model.outgoing import SendMessage
from bot.model.person import Voice
from bot.model.text import Rich, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Puts notices into words."""

    book: Book
    renderer: Renderer

    def message(
        self,
        notice: Notice,  # noqa: ARG002 - its buttons will name it
        content: NoticeContent,
        *,
        voice: Voice,
        limits: Limits,  # noqa: ARG002 - where there are none, there will be a list
    ) -> SendMessage:
        """The one message that a notice is."""
        return SendMessage(text=joined([Rich(content.text_in(voice.language)), Rich(content.link)]))
