"""The recording tone's interval and its drift, in what the far end received.

A silent call of 71 s with the tone every 10 s; measured are the beginnings of the 1400 Hz bursts in baresip's
dump (right to 2 ms): how far each interval is from 10 s, and how far the last burst is from where the first one puts
it.
"""

from collections.abc import Iterator

from tests.audio import judge
from tests.bench.figures import Figure
from tests.bench.place import Place

_EVERY_S = 10
_TONE_HZ = 1400.0
_DRIFT_MS = 5.0


def measure(place: Place) -> Iterator[Figure]:
    """One call."""
    bursts = place.choose(8, 3)
    silence = judge.save(place.folder / "silence.wav", judge.sine(120.0, 16_000, 440.0, -90.0), 16_000)
    phone = place.phone(
        "always",
        notice={"repeat_beep_seconds": _EVERY_S},
        audio={"microphone_file": str(silence)},
        phone={"country": "SE"},
    )
    with place.peer(source=silence) as peer, phone:
        phone.dial(peer.uri)
        phone.wait_recording("recording")
        peer.wait_audio((bursts - 1) * _EVERY_S + 1.5)
        phone.hook(down=True)
        peer.wait_event("CALL_CLOSED")
        signal, rate = judge.load(peer.received)
    found = judge.tones(signal, rate, _TONE_HZ)
    if len(found) != bursts:
        raise AssertionError(f"{len(found)} bursts instead of {bursts}: {found}")
    errors = tuple(abs(interval - _EVERY_S) * 1000 for interval in judge.intervals(found))
    drift = abs(found[-1].start_s - found[0].start_s - (bursts - 1) * _EVERY_S) * 1000
    span = f"{(bursts - 1) * _EVERY_S} s"
    yield Figure("repeating tone, error of the interval", "ms", "max", 20.0, errors, f"every {_EVERY_S} s, over {span}")
    yield Figure("repeating tone, drift", "ms", "max", _DRIFT_MS, (drift,), f"over {span}")
