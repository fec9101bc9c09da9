"""Which notice a change of a recording calls for (`recording.md`, "What is heard"); nothing is played here."""

from dataclasses import dataclass

from deskphone.core.call import Call
from deskphone.core.commands import Prompt
from deskphone.core.recording import Action, Condition
from deskphone.core.settings import NoticeSettings, PauseResume


@dataclass(frozen=True, slots=True)
class Notice:
    """`prompt` is spoken, or a single beep when None; `delay` in seconds."""

    prompt: Prompt | None
    delay: float = 0.0


def began(settings: NoticeSettings, call: Call) -> Notice | None:
    """A take's first sample is stored (or an armed one is kept): what is heard."""
    if call.recording.mode.is_on_demand:
        return Notice(Prompt.START) if settings.on_demand else None
    if call.party.internal:
        return Notice(Prompt.START) if settings.internal_calls else None
    if settings.compliance:
        return Notice(Prompt.COMPLIANCE, settings.compliance_delay)
    return Notice(Prompt.START) if settings.pstn_calls else None


def pressed(settings: NoticeSettings, action: Action) -> Notice | None:
    """A press of Pause, Resume (once its first sample is stored) or Stop: what is heard."""
    if action is Action.STOP:
        return Notice(Prompt.STOP) if settings.on_demand else None
    if action not in (Action.PAUSE, Action.RESUME) or settings.pause_resume is PauseResume.NONE:
        return None
    if settings.pause_resume is PauseResume.BEEP:
        return Notice(None)
    return Notice(Prompt.PAUSE if action is Action.PAUSE else Prompt.RESUME)


def audible(call: Call) -> bool:
    """Whether a notice may be played into this call now. An emergency call is never announced over."""
    return call.connected and not call.local_hold and not call.party.emergency


def beeps(settings: NoticeSettings, call: Call) -> bool:
    """Whether the repeating tone sounds now: only while recording, and not over an announcement."""
    return (
        settings.repeat_beep_seconds > 0
        and call.recording.condition is Condition.RECORDING
        and call.announcing is None
        and audible(call)
    )
