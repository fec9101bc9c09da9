"""From a key's edge to the LED's line and to the OLED's bus, inside the daemon.

Timed from just before the mock pin is driven (by a thread that is not the daemon's) to the change of the LED's mock
pin, or to the moment at which luma hands the complete picture of the SSD1306 to the bus. The bus itself (25 ms a
picture at 400 kHz) is hardware and not in it. The LED is lit by Start and darkened by Stop in a call, with a recorder
that answers at once; the picture is that of Mer opening and closing. Once at rest, once beside a Python thread that
never pauses: it makes everyone else wait for the interpreter's lock.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deskphone.core.keypad import Key
from tests.bench.figures import Figure, Statistic
from tests.bench.panel_rig import PanelRig
from tests.bench.place import Place

_LAMP_MS = 5.0
_OLED_MS = 30.0
_Press = Callable[[PanelRig, int], list[float]]
_BUSY = ", beside a busy Python thread"


def measure(place: Place) -> Iterator[Figure]:
    """Both, at rest and busy."""
    count = place.choose(300, 50)
    lines: tuple[tuple[str, Statistic, float, _Press], ...] = (
        ("key edge to LED line", "p99", _LAMP_MS, _lamp),
        ("key edge to OLED bytes on the bus", "p95", _OLED_MS, _oled),
    )
    for what, statistic, limit, press in lines:
        finger = _times(press, count)
        rest = PanelRig().run(finger)
        with _busy_thread():
            busy = PanelRig().run(finger)
        yield Figure(what, "ms", statistic, limit, tuple(rest))
        yield Figure(what + _BUSY, "ms", statistic, limit, tuple(busy))


def _times(press: _Press, count: int) -> Callable[[PanelRig], list[float]]:
    return lambda rig: press(rig, count)


def _lamp(rig: PanelRig, count: int) -> list[float]:
    rig.call()
    found = []
    for _ in range(count // 2):
        for entry in ("start-recording", "stop-recording"):
            key = rig.entry(entry)
            rig.lamp_changed.expect()
            pressed = rig.press(key)
            found.append((rig.lamp_changed.wait() - pressed) * 1000)
            rig.release(key)
    return found


def _oled(rig: PanelRig, count: int) -> list[float]:
    found = []
    for _ in range(count):
        rig.picture_sent.expect()
        pressed = rig.press(Key.MER)
        found.append((rig.picture_sent.wait() - pressed) * 1000)
        rig.release(Key.MER)
    return found


@contextmanager
def _busy_thread() -> Iterator[None]:
    stop = threading.Event()

    def spin() -> None:
        while not stop.is_set():
            sum(range(1000))

    thread = threading.Thread(target=spin, name="busy")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
