"""What is for a role is not there for anybody else: not as a command, a word, a button or an old session."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.engine.flow import Audience, Choice, Flow, GlobalCommand, Move, Phrase, Route, Step, Tone
from bot.engine.parse import read_book
from bot.i18n.distress import CrisisWords
from bot.i18n.vocabulary import Vocabulary
from bot.model.outgoing import Payload, SendMessage
from bot.model.person import Language, Role
from bot.model.volunteer import Standing, Volunteer
from bot.pipeline.process import Processor
from bot.store import invites, roles, volunteers
from bot.store.crypto import totp_code
from tests.pipeline.works import DAN, NOA, Works, pressed, said

WORD: Final = "workbench"
LATE: Final = 1003
FLOWS: Final = Path(__file__).parents[2] / "flows"
HELPER: Final = Volunteer(
    id=0,
    standing=Standing.FULL,
    languages=frozenset({Language.HEBREW}),
    needs=frozenset(),
    capacity=1,
)


def phrase(text: str) -> Phrase:
    """English words that nobody translated."""
    return Phrase(context="workbench.ask", text=text)


@pytest.fixture
def bench(works: Works) -> Works:
    """The bot with one more flow, which is for organizers."""
    home = Route(move=Move.HOME, flow=WORD, step="ask")
    ask = Step(
        id="ask",
        say=(phrase("What is to be done?"),),
        choices=(Choice(id="dig", label=phrase("Dig on"), route=Route(move=Move.GO, flow=WORD, step="ask")),),
    )
    flow = Flow(name=WORD, audience=Audience.ORGANIZER, tone=Tone.INFORMATION, steps={"ask": ask})
    command = GlobalCommand(name=WORD, words=phrase(WORD), route=home)
    book = works.turns.library.book
    wider = replace(book, flows={**book.flows, WORD: flow}, commands={**book.commands, WORD: command})
    works.turns = replace(
        works.turns,
        library=replace(works.turns.library, book=wider),
        vocabulary=Vocabulary(wider, works.turns.renderer, CrisisWords([])),
    )
    works.processor = Processor(works.ground, works.turns)
    return works


async def _grant(works: Works, number: int) -> int:
    known = await works.meet(number)
    async with works.db.unit() as unit:
        await roles.grant(unit, known.person.id, Role.ORGANIZER, today=works.clock.now().date())
        await unit.commit()
    return known.person.id


async def _revoke(works: Works, person_id: int) -> None:
    async with works.db.unit() as unit:
        await roles.revoke(unit, person_id, Role.ORGANIZER)
        await unit.commit()


async def _answers(works: Works, raw: bytes) -> list[SendMessage]:
    """What comes back, apart from the names of screens."""
    before = len(works.transport.sent)
    await works.receive(raw)
    await works.settle()
    return [
        replace(payload, rows=())
        for _, payload in works.transport.sent[before:]
        if isinstance(payload, SendMessage)
    ]


async def test_who_has_the_role_is_led_in(bench: Works) -> None:
    """By the command and by its word."""
    await _grant(bench, NOA)

    for words in (f"/{WORD}", WORD, WORD.upper()):
        (asked,) = await _answers(bench, said(words))
        assert asked.text.text == "What is to be done?"


@pytest.mark.parametrize(("typed", "like"), [(f"/{WORD}", "/no_such_thing"), (WORD, "no such thing")])
async def test_for_everybody_else_there_is_no_such_thing(bench: Works, typed: str, like: str) -> None:
    """The same words as for a command that nobody ever wrote, the same counters, whether they once had the role."""
    await _revoke(bench, await _grant(bench, DAN))
    for number in (NOA, DAN):
        await _answers(bench, said("/menu", by=number))

    unknown = [await _answers(bench, said(like, by=number)) for number in (NOA, DAN)]
    counted = bench.ask("SELECT name, value FROM counter ORDER BY name")
    hidden = [await _answers(bench, said(typed, by=number)) for number in (NOA, DAN)]

    assert hidden == unknown == [unknown[0]] * 2
    assert bench.ask("SELECT name, value FROM counter ORDER BY name") == counted


def hidden_commands() -> list[str]:
    """The commands that are not there for everybody, in the bot's own flows."""
    book = read_book(FLOWS)
    return sorted(book.commands.keys() - book.seen_by(frozenset()).commands.keys())


