"""From what a turn wants said to what a platform is asked to do: words, keyboards, and the tidying of old ones.

One turn speaks in one person's voice. Effects come in the order they should be seen; a keyboard goes under the
last message; every message is split where its platform needs it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.actions.card import is_served
from bot.engine.effect import (
    CloseScreen,
    DropKeyboard,
    Effect,
    Offer,
    OfferPrompt,
    Relay,
    Say,
    Show,
    ShowCard,
)
from bot.engine.flow import Book, Phrase
from bot.i18n.render import Renderer
from bot.model.card import ContentPolicy
from bot.model.consent import ConsentText
from bot.model.limit import takes
from bot.model.outgoing import EditMessage, Payload, RemoveKeyboard
from bot.model.person import Language, Role
from bot.model.queue import Keep
from bot.model.review import Review, Standing
from bot.model.text import Rich, joined
from bot.pipeline.choices import Choices
from bot.pipeline.draft import NOTHING, Draft, Utterance, gathered, messages
from bot.pipeline.listener import Listener
from bot.pipeline.renewing import renewed
from bot.pipeline.showing import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What can be said: the flows, the cards with their reviews, and the policy that decides which are shown.

    `consents` are the words that are shown where somebody is asked to agree to something; `names` are
    what the two sides of a case may call each other. `blocked`: what a notice may not say either.
    """

    book: Book
    cards: Mapping[str, Review]
    policy: ContentPolicy
    consents: tuple[ConsentText, ...] = ()
    names: Sequence[str] = ()
    blocked: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    _views: dict[frozenset[Role], Book] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def texts(self) -> Mapping[str, str]:
        """The hash of those words, by their step."""
        return {one.shown: one.text for one in self.consents}

    def book_of(self, roles: frozenset[Role]) -> Book:
        """The flows and commands there are for somebody with these roles."""
        if roles not in self._views:
            self._views[roles] = self.book.seen_by(roles)
        return self._views[roles]


