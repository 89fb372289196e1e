"""What a person can ask about their own data."""

from collections.abc import Mapping

from bot.actions import case, note, support
from bot.actions.scene import Scene
from bot.engine.alert import Alert
from bot.engine.event import Outcome
from bot.model.audit import ITSELF, Act, Thing
from bot.model.case import Why
from bot.model.limit import LIMITS
from bot.model.person import Role
from bot.store import audit, cases, consents, mine, outbox, roles


async def delete(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Every row of the person goes and their key is destroyed; only the goodbye still leaves. Outcome: `done`.

    The key goes last, after the goodbye is sealed under a key of its own: `pipeline.turn` sees to that.
    """
    if Role.ORGANIZER in scene.roles:
        await note.act(scene, Act.LEAVE, thing=Thing.ORGANIZER)
        await note.tell(scene, Alert.TEAM)
    elif Role.ORGANIZER in await roles.resting_of(scene.unit, scene.person.id):
        today = scene.now.date()
        await audit.write(scene.unit, actor=ITSELF, act=Act.LEAVE, thing=Thing.ORGANIZER, today=today)
        await note.tell(scene, Alert.TEAM)
    for one in await consents.of_person(scene.unit, scene.person.id):
        scene.counts[f"consent.{one.purpose}.withdrawn"] += one.withdrawn_on is None
    await case.end_all(scene, {})
    await support.withdraw(scene, {})
    await cases.free_all(scene.unit, scene.person.id, why=Why.REVOKED, now=scene.now)
    scene.forgotten = True
    return Outcome(name="done")


async def collect(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """All that is kept about the person, to be shown. Outcomes: `file`, or `words` where no file can be sent."""
    found = await mine.collect(scene.unit, scene.person.id)
    scene.attached = found.document
    takes_files = scene.here is not None and LIMITS[scene.here.platform].files
    values = {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "messages": str(found.messages),
        "timers": str(found.timers),
        "waiting": str(found.waiting),
        "faults": str(found.faults),
    }
    return Outcome(name="file" if takes_files else "words", values=values)


async def hide(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """Empty the chat as far as the platform lets the bot. Outcomes: `done`, `own` (what the bot wrote), or `unable`."""
    if scene.here is None or not (limits := LIMITS[scene.here.platform]).deletes:
        return Outcome(name="unable")
    await outbox.hide(scene.unit, scene.here.id)
    scene.cleared = True
    return Outcome(name="done" if limits.deletes_theirs else "own")
