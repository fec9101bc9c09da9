"""The recording policy: one table of modes, conditions and actions, exactly as `recording.md` has it.

What Mer offers is derived from the same table that says what happens, so the two cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """The five policies, in Webex's own tokens."""

    NEVER = "never"
    ALWAYS = "always"
    ALWAYS_PAUSE_RESUME = "always-pause-resume"
    ON_DEMAND = "on-demand"
    ON_DEMAND_USER_START = "on-demand-user-start"

    @property
    def is_on_demand(self) -> bool:
        """Whether a person decides that there is a recording."""
        return self in (Mode.ON_DEMAND, Mode.ON_DEMAND_USER_START)


class RecordingState(StrEnum):
    """What a call's recording is to everyone outside the policy."""

    IDLE = "idle"
    ARMED = "armed"
    RECORDING = "recording"
    PAUSED = "paused"
    FAILED = "failed"


class Condition(StrEnum):
    """The policy's own, finer state: it knows who paused, and whether the first sample is known to be stored."""

    IDLE = "idle"
    ARMING = "arming"
    ARMED = "armed"
    ARMED_HELD = "armed-held"
    STARTING = "starting"
    KEEPING = "keeping"
    RECORDING = "recording"
    PAUSED = "paused"
    PAUSED_HELD = "paused-held"
    RESUMING = "resuming"
    FAILED = "failed"

    @property
    def state(self) -> RecordingState:
        """The public state. "Recording" only when a sample is known to be stored."""
        return _PUBLIC[self]


_PUBLIC = {
    Condition.IDLE: RecordingState.IDLE,
    Condition.ARMING: RecordingState.ARMED,
    Condition.ARMED: RecordingState.ARMED,
    Condition.ARMED_HELD: RecordingState.ARMED,
    Condition.STARTING: RecordingState.IDLE,
    Condition.KEEPING: RecordingState.ARMED,
    Condition.RECORDING: RecordingState.RECORDING,
    Condition.PAUSED: RecordingState.PAUSED,
    Condition.PAUSED_HELD: RecordingState.PAUSED,
    Condition.RESUMING: RecordingState.PAUSED,
    Condition.FAILED: RecordingState.FAILED,
}


class Action(StrEnum):
    """What can happen to a recording. The first four are pressed by a person."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    ANSWERED = "answered"
    STORED_FIRST = "stored-first"
    """The recorder's first sample since it was opened or resumed is known to be stored."""
    HELD = "held"
    RETRIEVED = "retrieved"
    FAILED = "failed"
    ENDED = "ended"


PRESSED = (Action.START, Action.PAUSE, Action.RESUME, Action.STOP)


class Operation(StrEnum):
    """What the recorder is told to do. OPEN begins a take, CUT and CONTINUE frame a pause."""

    OPEN = "open"
    KEEP = "keep"
    CUT = "cut"
    CONTINUE = "continue"
    CLOSE = "close"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Rule:
    """One cell of the table: the next condition and what the recorder does on the way."""

    to: Condition
    operations: tuple[Operation, ...] = ()


_Cells = dict[tuple[Condition, Action], Rule]

_C, _A, _O = Condition, Action, Operation

# Every recording that runs ends, fails, is held and retrieved in the same way, whatever the mode.
_RUNNING: _Cells = {
    (_C.STARTING, _A.STORED_FIRST): Rule(_C.RECORDING),
    (_C.STARTING, _A.HELD): Rule(_C.PAUSED_HELD, (_O.CUT,)),
    (_C.RECORDING, _A.HELD): Rule(_C.PAUSED_HELD, (_O.CUT,)),
    (_C.RESUMING, _A.HELD): Rule(_C.PAUSED_HELD, (_O.CUT,)),
    (_C.RESUMING, _A.STORED_FIRST): Rule(_C.RECORDING),
    (_C.PAUSED_HELD, _A.RETRIEVED): Rule(_C.RESUMING, (_O.CONTINUE,)),
    **{
        (condition, action): Rule(to, (_O.CLOSE,))
        for condition in (_C.STARTING, _C.RECORDING, _C.RESUMING, _C.PAUSED, _C.PAUSED_HELD)
        for action, to in ((_A.FAILED, _C.FAILED), (_A.ENDED, _C.IDLE))
    },
    (_C.IDLE, _A.FAILED): Rule(_C.FAILED),
    (_C.FAILED, _A.ENDED): Rule(_C.IDLE),
}

