"""What the machinery says and does by itself, and so every book has to have: phrases, steps and commands.

`parse` refuses to run a book without them, so that the engine can rely on them.
"""

from collections.abc import Iterator
from typing import Final

from bot.engine.alert import Alert
from bot.engine.event import Loss
from bot.engine.flow import SYSTEM, Book, Move, Shown
from bot.model.flyer import Sheet
from bot.model.incoming import MediaKind
from bot.model.kept import Group
from bot.model.person import Role
from bot.model.retention import RETENTION

WORDS: Final = "words"  # the flow whose phrases values stand for
START: Final = "start"
MENU: Final = "menu"
INVITED: Final = {
    Role.ORGANIZER: "join",
    Role.VOLUNTEER: "enlist",
}  # where an open invitation to a role leads
MOVE: Final = "move"  # the command that goes on in another app, and its flow
MOVE_IN: Final = "move_in"  # where a code of another app leads, and its steps that other turns lead to
MOVE_STEPS: Final = ("wrong", "arrive", "refused")
MOVED: Final = "moved"  # what is said first in the app where it goes on
LINE: Final = "line"  # where both sides of a case are led
CRISIS: Final = "crisis"
URGENT: Final = "urgent"
HUMAN: Final = "human"
# The steps of the line that other turns lead to, beside its first.
LED: Final = (
    "again",
    "answer",
    "ended_person",
    "ended_volunteer",
    "ended_talk",
    "talk_off",
    "quiet_person",
    "quiet_volunteer",
    "changed_volunteer",
    "exchange_asked",
    "exchange_type",
    "asked_later",
    "type_later",
    "unsent",
)
STOP: Final = "stop"
LINE_WORD: Final = "line_word"  # the prompt under words of a line that is not the open question
LINE_NEW: Final = "line_new"  # the prompt about a line that opens while another is open
LINE_ASKS: Final = "line_asks"  # the prompt about a contact, while another line is open
LINE_ENDED: Final = "line_ended"  # the prompt about a line that was closed meanwhile
TALK_ENDED: Final = "talk_ended"  # the same about a talk with the letter team
NOTICE_WORD: Final = "notice_word"  # the prompt that answers words about a notice
NOTICE: Final = "notice"  # the prompt whose choices stand under every notice
DEFENCE: Final = "military_defence"  # the card that an arrest or a summons brings up first
LINES: Final = "crisis_lines"  # the card of lines that always shows
EXPIRED: Final = "expired"
CHANGED: Final = "changed"
PHONE: Final = "phone"  # whose another phone at an address is; asked and answered outside of every session

COURTESY: Final = ("thanks", "assent")  # no sentences: words of courtesy, parted by commas
PHRASES: Final = (
    "stale",
    "unclear",
    "courtesy",
    *COURTESY,
    "unknown_command",
    "corrected",
    *(loss.value for loss in Loss),
    "broken",
    "changed_flow",
    "prompt_closed",
    "chosen",
    "answer_number",
    "answer_code",
    "poll",
    "card_missing",
    "card_draft",
    "card_source",
    "profile_description",
    "profile_short",
    "flood",
    "phone_again",
    "phone_unclear",
    "phone_waits",
    "phone_team",
    "phone_over",
    "phone_left",
    "paused",
    "expiry_kept",
    "line_from",
    "line_edited",
    "line_unshown",
    "crisis_on_the_line",
    *(f"alert_{alert.value}" for alert in Alert),
    *(f"unsupported_{kind.value}" for kind in MediaKind),
)
# What a step that shows something says with it: the words of each class of data, their headings, and lengths of time.
SHOWING: Final = (
    "file",
    "bundle",
    "table",
    "week_of",
    "lasts_days",
    "lasts_hours",
    *(group.value for group in Group),
    *(kept.words for kept in RETENTION),
)
# What a step needs that shows a flyer, or something to pass on.
PRINTED: Final = {
    Shown.FLYER: (
        *(f"flyer_{part}" for part in ("title", "who", "options", "scan", "small", "not_drawn")),
        *(f"sheet_{sheet.value}" for sheet in Sheet if sheet is not Sheet.LETTERS),
    ),
    Shown.LETTERS: ("letters_drawn", "letters_plain", "letters_not_drawn"),
    Shown.SHARE: ("share_words", "share_button"),
}
# What stands below the list of a published letter; needed where there are letters.
LISTING: Final = ("letter_elsewhere", "letter_counted", "letter_signatures")
# What stands around the words of a notice; needed where there are topics.
NOTICING: Final = (
    "notice_corrects",
    "notice_called_off",
    "notice_was_when",
    "notice_was_when_there",
    "notice_foreign",
    "notice_when",
    "notice_when_there",
    "notice_where",
    "notice_map",
    "notice_answers",
    "calendar",
    "calendar_title",
)
COMMANDS: Final = (START, MENU, CRISIS, "help", "language", "privacy", "stop", HUMAN, "lawyer", "delete")
QUESTIONS: Final = {EXPIRED: ("go_on", "over"), CHANGED: ("go_on", "over"), PHONE: ("me", "over")}


def missing(book: Book) -> Iterator[str]:
    """What the book lacks, each as the end of the sentence "the book has no ..."."""
    yield from (f"phrase `{name}` in system.yaml" for name in _phrases(book) if name not in book.phrases)
    yield from (f"command `{name}` in system.yaml" for name in COMMANDS if name not in book.commands)
    for name, command in book.commands.items():
        route = command.route
        if route.move not in (Move.HOME, Move.CALL) or book.step(route.flow, route.step) is None:
            yield f"step where the command `{name}` leads"
        elif name == CRISIS and route.move is not Move.CALL:
            yield f"call in the command `{name}`, which has to come back"
    for name, ids in QUESTIONS.items():
        step = book.step(SYSTEM, name)
        if step is None or {choice.id for choice in step.choices} != set(ids):
            yield f"question `system.{name}` with exactly the choices {', '.join(ids)}"


def _phrases(book: Book) -> Iterator[str]:
    """The phrases that a book with these flows, topics and letters has to have."""
    yield from PHRASES
    shown = {step.show for flow in book.flows.values() for step in flow.steps.values()} - {None}
    yield from SHOWING if shown else ()
    yield from (name for one, names in PRINTED.items() if one in shown for name in names)
    if book.topics.topics:
        yield from NOTICING
    if book.letters:
        yield from LISTING
