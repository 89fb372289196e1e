"""What signal-cli can be asked to send: messages, edits, deletions, reactions, receipts.

Each takes the params of a call and gives its result. Raises RpcRefusal as signal-cli answers.
"""

from __future__ import annotations

import base64
import re
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.sandbox.signal.network import Network
from bot.sandbox.signal.note import Enclosed, Note, Quote, Style, Turn
from bot.sandbox.signal.person import SignalPerson
from bot.sandbox.signal.refusal import (
    INTERNAL_ERROR,
    RpcRefusal,
    Wire,
    reached_nobody,
    result_of,
    user_error,
)
from bot.sandbox.signal.trouble import DAY, IO_FAILURE, recipients

_EMPTY = (
    "Sending empty message is not allowed, either a message, attachment or sticker must be given as parameter"
)
_STYLE = re.compile(r"(\d+):(\d+):(BOLD|ITALIC|SPOILER|STRIKETHROUGH|MONOSPACE)")
_DATA_URI = re.compile(
    r"data:(?P<kind>[^;,]+)(?:;filename=(?P<name>[^;,]*))?;base64,(?P<content>.*)", re.DOTALL
)
FEWEST_OPTIONS, MOST_OPTIONS, LONGEST_OPTION = 2, 10, 100
Arrival = Callable[[SignalPerson], None]

DELETED_WITHIN = 24 * 60 * 60 * 1000  # ms; apps take a later deletion for nothing
_FIRST_MS = 10**11  # a number below does not fit a Java Long, as the JSON library reads it


