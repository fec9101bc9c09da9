"""Draws views on a luma device in a worker of its own; when pictures come faster than the bus, the newest wins."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PIL import Image

from deskphone.core.view import View

log = logging.getLogger("deskphone.display")


class OledDisplay:
    """`device` is any luma device; `draw` turns a view into a picture of its size."""

    def __init__(self, device: Any, draw: Callable[[View], Image.Image]) -> None:
        self._device = device
        self._draw = draw
        self._worker = ThreadPoolExecutor(1, "oled")
        self._wanted: View | None = None
        self._shown: View | None = None
        self._busy = False
        self._lost = False
        self.image: Image.Image = Image.new("1", (device.width, device.height))
        """The picture that was last handed to the device."""

    def show_now(self, view: View) -> None:
        """Draw in the caller's thread: the very first frame, before there is a loop."""
        self._render(view)

    def show(self, view: View) -> None:
        """Draw soon; called on the loop."""
        self._wanted = view
        if not self._busy:
            self._busy = True
            asyncio.get_running_loop().run_in_executor(self._worker, self._work).add_done_callback(self._worked)

    def refresh(self) -> None:
        """Draw what shows once more, because the time of day in it has changed; called on the loop."""
        if self._wanted is None and self._shown is not None:
            self.show(self._shown)

    def close(self) -> None:
        """Wait for the picture under way, then dark."""
        self._worker.shutdown()
        try:
            self._device.hide()
        except (OSError, RuntimeError) as error:
            log.warning("the display could not be switched off: %s", error)

    def _work(self) -> None:
        while (view := self._wanted) is not None:
            self._wanted = None
            self._render(view)

    def _worked(self, done: "asyncio.Future[None]") -> None:
        self._busy = False
        if done.cancelled():
            return
        if (error := done.exception()) is not None:
            log.error("the display could not be drawn", exc_info=error)
        if self._wanted is not None:
            self.show(self._wanted)

    def _render(self, view: View) -> None:
        self._shown = view
        self.image = self._draw(view)
        try:
            self._device.display(self.image)
        except OSError as error:
            if not self._lost:
                log.error("the display does not answer: %s; the phone goes on without it", error)
            self._lost = True
        else:
            if self._lost:
                log.info("the display answers again")
            self._lost = False
