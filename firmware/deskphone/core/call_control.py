"""What the far end and the SIP stack report, and what that does to the calls."""

from deskphone.core import take_control
from deskphone.core.call import Call, Direction, EndReason, Party, Phase, Recording, TakeState
from deskphone.core.commands import (
    Adopt,
    Answer,
    CancelTimer,
    Dial,
    HangUp,
    Hold,
    Log,
    Refuse,
    Retrieve,
    SetMute,
    StartTimer,
)
from deskphone.core.events import CallAnswered, CallEnded, CallIncoming, LocalHoldChanged, TransferAnswered
from deskphone.core.recording import Action, Condition
from deskphone.core.settings import OnHold
from deskphone.core.turn import Turn
from deskphone.core.view import BannerKind

MAX_CALLS = 2
_ENDED_SHOWN_SECONDS = 4.0
_ENDED_REMEMBERED_SECONDS = 10.0


def incoming(turn: Turn, event: CallIncoming) -> None:
    """An INVITE: ring, or turn it away when two calls fill the phone already."""
    state = turn.state
    if state.stopping or state.ringing is not None or len(state.live_calls) >= MAX_CALLS:
        turn.do(Refuse(event.engine_id), Log("info", "incoming call refused: no room"))
        turn.change(missed=state.missed + 1)
        return
    call = _new_call(turn, Direction.IN, Phase.RINGING, event.party)
    turn.do(Adopt(event.engine_id, call.id))
    turn.change_panel(menu_open=False, about=False, ended_call=None)
    if turn.state.focused is None:
        turn.change(focus=call.id)


def dial(turn: Turn, to: str) -> None:
    """Call someone; a call that goes on is put on hold first."""
    to = to.strip()
    if not to or turn.state.stopping:
        return
    if len(turn.state.live_calls) >= MAX_CALLS:
        turn.say("no-more-calls")
        return
    _hold_others(turn, None)
    call = _new_call(turn, Direction.OUT, Phase.DIALLING, Party(to))
    turn.clear_panel()
    turn.change_panel(last_dialled=to)
    turn.change(focus=call.id)
    turn.do(Dial(call.id, to))


def answer(turn: Turn, call: Call) -> None:
    """Answer an incoming call; a call that goes on is put on hold first."""
    _hold_others(turn, call.id)
    turn.clear_panel()
    turn.change(focus=call.id)
    turn.do(Answer(call.id))


def answered(turn: Turn, event: CallAnswered) -> None:
    """The dialog is confirmed: the policy decides whether recording begins."""
    call = turn.state.call(event.call_id)
    if call is None or not call.live:
        return
    if call.connected:
        turn.change_call(call.id, codec=event.codec)
        return
    turn.change_call(call.id, phase=Phase.CONNECTED, answered=turn.state.now, codec=event.codec)
    if turn.state.focused is None or not turn.state.focused.connected or turn.state.focused.local_hold:
        turn.change(focus=call.id)
    turn.do(StartTimer("tick", 1.0))
    waits = turn.state.focus != call.id
    if waits:  # two calls are never open at once
        hold(turn, turn.change_call(call.id))
    else:
        _hold_others(turn, call.id)
    take_control.apply(turn, call.id, Action.ANSWERED)
    if waits and turn.state.settings.on_hold is OnHold.PAUSE:
        take_control.apply(turn, call.id, Action.HELD)


def hold(turn: Turn, call: Call) -> None:
    """Put a connected call on hold. The recording pauses with the press, not with the far end's consent."""
    if call.connected and call.local_hold and call.retrieving:  # taken back before the far end has heard of it
        turn.change_call(call.id, retrieving=False, taken_back=True)
        turn.do(Hold(call.id))
    elif call.connected and not call.local_hold:
        turn.change_call(call.id, local_hold=True)
        turn.do(Hold(call.id))
        if turn.state.settings.on_hold is OnHold.PAUSE:
            take_control.apply(turn, call.id, Action.HELD)


def retrieve(turn: Turn, call: Call) -> None:
    """Take a held call back; whatever else goes on is put on hold."""
    if call.connected and call.local_hold:
        _hold_others(turn, call.id)
        turn.change(focus=call.id)
        turn.change_call(call.id, retrieving=True, taken_back=False)
        turn.do(Retrieve(call.id))


