"""One turn in progress: the stack of frames, the open screen, and what was said so far.

A `Walk` lives for one call of `advance` and is the only mutable thing in the engine. It knows how to show and to
close a question; `move.py` walks it from step to step, `prompt.py` asks beside it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.engine.effect import CloseScreen, Count, Effect, Offer, Perform, Say, SetTimer, Show, ShowCard
from bot.engine.fit import asks, fits
from bot.engine.flow import Audience, Book, Choice, Phrase, Step, Tone, command_choice
from bot.engine.need import HUMAN, MENU
from bot.engine.session import DEPTH, Answered, Frame, Prompt, Screen, Session
from bot.model.gentle import NEVER, gentle_until, is_gentle

WAIT: Final = "wait"


class Walk:
    """The state of one turn; `session()` is where it came to rest."""

    def __init__(self, book: Book, session: Session, *, now: datetime, nonce: str, spent: int) -> None:
        self.book = book
        self.now = now
        self.nonce = nonce
        self.spent = spent
        self.frames: list[Frame] = list(session.frames)
        self.screen: Screen | None = session.screen
        self.answered: Answered | None = session.answered
        self.prompts: tuple[Prompt, ...] = session.prompts
        self.expires_at: datetime | None = session.expires_at
        self.album: str | None = session.album
        self.gentle_until: date = session.gentle_until
        self.effects: list[Effect] = []
        self.pending: Perform | None = None
        self._seen: tuple[str, ...] = ()  # the facts in sight
        self._before: tuple[str, ...] = ()  # those of the question that was just answered

    def session(self) -> Session:
        """The session as it stands. A gentle week that is over is forgotten."""
        return Session(
            frames=tuple(self.frames),
            screen=self.screen,
            answered=self.answered,
            prompts=self.prompts,
            expires_at=self.expires_at,
            album=self.album,
            gentle_until=self.gentle_until if is_gentle(self.gentle_until, now=self.now) else NEVER,
        )

    @property
    def top(self) -> Frame | None:
        """The frame in progress."""
        return self.frames[-1] if self.frames else None

    @property
    def step(self) -> Step | None:
        """The step in progress; None at rest, and where a flow or step is gone."""
        return self.book.step(self.top.flow, self.top.step) if self.top else None

    @property
    def has_spoken(self) -> bool:
        """Whether the person hears or sees anything of this turn yet."""
        return any(isinstance(effect, (Say, ShowCard, Show)) for effect in self.effects)

    @property
    def answers(self) -> Mapping[str, str]:
        """What the frame in progress remembers."""
        return self.top.answers if self.top else {}

    def keep(self, answers: Mapping[str, str]) -> None:
        """Remember answers with the frame in progress."""
        if self.top and answers:
            self.frames[-1] = replace(self.top, answers={**self.top.answers, **answers})

    # What is said

    def tell(self, step: Step) -> None:
        """Everything a step shows and says, when it is first taken."""
        self.show_cards(step)
        self.say(step, step.say)
        if step.show:
            self.effects.append(Show(shown=step.show, sensitive=step.sensitive))
        if step.count:
            self.effects.append(Count(counter=step.count))

    def say(self, step: Step, phrases: tuple[Phrase, ...]) -> None:
        """Words of a step, with the answers of the frame in progress."""
        self.effects += [
            Say(phrase=phrase, values=self.answers, sensitive=step.sensitive) for phrase in phrases
        ]

    def show_cards(self, step: Step) -> None:
        """A step's cards; `$name` is the one whose id is kept under that name. In a crisis they begin a gentle week."""
        cards = (self.answers.get(card[1:], "") if card.startswith("$") else card for card in step.cards)
        shown = [ShowCard(card=card, sensitive=step.sensitive) for card in cards]
        self.effects += shown
        if not shown or not self.top:
            return
        if self.book.flows[self.top.flow].tone is Tone.CRISIS:
            self.be_gentle()
        else:
            self._seen = tuple(dict.fromkeys((*self._seen, *(one.card for one in shown))))

    def be_gentle(self) -> None:
        """Numbers to call were shown in a hard moment: the week after it begins."""
        self.gentle_until = gentle_until(self.now)

    def open_with(self, phrase: Phrase, values: Mapping[str, str] | None = None) -> None:
        """Words that open the message to come."""
        self.effects.append(Say(phrase=phrase, values=self.answers if values is None else values, joins=True))

    def remark(self, phrase: Phrase, values: Mapping[str, str] | None = None) -> None:
        """A sentence by itself, beside whatever is open."""
        self.effects.append(Say(phrase=phrase, values=values or self.answers, sensitive=True))

    # The open question

    def wait(self, step: Step, *, extra: tuple[Choice, ...] = (), since: datetime | None = None) -> None:
        """Rest here: the choices go under the last message, and the screen before loses its own.

        Past the depth of the stack the oldest frame gives way. `since` it was asked, where it was before.
        """
        self.retire_screen()
        cards = self._seen if self._may_be_doubted() else ()
        choices = self.book.choices(step) + extra + (self.book.below_cards if cards else ())
        self.screen = Screen(
            nonce=self.nonce,
            choices=tuple(choice.id for choice in choices),
            asks=asks(step),
            cards=cards,
            since=since or self.now,
        )
        own, typed = len(step.choices), not step.is_line
        self.effects.append(
            Offer(
                nonce=self.nonce,
                choices=choices,
                own=own,
                typed=typed,
                cards=cards,
                exact=step.exact,
                numbers=not step.asks_a_number,
            )
        )
        self.frames = [*self.frames[-DEPTH:-1], replace(self.frames[-1], prompt=None)]
        self.keep_open()
        if step.timeout:
            due_at = self.now + step.timeout.after
            self.effects.append(SetTimer(timer=WAIT, due_at=due_at, version=self.nonce))

    def _may_be_doubted(self) -> bool:
        """Facts are, by whoever reads them here; never in the crisis lane, nor above it."""
        flows = [self.book.flows[frame.flow] for frame in self.frames if frame.flow in self.book.flows]
        in_crisis = any(flow.tone is Tone.CRISIS for flow in flows)
        return not in_crisis and flows[-1].audience is Audience.PERSON

    @property
    def cards(self) -> tuple[str, ...]:
        """The facts below which the open question stands, or the one that was just answered."""
        return self.screen.cards if self.screen else self._before

    def still_sees(self, facts: str) -> None:
        """These are in sight as they were before a flow that came in between."""
        self._seen = tuple(facts.split())

    def keep_open(self) -> None:
        """The open question is as young as if it had just been asked."""
        self.expires_at = self.now + self.book.flows[self.frames[-1].flow].expires

    def show_again(self, step: Step, *, brief: bool = False, extra: tuple[Choice, ...] = ()) -> None:
        """A question that was asked before; `brief` where it is still in sight: then its last words are enough.

        Its cards come again only where it has no words of its own.
        """
        since = self.screen.since if self.screen else None
        if self.screen:
            self._seen = self._seen or self.screen.cards
        self.say(step, step.asking if brief else step.say)
        if not step.say:
            self.show_cards(step)
        self.wait(step, extra=extra, since=since)

    def rest(self) -> None:
        """Nothing is going on any more."""
        self.retire_screen()
        self.frames, self.expires_at = [], None

    def retire_screen(self) -> None:
        """The open question gives way unanswered; its keyboard goes first."""
        if self.screen:
            self.effects.insert(0, CloseScreen(chosen=None))
            self.screen = None

    def close(self, choice: Choice | None) -> None:
        """The open question is answered, with `choice` or in free words."""
        self._before = self.cards
        screen, self.screen = self.screen, None
        self.effects.append(CloseScreen(chosen=choice.label if choice else None))
        self.answered = Answered(nonce=screen.nonce, choice=choice.id) if screen and choice else None

    def offered(self, step: Step, choice_id: str) -> Choice | None:
        """The choice of that id on the open screen of `step`, if the flow still has it."""
        on_screen = self.screen is not None and choice_id in self.screen.choices
        return self.book.choice(step, choice_id) if on_screen else None

    def ways_out(self, step: Step) -> tuple[Choice, ...]:
        """The menu and a person, where the step is not there itself and offers nothing that leads there."""
        labelled = ((name, self._label(name)) for name in (MENU, HUMAN) if not self._is_near(step, name))
        return tuple(command_choice(name, label) for name, label in labelled if label)

    def _is_near(self, step: Step, command: str) -> bool:
        route = self.book.commands[command].route
        near = {(choice.route.flow, choice.route.step) for choice in self.book.choices(step)}
        near.add((self.frames[-1].flow, step.id))
        return not near.isdisjoint({(route.flow, route.step), (command, "")})

    def _label(self, command: str) -> Phrase | None:
        found = self.book.commands[command]
        return found.menu or found.safety

    # Whether the session still fits

    def has_expired(self) -> bool:
        """Whether the open question has been silent for too long to go on without asking."""
        return self.expires_at is not None and self.now > self.expires_at

    def has_changed(self) -> bool:
        """Whether the flow no longer offers what the person was shown."""
        return self.screen is None or not fits(self.step, self.screen)
