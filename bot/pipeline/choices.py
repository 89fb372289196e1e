"""How choices are shown: as a keyboard, or as a numbered list where the platform has no buttons.

A list is numbered as typed answers count (`session.Screen.choices`), a prompt's by its own code. Called by `speech`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.engine.effect import Offer, OfferPrompt
from bot.engine.flow import Book, Choice
from bot.i18n.render import Renderer
from bot.model.outgoing import Button, Poll, Rows
from bot.model.person import Voice
from bot.model.text import Rich, joined

SAFETY_COLUMNS: Final = 2
FEWEST, MOST = 2, 10  # options of a poll
BOUND: Final = "\u00a0"  # a line ends after an answer of a row and its dot, nowhere else
BETWEEN: Final = f"{BOUND}\u00b7 "


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Shows choices in one person's voice."""

    book: Book
    renderer: Renderer
    voice: Voice

    def keyboard(self, offer: Offer | OfferPrompt) -> Rows:
        """The step's own choices one to a row, what holds everywhere below them two to a row."""
        nonce, own = (
            (offer.id, len(offer.choices)) if isinstance(offer, OfferPrompt) else (offer.nonce, offer.own)
        )
        buttons = [
            Button(label=self.renderer.label(self.voice, choice.label), data=f"v1:{nonce}:{choice.id}")
            for choice in offer.choices
        ]
        everywhere = buttons[own:]
        pairs = [
            tuple(everywhere[at : at + SAFETY_COLUMNS]) for at in range(0, len(everywhere), SAFETY_COLUMNS)
        ]
        return (*((button,) for button in buttons[:own]), *pairs)

    def listed(self, offer: Offer | OfferPrompt) -> Rich:
        """The same as lines, what holds everywhere as one line below them, and how to answer."""
        if isinstance(offer, OfferPrompt):
            phrase, values = self.book.phrases["answer_code"], {"code": f"{offer.code}1"}
            lists = [self._lines(offer.choices, code=offer.code)]
        else:
            phrase, values = self.book.phrases["answer_number"], {}
            lines = self._lines(offer.choices)
            below = lines[offer.own :] if offer.numbers else self._words(offer.choices[offer.own :])
            row = BETWEEN.join(one.replace(" ", BOUND) for one in below)
            lists = [lines[: offer.own], [row]]
        parts = [Rich("\n".join(lines)) for lines in lists]
        return joined([*parts, self.renderer.render(self.voice, phrase, values)])

    def poll(self, offer: Offer | OfferPrompt) -> Poll | None:
        """The step's own choices as a poll; what is agreed to, signed or deleted is never voted on."""
        own = offer.choices[: offer.own] if isinstance(offer, Offer) and not offer.exact else ()
        if not FEWEST <= len(own) <= MOST:
            return None
        question = self.renderer.label(self.voice, self.book.phrases["poll"])
        options = tuple(self.renderer.label(self.voice, choice.label) for choice in own)
        return Poll(question=question, options=options)

    def _words(self, choices: Sequence[Choice]) -> list[str]:
        return [self.renderer.label(self.voice, choice.label) for choice in choices]

    def _lines(self, choices: Sequence[Choice], *, code: str = "") -> list[str]:
        return [
            self.renderer.item(self.voice, choice.label, sign=f"{code}{number}")
            for number, choice in enumerate(choices, start=1)
        ]
