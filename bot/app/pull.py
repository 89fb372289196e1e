"""Pulling a card out of service from a terminal on the machine, while the bot runs; and which cards are pulled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.app.house import opened
from bot.app.review import find
from bot.app.world import World
from bot.model.audit import CONSOLE, Act, Thing
from bot.model.exit import ExpectedError
from bot.model.review import PullReason
from bot.settings import Settings
from bot.store import audit, cards, counters

DOUBTS: Final = timedelta(days=30)


class CannotBePulled(ExpectedError):
    """This card is one of the emergency lines, which always show."""

    advice = "Take it out of flows/cards and deploy."


async def pull(settings: Settings, card_id: str, *, reason: PullReason, world: World | None = None) -> str:
    """Show the present content of a card to nobody any more. Raises NoSuchCard, CannotBePulled."""
    world = world or World()
    review = find(settings.flows_dir / "cards", card_id)
    if review.card.always:
        raise CannotBePulled
    async with opened(settings, world) as db, db.unit() as unit:
        now = world.clock.now()
        await cards.pull(unit, card_id, review.content, reason=reason, now=now)
        await audit.write(unit, actor=CONSOLE, act=Act.PULL, thing=Thing.CARD, today=now.date())
        await unit.commit()
    return f"`{card_id}` is pulled: from the next batch on nobody is shown it."


async def restore(settings: Settings, card_id: str, *, world: World | None = None) -> str:
    """Take back the pull of a card's present content. Raises NoSuchCard."""
    world = world or World()
    review = find(settings.flows_dir / "cards", card_id)
    async with opened(settings, world) as db, db.unit() as unit:
        if not await cards.restore(unit, card_id, review.content):
            return f"`{card_id}` was not pulled."
        today = world.clock.now().date()
        await audit.write(unit, actor=CONSOLE, act=Act.RESTORE, thing=Thing.CARD, today=today)
        await unit.commit()
    return f"`{card_id}` is no longer pulled; it is shown again if it is approved."


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a running bot knows of its cards: the contents pulled, a line for each pull, and how often one was doubted.

    `wrong` is how often people said of a card that it is wrong, in the last thirty days.
    """

    contents: frozenset[str] = frozenset()
    pulls: tuple[str, ...] = ()
    wrong: Mapping[str, int] = field(default_factory=dict)

    def doubts(self, card: str) -> list[str]:
        """What there is to say of one card's doubts."""
        times = self.wrong.get(f"card.{card}.wrong", 0)
        return [f"said to be wrong in the last 30 days: {times}"] if times else []


async def heard(settings: Settings, world: World | None = None) -> Heard:
    """What the database has to say of the cards."""
    world = world or World()
    since = world.clock.now().date() - DOUBTS
    async with opened(settings, world) as db, db.reading() as unit:
        pulls = await cards.pulls(unit)
        wrong = await counters.since(unit, since)
    return Heard(
        contents=frozenset(one.content for one in pulls),
        pulls=tuple(f"pulled: {one.card}, {one.pulled_at:%Y-%m-%d %H:%M} UTC, {one.reason}" for one in pulls),
        wrong=wrong,
    )
