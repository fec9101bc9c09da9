"""The pin factory of a wired panel: gpiozero on lgpio."""

from typing import Any

from deskphone.errors import DeskphoneError


class PinError(DeskphoneError, OSError):
    """The GPIO lines are not to be had."""


def wired_factory() -> Any:
    """gpiozero's factory for the 40-pin header. Raises `PinError`."""
    try:
        from gpiozero.pins.lgpio import LGPIOFactory

        return LGPIOFactory()
    except Exception as error:  # lgpio raises its own error type, and ImportError where it is not installed
        raise PinError(
            f"the GPIO lines cannot be used: {error}\n"
            "install python3-lgpio and join the group gpio, or run with --simulate where there is no hardware"
        ) from None
