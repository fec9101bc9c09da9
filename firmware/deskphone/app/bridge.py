"""The only door from foreign threads into the loop."""

import asyncio
import logging

from deskphone.core.events import Event

log = logging.getLogger("deskphone.app")

_LIMIT = 1000
"""Events that may wait. Media and keys make some tens a second; more means that the loop is stuck."""


class ThreadBridge:
    """One bounded queue. When it is full the newest event is dropped and that is logged: a fault, never normal."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[Event] = asyncio.Queue(_LIMIT)
        self._dropped = 0

    def post(self, event: Event) -> None:
        """Hand an event over, from any thread, in the order of the calls. Never blocks; does nothing after the end."""
        try:
            self._loop.call_soon_threadsafe(self._put, event)
        except RuntimeError:
            log.debug("event after the end: %s", type(event).__name__)

    async def next(self) -> Event:
        """The next event; for the dispatcher alone."""
        return await self._queue.get()

    def done(self) -> None:
        """The event that `next` gave is dealt with."""
        self._queue.task_done()

    async def settled(self) -> None:
        """Return when everything posted before has been dealt with."""
        await asyncio.sleep(0)
        await self._queue.join()

    def _put(self, event: Event) -> None:
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._dropped += 1
            log.error("the phone does not keep up: %d events dropped", self._dropped)
