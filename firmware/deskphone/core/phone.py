"""The whole phone: `step(state, event)` gives the next state and what the adapters are to do."""

from dataclasses import replace
from typing import assert_never

from deskphone.core import call_control, indicator, panel_control, take_control
from deskphone.core.call import Direction, EndReason, Phase
from deskphone.core.commands import (
    Command,
    HangUp,
    LocalTone,
    Log,
    PlayLocalTone,
    SetLamp,
    Show,
    StartTimer,
    Stop,
)
from deskphone.core.events import (
    AdapterChanged,
    CallAnswered,
    CallEnded,
    CallIncoming,
    CallPlaced,
    CallRinging,
    DialRequested,
    Event,
    HandsetLifted,
    HandsetReplaced,
    KeyPressed,
    KeyReleased,
    LocalHoldChanged,
    NoticeEnded,
    RecorderFailed,
    RecorderProgressed,
    RecorderStored,
    RegistrationChanged,
    RemoteHoldChanged,
    ShutdownRequested,
    StorageChanged,
    TakeOutcome,
    TimerFired,
    TransferAnswered,
)
from deskphone.core.recording import Action, Condition
from deskphone.core.state import Shown, State
from deskphone.core.turn import Turn
from deskphone.core.view import BannerKind

_SHUTDOWN_SECONDS = 3.0


def step(state: State, event: Event) -> tuple[State, tuple[Command, ...]]:
    """One event. Pure: the same arguments give the same result, and nothing else is touched.

    Commands come in the order of feedback: lamp, then everything else, then the picture.
    """
    turn = Turn(state, event)
    _react(turn, event)
    take_control.settle_beeps(turn)
    _settle_banner(turn)
    commands = _settle_outputs(turn)
    return turn.state, commands


def _react(turn: Turn, event: Event) -> None:
    match event:
        case KeyPressed():
            panel_control.key_pressed(turn, event)
        case KeyReleased():
            pass  # no key of this panel does anything when it is let go
        case HandsetLifted():
            panel_control.lifted(turn)
        case HandsetReplaced():
            panel_control.replaced(turn)
        case DialRequested():
            call_control.dial(turn, event.to)
        case RegistrationChanged():
            turn.change(registration=event.state, registration_reason=event.reason)
        case CallIncoming():
            call_control.incoming(turn, event)
        case CallPlaced():
            if turn.state.call(event.call_id) is not None:
                turn.change_call(event.call_id, party=event.party)
        case CallRinging():
            _ringing(turn, event)
        case CallAnswered():
            call_control.answered(turn, event)
        case LocalHoldChanged():
            call_control.hold_changed(turn, event)
        case RemoteHoldChanged():
            if turn.state.call(event.call_id) is not None:
                turn.change_call(event.call_id, remote_hold=event.held)
        case CallEnded():
            call_control.ended(turn, event)
            _stop_when_quiet(turn)
        case TransferAnswered():
            call_control.transferred(turn, event)
        case RecorderStored():
            _on_take(turn, event.take_id, Action.STORED_FIRST)
        case RecorderProgressed():
            if turn.state.take(event.take_id) is not None:
                turn.change_take(event.take_id, recorded_seconds=event.seconds)
        case RecorderFailed():
            take = turn.state.take(event.take_id)
            if take is not None and not take.closed:
                take_control.fail(turn, take.call_id, event.reason)
        case TakeOutcome():
            _take_outcome(turn, event)
        case StorageChanged():
            _storage(turn, event)
        case NoticeEnded():
            _notice_ended(turn, event)
        case TimerFired():
            _timer(turn, event.timer_id)
        case AdapterChanged():
            _adapter(turn, event)
        case ShutdownRequested():
            _shut_down(turn)
        case _:
            assert_never(event)


def _ringing(turn: Turn, event: CallRinging) -> None:
    call = turn.state.call(event.call_id)
    if call is not None and call.phase is Phase.DIALLING and call.direction is Direction.OUT:
        turn.change_call(call.id, phase=Phase.RINGING, early_media=event.early_media)


def _on_take(turn: Turn, take_id: str, action: Action) -> None:
    """Pass a recorder's word on to its call, unless the call has moved on to another take."""
    take = turn.state.take(take_id)
    call = turn.state.call(take.call_id) if take is not None else None
    if call is not None and call.recording.take_id == take_id:
        take_control.apply(turn, call.id, action)


def _take_outcome(turn: Turn, event: TakeOutcome) -> None:
    call_control.take_outcome(turn, event.take_id, event.state, event.path, event.reason)
    if event.state == "failed":
        turn.show_banner(BannerKind.FAILED)
        turn.do(Log("error", f"take {event.take_id} could not be stored: {event.reason}"))


