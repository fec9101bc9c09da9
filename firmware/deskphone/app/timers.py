"""Timers as the core knows them: started by id, restarted by starting again, back as events."""

import asyncio
from collections.abc import Callable

from deskphone.core.events import Event, TimerFired
from deskphone.core.instant import Instant


class Timers:
    """Used on the loop only."""

    def __init__(self, post: Callable[[Event], None], now: Callable[[], Instant]) -> None:
        self._post = post
        self._now = now
        self._running: dict[str, asyncio.TimerHandle] = {}

    def start(self, timer_id: str, seconds: float) -> None:
        """Fire once after `seconds`."""
        self.cancel(timer_id)
        self._running[timer_id] = asyncio.get_running_loop().call_later(seconds, self._fire, timer_id)

    def cancel(self, timer_id: str) -> None:
        """Forget the timer, if it runs."""
        if (handle := self._running.pop(timer_id, None)) is not None:
            handle.cancel()

    def close(self) -> None:
        """Forget all."""
        for handle in self._running.values():
            handle.cancel()
        self._running.clear()

    def _fire(self, timer_id: str) -> None:
        self._running.pop(timer_id, None)
        self._post(TimerFired(self._now(), timer_id))
