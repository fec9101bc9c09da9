"""From the start of the process to the first OLED frame, and to being registered.

Timed from just before the fork that leads to `python -m ... run` to the moment at which the first picture's bytes are
handed to the OLED's bus (told by the process itself, on the machine's one monotonic clock), and to the line in which
Asterisk says that it has the contact (digest, UDP). Files are in the page cache, as after an update and not as after
power-on.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.peers.asterisk import PASSWORDS, Asterisk
from tests.peers.program import Program
from tests.scenarios.phone import account


def measure(place: Place) -> Iterator[Figure]:
    """Some starts, one after the other."""
    frames, registrations = [], []
    with Asterisk(place.asterisk_tree(), place.new_folder("asterisk") / "files") as asterisk:
        phone = place.phone("never", sip={"accounts": [account(asterisk.registrar, "1001", PASSWORDS["1001"])]})
        phone.prepare()
        start: list[str | Path] = [sys.executable, "-m", "tests.bench.timed_start", "run"]
        command = [*start, "--config", phone.config, "--simulate"]
        for _ in range(place.choose(15, 2)):
            mark = asterisk.program.mark()
            begin = time.monotonic()
            with Program([*command, "--listen", f"127.0.0.1:{phone.http_port}"]) as program:
                asterisk.program.wait_line(r"Added contact '.*' to AOR '1001'", 20.0, mark)
                registrations.append(time.monotonic() - begin)
                told = program.wait_line(r"first picture at ([\d.]+)", 20.0)
                frames.append(float(told[1]) - begin)
                program.wait_line(r"--> registered", 20.0)
                program.stop(15.0)
            asterisk.program.wait_line(r"Removed contact '.*' from AOR '1001'", 20.0, mark)
    yield Figure("start to first OLED frame", "s", "max", 0.5, tuple(frames))
    yield Figure("start to registered", "s", "max", 1.5, tuple(registrations))
