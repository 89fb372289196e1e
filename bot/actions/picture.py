"""The picture of a notice that is prepared: taken by reference from the message that brought it, changed, or taken off.

Its bytes are fetched and made anew at each delivery of the preview, and once when the notice goes out.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions.announce import GONE, draft_of, save
from bot.actions.scene import Scene
from bot.engine.event import Outcome
from bot.model.incoming import Media, MediaKind
from bot.model.limit import is_carried
from bot.model.notice import Picture


async def take(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """The photo that was just sent, in place of the one before. Outcomes: `written`, `large`, `none`."""
    one = await draft_of(scene)
    sent = scene.heard.happening if scene.heard else None
    if one is None or scene.here is None or not isinstance(sent, Media):
        return GONE
    if sent.media is not MediaKind.PHOTO or sent.file is None:
        return GONE
    if not is_carried(sent.file):
        return Outcome(name="large")
    picture = Picture(platform=scene.here.platform, file=sent.file)
    await save(scene, replace(one, content=replace(one.content, picture=picture)))
    scene.took_file = True
    return Outcome(name="written")


async def take_off(scene: Scene, inputs: Mapping[str, str]) -> Outcome:
    """No picture. Outcomes: `written`, `none`."""
    one = await draft_of(scene)
    if one is None:
        return GONE
    await save(scene, replace(one, content=replace(one.content, picture=None)))
    return Outcome(name="written")
