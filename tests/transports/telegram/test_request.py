"""The HTTP exchange: what is surely not sent, what is not known, and that the token stays inside."""

import asyncio
import logging
import socket
import traceback

import orjson
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.transports.telegram import request
from bot.transports.telegram.request import AiohttpRequest, NeverSent
from tests.transports.telegram.double import (
    BOT,
    SECRET,
    TOKEN,
    Conversation,
    answering,
    head_and_body,
    saying,
)

METHOD = f"/bot{TOKEN}/sendMessage"


def words(text: str) -> RequestData:
    """The parameters of a message."""
    return RequestData([RequestParameter("chat_id", 5, None), RequestParameter("text", text, None)])


async def failure_of(conversation: Conversation, client: AiohttpRequest, wait: float = 5.0) -> TelegramError:
    """The error of one call to a server that behaves like this; checks that it hides the token."""
    async with answering(conversation) as url, client:
        with pytest.raises(TelegramError) as caught:
            await client.post(url + METHOD, words("hi"), read_timeout=wait)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert SECRET not in shown
    return caught.value


async def test_a_call_posts_json_and_returns_the_result() -> None:
    """Parameters travel as one JSON object, Hebrew unescaped."""
    seen: list[tuple[str, bytes]] = []

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await head_and_body(reader))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{"ok":true,"result":[1, 2]}')

    async with answering(conversation) as url, AiohttpRequest() as client:
        result: object = await client.post(url + METHOD, words("שלום"))
    assert result == [1, 2]
    assert seen[0][0].startswith(f"POST {METHOD} HTTP/1.1")
    assert seen[0][1] == '{"chat_id":5,"text":"שלום"}'.encode()


async def test_the_library_s_own_bot_works_over_it() -> None:
    """It is a BaseRequest like any other."""
    body = orjson.dumps({"ok": True, "result": BOT})
    async with answering(saying("200 OK", body)) as url, AiohttpRequest() as client:
        me = await Bot(TOKEN, base_url=url + "/bot", request=client).get_me()
    assert me.username == "the_bot"


async def test_a_chunked_answer_is_read_whole() -> None:
    """An answer without a length counts as well."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for part in (b'{"ok":true,', b'"result":7}'):
            writer.write(b"%x\r\n%b\r\n" % (len(part), part))
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    async with answering(conversation) as url, AiohttpRequest() as client:
        assert await client.post(url + METHOD, words("hi")) == 7


async def test_a_refused_connection_is_surely_not_sent() -> None:
    """Nobody listens on the port: the cause says that nothing left."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with AiohttpRequest() as client:
            with pytest.raises(NetworkError) as caught:
                await client.post(url + METHOD, words("hi"))
    assert isinstance(caught.value.__cause__, NeverSent)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_waiting_for_a_free_connection_is_surely_not_sent() -> None:
    """All connections are busy until the connect time is over; aiohttp's own error would print the token."""
    busy, release = asyncio.Event(), asyncio.Event()

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        busy.set()
        await release.wait()

    client = AiohttpRequest(connections=1, connect_timeout=0.05)
    async with answering(conversation) as url, client, asyncio.TaskGroup() as group:
        holding = group.create_task(_swallow(client, url))
        await busy.wait()
        with pytest.raises(TimedOut) as caught:
            await client.post(url + METHOD, words("hi"))
        release.set()
        await holding
    assert isinstance(caught.value.__cause__, NeverSent)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def _swallow(client: AiohttpRequest, url: str) -> None:
    with pytest.raises(NetworkError):
        await client.post(url + METHOD, words("hi"), read_timeout=5.0)


async def test_no_answer_in_time_may_have_been_sent() -> None:
    """A read timeout has no cause that says otherwise."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)
        await reader.read()

    error = await failure_of(conversation, AiohttpRequest(), wait=0.05)
    assert isinstance(error, TimedOut)
    assert error.__cause__ is None


async def test_a_hang_up_may_have_been_sent() -> None:
    """The server closes without an answer."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)

    error = await failure_of(conversation, AiohttpRequest())
    assert type(error) is NetworkError
    assert error.__cause__ is None


