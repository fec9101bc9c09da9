"""Between the oracle's words and the phone's types; changes when either does."""

from collections.abc import Sequence

from deskphone.core.commands import (
    Audience,
    CloseTake,
    Command,
    ContinueTake,
    CutTake,
    OpenTake,
    PlayAnnouncement,
    PlayBeep,
    SaveTake,
)
from deskphone.core.recording import Mode
from deskphone.core.settings import NoticeSettings, PauseResume, Settings
from tests.core.oracle import Hearing
from tests.core.rig import EMERGENCY, INTERNAL, PSTN

PARTIES = {"internal": INTERNAL, "pstn": PSTN, "emergency": EMERGENCY}


def recorder_orders(commands: Sequence[Command]) -> tuple[str, ...]:
    """What the recorder was told, in the oracle's words; a closed take's record says whether it is kept."""
    orders = []
    for position, command in enumerate(commands):
        match command:
            case OpenTake():
                orders.append("open")
            case CutTake():
                orders.append("cut")
            case ContinueTake():
                orders.append("continue")
            case CloseTake():
                record = next(c.take for c in commands[position:] if isinstance(c, SaveTake))
                assert record.closed
                assert record.id == command.take_id
                orders.append("close" if record.kept else "discard")
            case _:
                pass
    return tuple(orders)


def spoken(commands: Sequence[Command]) -> list[str]:
    """The notices begun, by the oracle's names."""
    names = []
    for command in commands:
        if isinstance(command, PlayAnnouncement):
            names.append(command.prompt.value)
        elif isinstance(command, PlayBeep):
            names.append("beep")
    return names


def settings_for(mode: str, hearing: Hearing, audience: str = "both", repeat: int = 0) -> Settings:
    """The administrator's settings that the oracle calls `hearing`."""
    return Settings(
        mode=Mode(mode),
        notices=NoticeSettings(
            on_demand=hearing.on_demand,
            internal_calls=hearing.internal_calls,
            pstn_calls=hearing.pstn_calls,
            compliance=hearing.compliance,
            pause_resume=PauseResume(hearing.pause_resume),
            repeat_beep_seconds=repeat,
            audience=Audience(audience),
        ),
    )
