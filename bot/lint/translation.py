"""Rules of translation: every text is whole, there in Hebrew, and has the same values in every form."""

from collections.abc import Iterator
from typing import Final

from bot.engine.need import LISTING
from bot.engine.parse import Place, Problem
from bot.i18n.catalog import read_catalog
from bot.i18n.entry import entries
from bot.i18n.error import BadTemplate
from bot.i18n.proof import problems
from bot.i18n.template import parse
from bot.lint.material import Material, Use, po_name, problem
from bot.model.kept import DataClass
from bot.model.person import Form
from bot.model.retention import BY_CLASS, RETENTION

VALUES: Final = {
    "system.chosen": frozenset({"answer"}),
    "system.flood": frozenset({"until"}),
    "system.week_of": frozenset({"week"}),
    "system.answer_code": frozenset({"code"}),
    "system.card_source": frozenset({"source", "date"}),
    "system.line_from": frozenset({"who"}),
    "system.lasts_days": frozenset({"count"}),
    "system.lasts_hours": frozenset({"count"}),
    "system.alert_solved": frozenset({"count"}),
    **{f"system.{name}": frozenset({"count"}) for name in LISTING},
    "system.notice_answers": frozenset({"code"}),
    "system.notice_when": frozenset({"at"}),
    "system.notice_when_there": frozenset({"at", "zone"}),
    "system.notice_was_when": frozenset({"at"}),
    "system.notice_was_when_there": frozenset({"at", "zone"}),
    "system.notice_where": frozenset({"place"}),
    **{kept.words: frozenset({"time"}) for kept in RETENTION if kept.ttl},
}


def templates_are_whole(material: Material) -> Iterator[Problem]:
    """No stray brace, no unknown format of a value."""
    for saying in material.sayings:
        for wording in saying.wordings:
            try:
                parse(wording.text)
            except BadTemplate as error:
                advice = (
                    "Write a value as {name}, or with how it is shown, such as {name:date} (docs/flows.md)."
                )
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


def lifetimes_are_told(material: Material) -> Iterator[Problem]:
    """What is kept for a time says for how long, and every class of data that is told of exists."""
    for saying in material.sayings:
        flow, _, name = saying.phrase.context.partition(".")
        if saying.use is not Use.PHRASE or flow != "retention":
            continue
        if name not in set(DataClass):
            message = f"`{name}` is no class of data."
            yield problem("retention", saying.place, message=message, advice="Take it away.")
        elif BY_CLASS[DataClass(name)].ttl and "{time}" not in saying.phrase.text:
            message = f"The words of `{name}` do not say for how long it is kept."
            yield problem("retention", saying.place, message=message, advice="Put {time} into them.")


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
