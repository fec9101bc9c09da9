"""What stands in for the phone while its configuration cannot be used: it says so, wherever somebody looks."""

import asyncio
from typing import Any

from PIL import Image

from deskphone.adapters import clock
from deskphone.adapters.oled.display import OledDisplay
from deskphone.core.keypad import Key
from deskphone.core.state import BannerState, State
from deskphone.core.view import Banner, BannerKind, Idle, View
from deskphone.ui.texts import Texts
from deskphone.web.api import UnavailableError
from deskphone.web.snapshot import snapshot

_REASON = "bad-configuration"


class MisconfiguredPhone:
    """Offers what the HTTP interface asks of a phone; calls and keys are refused with the reason."""

    def __init__(self, display: OledDisplay, texts: Texts) -> None:
        self._display = display
        self._texts = texts
        self._problems: tuple[str, ...] = ()
        self._flags: set[asyncio.Event] = set()
        self._state = State(
            now=clock.now(),
            registration="failed",
            registration_reason=_REASON,
            banner=BannerState(BannerKind.MESSAGE, _REASON),
        )

    def tell(self, error: Exception) -> None:
        """Show it, and keep its lines for whoever asks over HTTP."""
        self._problems = tuple(str(error).splitlines())
        self._display.show(View(Idle("failed", _REASON), banner=Banner(BannerKind.MESSAGE, message=_REASON)))
        for flag in self._flags:
            flag.set()

    def snapshot(self) -> dict[str, Any]:
        """The state of a phone that does nothing, and why."""
        return snapshot(self._state, self._texts.label, self._texts.banner) | {"problems": list(self._problems)}

    def picture(self) -> Image.Image:
        """What the OLED shows."""
        return self._display.image

    def watch(self) -> asyncio.Event:
        """A flag that each new problem sets."""
        flag = asyncio.Event()
        self._flags.add(flag)
        return flag

    def unwatch(self, flag: asyncio.Event) -> None:
        """Done watching."""
        self._flags.discard(flag)

    async def dial(self, to: str) -> None:
        """Refused."""
        raise UnavailableError("the configuration cannot be used; see problems in /api/state")

    async def key(self, key: Key, action: str) -> None:
        """Refused."""
        raise UnavailableError("the configuration cannot be used; see problems in /api/state")

    async def hook(self, action: str) -> None:
        """Refused."""
        raise UnavailableError("the configuration cannot be used; see problems in /api/state")

    async def close(self) -> None:
        """Dark."""
        self._display.close()
