"""What lamp, mark, banner, local tone and screen show, derived from the state (`recording.md`, "What is seen")."""

from deskphone.core import menu
from deskphone.core.call import Call, Direction, EndReason, Phase
from deskphone.core.commands import LocalTone
from deskphone.core.recording import RecordingState
from deskphone.core.state import State
from deskphone.core.view import (
    About,
    Banner,
    BannerKind,
    Dialer,
    Dialling,
    Ended,
    Idle,
    InCall,
    Incoming,
    Lamp,
    Mark,
    Menu,
    Screen,
    View,
)

_ORDINARY_ENDS = (EndReason.HANGUP_LOCAL, EndReason.HANGUP_REMOTE, EndReason.TRANSFERRED)


def lamp(state: State) -> Lamp:
    """The recording LED over all calls: a failure is told first, then a recording, then a pause."""
    states = {call.recording.condition.state for call in state.live_calls}
    if RecordingState.FAILED in states:
        return Lamp.BLINK_FAST
    if RecordingState.RECORDING in states:
        return Lamp.STEADY
    return Lamp.BLINK_SLOW if RecordingState.PAUSED in states else Lamp.OFF


def mark(state: State) -> Mark:
    """The status mark: that of the call in focus, else of any call that is recorded."""
    focused = state.focused
    calls = (focused,) if focused is not None else state.live_calls
    states = {call.recording.condition.state for call in calls}
    if RecordingState.RECORDING in states:
        return Mark.RECORDING
    return Mark.PAUSED if RecordingState.PAUSED in states else Mark.NONE


def banner(state: State) -> Banner | None:
    """The banner with its figures, None when there is none."""
    if state.banner is None:
        return None
    call = state.focused
    take = state.take(call.recording.take_id) if call is not None else None
    seconds = int(take.recorded_seconds) if take is not None and state.banner.kind is BannerKind.RECORDING else 0
    return Banner(state.banner.kind, seconds, state.banner.message)


def tone(state: State) -> LocalTone | None:
    """The tone in the local ear, other than notices."""
    if (ringing := state.ringing) is not None:
        return LocalTone.CALL_WAITING if any(c.id != ringing.id for c in state.live_calls) else LocalTone.RING
    call = state.focused
    if call is not None and call.phase is Phase.RINGING and call.direction is Direction.OUT:
        return None if call.early_media else LocalTone.RINGBACK
    if call is None and state.panel.ended_call is not None:
        ended = state.call(state.panel.ended_call)
        if ended is not None and ended.direction is Direction.OUT and ended.end_reason not in _ORDINARY_ENDS:
            return LocalTone.BUSY if ended.end_reason in (EndReason.BUSY, EndReason.DECLINED) else LocalTone.CONGESTION
    if state.off_hook and state.panel.dialer == "call" and not state.panel.digits and not state.live_calls:
        return LocalTone.DIAL
    return None


def view(state: State) -> View:
    """The picture of the moment."""
    return View(
        screen=_screen(state),
        soft_keys=menu.soft_keys(state),
        mark=mark(state),
        banner=banner(state),
        volume=state.volume if state.panel.volume_shown else None,
    )


def _screen(state: State) -> Screen:
    panel = state.panel
    if panel.menu_open:
        every = menu.pages(state)
        page = panel.menu_page % len(every)
        return Menu(every[page], page, len(every))
    if (ringing := state.ringing) is not None:
        waiting = any(call.id != ringing.id for call in state.live_calls)
        return Incoming(ringing.party.label, ringing.party.number, waiting)
    if panel.dialer is not None:
        return Dialer(panel.digits, panel.dialer == "transfer")
    if panel.about:
        return About()
    if (call := state.focused) is not None:
        return _call_screen(state, call)
    if (ended := state.call(panel.ended_call)) is not None:
        seconds = int(ended.ended.since(ended.answered)) if ended.ended and ended.answered else 0
        reason = None if ended.end_reason in (None, *_ORDINARY_ENDS) else ended.end_reason.value
        return Ended(ended.party.label, seconds, reason)
    return Idle(state.registration, state.registration_reason, state.storage, state.missed)


def _call_screen(state: State, call: Call) -> Screen:
    if call.phase is not Phase.CONNECTED:
        return Dialling(call.party.label, call.party.number, call.phase is Phase.RINGING)
    other = next((c.party.label for c in state.live_calls if c.id != call.id), None)
    seconds = int(state.now.since(call.answered)) if call.answered else 0
    return InCall(call.party.label, call.party.number, seconds, call.local_hold, call.remote_hold, state.muted, other)
