"""What a step can do: one module per product word, each action a function named `word.verb` in the flows.

An action runs inside the turn's unit of work. It reads and writes through `store`, changes the person through
`scene`, and answers with an outcome; it never speaks, and reaches others only by putting an event into their lane.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.actions import case, consent, desk, person, privacy, role, team
from bot.actions.scene import Scene
from bot.engine.event import Outcome

Action = Callable[[Scene, Mapping[str, str]], Awaitable[Outcome]]

ACTIONS: Final[Mapping[str, Action]] = {
    "person.recognise": person.recognise,
    "person.language": person.language,
    "person.set_language": person.set_language,
    "person.set_form": person.set_form,
    "person.adult": person.adult,
    "person.set_adult": person.set_adult,
    "person.onboarded": person.onboarded,
    "person.stop": person.stop,
    "person.delete": privacy.delete,
    "consent.give": consent.give,
    "consent.withdraw": consent.withdraw,
    "consent.check": consent.check,
    "case.open": case.open_case,
    "case.stop": case.stop,
    "desk.look": desk.look,
    "desk.pause": desk.pause,
    "desk.resume": desk.resume,
    "desk.seal": desk.seal,
    "desk.cards": desk.list_cards,
    "desk.find": desk.find,
    "desk.pull": desk.pull,
    "person.collect": privacy.collect,
    "role.join": role.join,
    "role.step_up": role.step_up,
    "role.elevated": role.elevated,
    "team.look": team.look,
    "team.find": team.find,
    "team.revoke": team.revoke,
    "team.leave": team.leave,
    "chat.hide": privacy.hide,
}
