"""Another phone answers at somebody's address: mostly a new phone of theirs, rarely somebody else.

It is trusted, so that words can pass at all, and asked whose it is. Until that is known it is shown nothing of theirs,
not even that there is anything: what is for them waits in the outbox, what it writes in a lane of its own. Whoever
has a role has it again when two organizers say so. The session is not touched, so it goes on where they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.actions import note, phone, privacy
from bot.actions.duty import TIMER
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.effect import Effect, Offer, Say, ShowCard
from bot.engine.event import Fired, Raised
from bot.engine.flow import SYSTEM, Book, Step
from bot.engine.need import CRISIS, DEFENCE, HUMAN, LINES, PHONE, URGENT
from bot.i18n.vocabulary import Vocabulary
from bot.model.audit import ITSELF, Act
from bot.model.case import HELD, Side, Why
from bot.model.incoming import Command, Edited, IdentityChanged, Incoming, Media, Reachability, Text
from bot.model.outgoing import SendMessage
from bot.model.person import Address
from bot.model.queue import Ending, Lane, LaneKind, Settlement
from bot.pipeline.knock import Knock
from bot.pipeline.reading import Reading
from bot.store import audit, cases, lanes, rekeyed, roles, timers
from bot.store.pauses import FOREVER
from bot.store.people import Known
from bot.store.unit import Unit

NOTICED: Final = "rekeyed"  # what happens to somebody for whom a call came to another phone
CALLS: Final = (CRISIS, URGENT, HUMAN, "lawyer")  # what brings up numbers to call, whoever asks
ME: Final = "me"
WITH_TRUST: Final = timedelta(
    seconds=15
)  # so long after the question words may come that lay at the platform before it
NAMELESS: Final = "00000000"  # the question is in no session, and there are no buttons to press


@dataclass(frozen=True, slots=True, kw_only=True)
class Porter:
    """Asks who is there, at the address where `scene` is answered."""

    scene: Scene
    known: Known
    book: Book
    vocabulary: Vocabulary

    async def answer(self, reading: Reading) -> Knock | None:
        """What comes of a row; None where nobody has to be asked for it."""
        here = self.scene.here
        if here is None:
            return None
        happening = reading.incoming.happening if reading.incoming else None
        if isinstance(happening, IdentityChanged) or there(reading, self.known):
            return await self._changed(here, has_written=reading.incoming is not None)
        if (
            reading.incoming is None
            or here.id not in self.known.rekeyed
            or isinstance(happening, Reachability)
        ):
            return None
        knock = await self._said(reading, reading.incoming, here)
        if knock.holds:
            await rekeyed.hold(self.scene.unit, reading.row.id)
        return knock

    async def _changed(self, here: Address, *, has_written: bool) -> Knock:
        """Of who was never spoken to there is nothing to be shown to anybody.

        A call that fails again does not have the question sent again at once, else the two would never end.
        """
        if self.known.person.language is None:
            return Knock(trusts=True, is_nobody=True)
        unit, now = self.scene.unit, self.scene.now
        waited = has_written and await rekeyed.take_back(unit, here.id)
        is_out = not waited and self.known.rekeyed.get(here.id, FOREVER) < FOREVER
        await rekeyed.mark(unit, here.id, now=now, asked=now if is_out else FOREVER)
        await self._rest()
        if here.id in self.known.rekeyed:
            return Knock(effects=self._question() if waited else (), trusts=True)
        await _tell_beside(self.scene, "line_phone")
        return Knock(effects=self._question(), trusts=True)

    async def _rest(self) -> None:
        """What they may do rests from now on, and anew where it rested already."""
        unit, person, now = self.scene.unit, self.scene.person, self.scene.now
        await roles.rest(unit, person.id, now=now)
        if not self.known.roles:
            return
        await cases.free_all(unit, person.id, why=Why.REVOKED, now=now)
        await timers.cancel(unit, Lane(kind=LaneKind.PERSON, id=person.id), [TIMER])
        for role in sorted(self.known.roles):
            await audit.write(unit, actor=ITSELF, act=Act.REST, thing=phone.THINGS[role], today=now.date())
        await note.tell(self.scene, Alert.PHONE)

    async def _said(self, reading: Reading, incoming: Incoming, here: Address) -> Knock:
        """An answer, a call for help, or anything else, which waits and is handled once it is known to be theirs."""
        happening = incoming.happening
        called = self._command(happening)
        cards = self._cards(happening, called)
        if (early := await self._early(reading, incoming, here)) is not None:
            return replace(early, effects=(*cards, *early.effects))
        if cards:
            return Knock(effects=(*cards, *self._question()), holds=called not in CALLS)
        found = None
        if isinstance(happening, Text):
            found = self.vocabulary.choice(happening.text, self._step.choices)
        if found is None:
            return Knock(effects=self._question("phone_waits"), holds=True)
        if not found.exact:
            return Knock(effects=self._question("phone_unclear"))
        return await (self._is_me() if found.choice == ME else self._is_over(here))

    async def _early(self, reading: Reading, incoming: Incoming, here: Address) -> Knock | None:
        """What was written before the question was there is no answer to it, and waits; None for anything later.

        Nothing is said to what comes while it is on its way, or with the trust. Anything else is asked, so that nobody
        is left without a word where the question was lost, or where the clock of the platform is behind ours.
        """
        asked = self.known.rekeyed[here.id]
        if asked == FOREVER:
            if await rekeyed.is_coming(self.scene.unit, here.id):
                return Knock(holds=True)
            await rekeyed.take_back(self.scene.unit, here.id)
            return Knock(effects=self._question("phone_waits"), trusts=True, holds=True)
        if (incoming.written_at or reading.row.received_at) > asked:
            return None
        is_with_trust = reading.row.received_at <= asked + WITH_TRUST
        return Knock(effects=() if is_with_trust else self._question("phone_waits"), holds=True)

    async def _is_me(self) -> Knock:
        """For whoever has a role, two organizers make sure; also where it was given while this was asked."""
        if self.known.roles:
            await self._rest()
        if self.known.roles or self.known.rests:
            return Knock(effects=(self._say("phone_team"), ShowCard(card=LINES)))
        await let_in(self.scene)
        return Knock(is_them=True)

    async def _is_over(self, here: Address) -> Knock:
        """Whoever is in the other app as well stays there: what a phone says here deletes nothing of theirs."""
        if len(self.scene.addresses) == 1:
            await privacy.delete(self.scene, {})
            return Knock(effects=(self._say("phone_over"),))
        unit, person, now = self.scene.unit, self.scene.person, self.scene.now
        await rekeyed.pass_on(unit, here.id)
        flow = "phone_left_team" if self.known.rests else "phone_left"
        told = Raised(flow=flow, subject=str(here.id), values={"there": here.platform.value})
        await lanes.to_person(unit, person.id, told, now=now)
        self.scene.left.append(here)
        return Knock(effects=(self._say("phone_left"),))

    def _command(self, happening: object) -> str | None:
        if isinstance(happening, Command):
            return happening.name
        return self.vocabulary.command(_words(happening), among=self.book.commands)

    def _cards(self, happening: object, called: str | None) -> tuple[Effect, ...]:
        """Numbers to call: they are nobody's secret."""
        words = _words(happening)
        if called == URGENT or self.vocabulary.is_urgent(words):
            return ShowCard(card=DEFENCE), ShowCard(card=LINES)
        is_called = called in CALLS or self.vocabulary.is_distress(words)
        return (ShowCard(card=LINES),) if is_called else ()

    @property
    def _step(self) -> Step:
        return self.book.flows[SYSTEM].steps[PHONE]

    def _question(self, why: str | None = None) -> tuple[Effect, ...]:
        step = self._step
        opening = [replace(self._say(why), joins=True)] if why else []
        said = [Say(phrase=phrase) for phrase in step.say]
        return (*opening, *said, Offer(nonce=NAMELESS, choices=step.choices, own=len(step.choices)))

    def _say(self, phrase: str) -> Say:
        return Say(phrase=self.book.phrases[phrase])


