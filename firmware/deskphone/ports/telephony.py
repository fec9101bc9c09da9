"""Calls, recorders and notices: what moves audio. One adapter owns them all, because one bridge does."""

from typing import Protocol

from deskphone.core.commands import (
    Adopt,
    Answer,
    AttendedTransfer,
    CloseTake,
    ContinueTake,
    CutTake,
    Dial,
    HangUp,
    Hold,
    OpenTake,
    PlayAnnouncement,
    PlayBeep,
    PlayLocalTone,
    Refuse,
    Retrieve,
    SaveTake,
    SendDtmf,
    SetMute,
    SetVolume,
    StartBeep,
    StopBeep,
    Transfer,
)

CallCommand = (
    Dial | Adopt | Refuse | Answer | HangUp | Hold | Retrieve | Transfer | AttendedTransfer | SendDtmf | SetMute
)
RecorderCommand = OpenTake | CutTake | ContinueTake | CloseTake | SaveTake
SoundCommand = PlayAnnouncement | PlayBeep | StartBeep | StopBeep | PlayLocalTone | SetVolume
TelephonyCommand = CallCommand | RecorderCommand | SoundCommand


class Telephony(Protocol):
    """The SIP stack with its audio. What comes of a command returns as an event."""

    def start(self) -> None:
        """Bring the stack up in its own thread; returns at once. Failure comes back as `AdapterChanged`."""

    def execute(self, command: TelephonyCommand) -> None:
        """Hand over one command; never blocks. Commands are carried out in the order given."""

    def stop(self) -> None:
        """End everything that still runs, politely, and wait until the thread is gone (at most some seconds)."""
