"""A letter and entries under it, for tests."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.model.consent import Consent, Method
from bot.model.letter import Entry, Letter, LetterStatus, PublicForm
from bot.model.person import Language
from bot.model.signature import Signature, SignatureState
from bot.store import consents, signatures
from bot.store.db import Database
from bot.store.sealing import seal
from bot.store.unit import Unit
from tests.store.shelf import NOW

TEXT: Final = "f" * 64  # the fingerprint of what `signs` signs
LETTER: Final = Letter(
    id="reserves",
    version=1,
    status=LetterStatus.OPEN,
    titles={Language.HEBREW: "מכתב", Language.ENGLISH: "A letter"},
    paragraphs={Language.HEBREW: ("ראשית.", "שנית."), Language.ENGLISH: ("First.", "Second.")},
)


def a_letter(**changed: Any) -> Letter:
    """The letter, with some of it changed."""
    return replace(LETTER, **changed)


def an_entry(id: str = "e1", he: str = "נועה כהן", en: str = "Noa Cohen", **changed: Any) -> Entry:
    """Somebody's entry under the letter."""
    fingerprint = LETTER.fingerprint
    entry = Entry(id=id, letter=LETTER.id, fingerprint=fingerprint, form=PublicForm.FULL, he=he, en=en)
    return replace(entry, **changed)


def counted(id: str) -> Entry:
    """The entry of somebody who is only counted."""
    return an_entry(id, he="", en="", form=PublicForm.COUNTED)


async def signs(
    unit: Unit, person_id: int, entry: str, *, form: PublicForm = PublicForm.FULL, text: str = TEXT
) -> int:
    """Have somebody stand under the letter `reserves` with an entry of that (hexadecimal) name; the signature's id."""
    one = Signature(
        id=int(entry, 16),
        letter="reserves",
        text=text,
        form=form,
        state=SignatureState.THINKING,
        ready_at=NOW,
        agreed_on=NOW.date(),
    )
    agreed = Consent(
        purpose=one.purpose,
        text="0" * 64,
        language=Language.HEBREW,
        method=Method.BUTTON,
        given_on=NOW.date(),
    )
    await signatures.think(unit, person_id, wish=one)
    await signatures.sign(unit, person_id, signed=replace(one, entry=entry), sealed=entry.encode())
    await consents.give(unit, person_id, given=agreed)
    return one.id


async def has_signed(
    db: Database, person_id: int, *, letter: Letter, entry: Entry, text: str, keeper: bytes, now: datetime
) -> None:
    """This person stands under the letter with that entry, without the way there; `text`: what they agreed to."""
    one = Signature(
        id=int(entry.id, 16),
        letter=letter.id,
        text=letter.fingerprint,
        form=entry.form,
        state=SignatureState.THINKING,
        ready_at=now,
        agreed_on=now.date(),
    )
    agreed = Consent(
        purpose=one.purpose,
        text=text,
        language=Language.HEBREW,
        method=Method.BUTTON,
        given_on=now.date(),
    )
    async with db.unit() as unit:
        await consents.give(unit, person_id, given=agreed)
        await signatures.think(unit, person_id, wish=one)
        await signatures.sign(
            unit, person_id, signed=replace(one, entry=entry.id), sealed=seal(keeper, entry)
        )
        await unit.commit()
