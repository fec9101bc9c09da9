"""How the demo looks in a terminal: the OLED and its LED, what happens, and how far the story is."""

import io
import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from PIL import Image
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from deskphone.ui.terminal import halfblocks

_LAMPS = {
    "off": "○ dark",
    "steady": "[red]●[/] steady",
    "blink-slow": "[red]◐[/] 0.5 Hz",
    "blink-fast": "[red]◑[/] 2 Hz",
}
_LINES_KEPT = 6


class Stage:
    """Redraws in place on a terminal; elsewhere (a log) one line a happening and a picture when it is asked for."""

    def __init__(self, console: Console, steps: int) -> None:
        self._console = console
        self._stack = ExitStack()
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(60), TextColumn("{task.percentage:.0f} %")
        )
        self._task = self._progress.add_task("story", total=steps)
        self._live: Live | None = None
        self._picture = ""
        self._lamp = "off"
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live = self._stack.enter_context(Live(self._view(), console=self._console, refresh_per_second=12))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def show(self, png: bytes, state: dict[str, Any]) -> None:
        """The picture and the lamp of this moment."""
        self._picture = halfblocks(Image.open(io.BytesIO(png)))
        self._lamp = _LAMPS[state["lamp"]]
        self._redraw()

    def say(self, line: str) -> None:
        """Something happens."""
        self._lines = [*self._lines, line][-_LINES_KEPT:]
        if self._live is None:
            self._console.print(line)
        self._redraw()

    def snap(self) -> None:
        """On a terminal the picture is there anyway; in a log it is printed now."""
        if self._live is None and self._picture:
            self._console.print(Text(self._picture))
            self._console.print(f"LED {self._lamp}")

    def advance(self, steps: float = 1.0) -> None:
        """So much more of the story is over."""
        self._progress.advance(self._task, steps)
        self._redraw()

    def _redraw(self) -> None:
        if self._live is not None:
            self._live.update(self._view())

    def _view(self) -> RenderableType:
        lines = [Text.from_markup(line) for line in self._lines]
        return Group(Text(self._picture), Text.from_markup(f"LED {self._lamp}"), *lines, self._progress)


def console() -> Console:
    """Where the demo is shown; wide enough for the OLED's 130 columns, also when written to a log."""
    return Console(width=None if sys.stdout.isatty() else 132, highlight=False)
