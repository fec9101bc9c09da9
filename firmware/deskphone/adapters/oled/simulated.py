"""luma's device without hardware: keeps the last picture."""

from typing import Any

from luma.core.device import dummy


def simulated_device() -> Any:
    """A 128×64 one-bit device."""
    return dummy(width=128, height=64, mode="1")
