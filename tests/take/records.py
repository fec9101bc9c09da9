"""A record to start tests from."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from deskphone.take.record import ControlPress, Identity, NoticePlayed, Pause, Segment, TakeRecord
from deskphone.take.sidecar import FinalSidecar
from deskphone.vault.seal import final_sidecar

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


def stored_take(folder: Path) -> FinalSidecar:
    """A second of sound that was recorded and stored in `folder`, with its sidecar."""
    record = a_record(closed=True, end_reason="hangup-local", stopped_at=START + timedelta(seconds=1))
    path = folder / f"{record.take_id}.flac"
    soundfile.write(path, np.zeros((record.sample_rate, 2), np.int16), record.sample_rate)
    size, digest = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
    sidecar = final_sidecar(record, "flac", record.sample_rate, digest, size, recovered=False)
    path.with_suffix(".json").write_text(json.dumps(sidecar.to_json()))
    return sidecar
