"""What comes of a row at the door, where another phone answers at somebody's address (`rekeyed`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.actions.scene import Scene
from bot.engine.effect import Effect
from bot.model.outgoing import Priority, TrustIdentity
from bot.model.queue import NewOutbox
from bot.pipeline.changes import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """What comes of a row at the door: what is said there, and what becomes of the row.

    `trusts`: it is trusted first; `is_them`: it is known now whose phone it is; `holds`: what was written waits;
    `is_nobody`: the bot never spoke there.
    """

    effects: tuple[Effect, ...] = ()
    trusts: bool = False
    is_them: bool = False
    holds: bool = False
    is_nobody: bool = False

    def written(self, changes: Changes, scene: Scene, *, said: Sequence[NewOutbox]) -> Changes:
        """`changes` with what is done at the door. What leaves is marked, and nothing waits before it."""
        if self.holds:
            changes.done.clear()
        changes.forgotten += [scene.person.id] if scene.forgotten else []
        changes.left += scene.left
        changes.strangers += [scene.person.id] if self.is_nobody else []
        changes.counts.update(scene.counts)
        trust = (
            [NewOutbox(address_id=scene.here.id, person_id=scene.person.id, payload=TrustIdentity())]
            if self.trusts and scene.here
            else []
        )
        changes.outbox += [replace(row, asks=True, priority=Priority.REPLY) for row in (*trust, *said)]
        return changes
