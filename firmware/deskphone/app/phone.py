"""The running phone: everything joined together, as the HTTP interface and the life cycle see it."""

import asyncio
import fcntl
import logging
import os
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from deskphone.adapters import clock
from deskphone.adapters.gpio.lamp import GpioLamp
from deskphone.adapters.gpio.panel import GpioPanel
from deskphone.adapters.gpio.simulated import SimulatedFingers
from deskphone.adapters.oled.display import OledDisplay
from deskphone.adapters.vault.child import VaultChild
from deskphone.adapters.vault.listener import VaultListener
from deskphone.app.bridge import ThreadBridge
from deskphone.app.dispatcher import Dispatcher
from deskphone.app.router import Router
from deskphone.app.timers import Timers
from deskphone.core.call import Phase
from deskphone.core.events import DialRequested, ShutdownRequested
from deskphone.core.keypad import Key
from deskphone.core.settings import Settings
from deskphone.core.state import State
from deskphone.core.view import Banner
from deskphone.errors import DeskphoneError
from deskphone.ports.telephony import Telephony
from deskphone.web.snapshot import snapshot

log = logging.getLogger("deskphone.app")


class AlreadyRunningError(DeskphoneError, RuntimeError):
    """Another phone uses the same folder in memory."""


class Words(Protocol):
    """What the phone needs of the catalogs."""

    def label(self, id_: str) -> str:
        """The word for an id."""

    def banner(self, banner: Banner) -> str:
        """What a banner says."""


class RunningPhone:
    """Built on the loop; `open` brings it up, `close` takes it down. `fingers` only when simulated."""

    def __init__(
        self,
        settings: Settings,
        memory: Path,
        display: OledDisplay,
        words: Words,
        fingers: SimulatedFingers | None,
        factory: Any,
        vault: VaultChild | None,
    ) -> None:
        self._memory = memory
        self._display = display
        self._words = words
        self._fingers = fingers
        self._vault = vault
        self.bridge = ThreadBridge(asyncio.get_running_loop())
        self._timers = Timers(self.bridge.post, clock.now)
        self._lamp = GpioLamp(factory)
        self._panel = GpioPanel(factory, self.bridge.post, clock.now)
        self._listener = VaultListener(memory, self.bridge.post, clock.now)
        self._settings = settings
        self._lock: int | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, telephony: Telephony) -> None:
        """Bring everything up. Raises `AlreadyRunningError` and `OSError`."""
        self._claim()
        self._telephony = telephony
        self._router = Router(telephony, self._lamp, self._display, self._timers)
        self._dispatcher = Dispatcher(State(settings=self._settings, now=clock.now()), self.bridge, self._router)
        self._tasks = [
            asyncio.create_task(self._dispatcher.run(), name="dispatcher"),
            asyncio.create_task(self._keep_time(), name="minute"),
        ]
        await self._listener.open()
        if self._vault is not None:
            await self._vault.open()
        self._panel.open()
        if self._fingers is not None:
            await self._fingers.rest()
        telephony.start()

    def request_stop(self) -> None:
        """Say goodbye: calls end with BYE, takes are closed, then `run` returns."""
        self.bridge.post(ShutdownRequested(clock.now()))

    async def run(self) -> None:
        """Until everything is closed after `request_stop`."""
        await self._router.stopped.wait()

    async def close(self) -> None:
        """Take everything down, in the order that loses nothing."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._telephony.stop)
        await self.bridge.settled()
        if self._vault is not None:
            await self._vault.close()
        self._listener.close()
        self._timers.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._panel.close()
        self._lamp.close()
        await loop.run_in_executor(None, self._display.close)
        if self._fingers is not None:
            self._fingers.close()
        if self._lock is not None:
            os.close(self._lock)

    # --- what the HTTP interface asks

    def snapshot(self) -> dict[str, Any]:
        """The state now, JSON-ready."""
        return snapshot(self._dispatcher.state, self._words.label, self._words.banner)

    def picture(self) -> Image.Image:
        """What the OLED shows now."""
        return self._display.image

    def watch(self) -> asyncio.Event:
        """A flag that each change sets."""
        return self._dispatcher.watch()

    def unwatch(self, flag: asyncio.Event) -> None:
        """Done watching."""
        self._dispatcher.unwatch(flag)

    async def dial(self, to: str) -> None:
        """Call someone, as if it was dialled."""
        self.bridge.post(DialRequested(clock.now(), to))
        await self.bridge.settled()

    async def key(self, key: Key, action: str) -> None:
        """Move a simulated key."""
        assert self._fingers is not None
        if action == "press":
            await self._fingers.press(key)
        else:
            await self._fingers.key(key, action == "down")
        await self.bridge.settled()

    async def hook(self, action: str) -> None:
        """Move the simulated hook switch. `press` is a flash: down and up again.

        A handset that lies where it is told to go is moved away first when that has a meaning: `down` ends a call that
        was dialled with the handset on the cradle, `up` answers though it was never put back.
        """
        assert self._fingers is not None
        state = self._dispatcher.state
        if action == "press":
            await self._fingers.hook(True)
            await self._fingers.hook(False)
        else:
            down = action == "down"
            if self._fingers.on_cradle == down and _reseats(state, down):
                await self._fingers.hook(not down)
            await self._fingers.hook(down)
        await self.bridge.settled()

    async def _keep_time(self) -> None:
        """The clock on the display changes with the minute."""
        while True:
            await asyncio.sleep(60.0 - clock.now().wall % 60.0)
            self._display.refresh()

    def _claim(self) -> None:
        self._memory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._memory / "phone.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise AlreadyRunningError(
                f"another phone runs with the folder {self._memory}; stop it, or give this one its own storage.memory"
            ) from None
        self._lock = lock


def _reseats(state: State, down: bool) -> bool:
    if down:
        call = state.focused
        return state.ringing is None and call is not None and call.phase is not Phase.ENDED
    return state.ringing is not None
