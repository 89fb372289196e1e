"""Rules of translation: every text is whole, there in Hebrew, and has the same values in every form."""

from collections.abc import Iterator
from typing import Final

from bot.engine.parse import Place, Problem
from bot.i18n.catalog import read_catalog
from bot.i18n.entry import entries
from bot.i18n.error import BadTemplate
from bot.i18n.proof import problems
from bot.i18n.template import parse
from bot.lint.material import Material, Use, po_name, problem
from bot.model.person import Form

VALUES: Final = {
    "system.chosen": frozenset({"answer"}),
    "system.answer_code": frozenset({"code"}),
    "system.card_source": frozenset({"source", "date"}),
}


def templates_are_whole(material: Material) -> Iterator[Problem]:
    """No stray brace, no unknown format of a value."""
    for saying in material.sayings:
        for wording in saying.wordings:
            try:
                parse(wording.text)
            except BadTemplate as error:
                advice = "Write a value as {name}, {name:date}, {name:time}, {name:moment} or {name:number}."
                yield problem(
                    "template", wording.place, message=f"A text can't be read: {error}.", advice=advice
                )


def labels_have_no_values(material: Material) -> Iterator[Problem]:
    """Buttons, command words and the machinery's sentences get no values, except those it fills itself."""
    for saying in material.sayings:
        known = VALUES.get(saying.phrase.context, frozenset())
        extra = {slot.name for wording in saying.wordings for slot in parse(wording.text).slots} - known
        if extra and saying.use not in (Use.SAY, Use.UNCLEAR):
            message = f"{saying.phrase.text!r} has a value nobody fills: {', '.join(sorted(extra))}."
            yield problem(
                "value", saying.place, message=message, advice="Say it in `say`, above the choices."
            )


def translations_are_whole(material: Material) -> Iterator[Problem]:
    """Every text is in Hebrew, and every form of it has the same values and markup as the English."""
    said = entries(material.book)
    for form in Form:
        for message in problems(said, {form: read_catalog(material.locales, form)}):
            place = Place(file=po_name(form), line=0)
            yield problem(
                "translation",
                place,
                message=message,
                advice="Mend it there; `python -m bot.i18n.extract` adds what is new.",
            )
