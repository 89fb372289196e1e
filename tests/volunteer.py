"""A volunteer for tests, let in without the way there: the role, what they offer, and a conversation at rest."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.engine.session import Session
from bot.model.case import CaseState, Need
from bot.model.consent import Consent, Method, Purpose
from bot.model.hours import ALWAYS
from bot.model.person import Form, Language, Role
from bot.model.volunteer import OFFERED, Standing, Volunteer
from bot.store import cases, consents, offers, people, roles, sessions, volunteers
from bot.store.cases import Names
from bot.store.db import Database


async def enlisted(
    db: Database,
    person_id: int,
    *,
    now: datetime,
    languages: Iterable[Language] = tuple(Language),
    needs: Iterable[Need] = OFFERED,
    capacity: int = 3,
    hours: int = ALWAYS,
    standing: Standing = Standing.FULL,
) -> Volunteer:
    """This person volunteers, on duty at the hours given: always, if none are."""
    volunteer = Volunteer(
        id=person_id,
        standing=standing,
        languages=frozenset(languages),
        needs=frozenset(needs),
        capacity=capacity,
        hours=hours,
    )
    async with db.unit() as unit:
        await roles.grant(unit, person_id, Role.VOLUNTEER, today=now.date())
        await volunteers.add(unit, volunteer, today=now.date())
        await unit.commit()
    return volunteer


async def has_taken(db: Database, person_id: int, *, cases_taken: int, now: datetime) -> None:
    """This volunteer took so many cases just now, and all of them are over."""
    async with db.unit() as unit:
        for _ in range(cases_taken):
            asked = unit.ids.random()
            case = await cases.open_case(unit, asked, need=Need.BUDDY, language=Language.HEBREW, now=now)
            assert case
            await cases.change(unit, case, CaseState.OFFERED, now=now)
            await offers.make(unit, case.id, [person_id], epoch=case.epoch, now=now)
            names = Names(person="", volunteer="")
            held = await cases.claim(unit, case.id, person_id, names=names, now=now)
            assert held
            await cases.close(unit, held, now=now)
            await offers.forget(unit, case.id)
        await unit.commit()


async def agreed(db: Database, person_id: int, *, text: str, now: datetime) -> None:
    """This person agreed to the conduct, whose words have that hash."""
    given = Consent(
        purpose=Purpose.CONDUCT,
        text=text,
        language=Language.HEBREW,
        method=Method.BUTTON,
        given_on=now.date(),
    )
    async with db.unit() as unit:
        await consents.give(unit, person_id, given=given)
        await unit.commit()


async def welcomed(db: Database, person_id: int, *, language: Language, form: Form, now: datetime) -> None:
    """This person has read the welcome and is in the middle of nothing."""
    async with db.unit() as unit:
        known = (await people.load(unit, [person_id]))[person_id]
        person = replace(known.person, language=language, form=form, onboarded=True, adult=True)
        await people.save(unit, [person])
        await sessions.save(unit, {person_id: Session()}, today=now.date())
        await unit.commit()