@pytest.mark.parametrize("command", hidden_commands())
@pytest.mark.parametrize("given", [(), (Role.VOLUNTEER,), (Role.ORGANIZER,), tuple(Role)])
async def test_every_command_of_a_role_is_theirs_alone(
    works: Works, command: str, given: tuple[Role, ...]
) -> None:
    """By slash and by word, in both languages; for everybody else nothing comes of it but what comes of nonsense."""
    known = await works.meet()
    async with works.db.unit() as unit:
        for role in given:
            await roles.grant(unit, known.person.id, role, today=works.clock.now().date())
        if Role.VOLUNTEER in given:
            await volunteers.add(unit, replace(HELPER, id=known.person.id), today=works.clock.now().date())
        await unit.commit()
    await _answers(works, said("/menu"))
    nonsense = {slash: await _answers(works, said(f"{slash}xyzzy")) for slash in ("/", "")}
    book = works.turns.library.book
    found = book.commands[command]
    is_theirs = command in book.seen_by(frozenset(given)).commands
    typed = [
        word.strip() for wording in works.turns.renderer.labels(found.words) for word in wording.split(",")
    ]
    for words in (f"/{command}", *typed):
        is_known = await _answers(works, said(words)) != nonsense["/" if words.startswith("/") else ""]
        assert is_known is is_theirs, words
        await _answers(works, said("/menu"))

    acts = [row[0] for row in works.ask("SELECT DISTINCT act FROM audit")]
    assert acts == (["pause"] if Role.ORGANIZER in given and command == "pause" else [])


async def _joined_and_left(works: Works, payload: str) -> None:
    """Dan was an organizer; Noa has only heard of it; a third person opened the link once it was used."""
    secret = b"twenty bytes of key!"
    async with works.db.unit() as unit:
        await invites.make(unit, Role.ORGANIZER, payload=payload, secret=secret, now=works.clock.now())
        await unit.commit()
    await _answers(works, said(f"/start {payload}", by=DAN))
    await _answers(works, said(totp_code(secret, seconds=int(works.clock.now().timestamp())), by=DAN))
    await _answers(works, said(f"/start {payload}", by=LATE))
    known = await works.meet(DAN)
    assert known.roles == {Role.ORGANIZER}
    await _revoke(works, known.person.id)


async def test_nobody_can_find_out_who_was_one(works: Works) -> None:
    """A stranger, a former organizer and who came too late: the same words, buttons, counters and cost for all."""
    payload = "a" * 26
    await _joined_and_left(works, payload)
    typed = [
        "/desk",
        "desk",
        "/pause",
        "pause the bot",
        "/resume",
        "/seal",
        "/pull",
        "pull a card",
        "/nonsense",
    ]
    for words in (*typed, f"/start {payload}", f"/start {payload} ", "123456", "/join", "join", "hello"):
        seen = []
        for who in (NOA, DAN, LATE):
            await _answers(works, said("/menu", by=who))
            counted = dict(works.ask("SELECT name, sum(value) FROM counter GROUP BY name"))
            before = len(works.transport.sent)
            await works.receive(said(words, by=who))
            statements = works.db.statements
            await works.handle()
            cost = works.db.statements - statements
            await works.settle()
            grown = {
                name: value - counted.get(name, 0)
                for name, value in works.ask("SELECT name, sum(value) FROM counter GROUP BY name")
            }
            seen.append((cost, grown, [_shape(payload) for _, payload in works.transport.sent[before:]]))
        assert seen[0] == seen[1] == seen[2], words


def _shape(payload: Payload) -> object:
    """What is seen of a call: words and labels, not the names of screens and messages."""
    if isinstance(payload, SendMessage):
        return payload.text, [[button.label for button in row] for row in payload.rows]
    return payload.kind


def test_there_are_such_commands() -> None:
    """The table above is what somebody decided, role by role."""
    book = read_book(FLOWS)
    everybody = book.seen_by(frozenset()).commands.keys()
    theirs = {role: sorted(book.seen_by(frozenset({role})).commands.keys() - everybody) for role in Role}

    assert theirs == {
        Role.VOLUNTEER: ["cases", "duty", "leave", "profile", "screening", "vouch"],
        Role.ORGANIZER: ["addressees", "desk", "pause", "phones", "pull", "resume", "seal", "team", "vouch"],
    }
    assert hidden_commands() == sorted({name for names in theirs.values() for name in names})


async def test_a_button_of_a_role_is_stale_for_everybody_else(bench: Works) -> None:
    """Callback data is not trusted: a made-up press of the first screen of a role's flow is a press of no screen."""
    await _answers(bench, said("/menu"))

    answered = await _answers(bench, pressed("v1:n0000001:dig"))
    stale = await _answers(bench, pressed("v1:zzzzzzzz:nothing"))

    assert answered == stale


async def test_who_loses_the_role_is_led_to_the_menu(bench: Works) -> None:
    """In the middle of a flow of that role, whatever they do next; nothing of it is done any more."""
    person_id = await _grant(bench, NOA)
    await _answers(bench, said(f"/{WORD}"))
    await _revoke(bench, person_id)

    first, *_ = await _answers(bench, said("dig on"))
    known = await bench.meet()

    assert first.text.text.startswith("The place where we stopped has changed")
    assert known.session is not None
    assert [frame.flow for frame in known.session.frames] == ["menu"]
