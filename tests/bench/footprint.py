"""Resident memory and processor time of the phone process, beside baresip recording the same call.

Memory is VmRSS, the vault apart: idle once SIP listens, and at the end of the measured stretch of the call. Processor
time is utime + stime of all threads over the same seconds of the same call for both: the phone records both directions
to memory, baresip both to its dumps. The vault's time (encoding, which baresip does not do) is told beside it. The
phone's state is streamed to one HTTP client meanwhile, which costs it a little.
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.peers.baresip import G722, PCMA, Codec

_TICKS = os.sysconf("SC_CLK_TCK")
_SETTLE_S = 2.0
_CODECS = {"PCMA": PCMA, "G.722": G722}


def measure(place: Place) -> Iterator[Figure]:
    """A phone that idles first, and one call, for each codec."""
    codecs = {"PCMA": PCMA} if place.quick else _CODECS
    for name, codec in codecs.items():
        yield from _call(place, name, codec, float(place.choose(30, 5)))


def _call(place: Place, name: str, codec: Codec, seconds: float) -> Iterator[Figure]:
    with place.peer(codec) as peer, place.phone("always") as phone:
        threading.Event().wait(_SETTLE_S)
        idle = phone.resources()["resident_kb"] / 1024
        phone.dial(peer.uri)
        phone.wait_recording("recording")
        peer.wait_audio(_SETTLE_S)
        pids = (phone.program.pid, peer.program.pid, phone.vault_pid())
        before = [_processor_seconds(pid) for pid in pids]
        peer.wait_audio(_SETTLE_S + seconds)
        ours, theirs, vault = (_processor_seconds(pid) - then for pid, then in zip(pids, before, strict=True))
        recording = phone.resources()["resident_kb"] / 1024
        phone.hook(down=True)
        phone.wait_takes(1)
    yield Figure(f"resident memory of the phone, idle before {name}", "MB", "max", 75.0, (idle,))
    yield Figure(f"resident memory of the phone, in a recorded call, {name}", "MB", "max", 75.0, (recording,))
    phone_share, peer_share, vault_share = (100 * used / seconds for used in (ours, theirs, vault))
    yield Figure(
        f"processor in a recorded call ÷ baresip's, {name}",
        "×",
        "max",
        1.5,
        (ours / theirs,),
        f"phone {phone_share:.2f} %, baresip {peer_share:.2f} %, vault {vault_share:.2f} % of a core",
    )


def _processor_seconds(pid: int) -> float:
    """Exact where the scheduler accounts for it, else in ticks of 10 ms."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except FileNotFoundError:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