def hold_changed(turn: Turn, event: LocalHoldChanged) -> None:
    """The far end's answer to our hold or retrieve."""
    call = turn.state.call(event.call_id)
    if call is None or not call.connected:
        return
    if call.taken_back and not event.held:
        turn.change_call(call.id, taken_back=False)
        turn.do(Hold(call.id))
        return
    call = turn.change_call(call.id, retrieving=False)
    if event.held == call.local_hold:
        return
    turn.change_call(call.id, local_hold=event.held)
    pauses = turn.state.settings.on_hold is OnHold.PAUSE
    if pauses:
        take_control.apply(turn, call.id, Action.HELD if event.held else Action.RETRIEVED)
    if not event.held:
        take_control.catch_up(turn, call.id)


def swap(turn: Turn, call: Call) -> None:
    """Go to the other call."""
    other = next((c for c in turn.state.live_calls if c.id != call.id and c.connected), None)
    if other is None:
        return
    if other.local_hold:
        retrieve(turn, other)
    else:
        _hold_others(turn, other.id)
        turn.change(focus=other.id)


def hang_up(turn: Turn, call: Call) -> None:
    """End a call in whatever phase. A phone that ends a call stops recording with the press."""
    turn.do(HangUp(call.id))


def ended(turn: Turn, event: CallEnded) -> None:
    """The dialog is over: close its take, free the panel, remember the call for a moment."""
    call = turn.state.call(event.call_id)
    if call is None or not call.live:
        return
    turn.do(CancelTimer(f"farewell:{call.id}"), CancelTimer(f"compliance:{call.id}"))
    turn.change_call(call.id, ended=turn.state.now)  # first: it is written into the take that closes now
    take_control.apply(turn, call.id, Action.ENDED, end=event.reason)
    call = turn.change_call(call.id, phase=Phase.ENDED, end_reason=event.reason, announcing=None, hang_up_after=None)
    take_control.settle_beeps(turn)
    if call.direction is Direction.IN and call.answered is None and event.reason is EndReason.MISSED:
        turn.change(missed=turn.state.missed + 1)
    if turn.state.focus == call.id:
        turn.clear_panel()
        other = next(iter(turn.state.live_calls), None)
        turn.change(focus=other.id if other else None)
        if other is None:
            turn.change_panel(ended_call=call.id)
            turn.do(StartTimer("ended", _ENDED_SHOWN_SECONDS))
    failed = [other for other in turn.state.live_calls if other.recording.condition is Condition.FAILED]
    banner = turn.state.banner
    if banner is not None and banner.kind is BannerKind.FAILED and not failed:
        turn.show_banner(BannerKind.FAILED, passing=True)
    if not turn.state.live_calls:
        if turn.state.muted:
            turn.change(muted=False)
            turn.do(SetMute(False))
        turn.do(CancelTimer("tick"))
    turn.do(StartTimer(f"forget:{call.id}", _ENDED_REMEMBERED_SECONDS))


def forget(turn: Turn, call_id: str) -> None:
    """An ended call was remembered for long enough."""
    turn.change(calls=tuple(call for call in turn.state.calls if call.id != call_id or call.live))


def transferred(turn: Turn, event: TransferAnswered) -> None:
    """The far end refused our REFER: the call is still ours. (An accepted one ends with `CallEnded`.)"""
    call = turn.state.call(event.call_id)
    if call is not None and call.live and not event.accepted:
        turn.say("transfer-failed")


def take_outcome(turn: Turn, take_id: str, state: str, path: str | None, reason: str | None) -> None:
    """The vault's word about a take."""
    take = turn.state.take(take_id)
    if take is None or not take.closed:
        return
    known = {s.value: s for s in (TakeState.STORING, TakeState.STORED, TakeState.DISCARDED, TakeState.FAILED)}
    if state in known:
        turn.change_take(take_id, state=known[state], path=path, reason=reason)


def _hold_others(turn: Turn, call_id: str | None) -> None:
    for other in turn.state.live_calls:
        if other.id != call_id:
            hold(turn, other)


def _new_call(turn: Turn, direction: Direction, phase: Phase, party: Party) -> Call:
    number = turn.state.calls_made + 1
    call = Call(
        id=f"c{turn.state.now.stamp}-{turn.state.settings.ids}{number:04x}",
        direction=direction,
        phase=phase,
        party=party,
        started=turn.state.now,
        recording=Recording(turn.state.settings.mode),
    )
    turn.change(calls_made=number, calls=(*turn.state.calls, call))
    return call
