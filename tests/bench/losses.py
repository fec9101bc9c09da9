"""Samples lost in a recorded call while both cores are busy.

Compared, after the call: what the phone's microphone played with the near channel, and what baresip says that it sent
with the far channel; every sample that is skipped, added or replaced counts. PCMA, stored as FLAC so that no storage
codec is judged. As many endless loops run beside it as there are cores.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from tests.audio import judge
from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.peers.program import Program

_BLOCK_S = 0.2


def measure(place: Place) -> Iterator[Figure]:
    """One call."""
    seconds = place.choose(60, 8)
    cores = os.cpu_count() or 1
    with ExitStack() as running:
        peer = running.enter_context(place.peer())
        phone = running.enter_context(place.phone("always", storage={"format": "flac"}))
        for _ in range(cores):
            running.enter_context(Program([sys.executable, "-c", "while True: pass"]))
        phone.dial(peer.uri)
        phone.wait_recording("recording")
        peer.wait_audio(float(seconds))
        phone.hook(down=True)
        (take,) = phone.wait_takes(1, timeout=20.0)
    lost = []
    for channel, source in ((0, place.near), (1, peer.sent)):
        said, said_rate = judge.load(source)
        heard, rate = judge.load(phone.storage / take["path"], channel)
        # Both voices are made in the telephone band; a filter would blur where baresip's dump begins at full level.
        found = judge.losses(said, heard, said_rate, rate, band=None)
        # A fault without a jump replaced something: its length is known to a block only.
        common = min(said_rate, rate)
        lost += [float(abs(loss.missing_samples) or round(_BLOCK_S * common)) for loss in found] or [0.0]
    yield Figure(
        f"samples lost in a recorded call, {cores} busy processes", "samples", "sum", 0.0, tuple(lost), f"{seconds} s"
    )
