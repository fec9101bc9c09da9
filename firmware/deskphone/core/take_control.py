"""Applies the recording policy to a call: its condition, the recorder, the take's record, the notices."""

from dataclasses import replace

from deskphone.core import notices
from deskphone.core.call import Call, Control, EndReason, Pause, PauseReason, PlayedNotice, Take, TakeState
from deskphone.core.commands import (
    CancelTimer,
    CloseTake,
    ContinueTake,
    CutTake,
    HangUp,
    Log,
    OpenTake,
    PlayAnnouncement,
    PlayBeep,
    Prompt,
    SaveTake,
    StartBeep,
    StartTimer,
    StopBeep,
)
from deskphone.core.recording import PRESSED, Action, Condition, Operation, RecordingState, rule
from deskphone.core.settings import OnFailure
from deskphone.core.turn import Turn
from deskphone.core.view import BannerKind

# An end-of-call announcement that never reports its end must not hold the call open.
_FAREWELL_SECONDS = 15.0


def apply(
    turn: Turn, call_id: str, action: Action, *, source: str = "policy", end: EndReason = EndReason.STOPPED
) -> bool:
    """Carry out one cell of the policy. Returns False, and changes nothing, where the policy knows no such cell."""
    call = turn.state.call(call_id)
    if call is None:
        return False
    before = call.recording.condition
    cell = rule(call.recording.mode, before, action)
    if cell is None:
        return False
    if Operation.OPEN in cell.operations and turn.state.storage is not None:
        fail(turn, call_id, turn.state.storage)
        return True
    call = turn.change_call(call_id, recording=replace(call.recording, condition=cell.to))
    for operation in cell.operations:
        call = _operate(turn, call, operation, action, end)
    take = _record(turn, call, action, source)
    notice = _notice(turn, call, take, before, action)
    take = turn.state.take(call.recording.take_id)
    if take is not None:
        if notice is not None and notice.delay == 0:
            take = _note(turn, take, notice.prompt.value if notice.prompt else "beep")
        if cell.operations or notice is not None:
            turn.do(SaveTake(take, call))
    if notice is not None:
        _sound(turn, call, notice)
    _show(turn, call, before)
    _remind(turn, call)
    return True


def fail(turn: Turn, call_id: str, reason: str) -> None:
    """The call's recorder failed: follow `recording.on_failure`. An emergency call goes on untouched."""
    call = turn.state.call(call_id)
    if call is None or rule(call.recording.mode, call.recording.condition, Action.FAILED) is None:
        return
    settings = turn.state.settings
    applies = settings.failure_applies_to_on_demand or not call.recording.mode.is_on_demand
    heard = settings.on_failure is not OnFailure.PROCEED and applies and not call.party.emergency
    take = turn.state.take(call.recording.take_id)
    if heard and notices.audible(call) and take is not None and not take.closed:
        _note(turn, take, Prompt.FAILED.value)  # before the take is closed: nothing is written into it afterwards
    apply(turn, call_id, Action.FAILED, end=EndReason.RECORDER_FAILED)
    turn.do(Log("error", f"recording of call {call_id} failed: {reason}"))
    if not heard:
        return
    if not notices.audible(call):  # held: nobody would hear the sentence
        if settings.on_failure is OnFailure.END_CALL:
            turn.do(HangUp(call_id))
        return
    notice_id = announce(turn, turn.change_call(call_id), Prompt.FAILED)
    if settings.on_failure is OnFailure.END_CALL:
        turn.change_call(call_id, hang_up_after=notice_id)
        turn.do(StartTimer(f"farewell:{call_id}", _FAREWELL_SECONDS))


def announce(turn: Turn, call: Call, prompt: Prompt) -> str:
    """Begin an announcement in the call, in place of one that is being played; returns its id."""
    notice_id = f"{call.id}-n{turn.state.notices_made + 1}"
    turn.change(notices_made=turn.state.notices_made + 1)
    _silence_beep(turn, call)
    turn.change_call(call.id, announcing=notice_id)
    turn.do(PlayAnnouncement(call.id, notice_id, prompt, turn.state.settings.notices.audience))
    return notice_id


def delayed_compliance(turn: Turn, call_id: str) -> None:
    """The compliance announcement's delay is over: play it if the call is still recorded."""
    call = turn.state.call(call_id)
    take = turn.state.take(call.recording.take_id) if call is not None else None
    if call is None or call.recording.condition is not Condition.RECORDING or not notices.audible(call):
        if take is not None and not take.closed:
            turn.change_take(take.id, begun=False)  # paused or held just now: it is owed, and comes after the resume
        return
    if take is not None:
        turn.do(SaveTake(_note(turn, take, Prompt.COMPLIANCE.value), call))
    announce(turn, call, Prompt.COMPLIANCE)


def catch_up(turn: Turn, call_id: str) -> None:
    """The call was retrieved: a recording that began while nobody could hear it is announced now."""
    call = turn.state.call(call_id)
    take = turn.state.take(call.recording.take_id) if call is not None else None
    if call is None or take is None or take.begun or call.recording.condition is not Condition.RECORDING:
        return
    notice = _notice(turn, call, take, Condition.RECORDING, Action.RETRIEVED)
    if notice is not None:
        if notice.delay == 0 and notice.prompt is not None:
            turn.do(SaveTake(_note(turn, take, notice.prompt.value), call))
        _sound(turn, call, notice)


