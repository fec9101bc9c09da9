"""What the phone knows about a take; changes when the product stores another fact about a recording."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

from deskphone.take.codec import RecordError, decode, encode

TAKE_ID_PATTERN = r"^\d{8}T\d{6}Z-[0-9a-f]{8}$"
TOKEN_PATTERN = r"^[a-z][a-z0-9-]*$"
SAMPLE_RATES = (8000, 16000, 24000, 48000)
"""Rates in Hz that every storage format carries without resampling (Opus knows no other of ours)."""

Mode = Literal["never", "always", "always-pause-resume", "on-demand", "on-demand-user-start"]
Direction = Literal["incoming", "outgoing"]
Audience = Literal["both", "local", "remote"]
PauseReason = Literal["user", "hold"]


@dataclass(frozen=True)
class Identity:
    """A party of the call, as signalled; either part MAY be empty."""

    number: str
    display_name: str


@dataclass(frozen=True)
class ControlPress:
    """One press that steers the recording, accepted or not. `action` and `source` are tokens."""

    action: str = field(metadata={"pattern": TOKEN_PATTERN})
    at: datetime
    source: str = field(metadata={"pattern": TOKEN_PATTERN})

    def __post_init__(self) -> None:
        require_token("action", self.action)
        require_token("source", self.source)


@dataclass(frozen=True)
class NoticePlayed:
    """One announcement or tone that was played, and to whom. `kind` is a token."""

    kind: str = field(metadata={"pattern": TOKEN_PATTERN})
    at: datetime
    audience: Audience

    def __post_init__(self) -> None:
        require_token("kind", self.kind)


@dataclass(frozen=True)
class Pause:
    """A stretch that was cut out. `ended_at` is None while it lasts and when the take ended in it."""

    started_at: datetime
    ended_at: datetime | None
    reason: PauseReason


@dataclass(frozen=True)
class Segment:
    """A stretch of captured audio. `ended_at` MUST be set only after the recorder has closed both files."""

    index: int = field(metadata={"minimum": 0})
    started_at: datetime
    ended_at: datetime | None

    def __post_init__(self) -> None:
        if not 0 <= self.index <= 999:
            raise RecordError(f"segment index {self.index} is not in 0-999")


@dataclass(frozen=True, kw_only=True)
class TakeRecord:
    """Everything the phone tells about one take; `take.json` in the take's folder. Times are UTC.

    `kept` becomes true once and stays; `closed` is the phone's last word. Raises `RecordError` when a value
    is outside its range.
    """

    take_id: str = field(metadata={"pattern": TAKE_ID_PATTERN})
    call_id: str
    mode: Mode
    direction: Direction
    own: Identity
    remote: Identity
    call_started_at: datetime
    call_answered_at: datetime | None
    call_ended_at: datetime | None
    started_at: datetime
    stopped_at: datetime | None
    clock_trusted: bool
    controls: tuple[ControlPress, ...]
    notices: tuple[NoticePlayed, ...]
    pauses: tuple[Pause, ...]
    segments: tuple[Segment, ...]
    codec: str
    sample_rate: int = field(metadata={"enum": list(SAMPLE_RATES)})
    end_reason: str | None
    kept: bool
    closed: bool
    device_id: str
    software_version: str

    def __post_init__(self) -> None:
        if not is_take_id(self.take_id):
            raise RecordError(f"not a take id: {self.take_id!r}")
        if self.sample_rate not in SAMPLE_RATES:
            raise RecordError(f"sample rate {self.sample_rate} Hz is none of {SAMPLE_RATES}")
        if self.end_reason is not None:
            require_token("end_reason", self.end_reason)
        indexes = [segment.index for segment in self.segments]
        if indexes != sorted(set(indexes)):
            raise RecordError(f"segment indexes do not rise: {indexes}")

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict; `from_json` gives back an equal record (to the millisecond)."""
        encoded: dict[str, Any] = encode(self)
        return encoded

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Validated; unknown keys are left out. Raises `RecordError` naming the field."""
        return decode(cls, data)


def is_take_id(text: str) -> bool:
    """Whether `text` has the form of a take id, and so is safe as a file name."""
    return re.match(TAKE_ID_PATTERN, text) is not None and not text.endswith("\n")


def require_token(name: str, text: str) -> None:
    """Raise `RecordError` unless `text` is a lower-case token such as `hangup-local`."""
    if re.fullmatch(TOKEN_PATTERN[1:-1], text) is None:
        raise RecordError(f"{name}: {text!r} is not a lower-case token")
