"""The HTTP interface on aiohttp: `/api/...` as `docs/http.md` describes it."""

import asyncio
import io
import ipaddress
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web
from PIL import Image

from deskphone.core.keypad import Key
from deskphone.errors import DeskphoneError

_MAX_BODY = 64 * 1024
_ACTIONS = ("press", "down", "up")
_HOOK = "hook"
_KEEP_ALIVE_SECONDS = 15.0
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Phone(Protocol):
    """What the interface needs of the phone."""

    def snapshot(self) -> dict[str, Any]:
        """The state now."""

    def picture(self) -> Image.Image:
        """What the OLED shows now."""

    def watch(self) -> asyncio.Event:
        """A flag that each change sets."""

    def unwatch(self, flag: asyncio.Event) -> None:
        """Done watching."""

    async def dial(self, to: str) -> None:
        """Call someone; returns when the phone has begun to."""

    async def key(self, key: Key, action: str) -> None:
        """Move a simulated key; returns when the phone has dealt with it."""

    async def hook(self, action: str) -> None:
        """Move the simulated hook switch: `down` is on the cradle."""


class UnavailableError(DeskphoneError, RuntimeError):
    """The phone cannot do what was asked just now; the text says why."""


def application(phone: Phone, *, fingers: bool) -> web.Application:
    """The interface; without `fingers` (a phone with real keys) nobody can press keys over HTTP."""
    api = _Api(phone)
    app = web.Application(client_max_size=_MAX_BODY, middlewares=[_errors, _same_site])
    app.router.add_get("/api/state", api.state)
    app.router.add_get("/api/screen.png", api.screen)
    app.router.add_get("/api/events", api.events)
    app.router.add_post("/api/calls", api.calls)
    if fingers:
        app.router.add_post("/api/keys/{name}", api.keys)
    app.on_shutdown.append(api.close)
    return app


class _Api:
    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self._closing = asyncio.Event()

    async def close(self, _app: web.Application) -> None:
        """Streams end, so that the server can."""
        self._closing.set()

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._phone.snapshot())

    async def screen(self, _request: web.Request) -> web.Response:
        return web.Response(body=_png(self._phone.picture()), content_type="image/png")

    async def calls(self, request: web.Request) -> web.Response:
        body = await _object(request)
        to = body.get("to")
        if not isinstance(to, str) or not to.strip():
            raise _bad("to", 'say whom to call: {"to": "sip:1002@example.org"} or {"to": "1002"}')
        await self._phone.dial(to)
        return web.json_response(self._phone.snapshot(), status=202)

    async def keys(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        action = (await _object(request)).get("action", "press")
        if action not in _ACTIONS:
            raise _bad("action", f"must be one of {', '.join(_ACTIONS)}")
        if name == _HOOK:
            await self._phone.hook(action)
        else:
            try:
                key = Key(name)
            except ValueError:
                known = ", ".join([*(k.value for k in Key), _HOOK])
                raise web.HTTPNotFound(text=f"no key is called {name!r}; there are {known}") from None
            await self._phone.key(key, action)
        return web.json_response({"ok": True})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the state at once, then each new state. States that nobody could see are skipped."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        flag = self._phone.watch()
        last: str | None = None
        try:
            while not self._closing.is_set():
                flag.clear()
                text = json.dumps(self._phone.snapshot(), ensure_ascii=False)
                if text != last:
                    await response.write(f"event: state\ndata: {text}\n\n".encode())
                    last = text
                await self._changed(flag, response)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._phone.unwatch(flag)
        return response

    async def _changed(self, flag: asyncio.Event, response: web.StreamResponse) -> None:
        waiting = [asyncio.ensure_future(flag.wait()), asyncio.ensure_future(self._closing.wait())]
        try:
            done, _ = await asyncio.wait(waiting, timeout=_KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
        if not done:
            await response.write(b": still here\n\n")


@web.middleware
async def _errors(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Every error is a JSON object that says what to do."""
    try:
        return await handler(request)
    except UnavailableError as error:
        return web.json_response({"error": str(error)}, status=503)
    except web.HTTPError as error:
        return web.json_response({"error": error.text or error.reason}, status=error.status)


@web.middleware
async def _same_site(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """A page from elsewhere, open in a browser on this machine, must not press keys or read who calls.

    `Host` must be an address or a name of this machine (a name from elsewhere means DNS rebinding), and a request that
    says where it comes from must come from here.
    """
    host = _hostname(request.host)
    if host not in ("localhost", socket.gethostname().lower()) and not _is_address(host):
        raise web.HTTPForbidden(text=f"Host {host!r} is not this phone; use its IP address")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise web.HTTPForbidden(text="requests from pages of other sites are refused")
    return await handler(request)


def _hostname(netloc: str) -> str:
    return (urlsplit(f"//{netloc}").hostname or "").lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _object(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except ValueError as error:
        raise _bad("body", f"not JSON: {error}") from None
    if not isinstance(body, dict):
        raise _bad("body", "must be a JSON object")
    return body


def _bad(where: str, what: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=f"{where}: {what}")


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
