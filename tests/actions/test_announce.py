"""Preparing a notice: what a draft becomes, what stands against it, and what two organizers agree to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import insert

from bot.actions import ACTIONS, announce, dispatch, picture, sending, timing
from bot.actions.proofread import LONGEST, USEFUL, Doubt
from bot.actions.scene import Scene
from bot.engine.parse import read_book, read_words
from bot.model.incoming import FileRef, Incoming, Media, MediaKind
from bot.model.limit import MEDIA_BYTES
from bot.model.notice import Answer, Fate, Picture, Report, Stage, content_hash
from bot.model.person import Language, Platform, Role
from bot.model.proposal import Deed, Proposal
from bot.model.topic import purpose
from bot.store import audit, notices, roles
from bot.store.tables import notice_count
from tests.store.shelf import NOW

FLOWS: Final = Path(__file__).parents[2] / "flows"
TOPICS: Final = read_book(FLOWS).topics
TOMORROW: Final = (NOW + timedelta(days=1)).date().isoformat()


@pytest.fixture
async def organizer(scene: Scene) -> Scene:
    """The turn of an organizer."""
    await roles.grant(scene.unit, scene.person.id, Role.ORGANIZER, today=NOW.date())
    scene.person = replace(scene.person, language=Language.ENGLISH)
    scene.topics, scene.blocked = TOPICS, read_words(FLOWS / "wording.yaml")
    return scene


async def _draft(scene: Scene) -> announce.Draft:
    found = await announce.draft_of(scene)
    assert found
    return found


async def _write(scene: Scene, text: str, *, part: str = "text", language: str = "en") -> str:
    return (await announce.write(scene, {"part": part, "in": language, "written": text})).name


async def _aim(scene: Scene, **inputs: str) -> str:
    return (await announce.aim(scene, {"topic": "", "area": "", **inputs})).name


async def _at(scene: Scene, hour: str, *, which: str = "starts", day: str = TOMORROW) -> str:
    return (await timing.moment(scene, {"which": which, "day": day, "hour": hour})).name


async def _ready(scene: Scene) -> tuple[str, Mapping[str, str]]:
    found = await announce.ready(scene, {"notice": str((await _draft(scene)).notice.id)})
    return found.name, found.values


async def _written(scene: Scene) -> announce.Draft:
    """A draft that can be asked for."""
    await announce.begin(scene, {"corrects": "", "calls_off": ""})
    await _write(scene, "Tomorrow on the square.")
    await _aim(scene, topic="protest")
    await _aim(scene, area="north")
    return await _draft(scene)


async def test_a_draft_is_one_at_a_time_and_found_again(organizer: Scene) -> None:
    """A second one is not begun while there is one; it stays as it was."""
    names = [(await announce.begin(organizer, {"corrects": "", "calls_off": ""})).name for _ in range(2)]
    left = await announce.look(organizer, {})
    empty = await announce.draft(organizer, {})
    assert (names, left.name, empty.name) == (["begun", "left"], "draft", "empty")

    await announce.drop(organizer, {})
    assert (await announce.look(organizer, {})).name == "none"
    assert (await announce.drop(organizer, {})).name == "dropped"


async def test_a_draft_is_its_authors_alone(organizer: Scene) -> None:
    """Another organizer sees nothing of it, and changes nothing."""
    one = await _written(organizer)
    await roles.revoke(organizer.unit, organizer.person.id, Role.ORGANIZER)
    await roles.grant(organizer.unit, organizer.person.id, Role.ORGANIZER, today=NOW.date())  # another alias
    acts = (announce.draft, announce.terms, announce.aim, announce.write, timing.clock, timing.moment)
    inputs = {"notice": str(one.notice.id), "topic": "", "area": ""}
    assert [(await act(organizer, inputs)).name for act in (*acts, announce.ready)] == ["none"] * 7


async def test_areas_are_pressed_in_and_out(organizer: Scene) -> None:
    """Each goes to those who chose it and to whoever wants all; everywhere is one choice by itself."""
    await announce.begin(organizer, {"corrects": "", "calls_off": ""})
    assert await _aim(organizer, area="north") == "none"  # of no kind yet
    seen = []
    for inputs in ({"topic": "protest"}, {"area": "north"}, {"area": "south"}, {"area": "north"}):
        assert await _aim(organizer, **inputs) == "parted"
        seen.append((await announce.draft(organizer, {})).values["whom"])
    north, south = purpose("protest", "north"), purpose("protest", "south")
    assert seen == ["none", north, f"{north} {south}", south]
    assert (await _draft(organizer)).notice.purposes == {south, purpose("protest", "everywhere")}

    await _aim(organizer, area="everywhere")
    assert (await _draft(organizer)).notice.purposes == set(TOPICS.topics["protest"].purposes)
    await _aim(organizer, area="everywhere")
    assert (await _ready(organizer))[0] == "nobody"
    assert await _aim(organizer, topic="newsletter") == "written"
    assert (await _draft(organizer)).notice.purposes == {purpose("newsletter")}
    await _aim(organizer, topic="emergency")
    assert (await _draft(organizer)).notice.is_emergency


@pytest.mark.parametrize(
    ("part", "text", "outcome"),
    [
        ("text", "x" * LONGEST["text"], "written"),
        ("text", "x" * (LONGEST["text"] + 1), "long"),
        ("text", "hid\u202eden", "unreadable"),
        ("place", "Habima Square, Tel Aviv", "written"),
        ("place", "one\ntwo", "unreadable"),
        ("link", "https://example.org/a?b=c", "written"),
        ("link", "http://example.org", "unreadable"),
        ("link", "https://example.org and more", "unreadable"),
        ("link", "", "written"),
    ],
)
async def test_parts_are_taken_as_they_are_readable(
    organizer: Scene, part: str, text: str, outcome: str
) -> None:
    """What is too long, hides something or is no link is not kept."""
    await announce.begin(organizer, {"corrects": "", "calls_off": ""})
    assert await _write(organizer, text, part=part) == outcome
    content = (await _draft(organizer)).content
    kept = {"text": content.texts.get(Language.ENGLISH, ""), "place": content.place, "link": content.link}
    assert kept[part] == (text if outcome == "written" else "")


async def test_times_are_of_the_place(organizer: Scene) -> None:
    """By the clocks that were chosen; what is past or unclear is not taken, and a time can be taken away."""
    await announce.begin(organizer, {"corrects": "", "calls_off": ""})
    clocks = [await timing.clock(organizer, {"zone": zone}) for zone in ("", "london", "nowhere")]
    assert [one.name for one in clocks] == ["shown", "shown", "unknown"]
    assert [await _at(organizer, hour) for hour in ("18:30", "7", "soon")] == [
        "written",
        "unclear",
        "unclear",
    ]
    content = (await _draft(organizer)).content
    assert content.starts_at is not None
    assert content.starts_at.isoformat() == "2026-11-25T18:30:00+00:00"
    assert content.answers == set(Answer)

    assert await _at(organizer, "8:00", day=NOW.date().isoformat()) == "past"
    assert await _at(organizer, "", day="") == "written"
    content = (await _draft(organizer)).content
    assert (content.starts_at, content.answers) == (None, frozenset())


async def test_doubts_are_told(organizer: Scene) -> None:
    """A language that is missing, other numbers, an exclamation mark, a long text, a time that makes no sense."""
    one = await _written(organizer)

    async def told() -> list[str]:
        return (await announce.terms(organizer, {})).values["warnings"].split()

    assert await told() == [Doubt.NO_HEBREW]
    await _write(organizer, "ב־5 בערב", language="he")
    assert await told() == [Doubt.NUMBERS]
    await _write(organizer, "At 5 o'clock! " + "x" * 700)
    assert await told() == [Doubt.LONG, Doubt.SHOUTED]
    await _write(organizer, "At 5 o'clock.")
    assert await told() == [Doubt.NONE]
    await _at(organizer, "18:30")
    await _at(organizer, "19:30", which="leaves")
    assert await told() == [Doubt.LATE]
    assert (await _ready(organizer))[0] == "late"
    await _write(organizer, "", language="he")
    await _write(organizer, "Come along. You must all refuse the order.")
    assert await told() == [Doubt.BLOCKED, Doubt.LATE, Doubt.NO_HEBREW]
    assert one.notice.id == (await _draft(organizer)).notice.id


async def test_what_the_bot_never_says_can_not_be_asked_for(organizer: Scene) -> None:
    """In whichever language it stands; the sentence is named."""
    await _written(organizer)
    await _write(organizer, "Come along. You must all refuse the order.")
    name, values = await _ready(organizer)
    assert (name, values["found"]) == ("blocked", "You must all refuse the order.")
    shown = {"notice": str((await _draft(organizer)).notice.id)}
    assert await dispatch.what_is_sent(organizer, shown) is None


async def test_it_is_of_use_until_it_begins_or_for_half_a_day(organizer: Scene) -> None:
    """Counted from when it leaves; what leaves at a time says so."""
    await _written(organizer)
    name, values = await _ready(organizer)
    assert (name, values["until"]) == ("now", (NOW + USEFUL).isoformat())
    north, everywhere = purpose("protest", "north"), purpose("protest", "everywhere")
    assert values["audience"] == f"he=0 en=0 {everywhere}=0 {north}=0"

    await _at(organizer, "10:00", which="leaves")
    name, values = await _ready(organizer)
    assert (name, values["send_at"]) == ("later", "2026-11-25T08:00:00+00:00")
    await _at(organizer, "18:30")
    assert (await _ready(organizer))[1]["until"] == "2026-11-25T16:30:00+00:00"
    assert (await announce.ready(organizer, {"notice": "1"})).name == "none"


async def _use(scene: Scene, lasts: str = "") -> tuple[str, str]:
    """How long it lasts from now on, or until when it is of use."""
    found = await timing.use(scene, {"lasts": lasts})
    return found.name, found.values.get("until", "")


async def test_it_is_of_use_as_long_as_its_author_says(organizer: Scene) -> None:
    """Two days, or two hours for latecomers, or until a time; what is asked for and approved has exactly that end."""
    assert await _use(organizer) == ("none", "")
    await _written(organizer)
    assert await _use(organizer) == ("undated", (NOW + USEFUL).isoformat())
    assert await _use(organizer, "longer") == ("written", "")
    assert (await _ready(organizer))[1]["until"] == (NOW + timing.LONGER).isoformat()
    before = content_hash((await _draft(organizer)).notice, (await _draft(organizer)).content)

    await _at(organizer, "18:30")  # another question: half a day or two do not fit it
    assert await _use(organizer) == ("dated", "2026-11-25T16:30:00+00:00")
    await _use(organizer, "longer")
    await _at(organizer, "19:30")
    assert await _use(organizer) == ("dated", "2026-11-25T19:30:00+00:00")
    await _at(organizer, "15:00", which="ends")
    assert (await _ready(organizer))[1]["until"] == "2026-11-25T13:00:00+00:00"
    draft = await _draft(organizer)
    assert draft.notice.useless_after == datetime(2026, 11, 25, 13, tzinfo=UTC)
    assert content_hash(draft.notice, draft.content) != before

    await _at(organizer, "16:00", which="leaves")
    assert (await _ready(organizer))[0] == "late"
    await _use(organizer, "usual")
    assert (await _ready(organizer))[1]["until"] == "2026-11-25T17:30:00+00:00"


async def test_a_correction_has_an_end_of_its_own(organizer: Scene) -> None:
    """A typed end of the first one may be past; how long it lasts after it begins still holds."""
    await _written(organizer)
    await _at(organizer, "10:00", which="ends")
    await _ready(organizer)
    first = (await _draft(organizer)).notice.id
    await _approve(organizer)
    organizer.now = NOW + timedelta(days=2)
    await announce.begin(organizer, {"corrects": str(first), "calls_off": ""})
    assert (await _ready(organizer))[1]["until"] == (organizer.now + USEFUL).isoformat()


async def _approve(scene: Scene) -> Stage:
    """The second yes to the draft as it is; where that leads."""
    draft = await _draft(scene)
    content = await dispatch.what_is_sent(scene, {"notice": str(draft.notice.id)})
    assert content
    one = Proposal(id=1, deed=Deed.NOTICE_SEND, content="", proposer="x", made_at=NOW, inputs=content)
    await dispatch.send(scene, one)
    found = await notices.load(scene.unit, draft.notice.id)
    assert found
    return found.stage


async def test_what_is_approved_is_the_exact_draft(organizer: Scene) -> None:
    """Its hash; once it went out it is no draft, so it is neither asked for nor changed again."""
    await _written(organizer)
    assert (
        await dispatch.what_is_sent(organizer, {"notice": str((await _draft(organizer)).notice.id)}) is None
    )
    await _ready(organizer)
    draft = await _draft(organizer)
    seen = await dispatch.preview(organizer, {"notice": str(draft.notice.id)})
    assert (seen.name, organizer.shown_notice) == ("now", (draft.notice, draft.content))
    content = await dispatch.what_is_sent(organizer, {"notice": str(draft.notice.id)})
    assert content == {"notice": str(draft.notice.id), "words": content_hash(draft.notice, draft.content)}

    assert await _approve(organizer) is Stage.APPROVED
    assert [f"{one.act} {one.thing}" for one in await audit.entries(organizer.unit)][-1] == "send notice"
    assert await dispatch.what_is_sent(organizer, {"notice": str(draft.notice.id)}) is None
    assert await announce.draft_of(organizer) is None


async def test_what_was_changed_is_not_sent(organizer: Scene) -> None:
    """A second yes to something else fails, with nothing done."""
    await _written(organizer)
    await _ready(organizer)
    notice = (await _draft(organizer)).notice
    inputs = {"notice": str(notice.id), "words": "0" * 64}
    one = Proposal(id=1, deed=Deed.NOTICE_SEND, content="", proposer="x", made_at=NOW, inputs=inputs)
    with pytest.raises(LookupError):
        await dispatch.send(organizer, one)
    assert (await dispatch.preview(organizer, {"notice": "5"})).name == "gone"
    await _at(organizer, "10:00", which="leaves")
    assert (await dispatch.preview(organizer, {"notice": str(notice.id)})).name == "later"


async def test_what_is_of_no_use_any_more_is_not_approved(organizer: Scene) -> None:
    """Where the second yes comes when it has begun."""
    await _written(organizer)
    await _ready(organizer)
    shown = {"notice": str((await _draft(organizer)).notice.id)}
    assert await dispatch.what_is_sent(organizer, shown)
    organizer.now = NOW + USEFUL
    assert await dispatch.what_is_sent(organizer, shown) is None


async def test_a_correction_begins_with_what_it_corrects(organizer: Scene) -> None:
    """For whoever got that, which nobody changes."""
    await _written(organizer)
    await _ready(organizer)
    first = (await _draft(organizer)).notice.id
    await _approve(organizer)
    begun = await announce.begin(organizer, {"corrects": str(first), "calls_off": ""})
    draft = await _draft(organizer)
    assert (begun.name, draft.notice.corrects) == ("correcting", first)
    assert draft.content.texts[Language.ENGLISH] == "Tomorrow on the square."
    assert await _aim(organizer, topic="newsletter") == "fixed"


async def _calling_off(scene: Scene, *, begins: str = "18:30") -> announce.Draft:
    """A draft that calls off what two approved."""
    await _written(scene)
    if begins:
        await _at(scene, begins)
    await _write(scene, "Habima Square", part="place")
    await _ready(scene)
    first = (await _draft(scene)).notice.id
    await _approve(scene)
    assert (await announce.begin(scene, {"corrects": str(first), "calls_off": "yes"})).name == "correcting"
    return await _draft(scene)


async def test_what_is_called_off_needs_no_words_of_its_own(organizer: Scene) -> None:
    """It says when and where it would have been, to whoever got that; latecomers hear of it too."""
    draft = await _calling_off(organizer)
    content = draft.content
    assert (content.called_off, content.place, dict(content.texts)) == (True, "Habima Square", {})
    assert (await announce.draft(organizer, {})).name == "shown"
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.NONE
    assert (await _ready(organizer))[1]["until"] == "2026-11-25T18:30:00+00:00"
    draft = await _draft(organizer)
    other = replace(draft.content, called_off=False)
    assert content_hash(draft.notice, other) != content_hash(draft.notice, draft.content)
    assert await _approve(organizer) is Stage.APPROVED
    told = await sending.look(organizer, {"notice": ""})
    assert told.values["words"] == f"{sending.CROSS} Tomorrow on the square."


async def test_what_begins_soon_is_called_off_at_once(organizer: Scene) -> None:
    """Also at night: who would have set out in the morning knows before. What begins later waits for the morning."""
    await _calling_off(organizer, begins="10:00")
    organizer.now = datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.PRESSING
    await _ready(organizer)
    assert (await _draft(organizer)).notice.is_emergency
    await _at(organizer, "18:30")
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.QUIET
    await _ready(organizer)
    assert not (await _draft(organizer)).notice.is_emergency


async def test_what_is_called_off_can_take_place_after_all(organizer: Scene) -> None:
    """A correction of that has words of its own, and can be answered where it has a time."""
    for begins, answers in (("", 0), ("18:30", len(Answer))):
        off = await _calling_off(organizer, begins=begins)
        await _ready(organizer)
        await _approve(organizer)
        await announce.begin(organizer, {"corrects": str(off.notice.id), "calls_off": "no"})
        draft = await _draft(organizer)
        assert (draft.content.called_off, len(draft.content.answers)) == (False, answers)
        assert (await announce.draft(organizer, {})).name == "empty"
        await announce.drop(organizer, {})


async def _seen(scene: Scene, act: str, notice: str = "") -> str:
    return (await ACTIONS[f"sending.{act}"](scene, {"notice": notice, "since": ""})).name


async def test_any_organizer_stops_it_and_going_on_takes_a_code(organizer: Scene) -> None:
    """A pause and a cancel happen at once, and once; nobody goes on with what is cancelled."""
    assert await _seen(organizer, "look") == "none"
    await _written(organizer)
    await _ready(organizer)
    which = str((await _draft(organizer)).notice.id)
    assert await _seen(organizer, "pause", which) == "gone"  # a draft is nothing to stop
    await _approve(organizer)
    assert await _seen(organizer, "look") == "sending"  # in a moment
    assert await _seen(organizer, "pause", which) == "done"
    assert await _seen(organizer, "pause", which) == "gone"
    assert await _seen(organizer, "here", which) == "paused"
    assert await _seen(organizer, "resume", which) == "unproven"
    assert await _seen(organizer, "cancel", which) == "done"
    assert await _seen(organizer, "look", which) == "stopping"
    assert await _seen(organizer, "here", "5") == "none"
    told = [f"{one.act} {one.thing}" for one in await audit.entries(organizer.unit)]
    assert told[-2:] == ["pause notice", "call_off notice"]


async def test_a_long_notice_is_told_by_its_beginning(organizer: Scene) -> None:
    """In the organizer's language, on one line."""
    await _written(organizer)
    await _write(organizer, "word\n" * 40)
    await _ready(organizer)
    await _approve(organizer)
    told = await sending.look(organizer, {"notice": ""})
    assert len(told.values["words"]) <= sending.FIRST_WORDS
    assert told.values["words"].endswith("word\u2026")
    assert told.values["fates"] == "fate_all=0 fate_delivered=0"
    assert told.values["reasons"] == sending.NONE


