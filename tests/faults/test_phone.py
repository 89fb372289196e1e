"""kill -9 while another phone is asked whose it is: what it wrote waits through every death, and is then answered."""

from typing import Final

import pytest

from bot.sandbox.signal import Network
from tests.faults.aimed import killed_at, revived
from tests.faults.place import Place
from tests.faults.signal import spooling, until_quiet
from tests.faults.test_signal import network as network
from tests.faults.watch import Stage

QUESTION: Final = "Is it still the same person?"
THEIRS: Final = "It goes on from where it was"
UNKNOWN: Final = "SELECT count(*) FROM address WHERE rekeyed_at IS NOT NULL"
HELD: Final = "SELECT count(*) FROM inbox WHERE lane_kind = 'held'"


@pytest.mark.timeout(240)
async def test_another_phone_survives_every_death_of_the_bot(place: Place, network: Network) -> None:
    """Before it is trusted, asked, or believed: nothing that it wrote is lost, and nothing is shown to it early."""
    person = network.person()
    bot = await place.start()
    await spooling(place, network)
    await person.send("hello")
    await place.until(lambda: person.replies)
    await until_quiet(place, network)
    bot.terminate()
    await bot.ended()
    await person.change_phone()
    await person.send("menu")
    before = len(person.replies)

    await killed_at(place, Stage.RECEIVED)
    await killed_at(place, Stage.IN_TRANSACTION)
    await killed_at(place, Stage.COMMITTED)
    bot = await revived(place)
    await place.until(lambda: any(QUESTION in note.text for note in person.replies[before:]))
    asked = await place.number(UNKNOWN)
    bot.terminate()
    await bot.ended()
    await person.send("1")
    await killed_at(place, Stage.RECEIVED)
    await killed_at(place, Stage.IN_TRANSACTION)
    await killed_at(place, Stage.COMMITTED)
    await revived(place)
    await until_quiet(place, network)
    told = [note.text for note in person.replies[before:]]

    assert asked == 1
    assert await place.number(UNKNOWN) == await place.number(HELD) == 0
    assert any(THEIRS in text for text in told)
    assert not any(
        THEIRS in text for text in told[: next(n for n, text in enumerate(told) if QUESTION in text)]
    )
    assert "Where are you" in told[-1]  # what "menu" led to
    assert await place.data.ask("SELECT cause FROM dead_letter") == []
