"""What one setting may look like: the shapes, and the sentence a wrong one gets.

A sentence never repeats the value it refuses: it may be a secret, typed into the wrong line.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Any, Final
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_settings import NoDecode
from typing_extensions import override

from bot.model.case import Need
from bot.model.search import Patience, Times
from bot.store.sealing import LOCKED, OPEN, is_public

KEY_BYTES: Final = 32


class Secret(SecretStr):
    """A text that only `get_secret_value()` shows; everywhere else it reads `***`."""

    @override
    def __repr__(self) -> str:
        return "***"

    @override
    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where the web server listens; port 0 takes any free one."""

    host: str
    port: int


def key_bytes(text: str) -> bytes:
    """The 32 bytes behind a base64 text. Raises ValueError."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("this is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"this decodes to {len(key)} bytes; a key has {KEY_BYTES}")
    return key


def key_list(text: str) -> tuple[bytes, ...]:
    """The keys of a `new` or `new,old` list, newest first. Raises ValueError."""
    keys = tuple(key_bytes(part) for part in text.split(","))
    if len(keys) > 2:
        raise ValueError("give one key, or two while rotating: new,old")
    if len(set(keys)) != len(keys):
        raise ValueError("the new and the old key are the same")
    return keys


def _master_key(secret: Secret) -> Secret:
    key_list(secret.get_secret_value())
    return secret


def _token(secret: Secret) -> Secret:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", secret.get_secret_value()):
        raise ValueError(
            "a token is digits, a colon, then letters, digits, _ and -; @BotFather gives you one"
        )
    return secret


def _webhook_secret(secret: Secret) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("use 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return secret


def _address(text: str, schemes: tuple[str, ...]) -> SplitResult:
    """`text` as a URL with a host and one of `schemes`. Raises ValueError."""
    url = urlsplit(text)
    if url.scheme not in schemes or not url.hostname:
        raise ValueError(
            f"this is not an address that starts with {' or '.join(f'{name}://' for name in schemes)}"
        )
    url.port  # noqa: B018 - reading it is the check: it raises ValueError beyond 65535
    return url


def _api_url(text: str) -> str:
    url = _address(text, ("https", "http"))
    if url.path.strip("/") or url.query or url.fragment or url.username:
        raise ValueError("give scheme, host and port only, with no path and no password")
    return f"{url.scheme}://{url.netloc}"


def _proxy(text: str) -> str:
    _address(text, ("http", "https"))
    return text


def _webhook_url(text: str) -> str:
    url = _address(text, ("https",))
    if url.username or url.query or url.fragment:
        raise ValueError(
            "an address with a password, a query or a fragment is not taken; the secret goes in a header"
        )
    return text


def _signal_rpc(text: str) -> str:
    url = urlsplit(text)
    if url.scheme == "unix" and url.path.startswith("/") and not url.netloc:
        return text
    if url.scheme == "tcp" and url.hostname and url.port:
        return text
    raise ValueError("this is neither tcp://host:port nor unix:///path")


def _signal_number(secret: Secret) -> Secret:
    """Without the +, or as it is dialled at home, signal-cli knows no such account."""
    if not re.fullmatch(r"\+[1-9]\d{6,14}", secret.get_secret_value()):
        raise ValueError(
            "write + and the code of the country before the number, and nothing but digits after it"
        )
    return secret


def _database(text: str) -> str:
    if re.match(r"sqlite\+aiosqlite:///.|postgresql\+asyncpg://.", text):
        return text
    raise ValueError("use sqlite+aiosqlite:///file or postgresql+asyncpg://user:password@host/name")


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("this is not the name of a time zone") from None
    return text


def _listen(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    host, _, port = value.rpartition(":")
    host = host.strip("[]")
    if not port.isdecimal() or int(port) > 65535 or not host:
        raise ValueError("this is not host:port")
    if not _is_loopback(host):
        raise ValueError("this listens beyond this machine; use a loopback address and a reverse proxy")
    return Listen(host=host, port=int(port))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _case_times(value: Any) -> Any:
    """`15/60/180,urgent=2/5/10`: minutes, the usual ones first, then needs that have their own."""
    if not isinstance(value, str):
        return value
    usual, *special = value.split(",")
    return Patience(usual=_times(usual), special=dict(map(_of_need, special)))


def _of_need(text: str) -> tuple[Need, Times]:
    name, _, times = text.partition("=")
    if name.strip() not in set(Need):
        raise ValueError(f"name a need before the =: {', '.join(Need)}")
    return Need(name.strip()), _times(times)


def _times(text: str) -> Times:
    found = re.fullmatch(r"(\d{1,5})/(\d{1,5})/(\d{1,5})", text.strip())
    minutes = [int(part) for part in found.groups()] if found else []
    if not minutes or not 0 < minutes[0] < minutes[1] < minutes[2]:
        raise ValueError("give three growing numbers of minutes, as in 15/60/180")
    first, second, third = (timedelta(minutes=one) for one in minutes)
    return Times(everybody=first, organizers=second, told=third)


def _public_key(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.strip().startswith((OPEN, LOCKED)):
        raise ValueError("this is the private half, which stays with the letter keeper; make a new pair")
    if not is_public(key := key_bytes(value)):
        raise ValueError("nothing can be sealed to this; copy what `bot letter keys` printed")
    return key


Token = Annotated[Secret, AfterValidator(_token)]
MasterKey = Annotated[Secret, AfterValidator(_master_key)]
WebhookSecret = Annotated[Secret, AfterValidator(_webhook_secret)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
ProxyUrl = Annotated[str, AfterValidator(_proxy)]
WebhookUrl = Annotated[str, AfterValidator(_webhook_url)]
SignalRpc = Annotated[str, AfterValidator(_signal_rpc)]
SignalNumber = Annotated[Secret, AfterValidator(_signal_number)]
DatabaseUrl = Annotated[str, AfterValidator(_database)]
Zone = Annotated[str, AfterValidator(_zone)]
ListenAddress = Annotated[Listen, NoDecode, BeforeValidator(_listen)]
CaseTimes = Annotated[Patience, NoDecode, BeforeValidator(_case_times)]
PublicKey = Annotated[bytes, BeforeValidator(_public_key)]
