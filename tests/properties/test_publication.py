"""Whatever people, organizers, the clock and the text do: nobody's name is published without all that it takes.

The real actions on a real SQLite file. What is in the file for the keeper is opened with the keeper's key and held
against a log of what was said, kept by the test itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from bot.actions import called, letter, publication, signature, verification
from bot.actions.deed import DOINGS
from bot.actions.publishing import bundle
from bot.actions.scene import Scene
from bot.app.words import read_reviews
from bot.engine.parse import read_book
from bot.model.bundle import unpack
from bot.model.card import ContentPolicy
from bot.model.case import Need
from bot.model.consent import ConsentText
from bot.model.incoming import Incoming, Text
from bot.model.letter import Entry, Letter, PublicForm
from bot.model.person import Language, Role
from bot.model.proposal import Deed, Proposal, content_hash
from bot.model.publication import CALLS, Publication
from bot.model.signature import Verified
from bot.model.volunteer import Standing, Volunteer
from bot.pipeline import publishing
from bot.store import consents, people, publications, roles, verifying, volunteers
from bot.store.sealing import KeeperKey
from tests.properties.living import Living, lived
from tests.store.shelf import NOW, Shelf, meet
from tests.store.shelf import sqlite_template as sqlite_template

FLOWS: Final = Path(__file__).parents[2] / "flows"
LETTER: Final = read_book(FLOWS).letters["reserves"]
CARDS: Final = read_reviews(FLOWS / "cards")
KEEPER: Final = KeeperKey(bytes(32 * [7]))
SHOWN: Final = {"letter.confirm": "a" * 64, "letter.confirm_count": "b" * 64}
PURPOSES: Final = {"letter.confirm": "letter_name", "letter.confirm_count": "letter_count"}
LINES: Final = ("נועה כהן", "דנה לוי", "יעל מזרחי")
ANEW: Final = ("נועה כהן-גל", "דנה לוי-גל", "יעל מזרחי-גל")
BOSS: Final = "3001"
VERIFIER: Final = Volunteer(
    id=0,
    standing=Standing.FULL,
    languages=frozenset(Language),
    needs=frozenset({Need.VERIFY}),
    capacity=1,
)
HOUR: Final = timedelta(hours=1)

who = st.integers(0, len(LINES) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said about a letter, as the test remembers it."""

    first_at: datetime
    wait: timedelta
    text: str
    form: str
    second_at: datetime | None = None
    fresh: int | None = None
    talk: str = ""  # asked, agreed, yes or no