@pytest.mark.parametrize(
    ("fates", "outcome"),
    [
        ({}, "nobody"),
        ({Fate.BLOCKED: 2, Fate.LATE: 1}, "nobody"),
        ({Fate.BLOCKED: 2, Fate.DELIVERED: 1}, "done"),
    ],
)
async def test_it_was_sent_only_where_somebody_got_it(
    organizer: Scene, fates: Mapping[Fate, int], outcome: str
) -> None:
    """What nobody got was not sent, whatever became of its copies."""
    await _written(organizer)
    await _ready(organizer)
    await _approve(organizer)
    (one,) = await notices.running(organizer.unit)
    sent = await notices.move(organizer.unit, one, Stage.SENDING, now=NOW)
    assert sent
    for fate, copies in fates.items():
        row = {"notice_id": one.id, "fate": fate.value, "reason": "", "copies": copies}
        await organizer.unit.change(insert(notice_count), row)
    assert await notices.end(organizer.unit, sent, over_at=NOW, now=NOW)
    assert await _seen(organizer, "look") == await _seen(organizer, "here", str(one.id)) == outcome


async def test_what_would_come_at_a_quiet_time_waits_and_that_is_told(organizer: Scene) -> None:
    """It is of use for half a day from when it can leave; an emergency waits for nothing."""
    await _written(organizer)
    await _write(organizer, "מחר בכיכר", language="he")
    organizer.now = datetime(2026, 11, 27, 17, tzinfo=UTC)  # Friday evening
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.QUIET
    until = datetime.fromisoformat((await _ready(organizer))[1]["until"])
    assert until > organizer.now + timedelta(days=1)
    await _at(organizer, "10:00", day="2026-11-28")
    assert (await _ready(organizer))[0] == "late"

    await _aim(organizer, topic="emergency")
    await _aim(organizer, area="north")
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.NONE
    assert (await _ready(organizer))[0] == "now"


