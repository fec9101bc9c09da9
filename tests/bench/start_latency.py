"""From Start to the first stored sample, in the whole phone.

Timed from just before the HTTP request that closes the soft key's contact (so HTTP's milliseconds are in it) to the
first sight, looked for every half millisecond, of both WAV files of the take in memory holding sound after their
headers.
`on-demand-user-start`: each Start opens a take anew.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.place import Place, seen
from tests.scenarios.phone import Phone

_HEADER_BYTES = 44


def measure(place: Place) -> Iterator[Figure]:
    """Many Starts in one call."""
    found = []
    with place.peer() as peer, place.phone("on-demand-user-start") as phone:
        phone.dial(peer.uri)
        phone.wait_call("connected")
        peer.wait_audio(1.0)
        for _ in range(place.choose(60, 20)):
            found.append(_start(phone) * 1000)
            phone.pick("stop-recording")
            phone.wait_recording("idle")
    yield Figure("Start pressed to first stored sample", "ms", "max", 40.0, tuple(found))


def _start(phone: Phone) -> float:
    phone.press("mer")
    entries = {entry["id"]: entry["key"] for entry in phone.state()["menu"]["entries"]}
    key = entries["start-recording"]
    takes = phone.memory / "takes"
    before = {path.name for path in takes.iterdir()}
    stored: list[float] = []
    watcher = threading.Thread(
        target=lambda: stored.append(seen(lambda: _has_sound(takes, before), "a first sample", 5.0, 0.0005))
    )
    watcher.start()
    pressed = time.monotonic()
    phone.post(f"/api/keys/{key}", {"action": "down"})
    watcher.join()
    phone.post(f"/api/keys/{key}", {"action": "up"})
    phone.wait_recording("recording")
    return stored[0] - pressed


def _has_sound(takes: Path, before: set[str]) -> bool:
    for path in takes.iterdir():
        if path.name not in before and not path.name.startswith("."):
            return all(_size(path / f"{side}-000.wav") > _HEADER_BYTES for side in ("near", "far"))
    return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
