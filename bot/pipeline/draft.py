"""A message while it is put together, and the calls it becomes: split where a platform needs it, the keyboard last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.engine.effect import Relay
from bot.model.chart import Chart
from bot.model.limit import Limits, takes
from bot.model.outgoing import EditMessage, Payload, Poll, Rows, SendChart, SendFile, SendMedia, SendMessage
from bot.model.queue import Keep
from bot.model.text import Rich, joined, split

NOTHING: Final = Rich("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One call to make, why the platform's id of it is remembered, if it is, and what of a line it carries."""

    payload: Payload
    keep: Keep | None = None
    carries: Relay | None = None


@dataclass(slots=True, kw_only=True)
class Draft:
    """A message being put together."""

    parts: list[Rich]
    rows: Rows = ()
    links: Rows = ()  # above them; for platforms without buttons the words have to hold the link
    answers: Rich = NOTHING
    poll: Poll | None = None
    sensitive: bool = False
    lasts: bool = False  # facts that people may want to find again: never in a message that is deleted
    keep: Keep | None = None
    file: SendFile | None = None  # with it there are no words
    picture: SendMedia | None = None  # with its own words and buttons
    chart: Chart | None = None
    carries: Relay | None = None
    apart: bool = False  # somebody else's words, or what is sent on: a message of its own


def gathered(drafts: Sequence[Draft], limits: Limits) -> list[Draft]:
    """The same in as few messages as fit: where there are no buttons, a screen is one. A list of answers ends one."""
    found: list[Draft] = []
    for draft in drafts:
        whole = _together(found[-1], draft) if found else None
        if whole and limits.length(joined([*whole.parts, whole.answers]).text) <= limits.text:
            found[-1] = whole
        else:
            found.append(draft)
    return found


def _together(before: Draft, draft: Draft) -> Draft | None:
    if before.answers.text or any(
        one.apart or one.file or one.picture or one.chart or one.carries for one in (before, draft)
    ):
        return None
    is_sensitive, lasts = before.sensitive or draft.sensitive, before.lasts or draft.lasts
    if is_sensitive and lasts:
        return None
    return Draft(
        parts=[*before.parts, *draft.parts],
        links=(*before.links, *draft.links),
        answers=draft.answers,
        poll=draft.poll,
        sensitive=is_sensitive,
        lasts=lasts,
        keep=draft.keep,
    )


def messages(draft: Draft, limits: Limits) -> list[Utterance]:
    """The calls that say a draft on a platform with these limits."""
    if draft.file is not None:
        keep = Keep.SENSITIVE if draft.sensitive else None
        return [Utterance(payload=draft.file, keep=keep)] if takes(limits, draft.file) else []
    if draft.picture is not None:
        return [Utterance(payload=replace(draft.picture, protect=draft.sensitive))]
    if draft.chart is not None:
        drawn = SendChart(chart=draft.chart, caption=joined(draft.parts), protect=draft.sensitive)
        if takes(limits, drawn):
            return [Utterance(payload=drawn)]
    first, words = _carried(draft, draft.carries, limits) if draft.carries else ([], joined(draft.parts))
    parts = _parts(words, draft.answers, limits) if words.text or draft.answers.text or not first else ()
    last = len(parts) - 1
    reply_to = draft.carries.reply_to if draft.carries and not first else None
    return first + [
        Utterance(
            payload=SendMessage(
                text=part,
                rows=_rows(draft, limits) if position == last else (),
                protect=draft.sensitive,
                reply_to=reply_to if position == 0 else None,
                poll=draft.poll if position == last else None,
            ),
            keep=draft.keep if position == last else None,
            carries=draft.carries,
        )
        for position, part in enumerate(parts)
    ]


def _rows(draft: Draft, limits: Limits) -> Rows:
    return (*draft.links, *draft.rows) if limits.has_buttons else ()


def _carried(draft: Draft, carries: Relay, limits: Limits) -> tuple[list[Utterance], Rich]:
    """What goes before the words of a line: an edit, or what they stand under; and the words that are left then."""
    words = joined(draft.parts)
    fits = limits.length(words.text) <= limits.caption
    payload: Payload
    if carries.media:
        media = carries.media
        payload = SendMedia(
            media=media.media,
            source=media.source,
            file=media.file,
            caption=words if fits else NOTHING,
            rows=draft.rows if fits else (),
            protect=True,
            reply_to=carries.reply_to,
        )
        return [Utterance(payload=payload, carries=carries)], NOTHING if fits else words
    if carries.edits is None:
        return [], words
    limit = limits.caption if carries.is_caption else limits.text
    shown, *rest = split(words, limit, measure=limits.length)
    payload = EditMessage(message_id=carries.edits, text=shown, is_caption=carries.is_caption)
    return [Utterance(payload=payload, carries=carries)], joined(rest)


def _parts(words: Rich, answers: Rich, limits: Limits) -> tuple[Rich, ...]:
    """As few messages as the platform allows; a list of answers stays in one piece."""
    parts = split(words, limits.text, measure=limits.length)
    whole = joined([parts[-1], answers])
    if limits.length(whole.text) <= limits.text:
        return (*parts[:-1], whole)
    return (*parts, *split(answers, limits.text, measure=limits.length))
