"""Any purposes given and taken back in any order, with any words shown: the gate says what the last word was."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model.consent import Consent, ConsentText, Method, Purpose
from bot.model.person import Language
from bot.store import consents
from tests.store.shelf import NOW, Shelf, meet
from tests.store.shelf import sqlite_shelf as sqlite_shelf
from tests.store.shelf import sqlite_template as sqlite_template

PURPOSES = (*Purpose, "notice:protest", "notice:meeting")
ACTS = st.lists(
    st.tuples(st.sampled_from(["give", "withdraw", "change"]), st.sampled_from(PURPOSES)), max_size=12
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(acts=ACTS)
async def test_every_combination_of_purposes_stands_by_itself(
    sqlite_shelf: Shelf, acts: list[tuple[str, str]]
) -> None:
    """One purpose given, taken back or put in other words changes nothing about any other."""
    words = dict.fromkeys(map(str, PURPOSES), 0)
    allowed: dict[str, int] = {}
    async with sqlite_shelf.opened() as db:
        (known,) = await meet(db, "1")
        who = known.person.id
        async with db.unit() as unit:  # never committed: the next example begins afresh
            for number, (act, purpose) in enumerate(acts):
                today = (NOW + timedelta(days=number)).date()
                if act == "give":
                    one = Consent(
                        purpose=purpose,
                        text=str(words[purpose]),
                        language=Language.HEBREW,
                        method=Method.BUTTON,
                        given_on=today,
                    )
                    await consents.give(unit, who, given=one)
                    allowed[purpose] = words[purpose]
                elif act == "withdraw":
                    await consents.withdraw(unit, who, purposes=[purpose], today=today)
                    allowed.pop(purpose, None)
                else:
                    words[purpose] += 1
            shown = [ConsentText(purpose=name, shown="a.b", text=str(text)) for name, text in words.items()]
            await consents.publish(unit, shown)
            may = {one: await consents.may(unit, who, one) for one in words}

    assert may == {one: allowed.get(one) == text for one, text in words.items()}