def _storage(turn: Turn, event: StorageChanged) -> None:
    was = turn.state.storage
    turn.change(storage=None if event.ok else (event.reason or "unwritable"))
    if not event.ok and turn.state.storage != was:
        turn.say(turn.state.storage or "unwritable")
        turn.do(Log("error", f"the storage folder cannot take recordings: {turn.state.storage}"))
    elif event.ok and was is not None:
        turn.do(Log("info", "the storage folder takes recordings again"))


def _notice_ended(turn: Turn, event: NoticeEnded) -> None:
    call = turn.state.call(event.call_id)
    if event.reason is not None:
        turn.do(Log("error", f"an announcement could not be played: {event.reason}"))
        if call is not None and call.recording.condition is not Condition.FAILED:
            turn.say("prompt-unreadable")
    if call is None or call.announcing != event.notice_id:
        return
    call = turn.change_call(call.id, announcing=None)
    if call.hang_up_after == event.notice_id:
        call_control.hang_up(turn, call)


def _timer(turn: Turn, timer_id: str) -> None:
    name, _, subject = timer_id.partition(":")
    call = turn.state.call(subject)
    match name:
        case "tick":
            if any(c.connected for c in turn.state.live_calls):
                turn.do(StartTimer("tick", 1.0))
        case "banner":
            turn.change(banner=None)
            if turn.state.settings.banner_seconds == 0:  # it stays: only something passing had covered it
                panel_control.wake_banner(turn)
        case "volume":
            turn.change_panel(volume_shown=False)
        case "ended":
            turn.change_panel(ended_call=None)
        case "forget":
            call_control.forget(turn, subject)
        case "compliance":
            take_control.delayed_compliance(turn, subject)
        case "farewell":
            if call is not None and call.live and call.hang_up_after is not None:
                call_control.hang_up(turn, call)
        case "reminder":
            _remind(turn, subject)
        case "shutdown":
            _give_up_waiting(turn)
        case _:
            pass  # a timer of something that is over


def _remind(turn: Turn, call_id: str) -> None:
    call = turn.state.call(call_id)
    if call is not None and call.live and call.recording.condition is Condition.PAUSED:
        turn.show_banner(BannerKind.PAUSED)
        turn.do(PlayLocalTone(LocalTone.REMINDER))
        turn.do(StartTimer(f"reminder:{call_id}", float(turn.state.settings.pause_reminder_seconds)))


def _adapter(turn: Turn, event: AdapterChanged) -> None:
    if event.reason is None:
        turn.do(Log("info", f"{event.adapter} is back"))
    else:
        turn.say(event.reason)
        turn.do(Log("error", f"{event.adapter} is lost: {event.reason}"))


def _shut_down(turn: Turn) -> None:
    """End every call politely; the takes close with them."""
    turn.change(stopping=True)
    for call in turn.state.live_calls:
        turn.do(HangUp(call.id))
    turn.do(StartTimer("shutdown", _SHUTDOWN_SECONDS))
    _stop_when_quiet(turn)


def _give_up_waiting(turn: Turn) -> None:
    for call in turn.state.live_calls:
        call_control.ended(turn, CallEnded(turn.state.now, call.id, EndReason.SHUTDOWN))
    _stop_when_quiet(turn)


def _stop_when_quiet(turn: Turn) -> None:
    if turn.state.stopping and not turn.state.live_calls:
        turn.do(Stop())


def _settle_banner(turn: Turn) -> None:
    """A banner of a state never outlives the state."""
    kinds = take_control.STATE_BANNERS
    shown = turn.state.banner
    if shown is None or shown.kind not in kinds.values():
        return
    states = {kinds.get(call.recording.condition.state) for call in turn.state.live_calls}
    if shown.kind is not BannerKind.FAILED and shown.kind not in states:
        turn.change(banner=None)


def _settle_outputs(turn: Turn) -> tuple[Command, ...]:
    before = turn.state.shown
    after = Shown(indicator.lamp(turn.state), indicator.view(turn.state), indicator.tone(turn.state))
    turn.state = replace(turn.state, shown=after)
    first: list[Command] = []
    last: list[Command] = []
    if after.lamp is not None and after.lamp is not before.lamp:
        first.append(SetLamp(after.lamp))
    if after.tone is not before.tone:
        last.append(PlayLocalTone(after.tone))
    if after.view is not None and after.view != before.view:
        last.append(Show(after.view))
    return (*first, *turn.commands, *last)
