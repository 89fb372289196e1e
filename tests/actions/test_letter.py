"""Reading a letter, thinking about it, signing it and taking that back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.actions import consent, letter, person, signature
from bot.actions.scene import Scene
from bot.app.words import read_reviews
from bot.engine.event import Outcome
from bot.engine.parse import read_book
from bot.model.card import ContentPolicy
from bot.model.consent import ConsentText
from bot.model.gentle import gentle_until
from bot.model.incoming import Incoming, Press, Text
from bot.model.letter import STANDS, LetterStatus, PublicForm
from bot.model.person import Language
from bot.model.queue import Lane, LaneKind
from bot.model.signature import SignatureState, note_of
from bot.model.topic import YEAR
from bot.store import consents, drafts, publications, signatures, timers
from bot.store.sealing import KeeperKey
from bot.store.tables import removal
from bot.store.tables import signature as table
from tests.store.shelf import NOW

FLOWS: Final = Path(__file__).parents[2] / "flows"
LETTERS: Final = read_book(FLOWS).letters
CARDS: Final = read_reviews(FLOWS / "cards")
KEEPER: Final = KeeperKey(bytes(32 * [7]))
ONE: Final = {"letter": "reserves"}
SHOWN: Final = {"letter.confirm": "a" * 64, "letter.confirm_count": "b" * 64}
DAY: Final = timedelta(days=1)


@pytest.fixture
async def adult(scene: Scene) -> Scene:
    """The turn of an adult, with a letter that is open to them."""
    scene.person = replace(scene.person, adult=True, language=Language.ENGLISH)
    scene.letters, scene.keeper, scene.texts = LETTERS, KEEPER.public, SHOWN
    scene.cards, scene.policy = CARDS, ContentPolicy.DRAFT
    purposes = {"letter.confirm": "letter_name", "letter.confirm_count": "letter_count"}
    words = [ConsentText(purpose=purposes[step], shown=step, text=text) for step, text in SHOWN.items()]
    await consents.publish(scene.unit, words)
    return scene


async def _think(scene: Scene, *, form: str = "full", duty: str = "none") -> Outcome:
    return await letter.think(scene, {**ONE, "form": f"form_{form}", "duty": duty})


async def _say(scene: Scene, words: str, language: str = "he") -> Outcome:
    scene.heard = Incoming(happening=Text(text=words, message_id="1"))
    return await signature.read(scene, {**ONE, "language": language})


async def _sign(scene: Scene, shown: str = "letter.confirm") -> Outcome:
    return await signature.sign(scene, {**ONE, "shown": shown})


async def _joined(scene: Scene, *, form: str = "full", name: str = "Noa Cohen") -> Outcome:
    """From the first yes to the second."""
    await _think(scene, form=form)
    scene.now += DAY
    await signature.ask(scene, ONE)
    await _say(scene, name)
    return await _sign(scene, "letter.confirm_count" if form == "counted" else "letter.confirm")


async def _rows(scene: Scene) -> list[SignatureState]:
    return [one.state for one in await signatures.of_person(scene.unit, scene.person.id)]


def _changed(scene: Scene, **what: object) -> None:
    scene.letters = {"reserves": replace(LETTERS["reserves"], **what)}  # type: ignore[arg-type]


async def test_reading_is_not_written_down(adult: Scene) -> None:
    """The shelf, the door and every page leave no row."""
    shelf = await letter.shelf(adult, {})
    door = await letter.look(adult, ONE)
    first = await letter.page(adult, {**ONE, "page": "0"})
    shown = adult.attached
    last = await letter.page(adult, {**ONE, "page": "1"})
    beyond = await letter.page(adult, {**ONE, "page": "9"})

    assert (shelf.name, door.name, first.name, last.name, beyond.name) == (
        "one",
        "draft",
        "more",
        "last",
        "gone",
    )
    assert (shown or b"").decode().startswith("A letter of conscience")
    assert await adult.unit.fetch(table.select()) == []


async def test_of_several_letters_each_comes_in_its_turn(adult: Scene) -> None:
    """In a circle."""
    other = replace(LETTERS["reserves"], id="other", status=LetterStatus.OPEN)
    adult.letters = {**LETTERS, "other": other}
    found = [await letter.shelf(adult, {"after": after}) for after in ("", "reserves", "other")]

    assert [(one.name, one.values["letter"]) for one in found] == [
        ("many", "reserves"),
        ("many", "other"),
        ("many", "reserves"),
    ]
    assert (await letter.look(adult, {"letter": "other"})).name == "open"
    assert await letter.shelf(adult, {"letter": "other"}) == replace(found[1], name="one")


@pytest.mark.parametrize("without", ["key", "risks", "status", "letter"])
async def test_without_a_key_every_door_is_closed(adult: Scene, without: str) -> None:
    """And without the cards about the risks, and where no letter is open."""
    await _think(adult)
    adult.now += DAY
    match without:
        case "key":
            adult.keeper = None
        case "risks":
            adult.policy = ContentPolicy.APPROVED
        case "status":
            _changed(adult, status=LetterStatus.CLOSED)
        case _:
            adult.letters = {}

    assert (await _think(adult)).name == "closed"
    assert (await signature.ask(adult, ONE)).name == "closed"
    assert (await _sign(adult)).name == "closed"
    assert (await letter.look(adult, {"letter": "other"})).name == "closed"


async def test_with_nothing_open_the_shelf_is_closed(adult: Scene) -> None:
    """Whoever has to do with a letter finds it all the same."""
    adult.keeper = None
    before = await letter.shelf(adult, {})
    adult.keeper = KEEPER.public
    await _joined(adult)
    adult.keeper = None

    assert before.name == "closed"
    assert (await letter.shelf(adult, {})).name == "one"
    assert (await letter.look(adult, ONE)).name == "signed"


@pytest.mark.parametrize("said", [None, False])
async def test_only_adults_join(adult: Scene, said: bool | None) -> None:
    """Whatever led there."""
    adult.person = replace(adult.person, adult=said)

    assert (await _think(adult)).name == "closed"
    assert await _rows(adult) == []


@pytest.mark.parametrize(("duty", "days"), [("none", 1), ("order", 3), ("lately", 3), ("active", 3), ("", 3)])
async def test_who_is_bound_has_three_days_to_think(adult: Scene, duty: str, days: int) -> None:
    """Everybody else has one; before that no second yes counts."""
    ready = (await _think(adult, duty=duty)).values["ready"]
    adult.now += days * DAY - timedelta(seconds=1)
    early = await signature.ask(adult, ONE), await letter.look(adult, ONE), await _sign(adult)
    adult.now += timedelta(seconds=1)

    assert datetime.fromisoformat(ready) == NOW + days * DAY
    assert [one.name for one in early] == ["early", "thinking", "early"]
    assert (await letter.look(adult, ONE)).name == "ready"
    assert (await signature.ask(adult, ONE)).name == "name"


async def test_a_hard_moment_before_the_first_yes_makes_it_three_days(adult: Scene) -> None:
    """Within a week of it."""
    adult.gentle_until = gentle_until(NOW - 5 * DAY)

    assert (await _think(adult)).values["ready"] == (NOW + 3 * DAY).isoformat()


async def test_a_hard_moment_after_the_first_yes_puts_the_second_off(adult: Scene) -> None:
    """For three whole days; nothing is hurried."""
    await _think(adult)
    adult.now += timedelta(hours=20)
    adult.gentle_until = gentle_until(adult.now)
    hard = adult.now
    adult.now += 3 * DAY
    before = await letter.look(adult, ONE), await signature.ask(adult, ONE)
    adult.now += DAY
    after = await letter.look(adult, ONE), await signature.ask(adult, ONE)

    assert [one.name for one in before] == ["thinking", "early"]
    assert datetime.fromisoformat(before[0].values["ready"]) - hard >= 3 * DAY
    assert [one.name for one in after] == ["ready", "name"]


async def test_in_a_hard_moment_nobody_is_led_to_a_letter(adult: Scene) -> None:
    """Not to reading it, not to its forms, and a yes pressed on an older screen writes nothing down."""
    adult.gentle_until = gentle_until(NOW - DAY)
    seen = [
        (await letter.shelf(adult, {})).name,
        (await letter.look(adult, ONE)).name,
        (await letter.weigh(adult, {})).name,
        (await _think(adult)).name,
    ]
    written = await _rows(adult)
    adult.now += DAY

    assert (seen, written) == (4 * ["hard"], [])
    assert (await letter.weigh(adult, {})).name == "open"
    assert (await _think(adult)).name == "set"


async def test_in_a_hard_moment_what_there_is_can_be_taken_back(adult: Scene) -> None:
    """A first yes is seen with a way back and no way on; a signature as ever."""
    await _think(adult)
    adult.gentle_until = gentle_until(NOW)
    shelf, thinking = await letter.shelf(adult, {}), await letter.look(adult, ONE)

    assert (shelf.name, thinking.name) == ("one", "hard_thinking")
    assert (await letter.drop(adult, ONE)).name == "dropped"


async def test_a_name_is_not_taken_after_a_hard_moment(adult: Scene) -> None:
    """What was typed on the way is not read; nothing is said to be gone that is not; a name is not written anew."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    calm = adult.gentle_until
    adult.gentle_until = gentle_until(adult.now)
    early = (await _say(adult, "Noa Cohen")).name, (await _sign(adult)).name
    adult.gentle_until = calm
    await _say(adult, "Noa Cohen")
    await _sign(adult)
    adult.gentle_until = gentle_until(adult.now - 5 * DAY)

    assert early == ("early", "early")
    assert (await letter.look(adult, ONE)).name == "signed"
    assert (await signature.anew(adult, ONE)).name == "hard"


