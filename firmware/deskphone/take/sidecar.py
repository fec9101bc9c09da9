"""The JSON beside a stored recording; changes when what the vault itself finds out about a recording does."""

from dataclasses import dataclass, field
from typing import Literal

from deskphone.take.codec import RecordError
from deskphone.take.record import TakeRecord

StorageFormat = Literal["opus", "flac", "wav"]


@dataclass(frozen=True)
class Channels:
    """Which side of the call each channel carries."""

    left: Literal["near"] = "near"
    right: Literal["far"] = "far"


@dataclass(frozen=True, kw_only=True)
class FinalSidecar(TakeRecord):
    """`<take_id>.json`: its presence under that name says that the recording is complete.

    `duration_seconds` counts the samples really stored. A `failed` result has no audio: `file` and `sha256`
    are None. `recovered` says that the phone died or the power was cut while the take ran.
    """

    duration_seconds: float = field(metadata={"minimum": 0})
    format: StorageFormat
    channels: Channels = Channels()
    file: str | None
    size_bytes: int = field(metadata={"minimum": 0})
    sha256: str | None
    result: Literal["successful", "failed"]
    recovered: bool

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.file not in (None, f"{self.take_id}.{self.format}"):
            raise RecordError(f"file {self.file!r} does not belong to this take")
        if (self.result == "successful") != (self.file is not None and self.sha256 is not None):
            raise RecordError(f"result {self.result!r} does not go with file {self.file!r}")
        if self.duration_seconds < 0 or self.size_bytes < 0:
            raise RecordError("a negative duration or size")
