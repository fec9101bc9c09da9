"""A record to start tests from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from deskphone.take.record import ControlPress, Identity, NoticePlayed, Pause, Segment, TakeRecord

START = datetime(2026, 11, 24, 8, 55, 1, 123000, tzinfo=UTC)


def a_record(**changes: Any) -> TakeRecord:
    """A kept, running take with one of everything."""
    record = TakeRecord(
        take_id="20261124T085501Z-1a2b3c4d",
        call_id="call-1",
        mode="always-pause-resume",
        direction="incoming",
        own=Identity("1001", "Åsa Öberg"),
        remote=Identity("0701234567", "Växeln"),
        call_started_at=START,
        call_answered_at=START,
        call_ended_at=None,
        started_at=START,
        stopped_at=None,
        clock_trusted=True,
        controls=(ControlPress("pause", START + timedelta(seconds=5), "soft-key"),),
        notices=(NoticePlayed("beep", START, "both"),),
        pauses=(Pause(START + timedelta(seconds=5), None, "user"),),
        segments=(Segment(0, START, None),),
        codec="G722",
        sample_rate=16000,
        end_reason=None,
        kept=True,
        closed=False,
        device_id="phone-7",
        software_version="0.1.0",
    )
    return replace(record, **changes)
