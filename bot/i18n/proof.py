"""What is wrong with the translations: gaps, doubts, lost values or markup, controls that Telegram deletes.

`python -m bot.i18n.extract --check` and the tests read this; each problem is one line for a translator.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from babel.messages.catalog import Catalog, Message

from bot.i18n.bidi import EMBEDDINGS
from bot.i18n.catalog import FOLDERS, key_of, messages_of, strings_of
from bot.i18n.entry import Entry, Key
from bot.i18n.error import BadTemplate
from bot.i18n.template import Slot, Template, parse
from bot.i18n.update import HEBREW_FORMS
from bot.model.person import Form
from bot.model.text import Style


def problems(entries: Iterable[Entry], catalogs: Mapping[Form, Catalog]) -> Iterator[str]:
    """Everything wrong with the catalogs of all forms, in the order of the flows."""
    entries = tuple(entries)
    for form, catalog in catalogs.items():
        name = FOLDERS[form]
        if catalog.num_plurals != HEBREW_FORMS:
            yield f"{name}: the header has to say nplurals={HEBREW_FORMS}"
        for gone in catalog.obsolete.values():
            yield f"{name}: {key_of(gone)} has no place any more; use it, or run the update with --drop"
        messages = {key_of(message): message for message in messages_of(catalog)}
        for entry in entries:
            for problem in _of_entry(entry, messages.get(entry.key), form):
                yield f"{name}: {entry.key}: {problem}"


def untranslated(entries: Iterable[Entry], catalog: Catalog) -> tuple[Key, ...]:
    """The messages that a catalog has no sure translation for."""
    sure = {
        key_of(message) for message in messages_of(catalog) if all(strings_of(message)) and not message.fuzzy
    }
    return tuple(entry.key for entry in entries if entry.key not in sure)


def _of_entry(entry: Entry, message: Message | None, form: Form) -> Iterator[str]:
    strings = strings_of(message) if message is not None else ("",)
    if message is not None and message.fuzzy:
        yield "is fuzzy: look at it and remove the mark"
    if not any(strings) and form is not Form.NEUTRAL:
        return
    if not all(strings):
        yield "is not translated"
        return
    for index, string in enumerate(strings):
        yield from _of_string(entry, string, index)


def _of_string(entry: Entry, string: str, index: int) -> Iterator[str]:
    if set(string) & set(EMBEDDINGS):
        yield "has bidi embeddings or overrides"
    try:
        found = parse(string)
    except BadTemplate as error:
        yield str(error)
        return
    yield from _against(entry, found, index)


def _against(entry: Entry, found: Template, index: int) -> Iterator[str]:
    """The translation against the English form that stands for it; a one or two may be said without its number."""
    singular = parse(entry.phrase.text)
    expected = singular if entry.phrase.plural is None else parse(entry.phrase.plural)
    exact = entry.phrase.plural is None or index == HEBREW_FORMS - 1
    optional = frozenset[Slot]() if exact else _slots_of_count(expected, entry.phrase.count)
    if found.slots | optional != expected.slots | optional:
        yield f"has {_named(found.slots)} where the English has {_named(expected.slots)}"
    if _styles(found) != _styles(expected):
        yield "has other markup than the English"


def _slots_of_count(template: Template, count: str | None) -> frozenset[Slot]:
    return frozenset(slot for slot in template.slots if slot.name == count)


def _named(slots: frozenset[Slot]) -> str:
    names = sorted(
        "{" + slot.name + (f":{slot.format}" if slot.format != "plain" else "") + "}" for slot in slots
    )
    return " ".join(names) or "no value"


def _styles(template: Template) -> Counter[Style]:
    return Counter(mark.style for mark in template.marks)
