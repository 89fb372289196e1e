"""What two organizers agree to when a letter is published: calling everybody who signed once more, then the file.

The file is made anew each time it is asked for, of the sealed lines of whoever said a fresh yes: who withdraws is not
in it from then on, and it has another hash. No name is known here.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.actions import note
from bot.actions.scene import Scene
from bot.almanac import next_allowed
from bot.engine.event import Raised
from bot.model.audit import Act, Thing
from bot.model.bundle import bundle_hash, pack
from bot.model.letter import Letter
from bot.model.person import Role
from bot.model.proposal import Proposal
from bot.model.publication import CALLS, CLOSING, Publication, Stage
from bot.model.queue import Lane, LaneKind, Timer
from bot.model.signature import Signature
from bot.store import lanes, publications, roles, timers


async def what_is_called(scene: Scene, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
    """These words of the letter, and until when people are asked: what two organizers agree to at the first time."""
    letter = scene.letters.get(inputs["letter"])
    if letter is None or scene.keeper is None or not letter.is_offered(scene.policy):
        return None
    if await publications.running(scene.unit, letter.id):
        return None
    closes = inputs.get("closes") or _end_of(scene, CALLS[inputs["within"]]).isoformat()
    if datetime.fromisoformat(closes) <= scene.now:
        return None
    return {"letter": letter.id, "text": letter.fingerprint, "closes": closes}


async def call(scene: Scene, one: Proposal) -> None:
    """Ask everybody who stands under these words once more."""
    closes_at = datetime.fromisoformat(one.inputs["closes"])
    made = await publications.open_one(
        scene.unit, letter=one.inputs["letter"], text=one.inputs["text"], closes_at=closes_at, now=scene.now
    )
    await note.act(scene, Act.CALL, thing=Thing.LETTER)
    closing = Timer(lane=lane_of(made), kind=CLOSING, due_at=closes_at, version=str(made.id))
    await timers.put(scene.unit, [closing], now=scene.now)
    await publications.ask(scene.unit, made)
    await publications.tell(scene.unit, made, flow="final_call", now=scene.now)


async def what_is_published(scene: Scene, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
    """The file as it is now, by its hash: what two organizers agree to at the second time."""
    one = await load(scene, inputs["publication"])
    letter = None if one is None else words_of(scene, one)
    if one is None or letter is None or one.stage is not Stage.CLOSED:
        return None
    count = len(await publications.lines(scene.unit, one))
    if not count:
        return None
    content = bundle_hash(await bundle(scene, one, letter=letter))
    return {"publication": str(one.id), "letter": one.letter, "bundle": content, "lines": str(count)}


async def publish(scene: Scene, one: Proposal) -> None:
    """The file is what stands under the letter from now on; whoever is in it hears so, and organizers can get it."""
    found = await publications.load(scene.unit, int(one.inputs["publication"]))
    if found is None or not await publications.publish(scene.unit, found, today=scene.now.date()):
        raise LookupError("it was closed a moment ago")
    await note.act(scene, Act.PUBLISH, thing=Thing.LETTER)
    await publications.tell(scene.unit, found, flow="published", now=scene.now, fresh=True)
    fetch = Raised(flow="bundle", subject=str(found.id))
    team = [(person_id, fetch) for person_id in await roles.holders(scene.unit, Role.ORGANIZER)]
    await lanes.to_people(scene.unit, team, now=scene.now)


async def load(scene: Scene, publication_id: str) -> Publication | None:
    """The publication that an answer names."""
    return await publications.load(scene.unit, int(publication_id or 0))


async def open_call(scene: Scene, signed: Signature) -> Publication | None:
    """The final call that asks this signature now, if one does."""
    one = await publications.load(scene.unit, signed.called) if signed.called else None
    if one is None or one.stage is not Stage.CALLING or one.closes_at <= scene.now:
        return None
    return one if words_of(scene, one) else None


def words_of(scene: Scene, one: Publication) -> Letter | None:
    """The letter with the very words that are published; None where its file has other ones by now."""
    letter = scene.letters.get(one.letter)
    return letter if letter and letter.fingerprint == one.text else None


async def bundle(scene: Scene, one: Publication, *, letter: Letter) -> bytes:
    """The file for the letter keeper as it would be now."""
    sealed = await publications.lines(scene.unit, one)
    withdrawn = await publications.removals(scene.unit, one)
    return pack(letter, sealed=sealed.values(), withdrawn=withdrawn)


def lane_of(one: Publication) -> Lane:
    """Its own lane, for the end of its call."""
    return Lane(kind=LaneKind.LETTER, id=one.id)


def _end_of(scene: Scene, span: timedelta) -> datetime:
    """A full hour, by day and on no day of rest: whoever is left out hears so then."""
    hour = (scene.now + span).replace(minute=0, second=0, microsecond=0)
    return next_allowed(hour, zone=scene.zone)
