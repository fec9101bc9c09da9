"""The two clocks as `Instant`s, and whether the wall clock can be trusted."""

import time
from pathlib import Path

from deskphone.core.instant import Instant

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
_CLOCK_PLAUSIBLE_FROM = 1_790_000_000
"""Autumn 2026: a Pi without a clock wakes up before the software was written."""


def now() -> Instant:
    """This moment."""
    wall = time.time()
    return Instant(time.monotonic(), wall, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(wall)))


def trusted() -> bool:
    """Whether the wall clock was set from the network, or is plausible on a machine with a clock of its own."""
    return _SYNCHRONIZED.exists() or (_machine_keeps_time() and time.time() > _CLOCK_PLAUSIBLE_FROM)


def _machine_keeps_time() -> bool:
    return Path("/dev/rtc0").exists() or Path("/sys/hypervisor").exists() or not Path("/proc/device-tree").exists()
