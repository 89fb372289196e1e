"""From a phone to paper: what people confirmed on their screens is what the keeper's command writes, and no more."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.app import keeper
from bot.model.bundle import pack
from bot.model.person import Language
from bot.sandbox import Person
from bot.settings import keyfile
from bot.store.tables import signature
from tests.stage import KEEPER, Stage, staged

TO_THE_FORM: Final = ("/start", "~go_on", "the letter", "~adult", "~read", "~more", "~about", "~none")
TO_THE_FIRST_YES: Final = ("~go_on", "~agree")
A_DAY: Final = timedelta(days=1, minutes=1)


async def _do(stage: Stage, person: Person, *words: str) -> None:
    """Each thing a person writes, or presses (`~`), and whatever follows from it."""
    for word in words:
        if word.startswith("~"):
            buttons = [button for message in person.history for button in message.buttons]
            data = next(
                one.data for one in reversed(buttons) if one.data and one.data.endswith(f":{word[1:]}")
            )
            await person.press(data)
        else:
            await person.send(word)
        await stage.settle()


async def _thinks(stage: Stage, form: str) -> Person:
    """Somebody up to their first yes."""
    person = stage.emulator.person(language_code="en")
    await _do(stage, person, *TO_THE_FORM, f"~{form}", *TO_THE_FIRST_YES)
    return person


def _seen(person: Person) -> str:
    return "\n".join(message.text or "" for message in person.history)


async def test_what_was_confirmed_is_what_is_printed(tmp_path: Path) -> None:
    """Each line as its person saw it last, a number for who is counted, nothing of who took it back."""
    async with staged(tmp_path / "house") as stage:
        full, short, number, gone = [
            await _thinks(stage, form) for form in ("full", "initial", "counted", "full")
        ]
        await stage.pass_time(A_DAY)
        second = ("/letter", "~go_on")
        await _do(stage, full, *second, "תמר  לוי.", "~yes", "Tamar Levi", "~sign")
        await _do(stage, short, *second, "נועה כהן", "~no", "~sign")
        await _do(stage, number, *second, "~sign")
        await _do(stage, gone, *second, "דנה גל", "~no", "~sign", "/letter", "~withdraw")
        async with stage.house.db.unit() as unit:
            rows = await unit.fetch(signature.select())
        letter = stage.house.library.book.letters["reserves"]

    bundle, key = tmp_path / "bundle", tmp_path / "keeper.key"
    bundle.write_bytes(pack(letter, sealed=[row.sealed for row in rows]))
    keyfile.write(key, KEEPER.text())
    opened = keeper.open_bundle(bundle, keys=[key], approved="", ask=str)
    keeper.write_list(opened, out=tmp_path / "list", counts=lambda *_: ())
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "list").iterdir())

    assert opened.roll.lines == {
        Language.HEBREW: ("נועה כ׳", "תמר לוי"),
        Language.ENGLISH: ("Tamar Levi",),
    }
    assert opened.roll.counted == 1
    assert "תמר לוי" in _seen(full)
    assert "נועה כ׳" in _seen(short)
    assert "כהן" not in written
    assert "דנה" not in written
