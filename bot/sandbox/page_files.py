"""The three files of the page, read once and served with headers that keep it to itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    found = (path for path in _FOLDER.iterdir() if path.suffix in _TYPES)
    return {f"/{path.name}": (path.read_bytes(), _TYPES[path.suffix]) for path in found}


def page_response(path: str) -> web.Response:
    """The file for this path (``/`` is the page), or 404."""
    found = _files().get("/index.html" if path == "/" else path)
    if found is None:
        return web.Response(status=404)
    body, kind = found
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)