@pytest.mark.parametrize("duty", ["none", "order"])
@pytest.mark.parametrize(
    "agreed",
    [datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2027, 3, 25, 12, tzinfo=UTC)],
    ids=["autumn", "spring"],
)
async def test_a_day_is_a_day_when_the_clocks_change(adult: Scene, agreed: datetime, duty: str) -> None:
    """Summer time ends in the night to 25 October 2026 and begins in that to 26 March 2027: nobody has an hour less."""
    adult.now, whole = agreed, DAY if duty == "none" else 3 * DAY
    lane = Lane(kind=LaneKind.PERSON, id=adult.person.id)
    ready = (await _think(adult, duty=duty)).values["ready"]
    note = (await timers.of_lane(adult.unit, lane))[note_of("reserves")]
    adult.now = agreed + whole - timedelta(seconds=1)
    early = await signature.ask(adult, ONE)
    adult.now += timedelta(seconds=1)

    assert datetime.fromisoformat(ready) == agreed + whole
    assert (early.name, (await signature.ask(adult, ONE)).name) == ("early", "name")
    assert note >= agreed + whole
    assert 8 <= note.astimezone(ZoneInfo("Asia/Jerusalem")).hour < 21


async def test_the_note_waits_for_the_morning_and_goes_with_a_no(adult: Scene) -> None:
    """It is never due at night."""
    adult.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    lane = Lane(kind=LaneKind.PERSON, id=adult.person.id)
    await _think(adult)
    set_ = dict(await timers.of_lane(adult.unit, lane))
    dropped = await letter.drop(adult, ONE)

    assert set_ == {note_of("reserves"): datetime(2026, 11, 26, 6, tzinfo=UTC)}
    assert dropped.name == "dropped"
    assert (await timers.of_lane(adult.unit, lane), await _rows(adult)) == ({}, [])