@dataclass(slots=True)
class Speech:
    """The utterances of one turn."""

    library: Library
    renderer: Renderer
    listener: Listener
    _drafts: list[Draft] = field(default_factory=list)
    _tidying: list[Utterance] = field(default_factory=list)
    _opening: list[Rich] = field(default_factory=list)
    _missed: bool = False

    def of(self, effects: tuple[Effect, ...]) -> list[Utterance]:
        """What to do on the platform for `effects`, in order: old keyboards first, then the messages."""
        for effect in effects:
            self._take(effect)
        if self._opening:
            self._drafts.append(Draft(parts=self._opening))
        limits = self.listener.limits
        drafts = self._drafts if limits.has_buttons else gathered(self._drafts, limits)
        said = [one for draft in drafts for one in messages(draft, limits)]
        return renewed(said, self.listener) if self.listener.renews else self._tidying + said

    def _take(self, effect: Effect) -> None:
        match effect:
            case Say():
                self._say(effect)
            case ShowCard():
                self._show_card(effect)
            case Show():
                self._show(effect)
            case Relay():
                self._relay(effect)
            case Offer() | OfferPrompt():
                self._offer(effect)
            case CloseScreen():
                self._close(effect)
            case DropKeyboard():
                self._drop(self.listener.press.message_id if self.listener.press else None)
            case _:
                pass  # timers, counters, faults and actions are not words

    def _say(self, effect: Say) -> None:
        if effect.phrase.on not in (None, self.listener.platform):
            return
        words = self._text(effect.phrase, effect.values)
        if effect.joins:
            self._opening.append(words)
        else:
            self._add(words, sensitive=effect.sensitive)

    def _add(self, words: Rich, *, sensitive: bool) -> None:
        self._drafts.append(Draft(parts=[*self._opening, words], sensitive=sensitive))
        self._opening = []

    def _offer(self, offer: Offer | OfferPrompt) -> None:
        """Choices under the last message; of a screen it is known later which message it is."""
        if (
            not self._drafts
            or self._drafts[-1].file
            or self._drafts[-1].chart
            or self._drafts[-1].picture
            or self._drafts[-1].rows
            or self._drafts[-1].answers.text
        ):
            self._add(NOTHING, sensitive=False)
        offer = self._of_what_is_served(offer)
        draft, listener = self._drafts[-1], self.listener
        choices = Choices(book=self.library.book, renderer=self.renderer, voice=listener.voice)
        if listener.limits.has_buttons:
            draft.rows = choices.keyboard(offer)
        elif isinstance(offer, OfferPrompt) or offer.typed:
            draft.answers = choices.listed(offer)
            draft.poll = choices.poll(offer)
        draft.keep = Keep.SCREEN if isinstance(offer, Offer) else None

    def _of_what_is_served(self, offer: Offer | OfferPrompt) -> Offer | OfferPrompt:
        """Without what stands below facts, where none of them may be shown."""
        if not isinstance(offer, Offer) or any(map(self._served, offer.cards)):
            return offer
        below = self.library.book.below_cards
        return replace(offer, choices=tuple(one for one in offer.choices if one not in below))

    def _served(self, card: str) -> Review | None:
        """The card, if it may be shown today."""
        review, to = self.library.cards.get(card), self.listener
        served = review and is_served(review, self.library.policy, today=to.today, pulled=to.pulled)
        return review if served else None

    def _relay(self, effect: Relay) -> None:
        """Somebody's own words, never read as markup; under their name where another question is open."""
        edits = effect.edits if self.listener.limits.edits else None
        media = effect.media if self.listener.limits.media else None
        parts = [Rich(effect.words)] if effect.words or not effect.media else []
        if effect.media and not media:
            parts.insert(0, self._text(self.library.book.phrases["line_unshown"], {}))
        if effect.who:
            parts.insert(0, self._text(self.library.book.phrases["line_from"], {"who": effect.who}))
        if effect.edits and not edits:
            parts.insert(0, self._text(self.library.book.phrases["line_edited"], {}))
        self._drafts.append(
            Draft(parts=parts, sensitive=True, carries=replace(effect, edits=edits, media=media))
        )

    def _show(self, effect: Show) -> None:
        for draft in shown(effect, self.listener, renderer=self.renderer, book=self.library.book):
            if draft.picture and self._opening:
                self._drafts.append(Draft(parts=self._opening, sensitive=draft.sensitive))
                self._opening = []
            if draft.file is None:
                draft.parts[:0] = self._opening
                self._opening = []
            draft.apart = True
            self._drafts.append(draft)

    def _show_card(self, effect: ShowCard) -> None:
        """A card, or once in a turn the honest sentence that there is no checked answer."""
        if review := self._served(effect.card):
            self._add(self._card(review), sensitive=effect.sensitive)
            self._drafts[-1].lasts = not effect.sensitive
        elif not self._missed:
            self._missed = True
            self._add(self._text(self.library.book.phrases["card_missing"], {}), sensitive=False)

    def _card(self, review: Review) -> Rich:
        """A card's text and source; what is not approved says so where drafts are shown."""
        phrases = self.library.book.phrases
        words = [self.renderer.card(self.listener.voice, review.card, phrases["card_source"])]
        approved = review.standing(self.listener.today) is Standing.APPROVED
        if not approved and self.library.policy is ContentPolicy.DRAFT:
            words.insert(0, self._text(phrases["card_draft"], {}))
        return joined(words)

    def _close(self, effect: CloseScreen) -> None:
        """Take the answered screen's keyboard away; under a press the chosen answer stays visible."""
        press = self.listener.press
        if effect.chosen is None or press is None:
            self._drop(None if effect.prompt else self._open_screen())
            return
        chosen = self._text(
            self.library.book.phrases["chosen"], {"answer": self._text(effect.chosen, {}).text}
        )
        shown = joined([press.shown, chosen]) if press.shown else None
        if shown and self.listener.limits.length(shown.text) <= self.listener.limits.text:
            self._tidy(EditMessage(message_id=press.message_id, text=shown))
        else:
            self._drop(press.message_id)

    def _open_screen(self) -> str | None:
        """The message of the screen that was open; a press of it brought it along."""
        return self.listener.screen_message or (
            self.listener.press.message_id if self.listener.press else None
        )

    def _drop(self, message_id: str | None) -> None:
        if message_id:
            self._tidy(RemoveKeyboard(message_id=message_id))

    def _tidy(self, payload: Payload) -> None:
        if takes(self.listener.limits, payload):
            self._tidying.append(Utterance(payload=payload))

    def _text(self, phrase: Phrase, values: Mapping[str, str]) -> Rich:
        return self.renderer.render(self.listener.voice, phrase, values)