async def test_a_cut_off_answer_may_have_been_sent() -> None:
    """The connection ends in the middle of the body."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"ok":true')
        await writer.drain()

    error = await failure_of(conversation, AiohttpRequest())
    assert type(error) is NetworkError
    assert error.__cause__ is None


async def test_an_answer_that_is_not_http_may_have_been_sent() -> None:
    """The error that aiohttp makes of it would print the URL."""

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_and_body(reader)
        writer.write(b"SSH-2.0-OpenSSH_9.7\r\n\r\n")
        await writer.drain()

    error = await failure_of(conversation, AiohttpRequest())
    assert error.__cause__ is None


async def test_a_page_of_a_middlebox_is_not_repeated() -> None:
    """Some proxies print the requested URL into their error page: the page is dropped."""
    page = f"<html>Could not get http://api{METHOD}</html>".encode()
    error = await failure_of(saying("502 Bad Gateway", page), AiohttpRequest())
    assert error.message == "Bad Gateway (502)"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"error": "x"}',
        b'{"ok": false, "description": 5}',
        b'{"ok": false, "parameters": []}',
        b'{"ok": false, "parameters": {"retry_after": "soon"}}',
    ],
)
async def test_json_of_another_shape_is_not_telegram(body: bytes) -> None:
    """An error body that no Bot API server sends counts as none."""
    error = await failure_of(saying("403 Forbidden", body), AiohttpRequest())
    assert error.message == "Forbidden (403)"


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"null", b'{"ok":true}'])
async def test_a_yes_without_a_result_is_no_yes(body: bytes) -> None:
    """A captive portal answers 200 to everything."""
    error = await failure_of(saying("200 OK", body), AiohttpRequest())
    assert error.message == "Invalid server response"


async def test_a_redirect_is_not_followed() -> None:
    """The token goes to no other address."""
    error = await failure_of(
        saying("302 Found", b"", f"Location: http://127.0.0.1:9{METHOD}"), AiohttpRequest()
    )
    assert error.message == "Found (302)"


async def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer may fill the memory, whatever length it claims."""
    monkeypatch.setattr(request, "BODY_LIMIT", 1000)
    error = await failure_of(saying("200 OK", b"x" * 5000), AiohttpRequest())
    assert error.message == "The answer is too long"


async def test_text_that_is_no_utf_8_is_a_bad_request() -> None:
    """A lone surrogate is refused before anything is sent, and is not quoted."""
    broken = words("\ud800" + "whisper")
    async with AiohttpRequest() as client:
        with pytest.raises(BadRequest) as caught:
            await client.post("http://127.0.0.1:9/bot", broken)
    assert "whisper" not in "".join(traceback.format_exception(caught.value))


async def test_a_closed_client_sends_nothing() -> None:
    """After shutdown a call fails as surely not sent."""
    client = AiohttpRequest()
    await client.initialize()
    await client.shutdown()
    await client.shutdown()
    with pytest.raises(NetworkError) as caught:
        await client.post("http://127.0.0.1:9" + METHOD, words("hi"))
    assert isinstance(caught.value.__cause__, NeverSent)


async def test_a_proxy_is_used_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxy is left alone, the setting's is used."""
    seen: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await head_and_body(reader))[0].splitlines()[0])
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n{"ok":true,"result":1}')

    body = b'{"ok":true,"result":2}'
    async with answering(proxy) as proxy_url, answering(saying("200 OK", body)) as url:
        monkeypatch.setenv("HTTP_PROXY", proxy_url)
        async with AiohttpRequest() as client:
            assert await client.post(url + METHOD, words("hi")) == 2
        async with AiohttpRequest(proxy=proxy_url) as client:
            assert await client.post(url + METHOD, words("hi")) == 1
    assert seen == [f"POST {url}{METHOD} HTTP/1.1"]


async def test_nothing_of_a_call_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG, for all loggers, neither token nor words nor routing ids appear."""
    caplog.set_level(logging.DEBUG)
    body = b'{"ok":true,"result":{"text":"whispered"}}'
    async with answering(saying("200 OK", body)) as url, AiohttpRequest() as client:
        await client.post(url + METHOD, words("whispered"))
    await failure_of(saying("200 OK", b"whispered"), AiohttpRequest())
    assert SECRET not in caplog.text
    assert "whispered" not in caplog.text


async def test_the_default_read_timeout_is_told() -> None:
    """python-telegram-bot asks for it."""
    assert AiohttpRequest(read_timeout=12.0).read_timeout == 12.0
