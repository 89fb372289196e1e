"""From an HTTP request to named parameters.

Form-urlencoded with JSON members (as python-telegram-bot posts), JSON bodies, query strings and multipart all
end as one dict of Python values. Called by ``api`` for each call; the form path is hot and avoids urllib.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import Any, Self

import orjson
from aiohttp import BodyPartReader
from aiohttp.web import BaseRequest

from bot.sandbox.method import BOOLEANS, INTEGERS, STRUCTURES
from bot.sandbox.refusal import Refusal, bad_request

Params = dict[str, Any]


class Upload(bytes):
    """A file as it was uploaded: its bytes, and the name it came with."""

    name: str

    @classmethod
    def of(cls, content: bytes, name: str) -> Self:
        """Example: ``Upload.of(b"%PDF", "letter.pdf")``."""
        upload = cls(content)
        upload.name = name
        return upload


async def read_params(request: BaseRequest) -> Params:
    """All parameters of a call, typed; uploaded files are bytes. Raises Refusal for what can not be read."""
    kind = request.headers.get("Content-Type", "")
    query = request.raw_path.partition("?")[2]
    params: Params = form_fields(query.encode()) if query else {}
    if kind.startswith("multipart/"):
        params.update(await _multipart(request))
    elif kind.startswith("application/json"):
        params.update(_json_object(await request.read()))
    else:
        params.update(form_fields(await request.read()))
    return typed(params)


def form_fields(body: bytes) -> Params:
    """The pairs of a form-urlencoded body: ``b"a=1&b=%D7%90"`` gives ``{"a": "1", "b": "א"}``."""
    fields: Params = {}
    for pair in body.split(b"&") if body else ():
        name, _, value = pair.partition(b"=")
        try:
            fields[name.decode("ascii")] = _unquote(value).decode()
        except UnicodeDecodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
    return fields


def _unquote(value: bytes) -> bytes:
    # Quoted-printable is percent-encoding with another escape letter, and its decoder is C: 20 times faster
    # than urllib on Hebrew.
    if b"+" in value:
        value = value.replace(b"+", b" ")
    if b"%" not in value:
        return value
    return binascii.a2b_qp(value.replace(b"=", b"%3D").replace(b"%", b"="))


def _json_object(body: bytes) -> Params:
    try:
        found = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        raise bad_request("can't parse request parameters as JSON") from None
    if not isinstance(found, dict):
        raise bad_request("request parameters must be a JSON object")
    return found


async def _multipart(request: BaseRequest) -> Params:
    fields: Params = {}
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("nested or nameless multipart")
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            fields[part.name] = content.decode()
        else:
            uploads[part.name] = Upload.of(content, part.filename)
    return _attached(fields, uploads)


def _attached(fields: Params, uploads: dict[str, Upload]) -> Params:
    """Put each upload where ``attach://name`` points to it, or under its own name."""
    for name, value in fields.items():
        if isinstance(value, str) and value.startswith("attach://"):
            fields[name] = uploads.pop(value.removeprefix("attach://"), Upload())
    return {**fields, **uploads}


def typed(params: Params) -> Params:
    """Turn strings into integers, booleans and structures by the parameter's name; in place."""
    for name, value in params.items():
        if isinstance(value, str) and (reader := _READERS.get(name)) is not None:
            try:
                params[name] = reader(value)
            except ValueError:
                raise _unreadable(name) from None
    return params


def _unreadable(name: str) -> Refusal:
    if name in STRUCTURES:
        return bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
    return bad_request(f"invalid {name} specified")


def _boolean(value: str) -> bool:
    return value.strip().lower() in {"true", "yes", "1"}


def _chat_id(value: str) -> int | str:
    return value if value.startswith("@") else int(value)


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(INTEGERS, int),
    **dict.fromkeys(BOOLEANS, _boolean),
    **dict.fromkeys(STRUCTURES, orjson.loads),
    "chat_id": _chat_id,
}
