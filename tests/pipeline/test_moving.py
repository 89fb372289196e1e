"""Codes of the other app in what people write, and a whole move on a stage: what each side learns, and when."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.engine.alert import Alert, Alerted
from bot.model.outgoing import Priority
from bot.model.person import Platform, Role
from bot.pipeline.moving import PAYLOAD, code_in
from bot.sandbox import Person
from bot.sandbox.signal import SignalPerson
from bot.store import lanes, outbox, people, roles
from tests.happening import CHANCE
from tests.stage import Stage, staged
from tests.store.shelf import call

KEEP: Final = "It was me; keep this app too"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("K3FQ-7MX2", ("", "k3fq7mx2")),
        ("k3fq7mx2", ("", "k3fq7mx2")),
        ("\u2068K3FQ-7MX2\u2069", ("", "k3fq7mx2")),
        ("move: K3FQ-7MX2", ("move", "k3fq7mx2")),
        ("מעבר K3FQ 7MX2.", ("מעבר", "k3fq7mx2")),
        ("question", None),
        ("thank you", None),
        ("1201", None),
    ],
)
def test_a_code_is_read_however_it_was_copied(text: str, found: tuple[str, str] | None) -> None:
    """With or without what stands between its halves; no word without a digit at its end reads like one."""
    assert code_in(text) == found


def test_a_link_may_bring_a_code() -> None:
    """As a payload of its own kind."""
    assert PAYLOAD.fullmatch("m_k3fq7mx2")
    assert not PAYLOAD.fullmatch("f_k3fq7mx2")


async def _code(stage: Stage, person: Person) -> str:
    """The newest code that the person is shown."""
    await person.send("/move")
    await stage.settle()
    await person.press("Show a code")
    await stage.settle()
    return str([word for one in person.history for word in CHANCE["moving"].findall(one.text)][-1])


async def _greeted(stage: Stage) -> Person:
    person = stage.emulator.person(language_code="en")
    await person.start()
    await stage.settle()
    await person.press("Go on")
    await stage.settle()
    return person


async def _moved(stage: Stage, person: Person, phone: SignalPerson) -> None:
    await phone.send(await _code(stage, person))
    await stage.settle()
    await person.press(KEEP)
    await stage.settle()


async def test_a_bot_in_one_app_offers_no_other(tmp_path: Path) -> None:
    """Neither a command nor a choice leads there."""
    async with staged(tmp_path, signal_rpc=None) as stage:
        person = await _greeted(stage)
        await person.send("/move")
        await stage.settle()
        said = person.chat[-1].text
        await person.send("/settings")
        await stage.settle()
        await person.press("More")
        await stage.settle()

    assert said.startswith("There is no such command here.")
    assert "Another app" not in person.chat[-1].labels
    assert "Time zone" in person.chat[-1].labels


async def _person_id(stage: Stage, phone: SignalPerson) -> int:
    async with stage.house.db.unit() as unit:  # never committed: looking makes nobody
        today = stage.clock.now().date()
        return (await people.resolve(unit, Platform.SIGNAL, [phone.id], today=today))[phone.id]


async def test_until_the_first_side_says_yes_the_other_learns_nothing_of_it(tmp_path: Path) -> None:
    """It is a stranger's conversation still; the first side is asked at once."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await phone.send(await _code(stage, person))
        await stage.settle()
        asked = person.chat[-1].text
        await phone.send("/consents")
        await stage.settle()
        places = await stage.places(phone.id, Platform.SIGNAL)
        of_person = await stage.places(person.user_id)

    assert asked.startswith("Your code was written in")
    assert places == ["consents.list"]
    assert of_person == ["menu.home", "move.made"]


async def test_what_is_written_while_it_moves_is_answered_where_it_was_written(tmp_path: Path) -> None:
    """A message from the new side that waits behind the move is the person's by then."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await phone.send(await _code(stage, person))
        await stage.settle()
        await person.press(KEEP)
        await stage.receive()
        stage.clock.pass_time(timedelta(seconds=2))
        await stage.house.processor.batch()  # the yes, and not yet what comes of it
        await phone.send("/settings")
        await stage.settle()
        places = await stage.places(person.user_id)

    assert places == ["menu.home", "settings.ask"]
    assert any("What would you like to change?" in one.text for one in phone.replies)


async def test_a_yes_that_comes_twice_or_too_late_moves_nothing(tmp_path: Path) -> None:
    """A double tap is one yes; after an hour the question is over."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await phone.send(await _code(stage, person))
        await stage.settle()
        await stage.pass_time(timedelta(hours=1, minutes=1))
        await person.press(KEEP)
        await stage.settle()
        late = person.chat[-1].text
        await _moved(stage, person, phone)
        await person.send("/move")
        await stage.settle()

    assert late.startswith("That code is good for nothing any more.")
    assert person.chat[-1].text.startswith("This is one conversation, here and in")


