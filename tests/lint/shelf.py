"""A whole small book with its translations on disk, which a test breaks in one place and then checks."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from bot.engine.parse import Problem, read_draft
from bot.i18n.catalog import PLURAL_HEADER
from bot.i18n.entry import Entry, entries
from bot.lint import check
from tests.engine.talk import FLOWS

HEADER: Final = (
    f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {PLURAL_HEADER}\\n"\n'
)
BACK: Final = "{id: menu, label: Back, home: menu.home}"
TODAY: Final = date(2026, 11, 24)
FORMS: Final = ("he", "he@f", "he@m", "he@p")

Translator = Callable[[Entry], str]


def in_hebrew(entry: Entry) -> str:
    """Any Hebrew text that keeps values and markup."""
    return f"א {entry.phrase.plural or entry.phrase.text}"


class Shelf:
    """The directories of a book; `say` is how it is translated."""

    def __init__(self, folder: Path) -> None:
        self.flows = folder / "flows"
        self.locales = folder / "locales"
        shutil.copytree(FLOWS, self.flows)
        self.change("buddy", "again: open}", "again: waiting}")
        self.change("letter", 'name}.", home: menu.home}', f'name}}.", choices: [{BACK}]}}')
        self.write("wording", "he: [סרבו/סרבי]\nen: [you should ~ refuse, ^ desert]\n")
        self.write("crisis_words", "he: [למות]\nen: [to die]\n")
        self.write("urgent_words", "he: [עצרו אותי]\nen: [they arrested me]\n")
        self.write("crisis_exceptions", "he: [מת על]\nen: [dying for]\n")

    def write(self, name: str, text: str) -> None:
        """Another file, or another text for one."""
        (self.flows / f"{name}.yaml").write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """One place in a file reads differently."""
        path = self.flows / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def translate(self, say: Translator = in_hebrew, *, form: str = "he") -> None:
        """Write the catalog of a form; an empty text is a gap."""
        path = self.locales / form / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = entries(read_draft(self.flows).book)
        path.write_text(HEADER + "".join(_lines(said, say)), encoding="utf-8")

    def problems(self, *, actions: tuple[str, ...] = ()) -> list[Problem]:
        """What the checks find; forms not translated yet are."""
        for form in FORMS:
            if not (self.locales / form).exists():
                self.translate(in_hebrew if form == "he" else lambda _: "", form=form)
        return check(self.flows, self.locales, today=TODAY, actions=actions)

    def messages(self, rule: str) -> list[str]:
        """What one rule says."""
        return [problem.message for problem in self.problems() if problem.rule == rule]


def _lines(said: tuple[Entry, ...], say: Translator) -> Iterator[str]:
    for entry in said:
        phrase, text = entry.phrase, json.dumps(say(entry), ensure_ascii=False)
        yield f"\nmsgctxt {json.dumps(phrase.context)}\nmsgid {json.dumps(phrase.text)}\n"
        if phrase.plural is None:
            yield f"msgstr {text}\n"
        else:
            yield f"msgid_plural {json.dumps(phrase.plural)}\n"
            yield from (f"msgstr[{form}] {text}\n" for form in range(3))
