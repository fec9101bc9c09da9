"""Serves the HTTP interface on one address for as long as it is needed."""

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from deskphone.errors import DeskphoneError
from deskphone.web.api import Phone, application

_SHUTDOWN_SECONDS = 1.0


class AddressError(DeskphoneError, OSError):
    """HTTP cannot be served where it was asked for."""


@contextlib.asynccontextmanager
async def serving(phone: Phone, listen: str, *, fingers: bool) -> AsyncIterator[str]:
    """Serve at `HOST:PORT` (port 0 = any); gives the address with the port that it got. Raises `AddressError`."""
    host, port = _address(listen)
    runner = web.AppRunner(application(phone, fingers=fingers), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise AddressError(
                f"HTTP cannot be served at {listen}: {error.strerror}; choose another --listen"
            ) from None
        taken = runner.addresses[0][1]
        yield f"[{host}]:{taken}" if ":" in host else f"{host}:{taken}"
    finally:
        await runner.cleanup()


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65535:
        raise AddressError(f"{listen!r} is no address to listen at; it is HOST:PORT, like 127.0.0.1:8080")
    return host, int(port)
