"""What a step can do: one module per product word, each action a function named `word.verb` in the flows.

An action runs inside the turn's unit of work. It reads and writes through `store`, changes the person through
`scene`, and answers with an outcome; it never speaks, and reaches others only by putting an event into their lane.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.actions import case, consent, desk, duty, enlist, offer, person, privacy, role, team, volunteer
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
    "consent.look": consent.look,
    "consent.receipt": consent.receipt,
    "consent.check": consent.check,
    "enlist.enter": enlist.enter,
    "enlist.look": enlist.look,
    "enlist.wait": enlist.wait,
    "enlist.turn_back": enlist.turn_back,
    "enlist.vouch": enlist.vouch,
    "volunteer.show": volunteer.show,
    "volunteer.set_languages": volunteer.set_languages,
    "volunteer.toggle_need": volunteer.toggle_need,
    "volunteer.set_capacity": volunteer.set_capacity,
    "volunteer.toggle_hours": volunteer.toggle_hours,
    "volunteer.set_zone": volunteer.set_zone,
    "volunteer.go_away": volunteer.go_away,
    "volunteer.come_back": volunteer.come_back,
    "volunteer.stand_in": volunteer.stand_in,
    "volunteer.set_deputy": volunteer.set_deputy,
    "volunteer.leave": volunteer.leave,
    "duty.look": duty.look,
    "duty.change": duty.change,
    "duty.turns": duty.turns,
    "case.open": case.open_case,
    "case.stop": case.stop,
    "case.end_all": case.end_all,
    "offer.accept": offer.accept,
    "offer.pass": offer.pass_on,
    "offer.page": offer.page,
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
