"""A call and its takes as values: who, since when, held by whom, and how its recording stands."""

from dataclasses import dataclass
from enum import StrEnum

from deskphone.core.instant import Instant
from deskphone.core.recording import Condition, Mode


class Direction(StrEnum):
    """Who called."""

    IN = "in"
    OUT = "out"


class Phase(StrEnum):
    """How far the dialog has come (RFC 3261 §12-15)."""

    DIALLING = "dialling"
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a call or a take ended; written into the sidecar."""

    HANGUP_LOCAL = "hangup-local"
    HANGUP_REMOTE = "hangup-remote"
    TRANSFERRED = "transferred"
    STOPPED = "stopped"
    RECORDER_FAILED = "recorder-failed"
    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no-answer"
    NOT_FOUND = "not-found"
    NOT_ALLOWED = "not-allowed"
    NO_MEDIA = "no-common-codec"
    UNREACHABLE = "unreachable"
    PEER_GONE = "peer-gone"
    MISSED = "missed"
    BAD_NUMBER = "bad-number"
    FAILED = "call-failed"
    SHUTDOWN = "shutdown"


@dataclass(frozen=True, slots=True)
class Party:
    """A person at the end of a call. `internal` and `emergency` are decided by the dial plan, outside the core."""

    number: str
    name: str | None = None
    internal: bool = True
    emergency: bool = False

    @property
    def label(self) -> str:
        """What a person reads: the name where there is one, else the number."""
        return self.name or self.number


@dataclass(frozen=True, slots=True)
class Codec:
    """What the far end's audio travels as; `sample_rate` in hertz."""

    name: str
    sample_rate: int


class PauseReason(StrEnum):
    """Who cut a stretch out of a take."""

    USER = "user"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that is stored nowhere; `ended` is None while it lasts."""

    started: Instant
    reason: PauseReason
    ended: Instant | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A recording control that was used: its action and where it was pressed."""

    action: str
    at: Instant
    source: str


@dataclass(frozen=True, slots=True)
class PlayedNotice:
    """A notice that was begun, and who could hear it."""

    kind: str
    at: Instant
    audience: str


class TakeState(StrEnum):
    """Where a take is on its way to the storage folder."""

    ARMED = "armed"
    RECORDING = "recording"
    PAUSED = "paused"
    STORING = "storing"
    STORED = "stored"
    DISCARDED = "discarded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Take:
    """One recording; `recorded_seconds` is what the recorder has reported so far."""

    id: str
    call_id: str
    mode: Mode
    started: Instant
    state: TakeState
    kept: bool = False
    begun: bool = False
    """Its recording has been seen and announced: later changes are pauses and resumes."""
    closed: bool = False
    failed: bool = False
    stopped: Instant | None = None
    end_reason: EndReason | None = None
    recorded_seconds: float = 0.0
    controls: tuple[Control, ...] = ()
    notices: tuple[PlayedNotice, ...] = ()
    pauses: tuple[Pause, ...] = ()
    path: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """How the recording of one call stands under its policy."""

    mode: Mode
    condition: Condition = Condition.IDLE
    take_id: str | None = None
    """The take that runs, or the last one that did."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, from its first message until a few seconds after its end."""

    id: str
    direction: Direction
    phase: Phase
    party: Party
    started: Instant
    recording: Recording
    answered: Instant | None = None
    ended: Instant | None = None
    end_reason: EndReason | None = None
    codec: Codec | None = None
    early_media: bool = False
    local_hold: bool = False
    remote_hold: bool = False
    retrieving: bool = False
    """Our retrieve is under way: the far end has not answered it yet."""
    taken_back: bool = False
    """We held the call again before that answer came: should it come late, the call is to be held once more."""
    announcing: str | None = None
    """Id of the announcement that is being played into this call; the repeating beep waits for it."""
    beeping: bool = False
    hang_up_after: str | None = None
    """Id of the announcement after which the call is ended (`on_failure = end-call-with-announcement`)."""

    @property
    def live(self) -> bool:
        """Whether the call has not ended."""
        return self.phase is not Phase.ENDED

    @property
    def connected(self) -> bool:
        """Whether the call was answered and has not ended, held or not."""
        return self.phase is Phase.CONNECTED

    @property
    def public_state(self) -> str:
        """The call's state in the words of the HTTP interface."""
        if self.phase is Phase.CONNECTED:
            if self.local_hold:
                return "held"
            return "remote-held" if self.remote_hold else "connected"
        return self.phase.value
