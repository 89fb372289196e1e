"""What two organizers agree to when a notice is sent: exactly these words, for these people, at these times.

The second one sees what the first one saw, made of the same draft. Whatever is changed in it, it has another hash.
"""

from collections.abc import Mapping

from bot.actions import note
from bot.actions.announce import audience, whom
from bot.actions.proofread import blocked_sentence, is_late
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.audit import Act, Thing
from bot.model.notice import Notice, NoticeContent, Stage, content_hash
from bot.model.proposal import Proposal
from bot.store import notice_drafts, notices


async def what_is_sent(scene: Scene, inputs: Mapping[str, str]) -> Mapping[str, str] | None:
    """The draft as it is now, by its hash; None where there is none, or it can't go out as it is."""
    one, content = await _loaded(scene, inputs["notice"])
    if one is None or content is None or one.stage is not Stage.DRAFT or not one.purposes:
        return None
    if one.useless_after is None or one.useless_after <= scene.now or is_late(one, content, now=scene.now):
        return None
    if blocked_sentence(content, scene.blocked):
        return None
    return {"notice": str(one.id), "words": content_hash(one, content)}


async def send(scene: Scene, one: Proposal) -> None:
    """It is on its way, or waits for its time; nobody changes it any more."""
    approved = await notice_drafts.approve(
        scene.unit, int(one.inputs["notice"]), content=one.inputs["words"], now=scene.now
    )
    if approved is None:
        raise LookupError("it was changed a moment ago")
    await note.act(scene, Act.SEND, thing=Thing.NOTICE)


async def preview(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """What the second organizer approves, shown as its readers will see it. Outcomes: `now`, `later`, `gone`."""
    one, content = await _loaded(scene, inputs["notice"])
    if one is None or content is None or one.useless_after is None:
        return Outcome(name="gone")
    scene.shown_notice = one, content
    values = {"whom": whom(scene, one), "audience": await audience(scene, one)}
    values["until_late"] = one.useless_after.isoformat()
    if one.send_at is None:
        return Outcome(name="now", values=values)
    return Outcome(name="later", values=values | {"send_at": one.send_at.isoformat()})


async def _loaded(scene: Scene, notice_id: str) -> tuple[Notice | None, NoticeContent | None]:
    one = await notices.load(scene.unit, int(notice_id or 0))
    return one, await notices.content_of(scene.unit, one.id) if one else None
