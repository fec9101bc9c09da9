"""Watches a phone step by step and says what must never be seen; changes when such a promise does.

Everything is judged by events and commands, as the adapters live them, and compared with what the state tells outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from deskphone.core.call import Call
from deskphone.core.commands import (
    Adopt,
    Answer,
    AttendedTransfer,
    CancelTimer,
    CloseTake,
    Command,
    ContinueTake,
    CutTake,
    Dial,
    HangUp,
    Hold,
    OpenTake,
    PlayAnnouncement,
    PlayBeep,
    Prompt,
    Retrieve,
    SaveTake,
    SendDtmf,
    SetLamp,
    Show,
    StartBeep,
    StartTimer,
    StopBeep,
    Transfer,
)
from deskphone.core.events import CallAnswered, Event, RecorderStored, TimerFired
from deskphone.core.menu import offered_recording
from deskphone.core.phone import step
from deskphone.core.state import Shown, State
from tests.core.oracle import MARK, OFFERED


class BrokenPromise(AssertionError):
    """Something was seen that must never be."""


@dataclass
class Tape:
    """A recorder as its commands leave it. `stored`: a sample since it was last opened or resumed is in its file."""

    call_id: str
    running: bool = True
    stored: bool = False
    closed: bool = False
    saved_closed: bool = False
    kept: bool = False


@dataclass
class Witness:
    """Feed it every step; it raises `BrokenPromise` at the first thing that is wrong."""

    tapes: dict[str, Tape] = field(default_factory=dict)
    beeping: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    leaving: set[str] = field(default_factory=set)
    call_ids: set[str] = field(default_factory=set)
    notice_ids: set[str] = field(default_factory=set)
    starts: int = 0
    answers: int = 0
    lamp: str = "off"
    view: Show | None = None

    def see(self, before: State, event: Event, after: State, commands: Sequence[Command]) -> None:
        """One step."""
        self._pure(before, event, after, commands)
        if isinstance(event, TimerFired):
            self.timers.discard(event.timer_id)
        if isinstance(event, RecorderStored) and (tape := self.tapes.get(event.take_id)) is not None:
            tape.stored = tape.stored or tape.running
        self._count(before, event, after)
        for position, command in enumerate(commands):
            self._command(before, after, command, commands[position + 1 :])
        self._tapes_and_states(after)
        self._sounds(after)
        self._sights(after)
        self._timers(after)

    # --- one step is a function

    def _pure(self, before: State, event: Event, after: State, commands: Sequence[Command]) -> None:
        hash(after)
        for command in commands:
            hash(command)
        _promise(step(before, event) == (after, tuple(commands)), "the same step twice gives the same result")

    def _count(self, before: State, event: Event, after: State) -> None:
        for call in after.calls:
            old = before.call(call.id)
            if old is None:
                _promise(call.id not in self.call_ids, "a call id is used once")
                self.call_ids.add(call.id)
            elif isinstance(event, CallAnswered) and call.connected and not old.connected:
                self.answers += 1
        _promise(len(after.live_calls) <= 2, "no more than two calls live")
        if isinstance(event, CallAnswered):
            open_calls = [call for call in after.live_calls if call.connected and not call.local_hold]
            was = [call for call in before.live_calls if call.connected and not call.local_hold]
            _promise(len(open_calls) <= max(1, len(was)), "an answer leaves no two calls open")
        pressed = sum(c.action == "start" for take in after.takes for c in take.controls)
        self.starts = max(self.starts, pressed)

    # --- commands

    def _command(self, before: State, after: State, command: Command, later: Sequence[Command]) -> None:
        match command:
            case OpenTake():
                _promise(command.take.id not in self.tapes, "a take id is used once")
                _promise(after.settings.mode.value != "never", "never records nothing")
                _promise(after.storage is None, "nothing is opened while the storage takes nothing")
                self.tapes[command.take.id] = Tape(command.call.id)
            case CutTake():
                tape = self._open_tape(command.take_id)
                _promise(tape.running, "only what runs is cut")
                tape.running, tape.stored = False, False
            case ContinueTake():
                tape = self._open_tape(command.take_id)
                _promise(not tape.running, "only what is cut goes on")
                tape.running = True
            case CloseTake():
                tape = self._open_tape(command.take_id)
                tape.closed, tape.running = True, False
                save = next((c for c in later if isinstance(c, SaveTake)), None)
                _promise(save is not None and save.take.id == command.take_id, "a record follows each close")
            case SaveTake():
                self._saved(command)
            case Adopt() | Dial():
                _promise(after.call(command.call_id) is not None, "a new call is known")
            case AttendedTransfer():
                for call_id in (command.call_id, command.consultation_id):
                    _promise(_live(before, call_id), "only live calls are joined")
            case PlayAnnouncement():
                self._announced(after, command)
            case PlayBeep():
                self._audible(after, command.call_id)
            case StartBeep():
                _promise(command.call_id not in self.beeping, "a tone is started once")
                self._audible(after, command.call_id)
                self.beeping.add(command.call_id)
            case StopBeep():
                _promise(command.call_id in self.beeping, "only a tone that sounds is stopped")
                self.beeping.discard(command.call_id)
            case StartTimer():
                _promise(command.seconds > 0, "a timer has a length")
                self.timers.add(command.timer_id)
            case CancelTimer():
                self.timers.discard(command.timer_id)
            case SetLamp():
                _promise(command.lamp.value != self.lamp or self.view is None, "the lamp is told of changes only")
                self.lamp = command.lamp.value
            case Show():
                _promise(self.view is None or command.view != self.view.view, "the picture is sent when it changes")
                self.view = command
            case Answer() | HangUp() | Hold() | Retrieve() | Transfer() | SendDtmf():
                known = _live(before, command.call_id) or _live(after, command.call_id)
                _promise(known, f"{type(command).__name__} is for a live call")
                if isinstance(command, HangUp):
                    self.leaving.add(command.call_id)
            case _:
                pass

    def _open_tape(self, take_id: str) -> Tape:
        tape = self.tapes.get(take_id)
        _promise(tape is not None and not tape.closed, "only an open take is told anything")
        assert tape is not None
        return tape

    def _saved(self, command: SaveTake) -> None:
        tape = self.tapes.get(command.take.id)
        _promise(tape is not None, "only a take that was opened is written down")
        assert tape is not None
        _promise(command.take.closed == tape.closed, "a record says closed exactly after the close")
        _promise(not (tape.saved_closed and tape.kept and not command.take.kept), "what was kept stays kept")
        tape.kept = command.take.kept
        tape.saved_closed = tape.saved_closed or command.take.closed
        if command.take.mode.value == "on-demand" and command.take.closed:
            pressed = any(control.action == "start" for control in command.take.controls)
            _promise(command.take.kept == pressed, "on-demand is kept if Start was pressed, and only then")
        elif command.take.mode.value != "on-demand":
            _promise(command.take.kept, "the other modes keep every take")

    # --- what the state tells outside, against what the recorder was told

    def _tapes_and_states(self, after: State) -> None:
        for call in after.calls:
            state = call.recording.condition.state.value
            open_tapes = [tape for tape in self.tapes.values() if tape.call_id == call.id and not tape.closed]
            _promise(len(open_tapes) <= 1, "a call has one running take")
            if not call.live:
                _promise(not open_tapes, "an ended call has no open take")
                _promise(state == "idle", "an ended call records nothing")
                continue
            tape = open_tapes[0] if open_tapes else None
            stores = tape is not None and tape.running and tape.stored
            if state == "recording":
                _promise(stores, "recording is shown only once a sample is stored")
                _promise(tape is not None and tape.kept, "what is recorded is already written down as kept")
            elif state == "armed":
                _promise(tape is not None, "armed has a take")
                awaited = tape is not None and tape.running and not tape.stored
                _promise(awaited or not (tape is not None and tape.kept), "armed is not kept")
            else:
                _promise(not stores, f"nothing is stored while {state}")
            if state == "paused":
                _promise(tape is not None, "a pause is one of a take")
            elif state == "failed":
                _promise(tape is None, "a failed take is closed")
        opened = len(self.tapes)
        mode = after.settings.mode.value
        if mode == "on-demand-user-start":
            _promise(self.starts >= opened or len(after.takes) < opened, "a take is opened by a Start")
        else:
            _promise(opened <= self.answers, "one take a call, opened by the answer")

    # --- sounds

    def _announced(self, after: State, command: PlayAnnouncement) -> None:
        _promise(command.notice_id not in self.notice_ids, "an announcement's id is used once")
        self.notice_ids.add(command.notice_id)
        self._audible(after, command.call_id)
        tapes = [tape for tape in self.tapes.values() if tape.call_id == command.call_id]
        newest = tapes[-1] if tapes else None
        if command.prompt is Prompt.FAILED:
            _promise(newest is None or newest.closed, "a failure is told after the close")
            return
        _promise(newest is not None, "what is announced has a take")
        assert newest is not None
        match command.prompt:
            case Prompt.START | Prompt.RESUME | Prompt.COMPLIANCE:
                _promise(newest.running and newest.stored, f"{command.prompt} comes after its audio is stored")
            case Prompt.PAUSE:
                _promise(not newest.running and not newest.closed, "a pause is announced after the cut")
            case _:
                _promise(newest.closed, "a stop is announced after the close")

    def _audible(self, after: State, call_id: str) -> None:
        call = after.call(call_id)
        _promise(call is not None and call.connected, "notices are for connected calls")
        assert call is not None
        _promise(not call.local_hold, "nothing is played into a held call")
        _promise(not call.party.emergency, "nothing is played into an emergency call")

    def _sounds(self, after: State) -> None:
        for call in after.calls:
            wanted = _beeps(after, call)
            _promise(
                (call.id in self.beeping) == wanted, f"the repeating tone sounds exactly while it should ({wanted})"
            )
        _promise(self.beeping <= {call.id for call in after.calls}, "no tone of a forgotten call")

    # --- sights

    def _sights(self, after: State) -> None:
        states = {call.recording.condition.state.value for call in after.live_calls}
        expected = (
            "blink-fast"
            if "failed" in states
            else "steady"
            if "recording" in states
            else "blink-slow"
            if "paused" in states
            else "off"
        )
        _promise(self.lamp == expected, f"the lamp is {expected}, not {self.lamp}")
        _promise(self.view is not None, "something is shown")
        assert self.view is not None
        focused = after.focused
        offered = tuple(entry.removesuffix("-recording") for entry in offered_recording(after))
        if focused is None:
            _promise(self.view.view.mark.value == "none" or bool(after.live_calls), "no mark without a call")
            _promise(offered == (), "nothing is offered without a call")
            return
        state = focused.recording.condition.state.value
        _promise(self.view.view.mark.value == MARK[state], f"the mark tells {state}")
        allowed = OFFERED.get((focused.recording.mode.value, state), ()) if focused.connected else ()
        awaited = any(t.running and not t.stored and t.call_id == focused.id for t in self.tapes.values())
        _promise(offered == allowed or (awaited and offered == ()), f"{offered} is offered while {state}")

    def _timers(self, after: State) -> None:
        if any(call.connected for call in after.live_calls):
            _promise("tick" in self.timers, "a running call's time goes on")
        elif not after.live_calls and any(not call.live for call in after.calls):
            _promise("tick" not in self.timers, "no time runs without a call")
        if after.banner is not None and after.settings.banner_seconds > 0:
            _promise("banner" in self.timers, "a banner leaves")
        for call in after.live_calls:
            if call.recording.condition.value == "paused" and after.settings.pause_reminder_seconds > 0:
                _promise(f"reminder:{call.id}" in self.timers, "a forgotten pause is brought to mind")
            if call.hang_up_after is not None:
                _promise(call.id in self.leaving or f"farewell:{call.id}" in self.timers, "a call that must end does")


def idle_pick(state: State, event: Event) -> bool:
    """Whether an event does nothing but redraw: no command but pictures and banners, no change but of what is shown."""
    after, commands = step(state, event)
    passing = (Show, SetLamp, StartTimer, CancelTimer)
    return all(isinstance(command, passing) for command in commands) and _bare(after) == _bare(state)


def _bare(state: State) -> State:
    return replace(state, now=State().now, banner=None, shown=Shown())


def _beeps(after: State, call: Call) -> bool:
    return (
        after.settings.notices.repeat_beep_seconds > 0
        and call.connected
        and call.recording.condition.state.value == "recording"
        and call.announcing is None
        and not call.local_hold
        and not call.party.emergency
    )


def _live(state: State, call_id: str) -> bool:
    call = state.call(call_id)
    return call is not None and call.live


def _promise(kept: bool, words: str) -> None:
    if not kept:
        raise BrokenPromise(words)
