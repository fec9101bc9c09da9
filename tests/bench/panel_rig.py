"""The daemon from pins to LED and OLED in this process; changes when the way from a key to the lamp does.

Real: GpioPanel, ThreadBridge, Dispatcher and the core, Router, Timers, GpioLamp, OledDisplay with the SSD1306's device
class. Doubled: the electrics (gpiozero's mock pins, an OLED bus without wires) and the SIP stack, which answers at
once.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

from deskphone.adapters import clock
from deskphone.adapters.gpio.lamp import GpioLamp
from deskphone.adapters.gpio.lines import HOOK_LINE, KEY_LINES, LED_LINE
from deskphone.adapters.gpio.panel import GpioPanel
from deskphone.adapters.oled.display import OledDisplay
from deskphone.app.bridge import ThreadBridge
from deskphone.app.dispatcher import Dispatcher
from deskphone.app.router import Router
from deskphone.app.timers import Timers
from deskphone.core import menu
from deskphone.core.call import Codec, Party
from deskphone.core.commands import Answer, OpenTake, SaveTake
from deskphone.core.events import CallAnswered, CallIncoming, Event, RecorderStored, TakeOutcome
from deskphone.core.keypad import Key
from deskphone.core.recording import Mode
from deskphone.core.settings import NoticeSettings, Settings
from deskphone.core.state import State
from deskphone.core.view import View
from deskphone.ports.telephony import TelephonyCommand
from deskphone.ui.screens import Surroundings, render
from deskphone.ui.texts import Texts
from tests.bench.timed_bus import timed_oled

_PATIENCE_S = 5.0


class Moment:
    """Something that is waited for in one thread and happens in another, with the time at which it did."""

    def __init__(self) -> None:
        self._happened = threading.Event()
        self._at = 0.0

    def expect(self) -> None:
        """Forget what was; the next one counts."""
        self._happened.clear()

    def mark(self, at: float) -> None:
        """It happened; only the first time since `expect` counts."""
        if not self._happened.is_set():
            self._at = at
            self._happened.set()

    def wait(self) -> float:
        """When it happened. TimeoutError when it does not."""
        if not self._happened.wait(_PATIENCE_S):
            raise TimeoutError(f"it has not happened in {_PATIENCE_S} s")
        return self._at


class PanelRig:
    """Its methods are for the finger's thread, all but `run`."""

    def __init__(self) -> None:
        self.lamp_changed = Moment()
        self.picture_sent = Moment()
        self._factory: Any = MockFactory(pin_class=_pin_that_tells(LED_LINE, self.lamp_changed.mark))

    def run(self, finger: Callable[["PanelRig"], list[float]]) -> list[float]:
        """Bring the daemon up, let `finger` press keys from a thread of its own, and return what it measured."""
        return asyncio.run(self._run(finger))

    def press(self, key: Key) -> float:
        """Close the key's contact; the time just before the edge."""
        pin = self._factory.pin(KEY_LINES[key])
        at = time.monotonic()
        pin.drive_low()
        return at

    def release(self, key: Key) -> None:
        """Open the contact, and wait until everything that came of the key is done."""
        self._factory.pin(KEY_LINES[key]).drive_high()
        self.settle()

    def tap(self, key: Key) -> None:
        """Press and release."""
        self.press(key)
        self.release(key)

    def entry(self, id_: str) -> Key:
        """Open Mer; the soft key of this entry."""
        self.tap(Key.MER)
        return next(Key(entry.key) for entry in menu.open_page(self._dispatcher.state) if entry.id == id_)

    def call(self) -> None:
        """A call rings and is answered."""
        self._bridge.post(CallIncoming(clock.now(), "line1", Party("1002", "Åsa Öberg", internal=True)))
        self.settle()
        self.tap(Key.SOFT1)

    def settle(self) -> None:
        """Wait until every event posted so far, and what it led to, is dealt with and drawn."""
        for _ in range(2):  # what the stack answers is posted while the first is dealt with
            asyncio.run_coroutine_threadsafe(self._bridge.settled(), self._loop).result(_PATIENCE_S)

    async def _run(self, finger: Callable[["PanelRig"], list[float]]) -> list[float]:
        self._loop = asyncio.get_running_loop()
        self._bridge = ThreadBridge(self._loop)
        device, bus = timed_oled()
        bus.on_picture = self.picture_sent.mark
        texts = Texts("sv")
        display = OledDisplay(device, lambda view: _drawn(view, texts))
        timers = Timers(self._bridge.post, clock.now)
        lamp = GpioLamp(self._factory)
        self._factory.pin(HOOK_LINE).drive_low()
        panel = GpioPanel(self._factory, self._bridge.post, clock.now)
        notices = NoticeSettings(on_demand=False)
        state = State(settings=Settings(mode=Mode.ON_DEMAND_USER_START, notices=notices), now=clock.now())
        stack = _PromptStack(self._bridge.post)
        self._dispatcher = Dispatcher(state, self._bridge, Router(stack, lamp, display, timers))
        task = asyncio.create_task(self._dispatcher.run())
        panel.open()
        try:
            return await asyncio.to_thread(finger, self)
        finally:
            panel.close()
            timers.close()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            lamp.close()
            display.close()


class _PromptStack:
    """Telephony that has no delay of its own: calls are answered, samples stored and takes kept at once."""

    def __init__(self, post: Callable[[Event], None]) -> None:
        self._post = post

    def start(self) -> None:
        """Nothing to bring up."""

    def stop(self) -> None:
        """Nothing to take down."""

    def execute(self, command: TelephonyCommand) -> None:
        """Answer what the real stack would, at once."""
        match command:
            case Answer():
                self._post(CallAnswered(clock.now(), command.call_id, Codec("G722", 16_000)))
            case OpenTake():
                self._post(RecorderStored(clock.now(), command.take.id))
            case SaveTake() if command.take.stopped is not None:
                self._post(TakeOutcome(clock.now(), command.take.id, "stored"))
            case _:
                pass


def _drawn(view: View, texts: Texts) -> Any:
    return render(view, texts, Surroundings("Bench", time.localtime(), "0", "", ""))


def _pin_that_tells(line: int, tell: Callable[[float], None]) -> type:
    class Pin(MockPin):  # type: ignore[misc]  # gpiozero carries no types
        def _change_state(self, value: bool) -> bool:
            changed = bool(super()._change_state(value))
            if changed and self.info.name == f"GPIO{line}":
                tell(time.monotonic())
            return changed

    return Pin
