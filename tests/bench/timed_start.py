"""The command `deskphone`, with a simulated OLED that says when the first picture reached its bus.

`python -m tests.bench.timed_start run ...` prints `first picture at SECONDS` (`time.monotonic`) on stderr. The device
is luma's SSD1306, as on a wired phone, so that loading it counts.
"""

import sys
from typing import Any

from deskphone.adapters.oled import simulated
from deskphone.cli import main


def _timed_device() -> Any:
    from tests.bench.timed_bus import timed_oled

    device, bus = timed_oled()

    def say(at: float) -> None:
        bus.on_picture = None
        print(f"first picture at {at}", file=sys.stderr, flush=True)

    bus.on_picture = say
    return device


if __name__ == "__main__":
    simulated.simulated_device = _timed_device
    main()
