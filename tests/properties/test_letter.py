"""Whatever people do about a letter, in any order: nothing is signed without two yeses and the time between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.actions import letter, signature
from bot.actions.scene import Scene
from bot.app.words import read_reviews
from bot.engine.parse import read_book
from bot.model.card import ContentPolicy
from bot.model.consent import ConsentText
from bot.model.gentle import gentle_until
from bot.model.incoming import Incoming, Text
from bot.model.letter import PublicForm
from bot.model.roll import is_fit
from bot.model.signature import SignatureState
from bot.store import consents, signatures
from bot.store.sealing import KeeperKey
from bot.store.tables import signature as table
from tests.store.shelf import NOW, Shelf, meet
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

FLOWS: Final = Path(__file__).parents[2] / "flows"
LETTERS: Final = read_book(FLOWS).letters
CARDS: Final = read_reviews(FLOWS / "cards")
KEEPER: Final = KeeperKey(bytes(32 * [7]))
ONE: Final = {"letter": "reserves"}
CONFIRM: Final = {"letter_name": "letter.confirm", "letter_count": "letter.confirm_count"}
TEXTS: Final = {"letter.confirm": "a" * 64, "letter.confirm_count": "b" * 64}
DAY: Final = timedelta(days=1)
ACTS: Final = ("full", "initial", "counted", "bound", "half a day", "ask", "say", "sign", "count", "give up")
ENDS: Final = ("no", "withdraw", "rewrite", "hard moment")
WAY: Final = ("full", "half a day", "half a day", "ask", "say", "sign")


@dataclass(slots=True)
class Journal:
    """What a careful witness writes down."""

    version: int = 1
    since: datetime | None = None  # of the first yes that stands
    least: timedelta = DAY
    read: int = 0  # the version the first yes was to
    hard: datetime | None = None
    is_signed: bool = False
    seen: list[str] = field(default_factory=list)

    def thought(self, now: datetime, *, bound: bool) -> None:
        self.since, self.read = now, self.version
        is_shaken = self.hard is not None and now - self.hard < 7 * DAY
        self.least = 3 * DAY if bound or is_shaken else DAY

    def may_sign(self, now: datetime) -> bool:
        shaken = self.hard is not None and now - self.hard < 3 * DAY
        if self.since is None or shaken:
            return False
        return now - self.since >= self.least and self.read == self.version


async def _take(scene: Scene, act: str, journal: Journal) -> None:
    """One thing that happens, in the bot and in the journal."""
    match act:
        case "full" | "initial" | "counted" | "bound":
            form = "full" if act == "bound" else act
            duty = "order" if act == "bound" else "none"
            await letter.think(scene, {**ONE, "form": f"form_{form}", "duty": duty})
            journal.thought(scene.now, bound=act == "bound")
        case "half a day":
            scene.now += DAY / 2
        case "ask":
            await signature.ask(scene, ONE)
        case "say":
            scene.heard = Incoming(happening=Text(text="Noa Cohen", message_id="1"))
            await signature.read(scene, {**ONE, "language": "en" if len(journal.seen) % 2 else "he"})
        case "sign" | "count":
            shown = "letter.confirm" if act == "sign" else "letter.confirm_count"
            if (await signature.sign(scene, {**ONE, "shown": shown})).name == "signed":
                assert journal.may_sign(scene.now), journal
                journal.is_signed, journal.since = True, None
        case "give up":
            await signature.give_up(scene, ONE)
        case _:
            await _end(scene, act, journal)
    journal.seen.append(act)


async def _end(scene: Scene, act: str, journal: Journal) -> None:
    match act:
        case "no":
            await letter.drop(scene, ONE)
            journal.since = None
        case "withdraw":
            await letter.withdraw(scene, ONE)
            journal.since, journal.is_signed = None, False
        case "rewrite":
            journal.version += 1
            scene.letters = {"reserves": replace(LETTERS["reserves"], version=journal.version)}
        case _:
            journal.hard, scene.gentle_until = scene.now, gentle_until(scene.now)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(acts=st.lists(st.sampled_from((*ACTS, *ENDS, *WAY)), max_size=24))
@example(acts=WAY)
@example(acts=("counted", "half a day", "half a day", "count", "withdraw"))
async def test_nothing_is_signed_without_two_yeses_and_the_time_between_them(
    sqlite_shelf: Shelf, acts: Sequence[str]
) -> None:
    """No order of events leads to a signature that was not thought about, or that was taken back since."""
    async with sqlite_shelf.opened() as db:
        (known,) = await meet(db, "1")
        async with db.unit() as unit:  # never committed: the next example begins afresh
            scene = Scene(
                unit=unit,
                person=replace(known.person, adult=True),
                addresses=known.addresses,
                now=NOW,
                letters=LETTERS,
                keeper=KEEPER.public,
                cards=CARDS,
                policy=ContentPolicy.DRAFT,
                texts=TEXTS,
            )
            words = [ConsentText(purpose=one, shown=step, text=TEXTS[step]) for one, step in CONFIRM.items()]
            await consents.publish(unit, words)
            journal = Journal()
            for act in acts:
                await _take(scene, act, journal)
                signed = (await signatures.of_letter(unit, known.person.id, "reserves")).get(
                    SignatureState.SIGNED
                )
                assert (signed is not None) is journal.is_signed
                assert signed is None or await _is_whole(scene)


async def _is_whole(scene: Scene) -> bool:
    """What is sealed is what the keeper takes, and the ledger knows of it."""
    rows = [row for row in await scene.unit.fetch(table.select()) if row.sealed]
    (entry,) = [KEEPER.opened(row.sealed) for row in rows]
    purposes = [
        one.purpose for one in await consents.of_person(scene.unit, scene.person.id) if not one.withdrawn_on
    ]
    is_counted = entry.form is PublicForm.COUNTED
    return is_fit(entry) and purposes == ["letter_count" if is_counted else "letter_name"]
