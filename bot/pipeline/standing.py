"""Where a person is when something happens: what their words are read against. Pure; for `understand`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.engine.flow import Book, Choice, Step
from bot.engine.session import Prompt, Session
from bot.model.incoming import AND


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the person is when something happens; of the book, what there is for them.

    `screen_message` is the message that the open question stands in, where its platform names messages.
    """

    book: Book
    session: Session
    today: date
    screen_message: str | None = None

    @property
    def step(self) -> Step | None:
        """The step they are at; None at rest, or where the flow has lost it."""
        top = self.session.top
        return self.book.step(top.flow, top.step) if top else None

    def is_screen(self, message: str | None) -> bool:
        """Whether a message is the one the open question stands in, or the poll below it."""
        return message is not None and message in (self.screen_message or "").split(AND)

    @property
    def is_on_a_line(self) -> bool:
        """Whether what they write is for somebody else."""
        return self.step is not None and self.step.is_line

    @property
    def offered(self) -> tuple[Choice | None, ...]:
        """The open screen's choices by the numbers the person saw; None where the flow has lost one."""
        screen, step = self.session.screen, self.step
        if screen is None or step is None:
            return ()
        return tuple(self.book.choice(step, id) for id in screen.choices)

    @property
    def own(self) -> tuple[Choice, ...]:
        """Of these, the step's own that are still there."""
        return tuple(one for one in self.offered if one is not None and not one.id.startswith("~"))

    def choices_of(self, prompt: Prompt) -> Sequence[Choice]:
        """The answers under a prompt, as it was shown; none where its flow has lost one."""
        step = self.book.step(prompt.flow, prompt.step)
        found = [step.choice(id) for id in prompt.choices] if step else []
        return [choice for choice in found if choice] if None not in found else []
