"""kill -9 between the steps of a move to another app: it goes on where it stopped, and nobody is lost or doubled."""

from typing import Final

import pytest

from bot.sandbox.signal import Network
from tests.faults.aimed import killed_at, revived
from tests.faults.place import Place
from tests.faults.signal import spooling
from tests.faults.test_case import at_rest, shown
from tests.faults.test_signal import network as network
from tests.faults.watch import Stage
from tests.happening import CHANCE

YES: Final = "It was me; keep this app too"
ADDRESSES: Final = "SELECT count(*) FROM address"
PEOPLE: Final = "SELECT count(DISTINCT person_id) FROM address"


@pytest.mark.timeout(240)
async def test_a_move_survives_every_death_of_the_bot(place: Place, network: Network) -> None:
    """In the yes, in what the other side does then, in the first words there: all of it happens, once."""
    person, phone = place.emulator.person(), network.person()
    await at_rest(place, person)
    bot = await place.start()
    await spooling(place, network)
    await person.send("/move")
    await shown(person, "Show a code")
    await person.press("Show a code")
    await shown(person, "Another code")
    code = [word for one in person.history for word in CHANCE["moving"].findall(one.text)][-1]
    await phone.send(code)
    await shown(person, YES)
    await place.until_quiet()
    bot.terminate()
    await bot.ended()
    await person.press(YES)

    await killed_at(place, Stage.RECEIVED)
    await killed_at(place, Stage.IN_TRANSACTION)
    await killed_at(place, Stage.IN_TRANSACTION, nth=2)
    await killed_at(place, Stage.IN_TRANSACTION, nth=2)
    await killed_at(place, Stage.COMMITTED)
    await revived(place)
    arrived = [one.text for one in phone.replies if "Everything goes on here now" in one.text]

    assert 1 <= len(arrived) <= 2
    assert await place.number(ADDRESSES) == 2
    assert await place.number(PEOPLE) == 1
    assert await place.data.ask("SELECT cause FROM dead_letter") == []
