"""Lamp and display, as the core sees them."""

from typing import Protocol

from deskphone.core.view import Lamp, View


class LampPort(Protocol):
    """The recording LED."""

    def set(self, lamp: Lamp) -> None:
        """Show this pattern from now on; never blocks."""

    def close(self) -> None:
        """Dark, and the line released."""


class DisplayPort(Protocol):
    """The OLED."""

    def show(self, view: View) -> None:
        """Draw this picture soon; a newer one may overtake it. Never blocks."""

    def close(self) -> None:
        """Dark, and the bus released."""