async def test_a_third_side_cannot_come(tmp_path: Path) -> None:
    """Whoever is in both apps already hears that one has to go first."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await _moved(stage, person, phone)
        other = await stage.somebody("en")
        await other.send("hi")
        await stage.settle()
        await other.send("/move")
        await stage.settle()
        await other.send("1")
        await stage.settle()
        code = [word for one in other.replies for word in CHANCE["moving"].findall(one.text)][-1]
        await person.send(code)
        await stage.settle()

    assert person.chat[-1].text.startswith("This side is known in two apps already")


async def test_a_code_in_words_or_a_command_or_a_link_is_the_same(tmp_path: Path) -> None:
    """And wrong, each says so; a bare one where words are asked for is those words."""
    async with staged(tmp_path) as stage:
        person = await _greeted(stage)
        said = []
        for words in ("move K3FQ-7MX2", "/move K3FQ-7MX2", "/start m_k3fq7mx2", "K3FQ-7MX2"):
            await person.send(words)
            await stage.settle()
            said.append([one.text for one in person.chat if not one.mine][-2])
        await person.send("/settings")
        await stage.settle()
        for choice in ("More", "Time zone"):
            await person.press(choice)
            await stage.settle()
        await person.send("K3FQ-7MX2")
        await stage.settle()
        asked = await stage.places(person.user_id)

    assert [one.partition(".")[0] for one in said] == ["This code is good for nothing here"] * 4
    assert asked[-1].startswith("zone.")


@pytest.mark.parametrize(
    "around", ["The code: {}", "my code is {}.", "{}\n\nPlease write it here", "all of it"]
)
async def test_a_code_may_come_with_the_words_around_it(tmp_path: Path, around: str) -> None:
    """Who copies a message on a phone copies all of it."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        code = await _code(stage, person)
        shown = next(one.text for one in reversed(person.history) if code in one.text)
        await phone.send(shown if around == "all of it" else around.format(code))
        await stage.settle()

    assert phone.last.text.startswith("Thank you. A question has come")


async def test_words_with_a_code_too_many_or_wrong_bring_nothing(tmp_path: Path) -> None:
    """Two codes name no one move; a wrong one is called that only as the bot writes them; and a place is no code."""
    async with staged(tmp_path) as stage:
        person = await _greeted(stage)
        said = []
        for words in ("AAAA-BBB2 or AAAA-BBB3", "since year-2222", "2345-6789 again", "the code: AAAA-BBB2"):
            await person.send(words)
            await stage.settle()
            said.append("good for nothing" in "".join(one.text for one in person.chat[-2:]))

    assert said == [False, False, False, True]


async def test_what_comes_by_itself_comes_to_the_later_side(tmp_path: Path) -> None:
    """A wait that ends is told in the app the person moved to."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await _moved(stage, person, phone)
        who = await _person_id(stage, phone)
        async with stage.house.db.unit() as unit:
            await lanes.to_person(unit, who, Alerted(alert=Alert.CARDS), now=stage.clock.now())
            await roles.grant(unit, who, Role.ORGANIZER, today=stage.clock.now().date())
            await unit.commit()
        before = len(person.history)
        await stage.settle()

    assert phone.replies[-1].text.startswith("A note from the desk")
    assert len(person.history) == before


async def test_a_side_is_not_taken_off_while_words_are_on_their_way_to_it(tmp_path: Path) -> None:
    """Neither at the move, nor later; once they have come it can be."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        who = await _id_of(stage, person)
        await phone.send(await _code(stage, person))
        await stage.settle()
        async with stage.house.db.unit() as unit:
            known = (await people.load(unit, [who]))[who]
            later = stage.clock.now() + timedelta(hours=2)
            await outbox.add(
                unit, [call(known, priority=Priority.CHECK_IN, due_at=later)], now=stage.clock.now()
            )
            await unit.commit()
        await person.press("It was me; take this app off")
        await stage.settle()
        arrived = phone.replies[-1].text
        await stage.pass_time(timedelta(hours=3))
        await person.send("/move")
        await stage.settle()
        for choice in ("Take this app off", "Take this app off"):
            await person.press(choice)
            await stage.settle()

    assert "could not be taken off yet" in arrived
    assert [one.text for one in person.chat] == ["Done. A new message here would start from the beginning."]


async def _id_of(stage: Stage, person: Person) -> int:
    async with stage.house.db.unit() as unit:  # never committed: looking makes nobody
        today, routing_id = stage.clock.now().date(), str(person.user_id)
        return (await people.resolve(unit, Platform.TELEGRAM, [routing_id], today=today))[routing_id]


async def test_another_phone_that_starts_over_takes_off_its_own_side_only(tmp_path: Path) -> None:
    """Nothing of the other app's is deleted; it hears of it, and what somebody wrote to them comes there."""
    async with staged(tmp_path) as stage:
        person, phone = await _greeted(stage), await stage.somebody("en")
        await _moved(stage, person, phone)
        who = await _id_of(stage, person)
        await phone.change_phone()
        await stage.settle()
        async with stage.house.db.unit() as unit:
            known = (await people.load(unit, [who]))[who]
            side = next(one for one in known.addresses if one.platform is Platform.SIGNAL)
            words = replace(call(known, "beside you"), address_id=side.id, priority=Priority.RELAY)
            await outbox.add(unit, [words], now=stage.clock.now())
            await unit.commit()
        await phone.send("what is this?")
        await stage.settle()
        await phone.send("Delete and start over")
        await stage.settle()
        of_person = await stage.places(person.user_id)
        of_phone = await stage.places(phone.id, Platform.SIGNAL)

    assert phone.replies[-1].text.startswith("A new message here starts from the beginning.")
    assert not any("beside you" in one.text for one in phone.replies)
    told = [one.text for one in person.history]
    assert any("beside you" in text for text in told)
    assert any("another phone answered" in text for text in told)
    assert of_person
    assert not of_phone
