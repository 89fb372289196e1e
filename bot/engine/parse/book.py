"""A directory of flows as a `Book`: every `*.yaml` in it is one flow, named after itself.

`read_book` is for running: it refuses anything that is wrong in shape or that the machinery needs and can't find.
`read_draft` is for the linter: it gives what could be read, with all problems and the line of every step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.engine.flow import SYSTEM, Book, Flow, GlobalCommand, Move, Phrase
from bot.engine.need import WORDS, missing
from bot.engine.parse.field import ID, Fields
from bot.engine.parse.letter import LETTERS, read_letter_draft
from bot.engine.parse.problem import FlowsRefused, Notes, Problem
from bot.engine.parse.route import Here, need_route
from bot.engine.parse.step import read_flow, read_say
from bot.engine.parse.topic import TOPICS_FILE, TopicDraft, read_topic_draft, topic_phrases
from bot.engine.parse.tree import Table, Tree, read_tree

PHRASES: Final = "phrases"
RETENTION: Final = "retention"
CRISIS_WORDS: Final = "crisis_words.yaml"
CRISIS_EXCEPTIONS: Final = "crisis_exceptions.yaml"
URGENT_WORDS: Final = "urgent_words.yaml"
NAMES: Final = "names.yaml"
WORDING: Final = "wording.yaml"
LETTER_WORDING: Final = "letter_wording.yaml"
WORD_LISTS: Final = (
    WORDING,
    LETTER_WORDING,
    CRISIS_WORDS,
    CRISIS_EXCEPTIONS,
    URGENT_WORDS,
    NAMES,
    TOPICS_FILE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A book as far as it could be read.

    `places` are keyed by context: `flow`, `flow.step`, `system.phrase`, `letters/letter`, `topics.topic`.
    """

    book: Book
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]

    def place(self, context: str) -> Place:
        """Where a context stands; the nearest thing known if it stands nowhere."""
        flow = context.partition(".")[0]
        nowhere = Place(file=f"{SYSTEM}.yaml", line=0)
        return self.places.get(context) or self.places.get(flow) or nowhere


def read_book(flows_dir: Path) -> Book:
    """The book of a directory. Raises FlowsRefused with every problem of every file."""
    draft = read_draft(flows_dir)
    problems = draft.problems or needs(draft)
    if problems:
        raise FlowsRefused(problems)
    return draft.book


def needs(draft: Draft) -> tuple[Problem, ...]:
    """What the machinery says or does that the book has no words or step for."""
    place = draft.place(SYSTEM)
    return tuple(
        Problem(
            file=place.file, line=place.line, rule="system", message=f"The book has no {need}.", advice=_ADD
        )
        for need in missing(draft.book)
    )


_ADD = "Add it; docs/flows.md lists what the machinery needs."


def read_draft(flows_dir: Path) -> Draft:
    """All flows of a directory, as far as they can be read."""
    paths = sorted(path for path in flows_dir.glob("*.yaml") if path.name not in WORD_LISTS)
    topics = read_topic_draft(flows_dir / TOPICS_FILE)
    reading = _Reading(topics)
    trees = {path.stem: reading.tree(path) for path in paths}
    starts = {name: _start(tree) for name, tree in trees.items()}
    flows = {name: reading.flow(name, tree, starts=starts) for name, tree in trees.items() if tree}
    letters = read_letter_draft(flows_dir / LETTERS)
    book = Book(
        flows=flows,
        commands=reading.commands,
        phrases=reading.phrases,
        letters=letters.letters,
        topics=topics.topics,
    )
    problems = [problem for notes in reading.notes.values() for problem in notes.problems]
    problems += [*letters.problems, *topics.problems]
    if not paths:
        problems = [_no_flows(flows_dir)]
    stand = {f"{LETTERS}/{id}": Place(file=file, line=line) for id, (file, line) in letters.places.items()}
    return Draft(book=book, problems=tuple(sorted(problems)), places={**reading.places, **stand})


def _no_flows(flows_dir: Path) -> Problem:
    advice = "Set BOT_FLOWS_DIR to the directory of the flows."
    return Problem(file=str(flows_dir), line=0, rule="schema", message="No flows are here.", advice=advice)


