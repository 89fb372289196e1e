"""The translations: gettext catalogs read once at start, and the text a phrase has for a voice.

English is the msgid itself. Hebrew stands in `locales/he`; `he@f`, `he@m` and `he@p` fill only the sentences that
differ, an empty one falls back to `he`. `.po` files are read directly: there is nothing to compile or to forget.
"""

import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.engine.flow import Phrase
from bot.i18n.error import BadValue, CatalogBroken, CatalogMissing, MissingValue
from bot.i18n.moment import LOCALES
from bot.model.person import Form, Language, Voice

FOLDERS: Final = {
    Form.NEUTRAL: "he",
    Form.FEMININE: "he@f",
    Form.MASCULINE: "he@m",
    Form.PLURAL: "he@p",
}
PLURAL_HEADER: Final = "nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);"
NO_VALUES: Final[Mapping[str, str]] = MappingProxyType({})

# Babel reads over a forgotten quote and keeps one of two equal messages: words would be lost without a sound.
_PO_LINE: Final = re.compile(
    r'#.*|\s*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) )?"(?:[^"\\]|\\.)*"\s*'
)
_PO_MESSAGE: Final = re.compile("^(?:#~ )?msgid ", re.MULTILINE)

Table = Mapping[tuple[str, str], tuple[str, ...]]
_CATEGORIES: Final = {Language.HEBREW: ("one", "two", "other"), Language.ENGLISH: ("one", "other")}
_RULES: Final = {language: Locale.parse(name).plural_form for language, name in LOCALES.items()}


class Catalogs:
    """The translations of every form, in memory."""

    def __init__(self, tables: Mapping[Form, Table]) -> None:
        self._tables = tables

    @classmethod
    def load(cls, folder: Path) -> "Catalogs":
        """Read `locales/`. Raises CatalogMissing without `he`, CatalogBroken; a form's own catalog may be absent."""
        if not po_path(folder, Form.NEUTRAL).exists():
            raise CatalogMissing(f"There is no Hebrew catalog at {po_path(folder, Form.NEUTRAL)}.")
        return cls({form: _table(messages_of(read_catalog(folder, form))) for form in FOLDERS})

    def text(self, voice: Voice, phrase: Phrase, values: Mapping[str, str] = NO_VALUES) -> str:
        """The template of `phrase` for `voice`, in the plural form its count asks for.

        What is not translated stays English. Raises MissingValue or BadValue if the count is absent or no number.
        """
        forms = self._translation(voice, phrase)
        if forms is None:
            return _chosen((phrase.text, phrase.plural or phrase.text), Language.ENGLISH, phrase, values)
        return _chosen(forms, Language.HEBREW, phrase, values)

    def _translation(self, voice: Voice, phrase: Phrase) -> tuple[str, ...] | None:
        """The translation in the voice's own form, else in the neutral one."""
        if voice.language is Language.ENGLISH:
            return None
        key = (phrase.context, phrase.text)
        return self._tables[voice.form].get(key) or self._tables[Form.NEUTRAL].get(key)


def po_path(folder: Path, form: Form) -> Path:
    """Where the catalog of `form` lies under `locales/`."""
    return folder / FOLDERS[form] / "LC_MESSAGES" / "messages.po"


def read_catalog(folder: Path, form: Form) -> Catalog:
    """The catalog of `form` as it is on disk; an empty one if there is none. Raises CatalogBroken."""
    path = po_path(folder, form)
    if not path.exists():
        return Catalog(locale=FOLDERS[form])
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not _PO_LINE.fullmatch(line):
            raise CatalogBroken(f"{path}:{number}: This is no line of a catalog.")
    catalog = read_po(StringIO(text), locale=FOLDERS[form])
    if len(_PO_MESSAGE.findall(text)) != sum(1 for _ in catalog) + len(catalog.obsolete):
        raise CatalogBroken(f"{path}: A message stands there twice.")
    return catalog


def messages_of(catalog: Catalog) -> Iterable[Message]:
    """The messages without the header."""
    return (message for message in catalog if message.id)


def key_of(message: Message) -> tuple[str, str]:
    """What a message is found by: its context and its English text (the singular)."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def strings_of(message: Message) -> tuple[str, ...]:
    """The translation as its forms: one, or one for each plural category; a form not translated is ""."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def _table(messages: Iterable[Message]) -> Table:
    """What is translated for sure: an entry with a gap or marked fuzzy is left out."""
    return {
        key_of(message): strings_of(message)
        for message in messages
        if all(strings_of(message)) and not message.fuzzy
    }


def _chosen(forms: tuple[str, ...], language: Language, phrase: Phrase, values: Mapping[str, str]) -> str:
    """The form for the phrase's count; the first one where nothing is counted."""
    if phrase.plural is None or phrase.count is None:
        return forms[0]
    if phrase.count not in values:
        raise MissingValue(phrase.count)
    try:
        category = _RULES[language](int(values[phrase.count]))
    except ValueError as error:
        raise BadValue(f"{phrase.count} counts something") from error
    return forms[_CATEGORIES[language].index(category)]