@pytest.mark.parametrize(
    ("form", "he", "en"),
    [("full", "נועה כהן", "Noa Cohen"), ("initial", "נועה כ׳", "Noa C.")],
)
async def test_what_is_sealed_is_what_was_shown(adult: Scene, form: str, he: str, en: str) -> None:
    """Letter for letter, and only the keeper opens it."""
    await _think(adult, form=form)
    adult.now += DAY
    await signature.ask(adult, ONE)
    await _say(adult, " נועה  כהן ")
    await _say(adult, "Noa Cohen", "en")
    shown = adult.attached
    signed = await _sign(adult)
    (row,) = await adult.unit.fetch(table.select())
    entry = KEEPER.opened(row.sealed)

    assert shown == f"{he}\n{en}".encode()
    assert signed.name == "signed"
    assert (entry.he, entry.en, entry.form, entry.id) == (he, en, PublicForm(form), row.entry)
    assert entry.fingerprint == LETTERS["reserves"].fingerprint
    assert len(signed.values["receipt"]) == 12


async def test_who_is_only_counted_is_asked_for_no_name(adult: Scene) -> None:
    """And what is sealed has none."""
    await _think(adult, form="counted")
    adult.now += DAY
    asked = await signature.ask(adult, ONE)
    signed = await _sign(adult, "letter.confirm_count")
    (row,) = await adult.unit.fetch(table.select())
    entry = KEEPER.opened(row.sealed)

    assert (asked.name, signed.name) == ("counted", "signed")
    assert (entry.he, entry.en, row.draft) == ("", "", None)


@pytest.mark.parametrize(
    ("words", "fault"), [("Noa", "fault_one_word"), ("t.me/noa", "fault_link"), ("", "fault_empty")]
)
async def test_what_is_no_name_is_said_to_be_none(adult: Scene, words: str, fault: str) -> None:
    """Nothing else changes."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    heard = await _say(adult, words)

    assert (heard.name, heard.values) == ("fault", {"fault": fault})
    assert (await _say(adult, "Noa Cohen")).name == "shown"


async def test_a_press_is_no_name(adult: Scene) -> None:
    """Only words are."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    adult.heard = Incoming(happening=Press(data="x", message_id="1", shown=None))

    assert (await signature.read(adult, {**ONE, "language": "he"})).name == "fault"


