"""Keys and hook as events: gpiozero calls back on its own thread, the events go through the one door to the loop."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gpiozero

from deskphone.adapters.gpio.lines import HOOK_LINE, KEY_LINES
from deskphone.core.events import Event, HandsetLifted, HandsetReplaced, KeyPressed, KeyReleased
from deskphone.core.instant import Instant
from deskphone.core.keypad import Key


class GpioPanel:
    """`post` MUST be callable from any thread. The first edge acts at once."""

    def __init__(self, factory: Any, post: Callable[[Event], None], now: Callable[[], Instant]) -> None:
        self._factory = factory
        self._post = post
        self._now = now
        self._devices: list[gpiozero.DigitalInputDevice] = []

    def open(self) -> None:
        """Claim the lines. Raises `gpiozero.GPIOZeroError` when one is not to be had."""
        for key, line in KEY_LINES.items():
            device = gpiozero.DigitalInputDevice(line, pull_up=True, pin_factory=self._factory)
            device.when_activated = partial(self._pressed, key)
            device.when_deactivated = partial(self._released, key)
            self._devices.append(device)
        hook = gpiozero.DigitalInputDevice(HOOK_LINE, pull_up=True, pin_factory=self._factory)
        hook.when_activated = self._replaced
        hook.when_deactivated = self._lifted
        self._devices.append(hook)

    def close(self) -> None:
        """Release the lines."""
        for device in self._devices:
            device.close()
        self._devices.clear()

    def _pressed(self, key: Key) -> None:
        self._post(KeyPressed(self._now(), key))

    def _released(self, key: Key) -> None:
        self._post(KeyReleased(self._now(), key))

    def _replaced(self) -> None:
        self._post(HandsetReplaced(self._now()))

    def _lifted(self) -> None:
        self._post(HandsetLifted(self._now()))
