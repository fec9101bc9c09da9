"""Everything the phone can tell its adapters to do: a closed union of frozen dataclasses."""

from dataclasses import dataclass
from enum import StrEnum

from deskphone.core.call import Call, Take
from deskphone.core.view import Lamp, View


class Audience(StrEnum):
    """Who hears a notice."""

    BOTH = "both"
    LOCAL = "local"
    REMOTE = "remote"


class Prompt(StrEnum):
    """The spoken announcements; each is a WAV file per language."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    FAILED = "failed"
    COMPLIANCE = "compliance"


class LocalTone(StrEnum):
    """Tones for the local ear only."""

    DIAL = "dial"
    RINGBACK = "ringback"
    BUSY = "busy"
    CONGESTION = "congestion"
    RING = "ring"
    CALL_WAITING = "call-waiting"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Dial:
    call_id: str
    to: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """The SIP adapter's `engine_id` is `call_id` from now on: ring (180)."""

    engine_id: str
    call_id: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn an incoming call away that the phone has no room for (486)."""

    engine_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    call_id: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call in whatever phase: CANCEL, 603 or BYE."""

    call_id: str


@dataclass(frozen=True, slots=True)
class Hold:
    call_id: str


@dataclass(frozen=True, slots=True)
class Retrieve:
    call_id: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Blind transfer (RFC 5589 §6)."""

    call_id: str
    to: str


@dataclass(frozen=True, slots=True)
class AttendedTransfer:
    """Join the far ends of two calls (RFC 5589 §7); `call_id` is the one that was held first."""

    call_id: str
    consultation_id: str


@dataclass(frozen=True, slots=True)
class SendDtmf:
    """One RFC 4733 event."""

    call_id: str
    digit: str


@dataclass(frozen=True, slots=True)
class SetMute:
    on: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Earpiece level, 0 to 10."""

    level: int


@dataclass(frozen=True, slots=True)
class OpenTake:
    """Begin to capture this call's near and far end into a new take's folder."""

    take: Take
    call: Call


@dataclass(frozen=True, slots=True)
class CutTake:
    take_id: str


@dataclass(frozen=True, slots=True)
class ContinueTake:
    take_id: str


@dataclass(frozen=True, slots=True)
class CloseTake:
    """Close the take's audio. A `SaveTake` with `closed` follows at once and hands it to the vault."""

    take_id: str


@dataclass(frozen=True, slots=True)
class SaveTake:
    """Write the take's record; the vault keeps or destroys by it."""

    take: Take
    call: Call


@dataclass(frozen=True, slots=True)
class PlayAnnouncement:
    call_id: str
    notice_id: str
    prompt: Prompt
    audience: Audience


@dataclass(frozen=True, slots=True)
class PlayBeep:
    """One recording tone."""

    call_id: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class StartBeep:
    """The repeating recording tone; its interval is kept by the bridge, not by Python."""

    call_id: str
    audience: Audience
    every_seconds: int


@dataclass(frozen=True, slots=True)
class StopBeep:
    call_id: str


@dataclass(frozen=True, slots=True)
class PlayLocalTone:
    """Replaces the local tone that plays; None is silence."""

    tone: LocalTone | None


@dataclass(frozen=True, slots=True)
class SetLamp:
    lamp: Lamp


@dataclass(frozen=True, slots=True)
class Show:
    view: View


@dataclass(frozen=True, slots=True)
class StartTimer:
    """`TimerFired` with this id comes after `seconds`; starting it again restarts it."""

    timer_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class CancelTimer:
    timer_id: str


@dataclass(frozen=True, slots=True)
class Log:
    """A line for the administrator; `level` is info, warning or error. Never holds a number."""

    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Everything is closed: the process may end."""


Command = (
    Dial
    | Adopt
    | Refuse
    | Answer
    | HangUp
    | Hold
    | Retrieve
    | Transfer
    | AttendedTransfer
    | SendDtmf
    | SetMute
    | SetVolume
    | OpenTake
    | CutTake
    | ContinueTake
    | CloseTake
    | SaveTake
    | PlayAnnouncement
    | PlayBeep
    | StartBeep
    | StopBeep
    | PlayLocalTone
    | SetLamp
    | Show
    | StartTimer
    | CancelTimer
    | Log
    | Stop
)
