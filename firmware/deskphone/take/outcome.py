"""What the vault tells the phone; changes when their one-way conversation does.

Each change is one JSON datagram to `<root>/phone.sock`; the last outcome of a take also lies in
`<root>/outcomes/<take_id>.json` and the storage condition in `<root>/storage.json`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from deskphone.take.codec import RecordError, decode, encode

TakeState = Literal["storing", "stored", "discarded", "failed"]
StorageState = Literal["ok", "full", "unwritable", "missing"]


@dataclass(frozen=True)
class Outcome:
    """What became of a take. `path` is the audio file, when there is one; `reason` is for the log."""

    take_id: str
    state: TakeState
    path: str | None
    reason: str | None


@dataclass(frozen=True)
class StorageCondition:
    """Whether recordings reach storage; while they do not they wait in memory."""

    storage: StorageState
    reason: str


Report = Outcome | StorageCondition


def socket_path(root: Path) -> Path:
    """The datagram socket that the phone listens on."""
    return root / "phone.sock"


def outcomes_folder(root: Path) -> Path:
    """Where the last outcome of each recent take lies."""
    return root / "outcomes"


def storage_path(root: Path) -> Path:
    """The current storage condition."""
    return root / "storage.json"


def report_to_json(report: Report) -> dict[str, Any]:
    """A JSON-ready dict of either kind of report."""
    encoded: dict[str, Any] = encode(report)
    return encoded


def parse_report(text: bytes) -> Report:
    """A report from a datagram or file. Raises `RecordError`."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise RecordError(f"report: {error}") from error
    if isinstance(data, dict) and "storage" in data:
        return decode(StorageCondition, data)
    return decode(Outcome, data)
