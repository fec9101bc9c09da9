"""The real OLED: an SSD1306 of 128×64 on the Pi's I2C bus 1 (SSD1306 data sheet §8.1.5; address 0x3C)."""

from typing import Any

from deskphone.errors import DeskphoneError

_BUS = 1
_ADDRESS = 0x3C


class DisplayError(DeskphoneError, OSError):
    """There is no display to be had."""


def oled_device() -> Any:
    """The opened device. Raises `DisplayError`."""
    from luma.core.error import DeviceNotFoundError, DevicePermissionError
    from luma.core.interface.serial import i2c
    from luma.oled.device import ssd1306

    try:
        return ssd1306(i2c(port=_BUS, address=_ADDRESS), width=128, height=64)
    except (DeviceNotFoundError, DevicePermissionError, OSError) as error:
        raise DisplayError(
            f"no OLED at address 0x{_ADDRESS:02x} of I2C bus {_BUS}: {error}\n"
            "switch I2C on (raspi-config), check the wiring, or run with --simulate where there is no hardware"
        ) from None
