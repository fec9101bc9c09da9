"""One step under way: the state as it becomes, and the commands as they gather."""

from dataclasses import replace
from typing import Any

from deskphone.core.call import Call, Take
from deskphone.core.commands import CancelTimer, Command, StartTimer
from deskphone.core.events import Event
from deskphone.core.state import BannerState, Panel, State
from deskphone.core.view import BannerKind

_TAKES_REMEMBERED = 50
_PASSING_BANNER_SECONDS = 3.0


class Turn:
    """Lives for one call of `step` and is seen by nobody else, so that `step` stays a function of its arguments."""

    def __init__(self, state: State, event: Event) -> None:
        self.state = replace(state, now=event.at)
        self.commands: list[Command] = []

    def do(self, *commands: Command) -> None:
        """Add commands, in the order they are to be carried out."""
        self.commands.extend(commands)

    def change(self, **changes: Any) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)

    def change_panel(self, **changes: Any) -> None:
        """Replace fields of the panel."""
        self.change(panel=replace(self.state.panel, **changes))

    def clear_panel(self) -> None:
        """Leave menu, dialer and notice screens; what was last dialled is remembered."""
        self.change(panel=Panel(last_dialled=self.state.panel.last_dialled, volume_shown=self.state.panel.volume_shown))

    def change_call(self, call_id: str, **changes: Any) -> Call:
        """Replace fields of a call that exists; returns it as it is now."""
        calls = tuple(replace(call, **changes) if call.id == call_id else call for call in self.state.calls)
        self.change(calls=calls)
        return next(call for call in calls if call.id == call_id)

    def change_take(self, take_id: str, **changes: Any) -> Take:
        """Replace fields of a take that exists; returns it as it is now."""
        takes = tuple(replace(take, **changes) if take.id == take_id else take for take in self.state.takes)
        self.change(takes=takes)
        return next(take for take in takes if take.id == take_id)

    def add_take(self, take: Take) -> None:
        """Remember a new take; of the finished ones only the newest are remembered."""
        takes = (*self.state.takes, take)
        surplus = len(takes) - _TAKES_REMEMBERED
        finished = {t.id for t in takes if t.state.value in ("stored", "discarded", "failed")}
        forgotten = {t.id for t in takes[: max(surplus, 0)] if t.id in finished}
        self.change(takes=tuple(t for t in takes if t.id not in forgotten))

    def show_banner(self, kind: BannerKind, message: str | None = None, *, passing: bool = False) -> None:
        """Show a banner for `banner_seconds`; 0 keeps those of a lasting state for as long as the state.

        `passing` says that the state is over, though its banner is still to be read.
        """
        self.change(banner=BannerState(kind, message))
        seconds = self.state.settings.banner_seconds
        if passing or kind in (BannerKind.SAVING, BannerKind.MESSAGE):
            seconds = seconds or _PASSING_BANNER_SECONDS
        self.do(StartTimer("banner", seconds) if seconds > 0 else CancelTimer("banner"))

    def say(self, message: str) -> None:
        """Tell the person something; `message` is a `Words` token."""
        self.show_banner(BannerKind.MESSAGE, message)
