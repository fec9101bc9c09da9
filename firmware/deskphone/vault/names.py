"""Names in the storage folder; changes when their layout does.

While a take runs: `<id>.<format>.part` (`.part.2` and on after a restart of the vault) and `<id>.json.part`.
Stored: `<id>.<format>` and `<id>.json`, the sidecar always renamed last.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from deskphone.take.record import TAKE_ID_PATTERN
from deskphone.take.sidecar import StorageFormat

_ID = TAKE_ID_PATTERN[1:-1]
_PART = re.compile(rf"({_ID})\.(opus|flac|wav)\.part(?:\.(\d+))?")
_SIDECAR = re.compile(rf"({_ID})\.json\.part(?:\.tmp)?")


def storage_folder(url: str) -> Path:
    """The folder behind a storage URL. Raises `ValueError` for anything but `file:///`."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError(f"storage URL {parts.scheme}://…: only file:/// is supported by this version")
    return Path(unquote(parts.path))


def part_path(storage: Path, take_id: str, storage_format: StorageFormat, generation: int) -> Path:
    """Where generation 1, 2, ... of a running take's audio grows."""
    suffix = "" if generation <= 1 else f".{generation}"
    return storage / f"{take_id}.{storage_format}.part{suffix}"


def audio_path(storage: Path, take_id: str, storage_format: StorageFormat) -> Path:
    """The stored recording."""
    return storage / f"{take_id}.{storage_format}"


def partial_sidecar_path(storage: Path, take_id: str) -> Path:
    """The sidecar while the take runs."""
    return storage / f"{take_id}.json.part"


def sidecar_path(storage: Path, take_id: str) -> Path:
    """The sidecar of a stored recording."""
    return storage / f"{take_id}.json"


@dataclass
class Unfinished:
    """What lies in storage of one take that is not sealed."""

    parts: dict[Path, tuple[StorageFormat, int]] = field(default_factory=dict)
    sidecars: list[Path] = field(default_factory=list)


def unfinished_takes(names: Iterable[Path]) -> dict[str, Unfinished]:
    """The working files among `names`, by take id; parts with their format and generation."""
    found: dict[str, Unfinished] = {}
    for path in names:
        if match := _PART.fullmatch(path.name):
            entry = found.setdefault(match[1], Unfinished())
            entry.parts[path] = (cast(StorageFormat, match[2]), int(match[3] or 1))
        elif match := _SIDECAR.fullmatch(path.name):
            found.setdefault(match[1], Unfinished()).sidecars.append(path)
    return found