async def test_a_name_that_was_wiped_is_not_signed(adult: Scene) -> None:
    """The hour was over before the yes came."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    await _say(adult, "Noa Cohen")
    await drafts.wipe(adult.unit, before=adult.now + timedelta(seconds=1))

    assert (await _sign(adult)).name == "gone"
    assert (await _say(adult, "Noa Cohen")).name == "gone"


async def test_a_name_whose_key_is_gone_is_not_read(adult: Scene) -> None:
    """Another worker wiped it in between."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    (one,) = await signatures.of_person(adult.unit, adult.person.id)
    await adult.unit.keyring.destroy([f"draft/{one.draft}"])

    assert (await _say(adult, "Noa Cohen")).name == "gone"


async def test_a_changed_letter_ends_what_was_agreed_to(adult: Scene) -> None:
    """First yes and signature alike; a new first yes begins again."""
    await _joined(adult)
    _changed(adult, version=2)
    signed = await letter.look(adult, ONE)
    await _think(adult)
    adult.now += DAY
    _changed(adult, version=3)

    assert signed.name == "changed"
    assert (await letter.look(adult, ONE)).name == "changed"
    assert (await signature.ask(adult, ONE)).name == "changed"


async def test_a_letter_that_is_gone_from_the_shelf_counts_as_changed(adult: Scene) -> None:
    """What was agreed to is nowhere to be read."""
    await _think(adult)
    adult.letters = {}

    assert (await letter.look(adult, ONE)).name == "changed"
    assert (await letter.shelf(adult, {})).name == "closed"


async def test_signing_again_changes_the_first(adult: Scene) -> None:
    """Until the second yes the first stays; then there is one, and one consent."""
    await _joined(adult, name="Noa Cohen")
    await _think(adult, form="counted")
    kept = await letter.drop(adult, ONE)
    await _joined(adult, form="counted")
    (row,) = await adult.unit.fetch(table.select())
    standing = await consents.standings(adult.unit, adult.person.id)

    assert kept.name == "kept"
    assert KEEPER.opened(row.sealed).form is PublicForm.COUNTED
    assert {purpose: how.value for purpose, how in standing.items()} == {
        "letter_name": "withdrawn",
        "letter_count": "given",
    }


async def test_signing_again_under_what_is_published_says_that_copies_stay(adult: Scene) -> None:
    """What stood there before is taken off, and nothing calls it back from where it was copied."""
    await _joined(adult)
    await adult.unit.change(table.update().values(published=1))
    name = (await _joined(adult, form="counted")).name
    left = len(await adult.unit.fetch(removal.select()))

    assert (name, left) == ("again", 1)


async def test_taking_back_ends_everything_at_once(adult: Scene) -> None:
    """The row, the consent and the note, from the letter or from all of them."""
    await _joined(adult)
    withdrawn = await letter.withdraw(adult, ONE)
    again = await letter.withdraw(adult, {})
    standing = await consents.standings(adult.unit, adult.person.id)

    assert (withdrawn.name, again.name) == ("withdrawn", "absent")
    assert await adult.unit.fetch(table.select()) == []
    assert [how.value for how in standing.values()] == ["withdrawn"]


async def test_taking_back_one_letter_leaves_the_other(adult: Scene) -> None:
    """The consent rests on both."""
    adult.letters = {**LETTERS, "other": replace(LETTERS["reserves"], id="other")}
    await _joined(adult)
    await letter.think(adult, {"letter": "other", "form": "form_full", "duty": "none"})
    await letter.withdraw(adult, ONE)
    first = await consent.look(adult, {})
    await letter.drop(adult, {"letter": "other"})

    assert first.values["letter"] == "is_thinking"
    assert (await consent.look(adult, {})).values["letter"] == "is_withdrawn"


async def test_consents_show_how_it_stands_with_the_letter(adult: Scene) -> None:
    """Nothing, a first yes, and what counts."""
    seen = [(await consent.look(adult, {})).values["letter"]]
    await _think(adult)
    seen.append((await consent.look(adult, {})).values["letter"])
    await _joined(adult)
    seen.append((await consent.look(adult, {})).values["letter"])

    assert seen == ["is_none", "is_thinking", "is_given"]


