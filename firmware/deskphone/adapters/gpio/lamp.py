"""The recording LED. Blinking is timed by the loop, against the moment it began, so its phase never drifts."""

import asyncio
from typing import Any

import gpiozero

from deskphone.adapters.gpio.lines import LED_LINE
from deskphone.core.view import Lamp

_HALF_PERIODS = {Lamp.BLINK_SLOW: 1.0, Lamp.BLINK_FAST: 0.25}
"""Seconds on and off: 0.5 Hz and 2 Hz (`recording.md`); both below three flashes a second."""


class GpioLamp:
    """A lamp on one line; used from the loop only."""

    def __init__(self, factory: Any) -> None:
        self._led = gpiozero.LED(LED_LINE, pin_factory=factory)
        self._half = 0.0
        self._began = 0.0
        self._turns = 0
        self._timer: asyncio.TimerHandle | None = None

    def set(self, lamp: Lamp) -> None:
        """Show this pattern; a blinking one begins lit."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if lamp is Lamp.OFF:
            self._led.off()
            return
        self._led.on()
        if lamp in _HALF_PERIODS:
            loop = asyncio.get_running_loop()
            self._half, self._began, self._turns = _HALF_PERIODS[lamp], loop.time(), 0
            self._next(loop)

    @property
    def lit(self) -> bool:
        """Whether the LED's line is on now."""
        return bool(self._led.is_lit)

    def close(self) -> None:
        """Dark, and the line released."""
        self.set(Lamp.OFF)
        self._led.close()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._turns += 1
        self._timer = loop.call_at(self._began + self._turns * self._half, self._turn)

    def _turn(self) -> None:
        self._led.toggle()
        self._next(asyncio.get_running_loop())
