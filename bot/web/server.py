"""The aiohttp application and its life: `build` makes it, `serving` runs it for as long as a block lasts.

It knows no platform: a webhook is a path and a function that takes headers and body and answers a status, and that
function has stored the update before it returns. No access log: addresses and times of requests are kept nowhere.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import hdrs, web

from bot.web import health

LARGEST_BODY: Final = 1024 * 1024  # an update is a few kilobytes
GOODBYE_WAIT: Final = 10.0
UNAVAILABLE: Final = 503
RETRY: Final = {hdrs.RETRY_AFTER: "5"}  # seconds; Telegram's server honours it
METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Accept = Callable[[Mapping[str, str], bytes], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where a platform posts updates, and who takes them. Example: Hook(path="/telegram", accept=receive).

    `patience` is how many seconds a body may take to arrive.
    """

    path: str
    accept: Accept
    patience: float = 10.0


def build(
    *, checks: Callable[[], Sequence[health.Check]], render: Callable[[], bytes], hooks: Sequence[Hook] = ()
) -> web.Application:
    """The application: `checks` is read at every request, `render` gives the metrics in Prometheus' text format."""
    application = web.Application(client_max_size=LARGEST_BODY)
    application.on_response_prepare.append(_unsigned)
    application.router.add_get("/healthz", _healthz(checks))
    application.router.add_get("/metrics", _metrics(render))
    for hook in hooks:
        application.router.add_post(hook.path, _hook(hook))
    return application


@asynccontextmanager
async def serving(application: web.Application, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port (a free one for 0). Raises OSError if the address is taken."""
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=GOODBYE_WAIT)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _healthz(read: Callable[[], Sequence[health.Check]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        checks = read()
        return web.Response(
            status=health.status(checks), body=health.body(checks), content_type="application/json"
        )

    return answer


def _metrics(render: Callable[[], bytes]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=render(), headers={hdrs.CONTENT_TYPE: METRICS_TYPE})

    return answer


def _hook(hook: Hook) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(hook.patience):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        status = await hook.accept(request.headers, body)
        return web.Response(status=status, headers=RETRY if status == UNAVAILABLE else None)

    return answer


async def _unsigned(_request: web.Request, response: web.StreamResponse) -> None:
    """What runs here is nobody's business."""
    response.headers.popall(hdrs.SERVER, None)