@dataclass(frozen=True, slots=True)
class Sending:
    """The calls that reach people."""

    network: Network

    def send(self, params: Wire) -> Wire:
        """A message, or with ``editTimestamp`` the new words of one."""
        text, files = str(params.get("message") or ""), self._files(params)
        if not text and not files:
            raise user_error(_EMPTY)
        styles = tuple(map(_style, _many(params, "textStyle")))
        quoted = _moment(params, "quoteTimestamp")
        edited = _moment(params, "editTimestamp")
        now = self.network.stamp()

        def arrive(person: SignalPerson) -> None:
            if edited is not None:
                person.change(edited, text=text, styles=styles, edited=True)
                return
            quote = self._quote(params, person, quoted) if quoted is not None else None
            person.take(
                Note(
                    timestamp=now,
                    mine=False,
                    text=text,
                    styles=styles,
                    quote=quote,
                    files=files,
                    expires=person.timer,
                )
            )

        return self._to_all(params, now, arrive)

    def send_poll(self, params: Wire) -> Wire:
        """A poll, of which a person here chooses one option."""
        options = tuple(_many(params, "option"))
        if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS or not all(
            0 < len(one) <= LONGEST_OPTION for one in options
        ):
            raise user_error("Poll needs two to ten options of one to a hundred characters")
        now, question = self.network.stamp(), str(params["question"])
        poll = Note(timestamp=now, mine=False, text=question, options=options)
        return self._to_all(params, now, lambda person: person.take(replace(poll, expires=person.timer)))

    def send_reaction(self, params: Wire) -> Wire:
        """A reaction on a message of the person, or taken away again."""
        target, emoji = _needed(params, "targetTimestamp"), str(params["emoji"])
        shown = None if params.get("remove") else emoji
        return self._to_all(
            params, self.network.stamp(), lambda person: person.change(target, reaction=shown)
        )

    def remote_delete(self, params: Wire) -> Wire:
        """A message of the bot's own goes, for both; of one that is a day old only the daemon says so."""
        target, now = _needed(params, "targetTimestamp"), self.network.stamp()

        def vanish(person: SignalPerson) -> None:
            if now - target < DELETED_WITHIN and not _is_mine(person, target):
                person.change(target, deleted=True)

        return self._to_all(params, now, vanish)

    def send_quietly(self, params: Wire) -> Wire:
        """A receipt, or the sign that the bot writes: nothing to be seen later."""
        return self._to_all(params, self.network.stamp(), lambda _: None)

    def update_contact(self, params: Wire) -> Wire:
        """The disappearing timer of a chat, in seconds."""
        expiration = params.get("expiration")
        if expiration is not None:
            for name in recipients(params):
                person = self.network.people.get(name)
                if person and not person.is_blocking and person.timer != int(expiration):
                    person.timer = int(expiration)
                    turn = Note(timestamp=self.network.stamp(), mine=False, turn=Turn.TIMER)
                    person.put(replace(turn, expires=person.timer))
        return {}

    def _to_all(self, params: Wire, timestamp: int, arrive: Arrival) -> Wire:
        names = recipients(params)
        if not names:
            raise user_error("No recipients given")
        if not self.network.is_online:
            results = [result_of(name, "NETWORK_FAILURE") for name in names]
            raise reached_nobody(results, timestamp)
        results = [self._to_one(name, arrive) for name in names]
        if not any(result["type"] == "SUCCESS" for result in results):
            raise reached_nobody(results, timestamp)
        return {"results": results, "timestamp": timestamp}

    def _to_one(self, name: str, arrive: Arrival) -> Wire:
        person = self.network.people.get(name)
        if self.network.challenge is not None:
            token = self.network.challenge
            return result_of(name, "RATE_LIMIT_FAILURE", token=token, retryAfterSeconds=DAY)
        if person is None or person.has_left:
            return result_of(name, "UNREGISTERED_FAILURE")
        if not person.is_trusted:
            return result_of(name, "IDENTITY_FAILURE")
        arrive(person)
        return result_of(name, "SUCCESS")

    def _files(self, params: Wire) -> tuple[Enclosed, ...]:
        return tuple(self._file(one) for one in _many(params, "attachment", "attachments"))

    def _file(self, given: str) -> Enclosed:
        if found := _DATA_URI.fullmatch(given):
            try:
                content = base64.b64decode(found["content"], validate=True)
            except NotBase64:
                raise user_error("Invalid data URI") from None
            return self.network.keep(content, kind=found["kind"], name=found["name"] or None)
        try:
            content = Path(given).read_bytes()
        except OSError:
            raise user_error(f"{given}: File not found") from None
        return self.network.keep(content, kind="application/octet-stream", name=Path(given).name)

    def _quote(self, params: Wire, person: SignalPerson, timestamp: int) -> Quote:
        """What stands above an answer: the words as quoted, else those of the message, which apps look up."""
        mine = str(params.get("quoteAuthor", "")) not in self.network.account_address
        words = str(params.get("quoteMessage") or person.words_of(timestamp))
        return Quote(timestamp=timestamp, mine=mine, text=words)


def refuse_offline(network: Network) -> None:
    """What other commands answer while Signal is away. Raises RpcRefusal."""
    if not network.is_online:
        raise RpcRefusal(*IO_FAILURE)


def _is_mine(person: SignalPerson, timestamp: int) -> bool:
    return any(note.mine for note in person.history if note.timestamp == timestamp)


def _many(params: Wire, *names: str) -> list[str]:
    """A param that may be one value or a list of them."""
    found: list[str] = []
    for name in names:
        given = params.get(name)
        found += [str(one) for one in given] if isinstance(given, list) else [str(given)] if given else []
    return found


def _style(given: str) -> Style:
    if not (found := _STYLE.fullmatch(given)):
        raise user_error(f"Invalid textStyle syntax ({given}) expected 'start:length:STYLE'")
    return Style(start=int(found[1]), length=int(found[2]), style=found[3])


def _moment(params: Wire, name: str) -> int | None:
    """A timestamp of a message, in ms. Raises RpcRefusal for a number that is none."""
    given = params.get(name)
    if given is None:
        return None
    if not isinstance(given, int) or given < _FIRST_MS:
        raise RpcRefusal(
            INTERNAL_ERROR,
            "class java.lang.Integer cannot be cast to class java.lang.Long (ClassCastException)",
        )
    return given


def _needed(params: Wire, name: str) -> int:
    found = _moment(params, name)
    if found is None:
        raise user_error(f"Missing required option: {name}")
    return found
