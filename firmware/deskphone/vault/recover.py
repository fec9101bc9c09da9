"""Finishing what a power cut left in storage; changes with what can be left there.

Only takes without a folder in memory are touched: the others still have their audio and a worker.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from deskphone.take.atomic import sync_folder
from deskphone.take.codec import RecordError
from deskphone.take.folder import takes_folder
from deskphone.take.outcome import Outcome
from deskphone.take.record import TakeRecord
from deskphone.take.sidecar import FinalSidecar, StorageFormat
from deskphone.vault.encode import READ_BLOCK_FRAMES, Encoder, PrefixReader, count_frames, wav_head
from deskphone.vault.names import (
    Unfinished,
    audio_path,
    part_path,
    partial_sidecar_path,
    sidecar_path,
    unfinished_takes,
)
from deskphone.vault.ogg import whole_pages_length
from deskphone.vault.part import hash_file
from deskphone.vault.seal import final_sidecar, finish_names, seal

_WORTH_KEEPING_BYTES = 16384
"""More than the headers of any format: there was sound in it, so it is not thrown away unheard."""

_log = logging.getLogger(__name__)


def recover_storage(storage: Path, memory_root: Path, report: Callable[[Outcome], None]) -> None:
    """Seal every unfinished take in `storage` that memory no longer knows. Raises `OSError` of the storage.

    A take whose partial sidecar cannot be read is left as it is and logged.
    """
    for take_id, unfinished in unfinished_takes(sorted(storage.iterdir())).items():
        if not (takes_folder(memory_root) / take_id).exists():
            try:
                report(_recover(storage, take_id, unfinished))
            except RecordError as error:
                _log.error("take %s: not recovered, %s", take_id, error)


def _recover(storage: Path, take_id: str, unfinished: Unfinished) -> Outcome:
    if sidecar_path(storage, take_id).exists():
        finish_names(storage, take_id)
        sidecar = FinalSidecar.from_json(_load(sidecar_path(storage, take_id)))
        return _outcome(storage, sidecar)
    data = _load(partial_sidecar_path(storage, take_id))
    complete = _complete_sidecar(data)
    if complete is not None and (sealed := _finish_sealing(storage, complete, unfinished)):
        return sealed
    return _rescue(storage, TakeRecord.from_json(data), unfinished)


def _finish_sealing(storage: Path, sidecar: FinalSidecar, unfinished: Unfinished) -> Outcome | None:
    if sidecar.file is None or audio_path(storage, sidecar.take_id, sidecar.format).exists():
        finish_names(storage, sidecar.take_id)
        return _outcome(storage, sidecar)
    for part in unfinished.parts:
        if part.stat().st_size == sidecar.size_bytes and hash_file(part).hexdigest() == sidecar.sha256:
            seal(storage, part, sidecar)
            return _outcome(storage, sidecar)
    return None


def _rescue(storage: Path, record: TakeRecord, unfinished: Unfinished) -> Outcome:
    """The best part up to its last decodable sample becomes the recording."""
    best: Path | None = None
    frames = 0
    storage_format: StorageFormat = next((form for form, _ in unfinished.parts.values()), "opus")
    for part, (form, _) in unfinished.parts.items():
        if (found := count_frames(part, form)) > frames:
            best, frames, storage_format = part, found, form
    if best is None and any(part.stat().st_size > _WORTH_KEEPING_BYTES for part in unfinished.parts):
        raise RecordError("its audio cannot be decoded; left as it is")
    if best is not None:
        free = part_path(storage, record.take_id, storage_format, max(n for _, n in unfinished.parts.values()) + 1)
        best, frames = _make_playable(best, storage_format, free)
    if not record.closed:
        stopped = record.started_at + timedelta(seconds=frames / record.sample_rate)
        record = replace(record, closed=True, end_reason="crash", stopped_at=record.stopped_at or stopped)
    sha256, size = (hash_file(best).hexdigest(), best.stat().st_size) if best and frames else (None, 0)
    sidecar = final_sidecar(record, storage_format, frames, sha256, size, recovered=True)
    _log.warning("take %s: recovered %.1f s after a power cut", record.take_id, sidecar.duration_seconds)
    seal(storage, best if frames else None, sidecar)
    return _outcome(storage, sidecar)


def _make_playable(part: Path, storage_format: StorageFormat, free: Path) -> tuple[Path, int]:
    """A file that any player takes, and its frames: `part` mended, or `free` written anew."""
    if storage_format == "flac":
        _encode_again(part, free)
        part = free
    descriptor = os.open(part, os.O_RDWR | os.O_CLOEXEC)
    try:
        if storage_format == "opus":
            os.ftruncate(descriptor, whole_pages_length(part))
        elif storage_format == "wav":
            head = wav_head([(part, 0, part.stat().st_size)])
            os.ftruncate(descriptor, len(head) + int.from_bytes(head[40:44], "little"))
            os.pwrite(descriptor, head, 0)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(part.parent)
    return part, count_frames(part, storage_format)


def _encode_again(part: Path, target: Path) -> None:
    reader = PrefixReader([(part, 0, part.stat().st_size)], "flac")
    encoder = Encoder(target, "flac", reader.sample_rate)
    try:
        while len(frames := reader.read(READ_BLOCK_FRAMES)):
            encoder.write(frames)
    finally:
        encoder.close()
        reader.close()


def _complete_sidecar(data: object) -> FinalSidecar | None:
    if not isinstance(data, dict) or "sha256" not in data:
        return None
    return FinalSidecar.from_json(data)


def _load(path: Path) -> object:
    try:
        data: object = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise RecordError(f"{path.suffix} sidecar: {error.__class__.__name__}") from error
    return data


def _outcome(storage: Path, sidecar: FinalSidecar) -> Outcome:
    if sidecar.file is None:
        return Outcome(sidecar.take_id, "failed", None, "no audio was captured")
    path = str(audio_path(storage, sidecar.take_id, sidecar.format))
    return Outcome(sidecar.take_id, "stored", path, "recovered" if sidecar.recovered else None)
