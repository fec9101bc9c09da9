"""What the administrator has decided, as far as the core needs it. Defaults are those of `recording.md`."""

from dataclasses import dataclass, field
from enum import StrEnum

from deskphone.core.commands import Audience
from deskphone.core.recording import Mode


class OnHold(StrEnum):
    """What my own hold does to a recording."""

    PAUSE = "pause"
    CONTINUE = "continue"


class OnFailure(StrEnum):
    """What follows when a call cannot be recorded."""

    PROCEED = "proceed"
    ANNOUNCE = "proceed-with-announcement"
    END_CALL = "end-call-with-announcement"


class PauseResume(StrEnum):
    """How a pressed Pause or Resume is heard."""

    NONE = "none"
    BEEP = "beep"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """`notice.*`; `repeat_beep_seconds` 0 is off, `compliance_delay` is in seconds."""

    on_demand: bool = True
    internal_calls: bool = False
    pstn_calls: bool = False
    pause_resume: PauseResume = PauseResume.NONE
    repeat_beep_seconds: int = 0
    audience: Audience = Audience.BOTH
    compliance: bool = False
    compliance_delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `step` needs to know besides the state. `ids` is four hex digits that make this
    start's call and take ids unique.
    """

    mode: Mode = Mode.NEVER
    on_hold: OnHold = OnHold.PAUSE
    on_failure: OnFailure = OnFailure.PROCEED
    failure_applies_to_on_demand: bool = False
    pause_reminder_seconds: int = 60
    banner_seconds: float = 3.0
    notices: NoticeSettings = field(default_factory=NoticeSettings)
    ids: str = "0000"