async def test_giving_up_wipes_the_name_and_keeps_the_first_yes(adult: Scene) -> None:
    """It can be written anew."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    await _say(adult, "Noa Cohen")
    await signature.give_up(adult, ONE)
    (one,) = await signatures.of_person(adult.unit, adult.person.id)

    assert (one.draft, one.state) == (None, SignatureState.THINKING)
    assert (await signature.ask(adult, ONE)).name == "name"


async def test_stop_ends_every_note_about_the_letter(adult: Scene) -> None:
    """The one at the end of the time to think, and the one when the text changes; what was signed stays."""
    lane = Lane(kind=LaneKind.PERSON, id=adult.person.id)
    await _joined(adult)
    await signature.allow(adult, ONE)
    allowed = await signatures.to_ask_again(adult.unit, "reserves", text="other")
    await signature.allow(adult, ONE)
    await _think(adult)
    await person.stop(adult, {})

    assert allowed == [(adult.person.id, None)]
    assert await signatures.to_ask_again(adult.unit, "reserves", text="other") == []
    assert await timers.of_lane(adult.unit, lane) == {}
    assert SignatureState.SIGNED in await _rows(adult)


async def test_who_signed_hears_in_a_year_that_it_stands(adult: Scene) -> None:
    """For as long as anything is signed; taking it back leaves no timer that would keep the way to them."""
    lane = Lane(kind=LaneKind.PERSON, id=adult.person.id)
    await _joined(adult)
    signed = await timers.of_lane(adult.unit, lane)
    await letter.withdraw(adult, ONE)

    assert signed == {STANDS: adult.now + YEAR}
    assert await timers.of_lane(adult.unit, lane) == {}


async def test_who_signed_nothing_allows_nothing(adult: Scene) -> None:
    """A press from an old screen changes nothing."""
    await signature.allow(adult, ONE)

    assert await _rows(adult) == []


async def test_who_says_they_are_under_eighteen_stands_under_nothing(adult: Scene) -> None:
    """What they agreed to is taken back, whether it was a first yes or a second."""
    await _think(adult)
    await person.set_adult(adult, {"adult": "unsaid"})
    kept = await signatures.of_person(adult.unit, adult.person.id)
    await person.set_adult(adult, {"adult": "no"})

    assert len(kept) == 1
    assert await signatures.of_person(adult.unit, adult.person.id) == []


async def test_each_letter_has_a_note_of_its_own(adult: Scene) -> None:
    """A yes, a no or a withdrawal about one leaves the note about the other where it was; "stop" ends both."""
    lane = Lane(kind=LaneKind.PERSON, id=adult.person.id)
    first, other = note_of("reserves"), note_of("other")
    adult.letters = {**LETTERS, "other": replace(LETTERS["reserves"], id="other")}
    await letter.think(adult, {"letter": "other", "form": "form_full", "duty": "order"})
    await _think(adult)
    set_ = [set(await timers.of_lane(adult.unit, lane))]
    await letter.drop(adult, ONE)
    set_.append(set(await timers.of_lane(adult.unit, lane)))
    await _joined(adult)
    set_.append(set(await timers.of_lane(adult.unit, lane)))
    await letter.withdraw(adult, ONE)
    set_.append(set(await timers.of_lane(adult.unit, lane)))
    await _think(adult)
    await person.stop(adult, {})

    assert set_ == [{first, other}, {other}, {other, STANDS}, {other}]
    assert await timers.of_lane(adult.unit, lane) == {}


async def test_a_final_call_is_found_beside_a_change_that_is_thought_about(adult: Scene) -> None:
    """Both can be looked at for as long as it is open; on a hard day neither is put to anybody."""
    await _think(adult)
    adult.now += DAY
    await signature.ask(adult, ONE)
    await _say(adult, "נועה כהן")
    await _sign(adult)
    words, ends = LETTERS["reserves"].fingerprint, adult.now + 7 * DAY
    call = await publications.open_one(
        adult.unit, letter="reserves", text=words, closes_at=ends, now=adult.now
    )
    await publications.ask(adult.unit, call)
    seen = [(await letter.look(adult, ONE)).name]
    await _think(adult, form="initial")
    seen += [(await letter.look(adult, asked)).name for asked in (ONE, {**ONE, "apart": "yes"})]
    adult.gentle_until = gentle_until(adult.now)
    seen.append((await letter.look(adult, ONE)).name)
    adult.gentle_until, adult.now = gentle_until(NOW - 30 * DAY), ends
    seen.append((await letter.look(adult, ONE)).name)

    assert seen == ["called", "called_too", "thinking", "hard_thinking", "ready"]
