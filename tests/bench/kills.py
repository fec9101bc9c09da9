"""Audio lost by `kill -9` of the phone and of the vault, in a recorded call.

For the phone: the time from the moment the recorders were opened (as the take says, to the millisecond) to the moment
at which the process was seen to be dead, less the length of what is found in storage afterwards. In it are the wait for
the first tick (≤ 20 ms) and everything that was heard but not yet written. For the vault: the same up to the stretch's
recorded end, and beyond that what the comparison with the far end's own dump finds missing. Each file is decoded whole.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import soundfile

from tests.audio import judge
from tests.bench.figures import Figure
from tests.bench.place import Place, seen
from tests.scenarios.phone import Phone, State


def measure(place: Place) -> Iterator[Figure]:
    """Both, at some moments of a call that differ from run to run."""
    dice = random.Random()
    times = place.choose(5, 1)
    moments = [dice.uniform(1.5, 5.0) for _ in range(times)]
    phone_kills = tuple(_kill_phone(place, moment) for moment in moments)
    yield Figure("audio lost by kill -9 of the phone", "s", "max", 1.0, phone_kills, "every file plays")
    vault_kills = tuple(_kill_vault(place, moment) for moment in moments)
    yield Figure("audio lost by kill -9 of the vault", "s", "max", 1.0, vault_kills, "every file plays")


def _kill_phone(place: Place, moment: float) -> float:
    with place.peer() as peer, place.phone("always") as phone:
        phone.dial(peer.uri)
        phone.wait_recording("recording")
        peer.wait_audio(moment)
        phone.kill()
        killed_at = time.time()
        phone.launch()
        seen(lambda: phone.stored() != [], "the recovered recording", 20.0, 0.02)
        (sidecar,) = phone.stored()
        peer.hangup()
    if not sidecar["recovered"]:
        raise AssertionError(f"the recording does not say that it was recovered: {sidecar}")
    return killed_at - _opened_at(sidecar) - _played_seconds(phone, sidecar)


def _kill_vault(place: Place, moment: float) -> float:
    with place.peer() as peer, place.phone("always") as phone:
        phone.dial(peer.uri)
        phone.wait_recording("recording")
        peer.wait_audio(moment)
        os.kill(phone.vault_pid(), signal.SIGKILL)
        phone.program.wait_line(r"the vault ended")
        peer.wait_audio(moment + 2.0)
        phone.hook(down=True)
        phone.wait_takes(1, timeout=20.0)
        peer.wait_event("CALL_CLOSED")
        (sidecar,) = phone.stored()
        said, rate = judge.load(peer.sent)
    heard, heard_rate = judge.load(_file(phone, sidecar), 1)
    missing = sum(abs(loss.missing_samples) for loss in judge.losses(said, heard, rate, heard_rate, band=None))
    ended_at = datetime.fromisoformat(sidecar["segments"][-1]["ended_at"]).timestamp()
    return ended_at - _opened_at(sidecar) - _played_seconds(phone, sidecar) + missing / min(rate, heard_rate)


def _opened_at(sidecar: State) -> float:
    return datetime.fromisoformat(sidecar["segments"][0]["started_at"]).timestamp()


def _played_seconds(phone: Phone, sidecar: State) -> float:
    frames, rate = soundfile.read(_file(phone, sidecar))
    return len(frames) / float(rate)


def _file(phone: Phone, sidecar: State) -> Path:
    return phone.storage / str(sidecar["file"])
