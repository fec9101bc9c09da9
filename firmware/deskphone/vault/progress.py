"""The vault's own note in a take's folder; changes with what a restarted vault must know.

Everything else is derived: from the record, the segment files, the encoded file in memory (*spool*) and the
part in storage. A spool that a dead vault left cannot be continued, so the next vault writes the next
*generation*; the older one stays the valid one until the newer has caught up. No number is used twice, so a
file of a generation always holds that generation's bytes.
"""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deskphone.take.atomic import write_json
from deskphone.take.codec import RecordError, decode
from deskphone.take.sidecar import StorageFormat

_NAME = "progress.json"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """`generation` is the valid spool's number, 0 before the first; `released` frames may be gone from the segments.

    `begun` is the highest number taken. `encoded_frames` is None until the spool holds the whole take.
    """

    format: StorageFormat
    generation: int = 0
    begun: int = 0
    released: int = 0
    encoded_frames: int | None = None
    final_lengths: dict[int, int] = field(default_factory=dict)
    recovered: bool = False
    left: bool = False
    """Whether the process that encoded it let go of it in order, to be continued by the next one."""

    def save(self, take: Path) -> None:
        """MUST come before anything is freed on its strength. Raises `OSError`."""
        write_json(take / _NAME, asdict(self))


@dataclass(frozen=True)
class _Plain:
    format: StorageFormat
    generation: int
    begun: int
    released: int
    encoded_frames: int | None
    recovered: bool
    left: bool


def load_progress(take: Path, default_format: StorageFormat) -> Progress:
    """The note of the vault before this one, or a fresh one in `default_format`."""
    try:
        data = json.loads((take / _NAME).read_bytes())
        plain = decode(_Plain, data)
        lengths = {int(index): int(length) for index, length in data["final_lengths"].items()}
    except FileNotFoundError:
        return Progress(default_format)
    except (RecordError, ValueError, KeyError, AttributeError) as error:
        _log.error("take %s: progress note unreadable, starting over: %s", take.name, error)
        return Progress(default_format)
    return Progress(
        plain.format,
        plain.generation,
        plain.begun,
        plain.released,
        plain.encoded_frames,
        lengths,
        plain.recovered,
        plain.left,
    )


def spool_path(take: Path, generation: int, storage_format: StorageFormat) -> Path:
    """The encoded file of one generation in the take's folder."""
    return take / f"spool-{generation}.{storage_format}"
