"""What a turn begins with and what it comes to: a row opened, what its batch shares, and a result in no language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.actions.scene import Scene
from bot.engine.effect import Effect
from bot.engine.event import Event
from bot.engine.session import Session
from bot.model.case import CaseEvent
from bot.model.incoming import Incoming, Media, MediaKind, MediaRef
from bot.model.person import Platform
from bot.model.queue import InboxRow, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An inbox row opened: a platform's update, or an event from a timer or another turn: a person's or a case's."""

    row: InboxRow
    incoming: Incoming | None = None
    event: Event | None = None
    of_case: CaseEvent | None = None

    @property
    def source(self) -> Origin | Event | None:
        """The platform an update came from, or the event."""
        return self.row.origin if self.incoming else self.event


def unneeded(reading: Reading, scene: Scene) -> list[MediaRef]:
    """The photo or voice message that was only answered: it goes to nobody, so nobody asks for it."""
    happening = reading.incoming.happening if reading.incoming else None
    if scene.took_file or not isinstance(happening, Media) or happening.file is None:
        return []
    source = Platform(reading.row.origin)
    if happening.media is MediaKind.PHOTO:
        return [MediaRef(media=MediaKind.PHOTO, source=source, file=happening.file)]
    return [MediaRef(media=MediaKind.VOICE, source=source, file=happening.file)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a turn comes to, before it is put into words. No `session`: it stays; `renews`: so does the message."""

    session: Session | None
    effects: tuple[Effect, ...]
    scene: Scene
    renews: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all turns of a batch share: the time, the last screen's message id per address id, the contents pulled.

    `is_held`: the organizers hold everything.
    """

    now: datetime
    screens: Mapping[int, str]
    pulled: frozenset[str]
    is_held: bool = False
