"""Words carried across a line: taken from the platform's message and put into the other side's lane, sealed there.

Nothing of them enters a session, an outcome or a log. What may still arrive is decided by the case's epoch.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions.end import End, await_word, end_of
from bot.actions.scene import Scene
from bot.engine.event import Carried, Outcome
from bot.model.case import CaseState, Side
from bot.model.incoming import Edited, Media, MediaKind, MediaRef, Text
from bot.model.limit import LIMITS, is_carried
from bot.model.search import CLAIM, wait_class
from bot.store import cases, lanes, lines, people, timers
from bot.store.ids import made_at
from bot.store.lines import Copy


async def carry(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Take what was written to the other end of `case`, or of the line of the message it answers; or a bare `word`.

    `voice` says that somebody knows that voices are recognised; `only` words are taken where it says so; `who` is whom
    the writer was shown.

    Outcomes: `carried`, `elsewhere` (by the answered message; with `to`), `unchanged` (an edit of what was never
    carried), `voice` (this is to be known first; now it is), `large` and `words_only` (it was not carried),
    `past` (the answered message is of a line that is over), `changed` (somebody else is there now; with `to`),
    `waiting` (nobody has the case now), `gone`.
    """
    answered = await _answered(scene)
    is_elsewhere = answered is not None and answered[1] != int(inputs["case"])
    case_id = str(answered[1]) if is_elsewhere and answered else inputs["case"]
    end = await end_of(scene, case_id)
    if end is None:
        return Outcome(name="past") if is_elsewhere else await _nobody(scene, case_id)
    if not is_elsewhere and (inputs.get("who") or end.who) != end.who:
        return Outcome(name="changed", values={"to": end.who})
    if answered and await _is_past(scene, end, line=answered[0]):
        return Outcome(name="past")
    if isinstance(scene.heard and scene.heard.happening, Edited):
        return Outcome(name="carried" if await _carry_edit(scene, end) else "unchanged")
    if refused := await _refused(scene, end, inputs):
        return refused
    reply = str(answered[0]) if answered else None
    await _carry(scene, end, word=inputs.get("word", ""), reply=reply)
    return Outcome(name="elsewhere", values={"to": end.who}) if is_elsewhere else Outcome(name="carried")


async def _refused(scene: Scene, end: End, inputs: Mapping[str, str]) -> Outcome | None:
    """Why a photo or a voice message is not carried; None for what is."""
    happening = scene.heard.happening if scene.heard else None
    if not isinstance(happening, Media) or happening.file is None:
        return None
    if inputs.get("only") or not await _takes_media(scene, end.other):
        return Outcome(name="words_only")
    if not is_carried(happening.file):
        return Outcome(name="large")
    if happening.media is MediaKind.VOICE and not inputs.get("voice"):
        return Outcome(name="voice", values={"voice": "known"})
    return None


async def _takes_media(scene: Scene, other: int) -> bool:
    """Whether what is at the other end can show more than words."""
    known = (await people.load(scene.unit, [other])).get(other)
    addresses = known.addresses if known else ()
    return any(LIMITS[address.platform].media for address in addresses)


async def _nobody(scene: Scene, case_id: str) -> Outcome:
    case = await cases.load(scene.unit, int(case_id or 0))
    waits = case is not None and case.person_id == scene.person.id and case.state is not CaseState.CLOSED
    return Outcome(name="waiting") if waits else Outcome(name="gone")


async def _answered(scene: Scene) -> tuple[int, int] | None:
    """The line of the message that is answered, and its case."""
    happening = scene.heard.happening if scene.heard else None
    if not isinstance(happening, Text | Media) or happening.reply_to is None or scene.here is None:
        return None
    return await lines.find(scene.unit, scene.here, happening.reply_to)


async def _is_past(scene: Scene, end: End, *, line: int) -> bool:
    """Whether a message is of before whoever has the case now took it: it was another's."""
    claimed_at = await cases.claimed_at(scene.unit, end.case)
    return claimed_at is not None and made_at(line) < claimed_at


async def _carry(scene: Scene, end: End, *, word: str, reply: str | None) -> None:
    happening = scene.heard.happening if scene.heard else None
    line = lines.new_line(scene.unit, now=scene.now)
    words = word
    # With a word, what was written now only answers whether that should go.
    if not word and isinstance(happening, Text | Media):
        words = happening.text if isinstance(happening, Text) else happening.caption
        if scene.here:
            copy = Copy(
                line=line,
                case_id=end.case.id,
                address_id=scene.here.id,
                person_id=scene.person.id,
                message_id=happening.message_id,
            )
            await lines.remember(scene.unit, copy, now=scene.now)
    if end.case.state is not CaseState.CONNECTED:
        await cases.change(scene.unit, end.case, CaseState.CONNECTED, now=scene.now)
        await timers.cancel(scene.unit, end.lane, [CLAIM])
    media = _media(scene)
    scene.took_file = media is not None
    carried = replace(_carried(scene, end, line=line, words=words), reply=reply, media=media)
    await lanes.to_person(scene.unit, end.other, carried, now=scene.now)
    await await_word(scene, end, of=end.side)
    await _note_first_word(scene, end)


async def _carry_edit(scene: Scene, end: End) -> bool:
    happening = scene.heard.happening if scene.heard else None
    if not isinstance(happening, Edited) or scene.here is None:
        return False
    found = await lines.find(scene.unit, scene.here, happening.message_id)
    if found is None or found[1] != end.case.id:
        return False
    carried = replace(_carried(scene, end, line=found[0], words=happening.text), is_edit=True)
    carried = replace(carried, is_caption=happening.media is not None)
    await lanes.to_person(scene.unit, end.other, carried, now=scene.now)
    if happening.renamed:
        await lines.rename(scene.unit, scene.here, happening.message_id, to=happening.renamed)
    return True


def _media(scene: Scene) -> MediaRef | None:
    """What is to be fetched when it is delivered."""
    happening = scene.heard.happening if scene.heard else None
    if not isinstance(happening, Media) or happening.file is None or scene.here is None:
        return None
    source, file = scene.here.platform, happening.file
    if happening.media is MediaKind.PHOTO:
        return MediaRef(media=MediaKind.PHOTO, source=source, file=file)
    return MediaRef(media=MediaKind.VOICE, source=source, file=file)


def _carried(scene: Scene, end: End, *, line: int, words: str) -> Carried:
    """What comes into the other side's lane."""
    return Carried(
        case=str(end.case.id),
        epoch=end.case.epoch,
        line=str(line),
        sender=str(scene.person.id),
        who=end.case.name_for(end.side.other),
        words=words,
    )


async def _note_first_word(scene: Scene, end: End) -> None:
    """Count how long the person waited for a human word, in coarse classes."""
    if end.side is Side.VOLUNTEER and await cases.answered(scene.unit, end.case, now=scene.now):
        scene.counts[f"case.first_word.{wait_class(scene.now - end.case.opened_at)}"] += 1