# A press wins over the pause that a hold made: what is offered works at once, also while the call is held.
_PAUSABLE: _Cells = {
    (_C.RECORDING, _A.PAUSE): Rule(_C.PAUSED, (_O.CUT,)),
    (_C.PAUSED, _A.RESUME): Rule(_C.RESUMING, (_O.CONTINUE,)),
    (_C.PAUSED_HELD, _A.RESUME): Rule(_C.RESUMING, (_O.CONTINUE,)),
}

_AUTOMATIC: _Cells = {(_C.IDLE, _A.ANSWERED): Rule(_C.STARTING, (_O.OPEN, _O.KEEP))}

_ARMED: _Cells = {
    (_C.IDLE, _A.ANSWERED): Rule(_C.ARMING, (_O.OPEN,)),
    (_C.ARMING, _A.STORED_FIRST): Rule(_C.ARMED),
    (_C.ARMING, _A.START): Rule(_C.KEEPING, (_O.KEEP,)),
    (_C.ARMING, _A.HELD): Rule(_C.ARMED_HELD, (_O.CUT,)),
    (_C.ARMED, _A.START): Rule(_C.RECORDING, (_O.KEEP,)),
    (_C.ARMED, _A.HELD): Rule(_C.ARMED_HELD, (_O.CUT,)),
    (_C.ARMED_HELD, _A.RETRIEVED): Rule(_C.ARMING, (_O.CONTINUE,)),
    (_C.ARMED_HELD, _A.START): Rule(_C.KEEPING, (_O.KEEP, _O.CONTINUE)),
    (_C.KEEPING, _A.STORED_FIRST): Rule(_C.RECORDING),
    (_C.KEEPING, _A.HELD): Rule(_C.PAUSED_HELD, (_O.CUT,)),
    (_C.KEEPING, _A.FAILED): Rule(_C.FAILED, (_O.CLOSE,)),
    (_C.KEEPING, _A.ENDED): Rule(_C.IDLE, (_O.CLOSE,)),
    **{
        (condition, action): Rule(to, (_O.DISCARD,))
        for condition in (_C.ARMING, _C.ARMED, _C.ARMED_HELD)
        for action, to in ((_A.FAILED, _C.FAILED), (_A.ENDED, _C.IDLE))
    },
}

_USER_START: _Cells = {
    (_C.IDLE, _A.START): Rule(_C.STARTING, (_O.OPEN, _O.KEEP)),
    (_C.RECORDING, _A.STOP): Rule(_C.IDLE, (_O.CLOSE,)),
    (_C.PAUSED, _A.STOP): Rule(_C.IDLE, (_O.CLOSE,)),
    (_C.PAUSED_HELD, _A.STOP): Rule(_C.IDLE, (_O.CLOSE,)),
}

POLICY: dict[Mode, _Cells] = {
    Mode.NEVER: {},
    Mode.ALWAYS: _RUNNING | _AUTOMATIC,
    Mode.ALWAYS_PAUSE_RESUME: _RUNNING | _AUTOMATIC | _PAUSABLE,
    Mode.ON_DEMAND: _RUNNING | _PAUSABLE | _ARMED,
    Mode.ON_DEMAND_USER_START: _RUNNING | _PAUSABLE | _USER_START,
}


def rule(mode: Mode, condition: Condition, action: Action) -> Rule | None:
    """The cell for this action, or None when the policy knows nothing of it: then nothing happens."""
    return POLICY[mode].get((condition, action))


def offered(mode: Mode, condition: Condition) -> tuple[Action, ...]:
    """The presses that the policy allows now, in the order Mer shows them (`recording.md`, "Entries under Mer").

    While the first sample of a Start or Resume is awaited (tens of milliseconds) nothing is offered: what the
    person would press is just happening.
    """
    return tuple(_presses(mode, condition))


def _presses(mode: Mode, condition: Condition) -> Iterator[Action]:
    for action in PRESSED:
        if (condition, action) in POLICY[mode]:
            yield action
