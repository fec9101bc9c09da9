"""Mock pins and the fingers that move them: the simulated twin of a wired panel.

The pins are moved from a thread of their own, as a real line's edges come from one.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from gpiozero.pins.mock import MockFactory

from deskphone.adapters.gpio.lines import HOOK_LINE, KEY_LINES
from deskphone.core.keypad import Key

PRESS_SECONDS = 0.03
"""How long the simulated finger stays on a key."""


class SimulatedFingers:
    """Moves mock pins: low is pressed, and for the hook: on the cradle. `rest` puts the handset on the cradle."""

    def __init__(self) -> None:
        self.factory: Any = MockFactory()
        self._worker = ThreadPoolExecutor(1, "fingers")

    @property
    def on_cradle(self) -> bool:
        """Whether the handset lies on its cradle."""
        return not self.factory.pin(HOOK_LINE).state

    async def rest(self) -> None:
        """How a phone is found: no key pressed, the handset on its cradle. After the panel has claimed its lines."""
        await self.hook(True)

    async def key(self, key: Key, down: bool) -> None:
        """Press a key down or let it go; returns when the edge has been seen."""
        await self._move(KEY_LINES[key], down)

    async def press(self, key: Key) -> None:
        """A whole press."""
        await self.key(key, True)
        await asyncio.sleep(PRESS_SECONDS)
        await self.key(key, False)

    async def hook(self, on_cradle: bool) -> None:
        """Replace or lift the handset."""
        await self._move(HOOK_LINE, on_cradle)

    def close(self) -> None:
        """End the thread, once the finger under way has moved; does not wait for it."""
        self._worker.shutdown(wait=False)

    async def _move(self, line: int, low: bool) -> None:
        pin = self.factory.pin(line)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, partial(_drive, pin, low))


def _drive(pin: Any, low: bool) -> None:
    if low:
        pin.drive_low()
    else:
        pin.drive_high()
