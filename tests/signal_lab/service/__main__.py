"""The service as a process of its own: `python -m tests.signal_lab.service DIRECTORY` prints its ports as one line.

Its control port takes what a test does to it: `GET /state`, `POST /fault`, `POST /net`, each a small JSON object.
"""

import argparse
import asyncio
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import web

from tests.signal_lab.service import certificate
from tests.signal_lab.service.account import Register
from tests.signal_lab.service.call import Answer, Call, route
from tests.signal_lab.service.desk import Desk, Fault
from tests.signal_lab.service.enrolment import Enrolment
from tests.signal_lab.service.network import LOOPBACK, Way
from tests.signal_lab.service.post import Post
from tests.signal_lab.service.upload import Uploads

_LARGEST: Final = 200 * 2**20
_WAYS: Final = ("bot", "friends")


class Control:
    """What a test may see and do."""

    def __init__(self, register: Register, post: Post, desk: Desk, ways: dict[str, Way]) -> None:
        self._register, self._post, self._desk, self._ways = register, post, desk, ways

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One of three things."""
        if request.path == "/state":
            return web.json_response(self._state())
        given = await request.json()
        if request.path == "/fault":
            self._desk.faults = [Fault(**one) for one in given]
        elif request.path == "/net":
            self._ways[given["who"]].up(given["up"])
        return web.json_response({})

    def _state(self) -> dict[str, object]:
        accounts = {
            one.number: {
                "aci": one.aci,
                "waiting": self._post.waiting(one),
                "connected": self._post.connected(one),
                "taken": self._post.taken[one.aci],
            }
            for one in self._register.everyone()
        }
        return {"accounts": accounts, "log": self._desk.log}


async def serve(directory: Path) -> None:
    """Bring everything up, say where, and stay."""
    papers, sealer = certificate.made(directory), certificate.Sealer()
    (directory / "root.pub").write_bytes(sealer.root)
    register = Register()
    post = Post(register)
    desk = Desk(
        register,
        post,
        [
            *Enrolment(register, sealer).routes(),
            *post.routes(),
            *Uploads().routes(),
            route("GET", "/v1/keepalive", _alive, is_open=True),
        ],
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.certificate, papers.key)
    tls = await _up(desk.http, context)
    ways = {name: Way(tls) for name in _WAYS}
    ports = {name: await way.serve() for name, way in ways.items()}
    control = await _up(Control(register, post, desk, ways).answer)
    sys.stdout.write(json.dumps({**ports, "control": control}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def _alive(call: Call) -> Answer:
    return Answer()


async def _up(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]], context: ssl.SSLContext | None = None
) -> int:
    application = web.Application(client_max_size=_LARGEST)
    application.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, 0, ssl_context=context)
    await site.start()
    port: int = runner.addresses[0][1]
    return port


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    asyncio.run(serve(parser.parse_args().directory))
