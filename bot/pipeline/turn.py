"""One inbox row becomes one turn: read, understood, taken through the engine and its actions, put into words.

A turn writes only its own lane's session; what it wants written is gathered in `Changes` and written with the
whole batch. Nothing here commits.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions import ACTIONS
from bot.actions.scene import Scene
from bot.engine.effect import Count, Effect, Fault, SetTimer
from bot.engine.event import Event, Fired, Recognised
from bot.engine.session import Session
from bot.engine.step import Moment, advance
from bot.i18n.render import Renderer
from bot.i18n.vocabulary import Vocabulary
from bot.model.consent import Purpose
from bot.model.expiry import USUAL
from bot.model.incoming import Press, Reachability
from bot.model.limit import LIMITS
from bot.model.outgoing import Priority
from bot.model.person import Address, Language, Person, Voice
from bot.model.queue import Guard, NewOutbox
from bot.model.search import CLAIMS_A_DAY, Patience
from bot.pipeline.acquaintance import acquainted
from bot.pipeline.admission import admitted
from bot.pipeline.answering import reply_address, row_of, timer_of
from bot.pipeline.changes import Changes
from bot.pipeline.checking import Checking, is_checkin
from bot.pipeline.erasing import erased
from bot.pipeline.expiring import expiring
from bot.pipeline.hearing import heard, is_sensitive
from bot.pipeline.leaving import leave, parting
from bot.pipeline.listener import Listener
from bot.pipeline.noted import Noted
from bot.pipeline.paused import answer, is_answered
from bot.pipeline.reading import Reading, Result, Shared, unneeded
from bot.pipeline.rekeyed import Porter, there
from bot.pipeline.reminding import asked_for, is_asked_for
from bot.pipeline.renewing import Renewing, live_timer
from bot.pipeline.speech import Library, Speech
from bot.pipeline.standing import Standing
from bot.ports import Nonces
from bot.store.people import Known
from bot.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTaker:
    """Takes turns. Holds what never changes while the process lives."""

    library: Library
    renderer: Renderer
    vocabulary: Vocabulary
    nonces: Nonces
    zone: str
    patience: Patience = field(default_factory=Patience)
    claims_a_day: int = CLAIMS_A_DAY
    keeper: bytes | None = None
    lasting: timedelta = USUAL

    async def take(self, unit: Unit, reading: Reading, *, known: Known, shared: Shared) -> Changes:
        """The changes that come of one row."""
        changes = Changes(done=[reading.row.id])
        address = there(reading, known) or reply_address(reading.source, known)
        self._notice_reachability(changes, reading, known, address)
        scene = self._scene(unit, reading, known=known, address=address, shared=shared)
        porter = Porter(scene=scene, known=known, book=self.library.book, vocabulary=self.vocabulary)
        knock = await porter.answer(reading)
        if address and knock and not knock.is_them:
            asked = Result(session=None, effects=knock.effects, scene=scene)
            return knock.written(changes, scene, said=self._say(asked, reading, address, shared=shared))
        means = (
            Recognised() if knock else await self._event(unit, reading, known, here=address, shared=shared)
        )
        event = await admitted(scene, means, known=known, written=reading.row.received_at)
        event = await self._noted(unit, event, known=known, shared=shared, changes=changes)
        chat = expiring(unit, known, here=address, heard=reading.incoming, usual=self.lasting)
        remark = await chat.remark(self.library.book) if chat else ()
        if event is None and not remark:
            changes.unneeded = await erased(unit, reading.incoming, here=address, now=shared.now)
            changes.outbox += await chat.told() if chat else []
            return leave(changes, reading.incoming, known=known, address=address)
        result = await self._result(event, scene, remark=remark, known=known, shared=shared)
        changes.unneeded = unneeded(reading, scene)
        self._write(changes, result, known)
        if address and not result.scene.handed_over:
            changes.outbox = self._say(result, reading, address, shared=shared)
            self._note_heard(changes, result, reading, known=known, address=address)
        if chat and not scene.forgotten:
            changes.outbox[:0] = await chat.calls()
        return changes

    def _scene(
        self, unit: Unit, reading: Reading, *, known: Known, address: Address | None, shared: Shared
    ) -> Scene:
        return Scene(
            unit=unit,
            person=acquainted(known.person, reading.incoming, is_new=known.session is None),
            addresses=known.addresses,
            now=shared.now,
            zone=self.zone,
            roles=known.roles,
            here=address,
            cards=self.library.cards,
            policy=self.library.policy,
            pulled=shared.pulled,
            texts=self.library.texts,
            pressed=reading.incoming is not None and isinstance(reading.incoming.happening, Press),
            names=self.library.names,
            patience=self.patience,
            claims_a_day=self.claims_a_day,
            heard=reading.incoming,
            letters=self.library.book.letters,
            topics=self.library.book.topics,
            blocked=self.library.blocked,
            keeper=self.keeper,
        )

    async def _result(
        self, event: Event | None, scene: Scene, *, remark: tuple[Effect, ...], known: Known, shared: Shared
    ) -> Result:
        book, session = self.library.book_of(known.roles), known.session or Session()
        if event is None:
            return Result(session=None, effects=remark, scene=scene)
        if shared.is_held and scene.heard and not is_answered(event, session, book=book, roles=known.roles):
            return Result(session=None, effects=answer(event, book=self.library.book), scene=scene)
        return await self._play(session, event, scene)

    async def _noted(
        self, unit: Unit, event: Event | None, *, known: Known, shared: Shared, changes: Changes
    ) -> Event | None:
        """The note that a timer comes to, if any; any other timer is what it is."""
        if isinstance(event, Fired) and is_asked_for(event.timer):
            return await asked_for(unit, event, known=known, now=shared.now, zone=self.zone)
        if live := live_timer(event, known.session, book=self.library.book_of(known.roles)):
            renewing = Renewing(unit=unit, known=known, screens=shared.screens, now=shared.now)
            changes.timers += await renewing.put_off(live)
            return event if renewing.is_possible and not changes.timers else None
        if not is_checkin(event):
            return event
        note = Checking(unit=unit, known=known, now=shared.now, zone=self.zone, counts=changes.counts)
        return await note.due(event)

    async def _event(
        self, unit: Unit, reading: Reading, known: Known, *, here: Address | None, shared: Shared
    ) -> Event | None:
        if reading.incoming is None:
            return reading.event
        book, today = self.library.book_of(known.roles), self._day(known.person, reading.row.received_at)
        screen = shared.screens.get(here.id) if here else None
        standing = Standing(book=book, session=known.session or Session(), today=today, screen_message=screen)
        noted = Noted(standing=standing, vocabulary=self.vocabulary, known=known)
        return await noted.meaning(unit, reading.incoming.happening)

    def _day(self, person: Person, moment: datetime) -> date:
        """The date of a moment where the person is: after midnight it is tomorrow for them, and not yet in UTC."""
        return moment.astimezone(ZoneInfo(person.zone or self.zone)).date()

    def _notice_reachability(
        self, changes: Changes, reading: Reading, known: Known, address: Address | None
    ) -> None:
        """A person who blocked the bot is left alone; whoever writes can be reached again."""
        if address is None or reading.incoming is None:
            return
        happening = reading.incoming.happening
        reachable = happening.reachable if isinstance(happening, Reachability) else True
        if reachable == (address.id in known.unreachable):
            changes.reachable[address.id] = reachable

    async def _play(self, session: Session, event: Event, scene: Scene) -> Result:
        """The engine and the actions in turns, until the conversation rests.

        Flows for a role the person does not have are not there for them, from the words of a command to a step
        of theirs in an old session: nobody can find out who has which.
        """
        book = self.library.book_of(scene.roles)
        live = live_timer(event, session, book=book)
        moment = Moment(now=scene.now, nonce=live.version if live else self.nonces())
        turn = advance(session, event, book=book, moment=moment)
        effects = turn.effects
        while turn.pending:
            scene.gentle_until = turn.session.gentle_until
            outcome = await ACTIONS[turn.pending.action](scene, turn.pending.inputs)
            turn = advance(turn.session, outcome, book=book, moment=moment, spent=turn.spent)
            effects += turn.effects
        after = replace(turn.session, expires_at=session.expires_at) if live else turn.session
        return Result(session=after, effects=effects, scene=scene, renews=live is not None)

    def _write(self, changes: Changes, result: Result, known: Known) -> None:
        person = result.scene.person
        changes.forgotten += [person.id] if result.scene.forgotten else []
        changes.left += result.scene.left
        if result.session:
            changes.sessions[person.id] = result.session
        if person != known.person:
            changes.persons.append(person)
        changes.counts.update(result.scene.counts)
        for effect in result.effects:
            match effect:
                case Count():
                    changes.counts[effect.counter] += 1
                case Fault():
                    changes.faults.append(effect)
                case SetTimer():
                    changes.timers.append(timer_of(effect, person.id))
                case _:
                    pass  # words are `Speech`'s

    def _note_heard(
        self, changes: Changes, result: Result, reading: Reading, *, known: Known, address: Address
    ) -> None:
        """Remember the message that was written, and what the turn wants done with the chat it stands in."""
        if reading.incoming:
            sensitive = is_sensitive(self.library.book, before=known.session, effects=result.effects)
            found = heard(reading.incoming, address, received_at=reading.row.received_at, sensitive=sensitive)
            changes.heard += [found] if found else []
        if result.scene.cleared:
            changes.cleared.append(address.id)

    def _say(self, result: Result, reading: Reading, address: Address, *, shared: Shared) -> list[NewOutbox]:
        person = result.scene.person
        happening = reading.incoming.happening if reading.incoming else None
        listener = Listener(
            voice=Voice(
                language=person.language or Language.HEBREW, form=person.form, zone=person.zone or self.zone
            ),
            platform=address.platform,
            limits=LIMITS[address.platform],
            today=self._day(person, result.scene.now),
            press=happening if isinstance(happening, Press) else None,
            screen_message=shared.screens.get(address.id),
            renews=result.renews,
            pulled=shared.pulled,
            attached=result.scene.attached,
            figures=result.scene.figures,
            notice=result.scene.shown_notice,
            dated=result.scene.dated,
        )
        effects = parting(result.effects) if address in result.scene.left else result.effects
        said = Speech(self.library, self.renderer, listener).of(effects)
        guard = Guard(purpose=Purpose.CHECKIN) if is_checkin(reading.event) else Guard()
        priority = (
            Priority.CHECK_IN if isinstance(reading.event, Fired) and not result.renews else Priority.REPLY
        )
        return [
            row_of(one, address, priority=priority, guard=guard, draft=result.scene.draft) for one in said
        ]