class Publishing(Living):
    """A letter, three people and two organizers, in any order."""

    @override
    async def begin(self, shelf: Shelf) -> None:
        """Nobody has said anything."""
        self.now, self.letter = NOW, LETTER
        self.thinking: dict[int, Said] = {}
        self.signed: dict[int, Said] = {}
        self.one: Publication | None = None
        self.db = await self.stack.enter_async_context(shelf.opened())
        *self.people, adi, self.boss = await meet(self.db, "1001", "1002", "1003", "2001", BOSS)
        async with self.db.unit() as unit:
            await people.save(unit, [replace(one.person, adult=True) for one in self.people])
            await volunteers.add(unit, replace(VERIFIER, id=adi.person.id), today=NOW.date())
            await roles.grant(unit, self.boss.person.id, Role.ORGANIZER, today=NOW.date())
            words = [ConsentText(purpose=PURPOSES[at], shown=at, text=text) for at, text in SHOWN.items()]
            await consents.publish(unit, words)
            await unit.commit()

    async def _act(
        self, action: Any, inputs: Mapping[str, str], *, by: int | None = None, heard: str = ""
    ) -> str:
        """One turn of one action; its outcome."""
        async with self.db.unit() as unit:
            outcome = await action(self._scene(unit, by, heard), inputs)
            await unit.commit()
        return str(outcome.name)

    def _scene(self, unit: Any, by: int | None, heard: str = "") -> Scene:
        known = self.boss if by is None else self.people[by]
        return Scene(
            unit=unit,
            person=replace(known.person, adult=True, language=Language.HEBREW),
            addresses=known.addresses,
            now=self.now,
            cards=CARDS,
            policy=ContentPolicy.DRAFT,
            texts=SHOWN,
            letters={self.letter.id: self.letter},
            keeper=KEEPER.public,
            heard=Incoming(happening=Text(text=heard, message_id="1")),
        )

    # What people do

    @rule(by=who, form=st.sampled_from(PublicForm), duty=st.sampled_from(["none", "order"]))
    def thinks(self, by: int, form: PublicForm, duty: str) -> None:
        """A first yes."""
        inputs = {"letter": self.letter.id, "form": f"form_{form}", "duty": duty}
        if self.run(self._act(letter.think, inputs, by=by)) == "set":
            wait = timedelta(hours=24 if duty == "none" else 72)
            self.thinking[by] = Said(
                first_at=self.now, wait=wait, text=self.letter.fingerprint, form=form.value
            )

    @rule(by=who)
    def signs(self, by: int) -> None:
        """A second yes, with all that belongs to it, as far as it goes."""
        said = self.thinking.get(by)
        if said and self.run(self._sign(by, said.form, LINES[by])):
            self.signed[by] = replace(self.thinking.pop(by), second_at=self.now)

    @rule(by=who)
    def writes_anew(self, by: int) -> None:
        """Whoever signed writes the name again."""
        said, inputs = self.signed.get(by), {"letter": self.letter.id}
        if said and self.run(self._act(signature.anew, inputs, by=by)) == "name":
            self.thinking.pop(by, None)
            if self.run(self._sign(by, said.form, ANEW[by])):
                self.signed[by] = replace(said, second_at=self.now, fresh=None, talk="")

    async def _sign(self, by: int, form: str, line: str) -> bool:
        inputs = {"letter": self.letter.id, "language": "he"}
        asked = await self._act(signature.ask, inputs, by=by)
        if asked == "name":
            await self._act(signature.read, inputs, by=by, heard=line)
        step = "letter.confirm_count" if form == PublicForm.COUNTED else "letter.confirm"
        return await self._act(signature.sign, inputs | {"shown": step}, by=by) in ("signed", "called")

    @rule(by=who)
    def takes_back(self, by: int) -> None:
        """Everything about this letter."""
        self.run(self._act(letter.withdraw, {"letter": self.letter.id}, by=by))
        self.thinking.pop(by, None)
        self.signed.pop(by, None)

    @rule(by=who, action=st.sampled_from([called.confirm, called.confirm, called.decline]))
    def answers(self, by: int, action: Any) -> None:
        """The final call, or one that is over."""
        inputs = {"publication": str(self.one.id if self.one else "")}
        outcome = self.run(self._act(action, inputs, by=by))
        if outcome in ("confirmed", "declined"):
            fresh = self.one.id if self.one and outcome == "confirmed" else None
            self.signed[by] = replace(self.signed[by], fresh=fresh)

    @rule(by=who, form=st.sampled_from(PublicForm), hours=st.sampled_from([1, 23, 25]))
    def joins(self, by: int, form: PublicForm, hours: int) -> None:
        """A whole way, by itself too rare to be met by chance; sometimes too fast."""
        self.thinks(by=by, form=form, duty="none")
        self.time_passes(hours=hours)
        self.signs(by=by)

    # What organizers do

    @rule(within=st.sampled_from(sorted(CALLS)))
    def calls(self, within: str) -> None:
        """Everybody who signed is called, if two organizers agree."""
        self.run(self._approved(Deed.LETTER_CALL, {"letter": self.letter.id, "within": within}))
        self.run(self._reload())

    @rule(yes=st.sets(who))
    def calls_and_some_answer(self, yes: set[int]) -> None:
        """Those of them who can."""
        self.calls(within="week")
        for by in sorted(yes):
            self.answers(by=by, action=called.confirm)

    @rule()
    def publishes(self) -> None:
        """What was called, if it can be."""
        inputs = {"publication": str(self.one.id if self.one else "")}
        self.run(self._approved(Deed.LETTER_PUBLISH, inputs))

    @rule()
    def calls_off(self) -> None:
        """One organizer is enough."""
        self.run(self._act(publication.call_off, {"publication": str(self.one.id if self.one else "")}))

    @rule()
    def asks_for_talks(self) -> None:
        """One organizer is enough for that too."""
        outcome = self.run(self._act(verification.ask, {"letter": self.letter.id}))
        for by, said in self.signed.items():
            could = said.text == self.letter.fingerprint and said.form != PublicForm.COUNTED
            if outcome == "asked" and could and not said.talk:
                self.signed[by] = replace(said, talk="asked")

    @rule(by=who)
    def agrees_to_talk(self, by: int) -> None:
        """Whoever was asked, if they look while it is about these words."""
        outcome = self.run(self._act(verification.agree, {}, by=by))
        assert outcome != "agreed" or self.signed[by].talk == "asked"
        if outcome == "agreed":
            self.signed[by] = replace(self.signed[by], talk="agreed")

    @rule(by=who, said=st.sampled_from([Verified.YES, Verified.NO]))
    def is_talked_with(self, by: int, said: Verified) -> None:
        """Somebody of the letter team says yes or no, or would have."""
        if self.run(self._record(by, said)):
            was = self.signed[by]
            assert was.talk not in ("", "asked")
            fresh = None if said is Verified.NO else was.fresh
            self.signed[by] = replace(was, talk=said.value, fresh=fresh)

    @rule(by=who, said=st.sampled_from([Verified.YES, Verified.NO, Verified.NO]))
    def has_a_whole_talk(self, by: int, said: Verified) -> None:
        """By itself too rare to be met by chance."""
        self.asks_for_talks()
        self.agrees_to_talk(by=by)
        self.is_talked_with(by=by, said=said)

    async def _record(self, by: int, said: Verified) -> bool:
        async with self.db.unit() as unit:
            done = await verifying.record(unit, self.people[by].person.id, said=said)
            await unit.commit()
        return done

    async def _approved(self, deed: Deed, inputs: Mapping[str, str]) -> None:
        async with self.db.unit() as unit:
            scene = self._scene(unit, None)
            content = await DOINGS[deed].content(scene, inputs)
            if content is not None:
                made = Proposal(
                    id=1,
                    deed=deed,
                    content=content_hash(deed, content),
                    proposer="console",
                    made_at=self.now,
                    inputs=content,
                )
                await DOINGS[deed].do(scene, made)
                await unit.commit()

    async def _reload(self) -> None:
        async with self.db.reading() as reading:
            self.one = await publications.running(reading, LETTER.id) or self.one

    # What happens by itself

    @rule(hours=st.sampled_from([1, 23, 25, 71, 73, 200]))
    def time_passes(self, hours: int) -> None:
        """Whatever is over by then is closed."""
        self.now += hours * HOUR
        if self.one and self.one.closes_at <= self.now:
            self.run(self._close(self.one.id))

    async def _close(self, publication_id: int) -> None:
        async with self.db.unit() as unit:
            await publishing.close(unit, publication_id, now=self.now)
            await unit.commit()

    @rule()
    def the_text_changes(self) -> None:
        """What was said to the old words counts no more."""
        self.letter = replace(self.letter, version=self.letter.version + 1)

    # What must hold

    @invariant()
    def only_who_said_all_of_it_is_in_the_file(self) -> None:
        """And everybody who did."""
        if self.one is None or self.one.text != self.letter.fingerprint:
            return
        opened = self.run(self._opened(self.one, self.letter))
        fit = {by: said for by, said in self.signed.items() if self._is_fit(said, self.one)}
        counted = [said for said in fit.values() if said.form == PublicForm.COUNTED]
        named = {by for by, said in fit.items() if said.form != PublicForm.COUNTED}
        assert {by for entry in opened if entry.he for by in self.people_of(entry)} == named
        assert sum(not entry.he for entry in opened) == len(counted)

    def _is_fit(self, said: Said, one: Publication) -> bool:
        second = said.second_at
        return (
            second is not None
            and second - said.first_at >= said.wait
            and said.fresh == one.id
            and said.text == one.text
            and said.talk != Verified.NO
        )

    def people_of(self, entry: Entry) -> set[int]:
        """Whose line it is."""
        first = entry.he.split(" ")[0]
        return {by for by, line in enumerate(LINES) if line.startswith(first)}

    async def _opened(self, one: Publication, words: Letter) -> list[Entry]:
        async with self.db.unit() as unit:
            scene = self._scene(unit, None)
            data = await bundle(scene, one, letter=words)
        return [KEEPER.opened(sealed) for sealed in unpack(data).sealed]


@pytest.mark.timeout(300)
def test_nothing_is_published_without_all_that_it_takes(sqlite_template: Path, tmp_path: Path) -> None:
    """Two yeses with time to think between them, a fresh one to these very words, and none of it taken back."""
    lived(Publishing, sqlite_template, at=tmp_path, examples=20, steps=40)