def there(reading: Reading, known: Known) -> Address | None:
    """The address where a call came to another phone, if a row tells of that."""
    match reading.event:
        case Fired(timer=timer, version=version) if timer == NOTICED:
            return next((one for one in known.addresses if str(one.id) == version), None)
        case _:
            return None


async def noticed(unit: Unit, settlements: Sequence[Settlement], *, now: datetime) -> None:
    """Calls that came to another phone: by a turn of their own it is trusted, and asked whose it is.

    A question that went out can be answered from now on.
    """
    out = [
        one.delivery.address_id
        for one in settlements
        if one.delivery.asks and one.ending is Ending.SENT and isinstance(one.delivery.payload, SendMessage)
    ]
    await rekeyed.are_out(unit, out, now=now)
    for one in settlements:
        if one.rekeyed and not one.delivery.owed:
            event = Fired(timer=NOTICED, version=str(one.delivery.address_id))
            await lanes.to_person(unit, one.delivery.person_id, event, now=now)


async def let_in(scene: Scene) -> None:
    """It is them: what waited goes on, and whoever is beside them on a line hears that it does."""
    await rekeyed.settle(scene.unit, scene.person.id, now=scene.now)
    await _tell_beside(scene, "line_again")


async def _tell_beside(scene: Scene, flow: str) -> None:
    """Tell whoever is beside them on a line."""
    found = [case for case in await cases.of_person(scene.unit, scene.person.id) if case.state in HELD]
    for case, beside in [(case, case.volunteer_id) for case in found if case.volunteer_id]:
        told = Raised(flow=flow, subject=str(case.id), values={"who": case.name_for(Side.VOLUNTEER)})
        await lanes.to_person(scene.unit, beside, told, now=scene.now)


def _words(happening: object) -> str:
    match happening:
        case Text() | Edited():
            return happening.text
        case Media():
            return happening.caption
        case Command():
            return happening.argument
        case _:
            return ""