def settle_beeps(turn: Turn) -> None:
    """Start and stop the repeating tones so that they sound exactly while they should."""
    settings = turn.state.settings.notices
    for call in turn.state.calls:
        wanted = notices.beeps(settings, call)
        if wanted and not call.beeping:
            turn.change_call(call.id, beeping=True)
            turn.do(StartBeep(call.id, settings.audience, settings.repeat_beep_seconds))
            take = turn.state.take(call.recording.take_id)
            if take is not None and not any(notice.kind == "repeating-beep" for notice in take.notices):
                turn.do(SaveTake(_note(turn, take, "repeating-beep"), call))
        elif not wanted:
            _silence_beep(turn, call)


def _silence_beep(turn: Turn, call: Call) -> None:
    if call.beeping:
        turn.change_call(call.id, beeping=False)
        turn.do(StopBeep(call.id))


def _operate(turn: Turn, call: Call, operation: Operation, action: Action, end: EndReason) -> Call:
    now = turn.state.now
    if operation is Operation.OPEN:
        number = turn.state.takes_made + 1
        turn.change(takes_made=number)
        take_id = f"{now.stamp}-{turn.state.settings.ids}{number % 0x10000:04x}"
        take = Take(take_id, call.id, call.recording.mode, now, TakeState.ARMED)
        turn.add_take(take)
        recording = replace(call.recording, take_id=take.id)
        call = turn.change_call(call.id, recording=recording)
        turn.do(OpenTake(take, call))
        return call
    take_now = turn.state.take(call.recording.take_id)
    if take_now is None:
        return call
    match operation:
        case Operation.KEEP:
            turn.change_take(take_now.id, kept=True)
        case Operation.CUT:
            reason = PauseReason.USER if action is Action.PAUSE else PauseReason.HOLD
            turn.change_take(take_now.id, pauses=(*take_now.pauses, Pause(now, reason)))
            turn.do(CutTake(take_now.id))
        case Operation.CONTINUE:
            turn.change_take(take_now.id, pauses=_ended(take_now, turn))
            turn.do(ContinueTake(take_now.id))
        case Operation.CLOSE | Operation.DISCARD:
            kept = operation is Operation.CLOSE
            turn.change_take(
                take_now.id,
                kept=kept,
                closed=True,
                failed=action is Action.FAILED,
                stopped=now,
                end_reason=end,
                pauses=_ended(take_now, turn),
            )
            turn.do(CloseTake(take_now.id))
    return call


def _ended(take: Take, turn: Turn) -> tuple[Pause, ...]:
    if take.pauses and take.pauses[-1].ended is None:
        return (*take.pauses[:-1], replace(take.pauses[-1], ended=turn.state.now))
    return take.pauses


def _record(turn: Turn, call: Call, action: Action, source: str) -> Take | None:
    """Keep the take's own record: who pressed what, and its public state."""
    take = turn.state.take(call.recording.take_id)
    if take is None or take.state in (TakeState.STORED, TakeState.DISCARDED, TakeState.FAILED):
        return None
    if action in PRESSED:
        take = turn.change_take(take.id, controls=(*take.controls, Control(action.value, turn.state.now, source)))
    if take.closed:
        state = TakeState.STORING if take.kept else TakeState.ARMED
    else:
        state = _TAKE_STATES.get(call.recording.condition.state, TakeState.ARMED)
    return turn.change_take(take.id, state=state)


_TAKE_STATES = {RecordingState.RECORDING: TakeState.RECORDING, RecordingState.PAUSED: TakeState.PAUSED}


def _notice(turn: Turn, call: Call, take: Take | None, before: Condition, action: Action) -> notices.Notice | None:
    if not notices.audible(call) or take is None:
        return None
    settings = turn.state.settings.notices
    if call.recording.condition is Condition.RECORDING:
        if not take.begun:
            turn.change_take(take.id, begun=True)
            return notices.began(settings, call)
        return notices.pressed(settings, Action.RESUME) if before is Condition.RESUMING and _by_hand(take) else None
    if action is Action.STOP and not take.begun:
        return None
    return notices.pressed(settings, action) if action in (Action.PAUSE, Action.STOP) else None


def _by_hand(take: Take) -> bool:
    """Whether the last pause was ended by a press, and not by the retrieve of a hold."""
    return any(
        control.action == Action.RESUME.value and control.at == take.pauses[-1].ended for control in take.controls
    )


def _note(turn: Turn, take: Take, kind: str) -> Take:
    current = turn.state.take(take.id) or take
    played = PlayedNotice(kind, turn.state.now, turn.state.settings.notices.audience.value)
    return turn.change_take(take.id, notices=(*current.notices, played))


def _sound(turn: Turn, call: Call, notice: notices.Notice) -> None:
    if notice.delay > 0:
        turn.do(StartTimer(f"compliance:{call.id}", notice.delay))
    elif notice.prompt is not None:
        announce(turn, call, notice.prompt)
    else:
        _silence_beep(turn, call)
        turn.do(PlayBeep(call.id, turn.state.settings.notices.audience))


def _show(turn: Turn, call: Call, before: Condition) -> None:
    """The banner of a change that a person sees."""
    state, was = call.recording.condition.state, before.state
    if call.recording.condition is Condition.IDLE and was in (RecordingState.RECORDING, RecordingState.PAUSED):
        turn.show_banner(BannerKind.SAVING)
    elif state is not was and state in STATE_BANNERS:
        turn.show_banner(STATE_BANNERS[state])


STATE_BANNERS = {
    RecordingState.RECORDING: BannerKind.RECORDING,
    RecordingState.PAUSED: BannerKind.PAUSED,
    RecordingState.FAILED: BannerKind.FAILED,
}


def _remind(turn: Turn, call: Call) -> None:
    seconds = turn.state.settings.pause_reminder_seconds
    if seconds > 0:
        paused = call.recording.condition is Condition.PAUSED
        timer_id = f"reminder:{call.id}"
        turn.do(StartTimer(timer_id, float(seconds)) if paused else CancelTimer(timer_id))
