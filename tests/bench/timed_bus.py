"""The OLED's bus without wires, which tells when a picture is handed to it; changes when luma's interface does."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from luma.oled.device import ssd1306


class TimedBus:
    """What luma calls a serial interface. `on_picture` is called in the drawing thread with `time.monotonic()`."""

    def __init__(self) -> None:
        self.on_picture: Callable[[float], None] | None = None

    def command(self, *_bytes: int) -> None:
        """Bytes that are no picture."""

    def data(self, _bytes: Sequence[int]) -> None:
        """A picture's bytes: they are complete, and a real bus would begin to send them now."""
        if self.on_picture is not None:
            self.on_picture(time.monotonic())

    def cleanup(self) -> None:
        """Nothing is held."""


def timed_oled() -> tuple[Any, TimedBus]:
    """The device class of the real OLED, 128×64, cleared, on such a bus."""
    bus = TimedBus()
    return ssd1306(bus, width=128, height=64), bus
