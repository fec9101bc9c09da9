"""The stack's one-way delay: from a sound's entering the bridge at one end to its leaving the bridge at the other.

One process calls itself over loopback RTP through the phone's own endpoint (`loopback.py`), so that in and out are
recorded on one clock. Each 0.2 s of what came out is found again in what went in. In it: framing, codec, packet,
jitter buffer. Not in it: sound cards and network. Second 2 is from 1 to 2 s after the far end was connected; steady is
from second 4 on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from tests.audio import judge
from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.peers.program import PeerError

_CODECS = {"g722": "G.722", "pcma": "PCMA"}
_MARKED_S = 0.8
_FOUND = 0.9


def measure(place: Place) -> Iterator[Figure]:
    """Some calls with each codec."""
    codecs = {"pcma": _CODECS["pcma"]} if place.quick else _CODECS
    for codec, name in codecs.items():
        steady: list[float] = []
        second: list[float] = []
        for _ in range(place.choose(3, 1)):
            for at, delay_ms in _delays(place, codec, place.choose(10, 5)):
                if 1.0 <= at < 2.0:
                    second.append(delay_ms)
                elif at >= 3.0:
                    steady.append(delay_ms)
        yield Figure(f"one-way delay of the stack, steady, {name}", "ms", "max", 40.0, tuple(steady))
        yield Figure(f"one-way delay of the stack, 2nd second, {name}", "ms", "max", 60.0, tuple(second))


def _delays(place: Place, codec: str, seconds: int) -> list[tuple[float, float]]:
    """(seconds after the connection, delay in ms) of each block that was found again."""
    folder = place.new_folder("loopback")
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.loopback", codec, str(place.near), str(folder), str(seconds)],
        capture_output=True,
        text=True,
        timeout=seconds + 20,
    )
    if made.returncode != 0:
        raise PeerError(f"the loopback call failed:\n{made.stdout}{made.stderr}")
    begin = float(json.loads(made.stdout.splitlines()[-1])["heard_from_s"])
    went_in, rate = judge.load(folder / "reference.wav")
    came_out, _ = judge.load(folder / "received.wav")
    marked = round(_MARKED_S * rate)
    skew = judge.align(went_in[:marked], came_out[:marked], rate).offset_s
    start = round((begin + 0.3) * rate)
    blocks = judge.correlation_by_blocks(went_in[start:], came_out[start:], rate)
    return [(block.start_s + 0.3, (block.offset_s - skew) * 1000) for block in blocks if block.correlation >= _FOUND]