def _photo(size: int = 9, media: MediaKind = MediaKind.PHOTO) -> Incoming:
    return Incoming(happening=Media(media=media, message_id="1", file=FileRef(file_id="p", size=size)))


async def test_a_picture_is_taken_by_reference(organizer: Scene) -> None:
    """It can be changed and taken off; what is too large, or no photo, is not taken."""
    assert (await picture.take_off(organizer, {})).name == "none"
    one = await _written(organizer)
    organizer.here = organizer.addresses[0]
    ends = []
    for heard in (None, _photo(media=MediaKind.VOICE), _photo(MEDIA_BYTES + 1), _photo()):
        organizer.heard = heard
        ends.append(((await picture.take(organizer, {})).name, organizer.took_file))
    assert ends == [("none", False), ("none", False), ("large", False), ("written", True)]
    kept = (await _draft(organizer)).content
    assert kept.picture == Picture(platform=Platform.TELEGRAM, file=FileRef(file_id="p", size=9))
    assert content_hash(one.notice, kept) != content_hash(one.notice, one.content)

    assert (await picture.take_off(organizer, {})).name == "written"
    assert (await _draft(organizer)).content.picture is None


async def test_a_long_text_under_a_picture_is_told(organizer: Scene) -> None:
    """And nothing where it fits."""
    await _written(organizer)
    await _write(organizer, "מחר בכיכר", language="he")
    organizer.here, organizer.heard = organizer.addresses[0], _photo()
    await picture.take(organizer, {})
    assert (await announce.terms(organizer, {})).values["warnings"] == Doubt.NONE
    await _write(organizer, "x" * 900)
    assert (await announce.terms(organizer, {})).values["warnings"] == f"{Doubt.LONG} {Doubt.PICTURE}"


def test_the_report_tells_of_missing_pictures() -> None:
    """Only where there are some."""
    fates = {Fate.DELIVERED: 9}
    assert sending.tally(Report(fates=fates)) == "fate_all=9 fate_delivered=9"
    assert sending.tally(Report(fates=fates, bare=7)) == "fate_all=9 fate_delivered=9 fate_bare=7"
