"""From hanging up to the complete recording in the storage folder, for short and long calls.

Timed from just before the HTTP request that puts the handset on its cradle to the first sight, looked for every
2 ms, of the sidecar under its final name: the vault renames it last, when audio and sidecar are safe. Default format.
"""

import time
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.place import Place, seen


def measure(place: Place) -> Iterator[Figure]:
    """Calls of different lengths, one after the other."""
    lengths = (2.0,) if place.quick else (1.0, 3.0, 5.0, 10.0, 30.0, 60.0)
    found = []
    for length in lengths:
        with place.peer() as peer, place.phone("always") as phone:
            phone.dial(peer.uri)
            phone.wait_recording("recording")
            peer.wait_audio(length)
            begin = time.monotonic()
            phone.hook(down=True)
            found.append(seen(lambda: any(phone.storage.glob("*.json")), "the sidecar", 20.0, 0.002) - begin)
    note = "calls of " + ", ".join(f"{length:g}" for length in lengths) + " s"
    yield Figure("hang-up to recording stored", "s", "max", 3.0, tuple(found), note)
