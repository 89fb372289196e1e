"""The web server: health, metrics, a webhook, and nothing it need not say."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

import aiohttp
import pytest

from bot.web import Check, Hook, build, serving

WELL = Check(name="telegram", ok=True, age=3.21)
ILL = Check(name="deliver", ok=False, age=None)


@dataclass
class Taker:
    """Takes what is posted, and answers what it was told to."""

    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> int:
        self.headers.append(headers)
        self.bodies.append(body)
        return self.status


@asynccontextmanager
async def site(*checks: Check, taker: Taker | None = None) -> AsyncIterator[aiohttp.ClientSession]:
    hooks = [Hook(path="/telegram", accept=taker, patience=0.2)] if taker else []
    application = build(checks=lambda: checks, render=lambda: b"turns_total 3\n", hooks=hooks)
    async with (
        serving(application, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        yield client


async def test_health_is_200_when_all_is_well() -> None:
    """Every check with its age, and one word for all."""
    async with site(WELL) as client, client.get("/healthz") as answer:
        said = await answer.json()

    assert answer.status == 200
    assert said == {"ok": True, "checks": {"telegram": {"ok": True, "age_seconds": 3.2}}}


async def test_health_is_503_when_one_check_fails() -> None:
    """A machine that watches needs only the status."""
    async with site(WELL, ILL) as client, client.get("/healthz") as answer:
        said = await answer.json()

    assert answer.status == 503
    assert said["ok"] is False
    assert said["checks"]["deliver"] == {"ok": False, "age_seconds": None}


async def test_metrics_are_what_was_rendered() -> None:
    """Prometheus gets its text format."""
    async with site() as client, client.get("/metrics") as answer:
        text = await answer.text()

    assert text == "turns_total 3\n"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize("status", [200, 403, 503])
async def test_the_webhook_hands_over_and_answers_what_it_is_told(status: int) -> None:
    """Headers and body go to the taker, its status goes back."""
    taker = Taker(status=status)
    async with (
        site(taker=taker) as client,
        client.post("/telegram", data=b'{"update_id": 1}', headers={"X-Secret": "s"}) as answer,
    ):
        text = await answer.text()

    assert (answer.status, text) == (status, "")
    assert answer.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert taker.bodies == [b'{"update_id": 1}']
    assert taker.headers[0]["x-secret"] == "s"


async def test_a_body_too_large_is_refused() -> None:
    """No update is a megabyte long."""
    taker = Taker()
    async with (
        site(taker=taker) as client,
        client.post("/telegram", data=BytesIO(b"x" * 1_100_000)) as answer,
    ):
        pass

    assert answer.status == 413
    assert taker.bodies == []


async def test_a_body_that_does_not_come_is_given_up() -> None:
    """A slow sender holds a connection for a while only."""
    taker = Taker()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(1)
        yield b"}"

    async with site(taker=taker) as client, client.post("/telegram", data=slowly()) as answer:
        pass

    assert answer.status == 408
    assert taker.bodies == []


async def test_a_taker_that_fails_answers_500_without_words() -> None:
    """The platform tries again; the error's text stays here."""

    async def broken(_headers: Mapping[str, str], _body: bytes) -> int:
        raise ValueError("canary7d1e")

    application = build(checks=list, render=lambda: b"", hooks=[Hook(path="/t", accept=broken)])
    async with (
        serving(application, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession() as client,
        client.post(f"http://127.0.0.1:{port}/t", data=b"{}") as answer,
    ):
        text = await answer.text()

    assert answer.status == 500
    assert "canary7d1e" not in text


@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/nothing"])
async def test_no_answer_names_the_server(path: str) -> None:
    """A version is a gift to whoever looks for a hole."""
    async with site(WELL) as client, client.get(path) as answer:
        pass

    assert "Server" not in answer.headers


async def test_without_a_webhook_nothing_is_taken() -> None:
    """Polling needs no door."""
    async with site(WELL) as client, client.post("/telegram", data=b"{}") as answer:
        pass

    assert answer.status == 404


async def test_an_address_in_use_is_an_error_at_start() -> None:
    """Two servers on one port is a mistake somebody should hear of."""
    application = build(checks=list, render=lambda: b"")
    async with serving(application, host="127.0.0.1", port=0) as port:
        again = build(checks=list, render=lambda: b"")
        with pytest.raises(OSError, match="address already in use"):
            async with serving(again, host="127.0.0.1", port=port):
                pass


async def test_the_server_is_gone_after_its_block() -> None:
    """Nothing listens any more."""
    async with serving(build(checks=list, render=lambda: b""), host="127.0.0.1", port=0) as port:
        pass

    with pytest.raises(OSError, match="Connect"):
        await asyncio.open_connection("127.0.0.1", port)


def test_health_is_plain_json() -> None:
    """Ages are rounded: nobody needs to know to the millisecond when somebody wrote."""
    from bot.web import health

    assert json.loads(health.body([WELL]))["checks"]["telegram"]["age_seconds"] == 3.2
