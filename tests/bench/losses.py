"""Samples lost in a recorded call while both cores are busy, and sound missing at its beginning.

Compared, after the call: what the phone's microphone played with the near channel, and what baresip says that it sent
with the far channel; every sample that is skipped, added or replaced counts. PCMA, stored as FLAC so that no storage
codec is judged. As many endless loops run beside it as there are cores.

What the far end said before the phone's stream was up is a line of its own, so that it neither hides in a verdict on
the call nor is taken for a fault in its middle: whole 20 ms frames from baresip's first sample on of which the
recording has nothing. Its bar is the 40 ms that a recording's edge may be off.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np

from tests.audio import judge
from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.peers.program import Program

_BLOCK_S = 0.2
_FRAME_S = 0.02
_SEARCHED_FRAMES = 50
_NOTHING = 0.01
"""Share of a frame's energy below which the recording has nothing of it."""


def measure(place: Place) -> Iterator[Figure]:
    """One call."""
    seconds = place.choose(60, 6)
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
    where = []
    unheard = 0
    for channel, (side, source) in enumerate((("near", place.near), ("far", peer.sent))):
        said, said_rate = judge.load(source)
        heard, rate = judge.load(phone.storage / take["path"], channel)
        if side == "far":
            unheard = _unheard_frames(said, said_rate, heard, rate)
            said = said[round(unheard * _FRAME_S * said_rate) :]
        # Both voices are made in the telephone band; a filter would blur where baresip's dump begins at full level.
        found = judge.losses(said, heard, said_rate, rate, band=None)
        where += [f"{side} at {loss.start_s:.1f} s: {loss.missing_samples or 'replaced'}" for loss in found]
        # A fault without a jump replaced something: its length is known to a block only.
        common = min(said_rate, rate)
        lost += [float(abs(loss.missing_samples) or round(_BLOCK_S * common)) for loss in found] or [0.0]
    note = f"{len(where)} faults in {seconds} s" + "".join(f"; {one}" for one in where[:5])
    yield Figure(f"samples lost in a recorded call, {cores} busy processes", "samples", "sum", 0.0, tuple(lost), note)
    yield Figure("far end's first sound missing in the same call", "ms", "max", 40.0, (unheard * _FRAME_S * 1000,))


def _unheard_frames(said: judge.Signal, said_rate: int, heard: judge.Signal, rate: int) -> int:
    """How many frames from the first on the recording has nothing of, where all that follows puts them."""
    common = min(said_rate, rate)
    first, second = judge.resample(said, said_rate, common), judge.resample(heard, rate, common)
    offset = round(judge.align(first, second, common, band=None).offset_s * common)
    length = round(_FRAME_S * common)
    for number in range(_SEARCHED_FRAMES):
        begin = number * length
        there = second[max(0, begin + offset) : max(0, begin + offset + length)]
        if float(np.sum(there**2)) > _NOTHING * float(np.sum(first[begin : begin + length] ** 2)):
            return number
    raise AssertionError(f"the recording has nothing of the first {_SEARCHED_FRAMES * _FRAME_S} s of the far end")
