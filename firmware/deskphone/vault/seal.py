"""Turning a complete part into a stored recording; changes with the order that makes this crash-proof.

The complete sidecar first replaces the partial one under its working name, then the audio gets its final
name, then the sidecar. A reader who goes by `<id>.json` never sees half a recording, and whatever a crash
leaves between two steps still tells the next start how to go on.
"""

import contextlib
from pathlib import Path

from deskphone.take.atomic import sync_folder, write_json
from deskphone.take.codec import encode
from deskphone.take.record import TakeRecord
from deskphone.take.sidecar import FinalSidecar, StorageFormat
from deskphone.vault.names import audio_path, partial_sidecar_path, sidecar_path, unfinished_takes


def write_partial_sidecar(storage: Path, record: TakeRecord) -> None:
    """Durably say in storage what the phone knows so far. Raises `OSError`."""
    write_json(partial_sidecar_path(storage, record.take_id), encode(record), durable=True)


def seal(storage: Path, part: Path | None, sidecar: FinalSidecar) -> None:
    """Give a durable part and its sidecar their final names; `part` None: there is no audio. Raises `OSError`.

    Calling it again after an error goes on where it stopped.
    """
    partial = partial_sidecar_path(storage, sidecar.take_id)
    write_json(partial, encode(sidecar), durable=True)
    if part is not None and part.exists():
        part.rename(audio_path(storage, sidecar.take_id, sidecar.format))
    finish_names(storage, sidecar.take_id)


def finish_names(storage: Path, take_id: str) -> None:
    """The audio has its final name or there is none: give the sidecar its own and remove what is left over."""
    with contextlib.suppress(FileNotFoundError):
        partial_sidecar_path(storage, take_id).rename(sidecar_path(storage, take_id))
    left = unfinished_takes(path for path in storage.iterdir() if path.name.startswith(take_id)).get(take_id)
    if left is not None:
        for path in (*left.parts, *left.sidecars):
            path.unlink(missing_ok=True)
    sync_folder(storage)


def final_sidecar(
    record: TakeRecord, storage_format: StorageFormat, frames: int, sha256: str | None, size: int, *, recovered: bool
) -> FinalSidecar:
    """The sidecar of a take of `frames` frames; without frames its result is `failed` and it names no file."""
    return FinalSidecar(
        **{name: getattr(record, name) for name in record.__dataclass_fields__},
        duration_seconds=frames / record.sample_rate,
        format=storage_format,
        file=f"{record.take_id}.{storage_format}" if frames else None,
        size_bytes=size if frames else 0,
        sha256=sha256 if frames else None,
        result="successful" if frames else "failed",
        recovered=recovered,
    )