def _start(tree: Tree | None) -> str:
    """The first step of a flow that is not read yet."""
    steps = tree.entries.get("steps") if isinstance(tree, Table) else None
    return next(iter(steps.entries), "") if isinstance(steps, Table) else ""


class _Reading:
    """What has been read of a directory so far."""

    def __init__(self, topics: TopicDraft) -> None:
        self.notes: dict[str, Notes] = {}
        self.places = {name: Place(file=TOPICS_FILE, line=line) for name, line in topics.lines.items()}
        self.commands: dict[str, GlobalCommand] = {}
        self.phrases: dict[str, Phrase] = {**topic_phrases(topics.topics)}
        self.topics = topics.topics

    def tree(self, path: Path) -> Tree | None:
        """The tree of a file, which becomes a flow once all files are read."""
        notes = self.notes[path.stem] = Notes(path.name)
        return read_tree(path, notes)

    def flow(self, name: str, tree: Tree, *, starts: Mapping[str, str]) -> Flow:
        """The flow of a file, and what only the system flow has."""
        notes = self.notes[name]
        fields = Fields(tree, notes, what=f"flow `{name}`")
        if fields.has("flow") and fields.word("flow") != name:
            fields.note(
                "flow",
                f"{notes.file} holds the flow `{fields.word('flow')}`.",
                advice=f"Write `flow: {name}`.",
            )
        flow = read_flow(fields, starts=starts, topics=self.topics)
        self._mark(name, "steps", fields)
        if name == SYSTEM:
            self._system(fields, starts)
        fields.close()
        return flow

    def _mark(self, name: str, key: str, fields: Fields) -> None:
        """Remember where the entries under `key` stand."""
        file = fields.notes.file
        self.places.setdefault(name, Place(file=file, line=fields.line))
        table = fields.tree(key)
        for id, line in table.lines.items() if isinstance(table, Table) else ():
            self.places.setdefault(f"{name}.{id}", Place(file=file, line=line))

    def _system(self, fields: Fields, starts: Mapping[str, str]) -> None:
        for key, flow in ((PHRASES, SYSTEM), (RETENTION, RETENTION), (WORDS, WORDS)):
            for name, tree in fields.entries(key).items():
                here = Here(flow=flow, step=name, starts=starts, notes=fields.notes)
                self.phrases[name if flow == SYSTEM else here.context] = _one(tree, here)
            self._mark(flow, key, fields)
        for name, tree in fields.entries("commands").items():
            self.commands[name] = read_command(
                tree, Here(flow=SYSTEM, step=name, starts=starts, notes=fields.notes)
            )
        self._mark(SYSTEM, "commands", fields)


def _one(tree: Tree, here: Here) -> Phrase:
    """The one text of a phrase."""
    said = read_say(tree, here)
    if len(said) != 1:
        here.notes.add(
            tree.line, f"`{here.context}` has to be one text.", advice="Write the words after the colon."
        )
    return said[0] if said else Phrase(context=here.context, text="")


def read_command(tree: Tree, here: Here) -> GlobalCommand:
    """One entry of `commands`. Commands only call a flow or go home to one: they work from anywhere."""
    name = here.step
    fields = Fields(tree, here.notes, what=f"command `{name}`")
    if not ID.fullmatch(name):
        fields.note(
            "", f"`{name}` is no id.", advice="Use small Latin letters, digits and _, a letter first."
        )
    route = need_route(fields, here)
    if route.move not in (Move.HOME, Move.CALL) and any(fields.has(key) for key in ("goto", "run", "end")):
        fields.note("", f"{fields.what} may not {route.move}.", advice="Use `call: flow` or `home: flow`.")
    words = Phrase(context=here.context, text=fields.need("words"))
    menu, safety = _phrase(fields, "menu", here), _phrase(fields, "safety", here)
    card = _phrase(fields, "card", here)
    fields.close()
    return GlobalCommand(name=name, words=words, route=route, menu=menu, safety=safety, card=card)


def _phrase(fields: Fields, key: str, here: Here) -> Phrase | None:
    text = fields.word(key)
    return Phrase(context=here.context, text=text) if text else None
