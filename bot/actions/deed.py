"""What takes two organizers, deed by deed: what exactly is asked for, and what is done at the second yes."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.actions import addressee, dispatch, invitation, note, phone, publishing
from bot.actions.scene import Scene
from bot.engine.event import Raised
from bot.model.audit import Act, Thing
from bot.model.person import Role
from bot.model.proposal import Deed, Proposal
from bot.store import lanes, roles

Content = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How one deed is asked for and done.

    `content` tells from what the flow knows all that would decide what happens, or None where there is nothing to ask
    for. It is asked again of itself at the second yes: what has changed since is not what was approved. `outcome` is
    how a yes ends for who said it, `told` the prompt for who asked, about the input named `about`.
    """

    thing: Thing
    content: Callable[[Scene, Content], Awaitable[Content | None]]
    do: Callable[[Scene, Proposal], Awaitable[None]]
    outcome: str = "approved"
    told: str = "agreed"
    about: str = ""


def thing_of(deed: Deed, content: Content) -> Thing:
    """What kind of thing it is done to: with a phone that is the role of whoever has it."""
    return phone.THINGS[Role(content["role"])] if deed is Deed.PHONE else DOINGS[deed].thing


async def proposer(scene: Scene, one: Proposal) -> int | None:
    """The organizer who asked; None if it was the terminal."""
    named = await roles.aliases(scene.unit, Role.ORGANIZER)
    return next((person_id for person_id, alias in named.items() if alias == one.proposer), None)


async def _one_more(scene: Scene, inputs: Content) -> Content:
    return {}


async def _invite(scene: Scene, one: Proposal) -> None:
    """The invitation; its link goes to whoever proposed it in chat, else to whoever approved. Its key stays sealed."""
    await note.act(scene, Act.INVITE, thing=Thing.ORGANIZER)
    made = await invitation.make(scene, Role.ORGANIZER)
    whom = await proposer(scene, one) or scene.person.id
    sent = Raised(flow="invitation", subject=str(one.id), values={"link": made.text})
    await lanes.to_person(scene.unit, whom, sent, now=scene.now)


DOINGS: Final[Mapping[Deed, Doing]] = {
    Deed.ADD_ORGANIZER: Doing(thing=Thing.ORGANIZER, content=_one_more, do=_invite),
    Deed.LETTER_CALL: Doing(thing=Thing.LETTER, content=publishing.what_is_called, do=publishing.call),
    Deed.LETTER_PUBLISH: Doing(
        thing=Thing.LETTER, content=publishing.what_is_published, do=publishing.publish
    ),
    Deed.ADDRESSEE_ADD: Doing(thing=Thing.SUPPORT, content=addressee.what_is_named, do=addressee.name),
    Deed.PHONE: Doing(thing=Thing.VOLUNTEER, content=phone.what_is_confirmed, do=phone.confirm),
    Deed.NOTICE_SEND: Doing(
        thing=Thing.NOTICE,
        content=dispatch.what_is_sent,
        do=dispatch.send,
        outcome="sent",
        told="notice_begun",
        about="notice",
    ),
}
