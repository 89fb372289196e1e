"""The catalogs brought up to a book without losing a translation.

A message keeps its translation; one whose step was renamed takes it along; one whose English was reworded keeps it
as fuzzy, to be looked at. What has no place any more stays at the end as `#~` until it is dropped on purpose.
Files have no dates and no line numbers, so they change only when words do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from rapidfuzz.fuzz import ratio

from bot.i18n.catalog import PLURAL_HEADER, key_of, messages_of, strings_of
from bot.i18n.entry import Entry

HEBREW_FORMS: Final = 3
_ALIKE: Final = 60  # of 100: from here on, a text is the old one reworded
_WAS: Final = "was: "
_HEADER: Final = """\
# {title}
msgid ""
msgstr ""
{language}"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
_TEMPLATE: Final = "The bot's words, taken from flows/*.yaml by python -m bot.i18n.extract."
_TITLES: Final = {
    "he": "Hebrew, gender-free. Every message has to be translated.",
    "he@f": "Hebrew to a woman. Only what differs from he; the rest stays empty.",
    "he@m": "Hebrew to a man. Only what differs from he; the rest stays empty.",
    "he@p": "Hebrew in the plural. Only what differs from he; the rest stays empty.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Translation:
    """What an old catalog says for a message, and what translators noted beside it."""

    strings: tuple[str, ...]
    fuzzy: bool
    notes: tuple[str, ...] = ()


def template(entries: Iterable[Entry]) -> bytes:
    """`locales/messages.pot`: every message, untranslated."""
    header = _HEADER.format(title=_TEMPLATE, language="", plurals=PLURAL_HEADER)
    catalog = _started(header)
    for entry in entries:
        _add(catalog, entry, _untranslated(entry))
    return _written(catalog, header)


def updated(old: Catalog, entries: Iterable[Entry], *, locale: str, drop: bool = False) -> bytes:
    """The catalog `locale` for these entries, with everything `old` knows; `drop` forgets what has no place."""
    language = f'"Language: {locale}\\n"\n'
    header = _HEADER.format(title=_TITLES[locale], language=language, plurals=PLURAL_HEADER)
    memory, catalog = _Memory(old, entries), _started(header)
    for entry in memory.entries:
        _add(catalog, entry, memory.translation(entry))
    if not drop:
        catalog.obsolete.update({key_of(message): message for message in memory.homeless()})
    return _written(catalog, header)


class _Memory:
    """What an old catalog has translated, by message, by English text and by context."""

    def __init__(self, old: Catalog, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._known = {key_of(message): message for message in _translated(old)}
        present = {entry.key for entry in self.entries}
        self._homeless = {key: message for key, message in self._known.items() if key not in present}
        self._by_text: dict[str, set[tuple[str, ...]]] = {}
        for (_, text), message in self._known.items():
            if not message.fuzzy:
                self._by_text.setdefault(text, set()).add(strings_of(message))
        self._taken: set[tuple[str, str]] = set()

    def translation(self, entry: Entry) -> _Translation:
        """The message's own translation, else that of the same words elsewhere, else of the words before."""
        if (own := self._known.get(entry.key)) is not None:
            translation = _of(own)
            reworded = translation.fuzzy or _id_of(own) != _id(entry)
            return _fitted(entry, replace(translation, fuzzy=reworded))
        return self._of_same_words(entry) or self._of_old_words(entry) or _untranslated(entry)

    def homeless(self) -> Iterator[Message]:
        """Translations that no message took over."""
        moved = {entry.phrase.text for entry in self.entries if len(self._ways(entry)) == 1}
        return (
            message
            for key, message in self._homeless.items()
            if key not in self._taken and (message.fuzzy or key[1] not in moved)
        )

    def _ways(self, entry: Entry) -> set[tuple[str, ...]]:
        """How the message's English is translated for sure, wherever it stands."""
        return self._by_text.get(entry.phrase.text, set())

    def _of_same_words(self, entry: Entry) -> _Translation | None:
        """Where the same English is translated in one way only."""
        ways = self._ways(entry)
        return _fitted(entry, _Translation(strings=next(iter(ways)), fuzzy=False)) if len(ways) == 1 else None

    def _of_old_words(self, entry: Entry) -> _Translation | None:
        """What stood in the same step and reads alike, as fuzzy."""
        context, text = entry.key
        near = {key: ratio(text, key[1]) for key in self._homeless if key[0] == context}
        best = max(near, key=lambda key: near[key], default=None)
        if best is None or near[best] < _ALIKE:
            return None
        self._taken.add(best)
        was = _of(self._homeless[best])
        return _fitted(entry, replace(was, fuzzy=True, notes=(*was.notes, _WAS + best[1])))


def _translated(old: Catalog) -> Iterator[Message]:
    """The messages with any translation, those without a place first, so that a live one wins.

    Babel writes no flags beside `#~`: there the note of its old words says that a message is fuzzy.
    """
    for message in old.obsolete.values():
        if any(note.startswith(_WAS) for note in message.user_comments):
            message.flags.add("fuzzy")
    every = (*old.obsolete.values(), *messages_of(old))
    return (message for message in every if any(strings_of(message)))


def _of(message: Message) -> _Translation:
    """What a message says; the note of its old words goes with its fuzziness."""
    notes = (note for note in message.user_comments if message.fuzzy or not note.startswith(_WAS))
    return _Translation(strings=strings_of(message), fuzzy=message.fuzzy, notes=tuple(notes))


def _fitted(entry: Entry, found: _Translation) -> _Translation:
    """`found` in as many forms as the message has; fuzzy where it had another number of them."""
    wanted = len(_empty(entry))
    if len(found.strings) == wanted:
        return found
    return replace(found, strings=(found.strings[-1],) * wanted, fuzzy=True)


def _untranslated(entry: Entry) -> _Translation:
    return _Translation(strings=_empty(entry), fuzzy=False)


def _empty(entry: Entry) -> tuple[str, ...]:
    return ("",) if entry.phrase.plural is None else ("",) * HEBREW_FORMS


def _id(entry: Entry) -> str | tuple[str, ...]:
    """The message's English as gettext has it: a text, or a singular and a plural."""
    phrase = entry.phrase
    return phrase.text if phrase.plural is None else (phrase.text, phrase.plural)


def _id_of(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _add(catalog: Catalog, entry: Entry, translation: _Translation) -> None:
    phrase, strings = entry.phrase, translation.strings
    message = catalog.add(
        _id(entry),
        strings[0] if phrase.plural is None else strings,
        flags=["fuzzy"] if translation.fuzzy else [],
        auto_comments=entry.comments,
        user_comments=translation.notes,
        context=phrase.context,
    )
    message.flags.discard("python-format")


def _started(header: str) -> Catalog:
    """An empty catalog; by itself Babel would give Hebrew two plural forms."""
    return read_po(BytesIO(header.encode()))


def _written(catalog: Catalog, header: str) -> bytes:
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True)
    return header.encode() + body.getvalue().rstrip() + b"\n"
