"""Keys, hook and LED on gpiozero's mock pins, moved from a thread of their own as real edges come."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from deskphone.adapters.clock import now
from deskphone.adapters.gpio.lamp import GpioLamp
from deskphone.adapters.gpio.lines import HOOK_LINE, KEY_LINES, LED_LINE
from deskphone.adapters.gpio.panel import GpioPanel
from deskphone.adapters.gpio.simulated import SimulatedFingers
from deskphone.app.bridge import ThreadBridge
from deskphone.core.events import HandsetLifted, HandsetReplaced, KeyPressed, KeyReleased
from deskphone.core.keypad import Key
from deskphone.core.view import Lamp

Panel = tuple[SimulatedFingers, ThreadBridge]


@pytest.fixture
async def panel() -> AsyncIterator[Panel]:
    """An open panel and who presses it."""
    fingers = SimulatedFingers()
    bridge = ThreadBridge(asyncio.get_running_loop())
    opened = GpioPanel(fingers.factory, bridge.post, now)
    opened.open()
    await fingers.rest()
    assert isinstance(await bridge.next(), HandsetReplaced)
    yield fingers, bridge
    opened.close()
    fingers.close()
    fingers.factory.reset()


@pytest.mark.parametrize("key", list(Key))
async def test_every_key_is_pressed_and_let_go(panel: Panel, key: Key) -> None:
    """Each line means its key, both ways."""
    fingers, bridge = panel
    await fingers.press(key)
    pressed, released = await bridge.next(), await bridge.next()
    assert isinstance(pressed, KeyPressed)
    assert isinstance(released, KeyReleased)
    assert (pressed.key, pressed.source, released.key) == (key, "key", key)
    assert pressed.at.mono <= released.at.mono


async def test_the_hook(panel: Panel) -> None:
    """It begins on the cradle; lifting and replacing are told once each."""
    fingers, bridge = panel
    assert fingers.on_cradle
    await fingers.hook(False)
    assert isinstance(await bridge.next(), HandsetLifted)
    await fingers.hook(True)
    assert isinstance(await bridge.next(), HandsetReplaced)


def test_no_line_is_wired_twice_or_to_the_display() -> None:
    """Lines 2 and 3 are the OLED's bus, 0 and 1 the HAT's identity."""
    lines = [*KEY_LINES.values(), HOOK_LINE, LED_LINE]
    assert len(set(lines)) == len(lines)
    assert not set(lines) & {0, 1, 2, 3}
    assert set(lines) <= set(range(28))
    assert set(KEY_LINES) == set(Key)


@pytest.mark.parametrize(("lamp", "lit"), [(Lamp.OFF, False), (Lamp.STEADY, True), (Lamp.BLINK_FAST, True)])
async def test_a_lamp_shows_at_once(lamp: Lamp, lit: bool) -> None:
    """Feedback order: the LED is first, so a blinking one begins lit."""
    fingers = SimulatedFingers()
    led = GpioLamp(fingers.factory)
    led.set(lamp)
    assert led.lit == lit
    led.close()
    fingers.close()


async def test_a_fast_blink_is_two_flashes_a_second() -> None:
    """The edges of the line, timed by the loop, do not drift: 0.25 s each."""
    fingers = SimulatedFingers()
    led = GpioLamp(fingers.factory)
    loop = asyncio.get_running_loop()
    edges: list[float] = []
    done = asyncio.Event()

    pin = fingers.factory.pin(LED_LINE)
    change = pin._change_state

    def seen(value: bool) -> bool:
        edges.append(loop.time())
        if len(edges) == 5:
            done.set()
        return bool(change(value))

    pin._change_state = seen
    led.set(Lamp.BLINK_FAST)
    await asyncio.wait_for(done.wait(), 4.0)
    led.close()
    fingers.close()
    gaps = [after - before for before, after in pairwise(edges[:5])]
    assert gaps == pytest.approx([0.25] * 4, abs=0.1)
    assert edges[4] - edges[0] == pytest.approx(1.0, abs=0.1)
