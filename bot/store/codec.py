"""Sessions, payloads and timers as bytes, and back: the inside of what the tables hold sealed.

JSON through pydantic, built once from the dataclasses themselves; a payload says what it is in `kind`.
"""

from collections.abc import Mapping
from typing import Annotated, Final, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.engine.event import Event
from bot.engine.session import Session
from bot.model.case import CaseEvent
from bot.model.notice import NoticeContent
from bot.model.outgoing import Payload
from bot.model.queue import Timer
from bot.store.errors import Unopenable

Shape = TypeVar("Shape")

_EVENT: Final[TypeAdapter[Event]] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
_CASE: Final[TypeAdapter[CaseEvent]] = TypeAdapter(Annotated[CaseEvent, Field(discriminator="kind")])
_SESSION: Final[TypeAdapter[Session]] = TypeAdapter(Session)
_PAYLOAD: Final[TypeAdapter[Payload]] = TypeAdapter(
    Annotated[Payload, Field(discriminator="kind")],
    config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"),
)
_TIMER: Final[TypeAdapter[Timer]] = TypeAdapter(Timer)
_NOTICE: Final[TypeAdapter[NoticeContent]] = TypeAdapter(NoticeContent)
_VALUES: Final[TypeAdapter[dict[str, str]]] = TypeAdapter(dict[str, str])


def event_to_bytes(event: Event) -> bytes:
    """An event that one turn puts into another lane, as JSON."""
    return _written(_EVENT, event)


def event_from_bytes(body: bytes) -> Event:
    """The event again. Raises Unopenable."""
    return _read(_EVENT, body)


def case_event_to_bytes(event: CaseEvent) -> bytes:
    """An event of a case's lane, as JSON."""
    return _written(_CASE, event)


def case_event_from_bytes(body: bytes) -> CaseEvent:
    """The event again. Raises Unopenable."""
    return _read(_CASE, body)


def session_to_bytes(session: Session) -> bytes:
    """A session as JSON."""
    return _written(_SESSION, session)


def session_from_bytes(body: bytes) -> Session:
    """The session again. Raises Unopenable if it was written by a program that knew other words."""
    return _read(_SESSION, body)


def payload_to_bytes(payload: Payload) -> bytes:
    """A payload as JSON."""
    return _written(_PAYLOAD, payload)


def payload_from_bytes(body: bytes) -> Payload:
    """The payload again. Raises Unopenable."""
    return _read(_PAYLOAD, body)


def timer_to_bytes(timer: Timer) -> bytes:
    """A timer as JSON: the body of the inbox row it becomes."""
    return _written(_TIMER, timer)


def timer_from_bytes(body: bytes) -> Timer:
    """The timer again. Raises Unopenable."""
    return _read(_TIMER, body)


def notice_to_bytes(content: NoticeContent) -> bytes:
    """What a notice says, as JSON."""
    return _written(_NOTICE, content)


def notice_from_bytes(body: bytes) -> NoticeContent:
    """The words again. Raises Unopenable."""
    return _read(_NOTICE, body)


def values_to_bytes(values: Mapping[str, str]) -> bytes:
    """A mapping of words as JSON."""
    return _VALUES.dump_json(dict(values))


def values_from_bytes(body: bytes) -> dict[str, str]:
    """The mapping again. Raises Unopenable."""
    return _read(_VALUES, body)


def _written(adapter: TypeAdapter[Shape], value: Shape) -> bytes:
    """JSON; any mapping counts as one, not only a dict."""
    return adapter.dump_json(value, fallback=dict, warnings="none")


def _read(adapter: TypeAdapter[Shape], body: bytes) -> Shape:
    try:
        return adapter.validate_json(body)
    except ValidationError:
        raise Unopenable from None  # pydantic's error quotes what a person wrote
