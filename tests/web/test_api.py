"""The HTTP interface before a phone that only remembers: every wrong request gets a clear answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image

from deskphone.core.keypad import Key
from deskphone.web.server import AddressError, serving


class RememberingPhone:
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        self.done: list[tuple[str, ...]] = []
        self.flag = asyncio.Event()
        self.counted = 0

    def snapshot(self) -> dict[str, Any]:
        """A state that is never the same."""
        self.counted += 1
        return {"counted": self.counted}

    def picture(self) -> Image.Image:
        """An empty display."""
        return Image.new("1", (128, 64))

    def watch(self) -> asyncio.Event:
        """One flag for all."""
        return self.flag

    def unwatch(self, flag: asyncio.Event) -> None:
        """Noted."""
        self.done.append(("unwatch",))

    async def dial(self, to: str) -> None:
        """Noted."""
        self.done.append(("dial", to))

    async def key(self, key: Key, action: str) -> None:
        """Noted."""
        self.done.append(("key", key.value, action))

    async def hook(self, action: str) -> None:
        """Noted."""
        self.done.append(("hook", action))


Served = tuple[RememberingPhone, str, ClientSession]


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """A served phone, where, and a client."""
    phone = RememberingPhone()
    async with serving(phone, "127.0.0.1:0", fingers=True) as address, ClientSession() as client:
        yield phone, f"http://{address}", client


@pytest.mark.parametrize("name", [*(key.value for key in Key)])
@pytest.mark.parametrize("action", ["press", "down", "up"])
async def test_keys(served: Served, name: str, action: str) -> None:
    """Every key, every action."""
    phone, url, client = served
    async with client.post(f"{url}/api/keys/{name}", json={"action": action}) as answer:
        assert answer.status == 200
    assert phone.done == [("key", name, action)]


async def test_hook_and_dial(served: Served) -> None:
    """The hook is no key of the keypad, and a call is accepted before it is through."""
    phone, url, client = served
    async with client.post(f"{url}/api/keys/hook", json={"action": "down"}) as answer:
        assert answer.status == 200
    async with client.post(f"{url}/api/calls", json={"to": "sip:1002@example.org"}) as answer:
        assert answer.status == 202
    assert phone.done == [("hook", "down"), ("dial", "sip:1002@example.org")]


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        ("/api/keys/soft5", b'{"action": "press"}', 404, "soft4"),
        ("/api/keys/mer", b'{"action": "hold"}', 400, "press, down, up"),
        ("/api/keys/mer", b"press", 400, "not JSON"),
        ("/api/keys/mer", b'["press"]', 400, "JSON object"),
        ("/api/calls", b"{}", 400, "say whom to call"),
        ("/api/calls", b'{"to": 1002}', 400, "say whom to call"),
        ("/api/calls", b'{"to": "' + b"1" * 70_000 + b'"}', 413, "65536"),
        ("/api/nothing", b"{}", 404, "Not Found"),
        ("/api/state", b"{}", 405, "Not Allowed"),
    ],
)
async def test_wrong_requests(served: Served, path: str, body: bytes, status: int, word: str) -> None:
    """The answer is a JSON object that says what is wrong, and the phone is not bothered."""
    phone, url, client = served
    async with client.post(url + path, data=body) as answer:
        assert answer.status == status
        assert word in (await answer.json())["error"]
    assert phone.done == []


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example:8080"}, {"Origin": "null"}]
)
async def test_a_page_from_elsewhere_presses_nothing(served: Served, headers: dict[str, str]) -> None:
    """Cross-site requests and DNS rebinding are refused."""
    phone, url, client = served
    async with client.post(f"{url}/api/keys/mer", json={}, headers=headers) as answer:
        assert answer.status == 403
    assert phone.done == []


async def test_the_page_of_the_phone_itself_may(served: Served) -> None:
    """The same origin is no stranger."""
    phone, url, client = served
    async with client.post(f"{url}/api/keys/mer", json={}, headers={"Origin": url}) as answer:
        assert answer.status == 200
    assert phone.done == [("key", "mer", "press")]


async def test_without_fingers_nobody_presses(served: Served) -> None:
    """A phone with real keys has no keys over HTTP."""
    phone, _, client = served
    async with serving(phone, "127.0.0.1:0", fingers=False) as address:
        async with client.post(f"http://{address}/api/keys/mer", json={}) as answer:
            assert answer.status == 404
        async with client.get(f"http://{address}/api/screen.png") as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")


async def test_events_stream_each_new_state_and_end_with_the_reader(served: Served) -> None:
    """The state at once, and again at each change; a reader that leaves is forgotten."""
    phone, url, client = served
    async with client.get(f"{url}/api/events") as answer:
        assert answer.content_type == "text/event-stream"
        assert await answer.content.readline() == b"event: state\n"
        assert await answer.content.readline() == b'data: {"counted": 1}\n'
        await answer.content.readline()
        phone.flag.set()
        assert await answer.content.readline() == b"event: state\n"
        assert await answer.content.readline() == b'data: {"counted": 2}\n'
    phone.flag.set()
    async with asyncio.timeout(5.0):
        while ("unwatch",) not in phone.done:
            phone.flag.set()
            await asyncio.sleep(0)


@pytest.mark.parametrize("listen", ["8080", "localhost:port", ":8080", "127.0.0.1:99999"])
async def test_an_address_that_is_none(listen: str) -> None:
    """Says what one looks like."""
    with pytest.raises(AddressError, match=r"HOST:PORT"):
        async with serving(RememberingPhone(), listen, fingers=True):
            pass


async def test_a_port_that_is_taken(served: Served) -> None:
    """Says which option to change."""
    _, url, _ = served
    with pytest.raises(AddressError, match="--listen"):
        async with serving(RememberingPhone(), url.removeprefix("http://"), fingers=True):
            pass
