"""One take from its first sample to its place in storage; changes with the states a take goes through."""

import contextlib
import errno
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from deskphone.take.atomic import write_json
from deskphone.take.folder import RECORD_NAME, parse_record, phone_holds
from deskphone.take.outcome import Outcome, StorageState, TakeState
from deskphone.take.record import TakeRecord
from deskphone.take.sidecar import StorageFormat
from deskphone.vault.condition import storage_faults
from deskphone.vault.memory import first_hole
from deskphone.vault.names import audio_path, part_path, unfinished_takes
from deskphone.vault.part import Part
from deskphone.vault.pipeline import Pieces, Pipeline
from deskphone.vault.progress import Progress, load_progress, spool_path
from deskphone.vault.seal import final_sidecar, finish_names, seal, write_partial_sidecar

_log = logging.getLogger(__name__)


class TakeWorker:
    """Does for one take what is to be done now. Owned by the vault's loop; derives its state from the disk."""

    def __init__(
        self, take: Path, storage: Path, storage_format: StorageFormat, report: Callable[[Outcome], None]
    ) -> None:
        """`storage_format` counts for takes that no vault has begun."""
        self._take = take
        self._storage = storage
        self._report = report
        self._noted = load_progress(take, storage_format)
        self._pipeline: Pipeline | None = None
        self._part: Part | None = None
        self._record_text = b""
        self._record: TakeRecord | None = None
        self._stored_record: TakeRecord | None = None
        self._said_storing = False
        self._former_dropped = False
        self._digest: tuple[str, int] | None = None
        self.closed = False

    @property
    def phone_is_done(self) -> bool:
        """Whether the take is closed and still waits to be stored."""
        return not self.closed and self._record is not None and self._record.closed

    def step(self, now: float, storage_state: StorageState) -> bool:
        """Go on as far as is sensible at once; True when more waits. `now` in seconds, monotonic.

        Raises `StorageFault` when storage refuses, `RecordError` for a record that cannot be read, and `OSError`
        or `soundfile.LibsndfileError` when memory fails: a new worker then takes up the take.
        """
        record = self._read_record()
        storage_ready = storage_state == "ok"
        if record.closed and not record.kept:
            self._discard()
            return False
        if (
            storage_ready
            and record.closed
            and audio_path(self._storage, record.take_id, self._progress.format).exists()
        ):
            self._finish(record, None)
            return False
        pipeline = self._opened(record)
        if pipeline is None:
            return False
        more = pipeline.step(record, finished=record.closed)
        if storage_state == "full" and pipeline.promoted and not self._former_dropped:
            # This generation has all that the former ones hold, and there is no room for both.
            self._drop_former(pipeline)
        if not (record.kept and storage_ready):
            return more
        if self._stored_record is None or (record != self._stored_record and not record.closed):
            with storage_faults():
                write_partial_sidecar(self._storage, record)
            self._stored_record = record
        if pipeline.encoded_frames == 0:
            self._seal(record, pipeline, None)
        elif pipeline.spool.exists():
            more = self._move(record, pipeline, now) or more
        return more

    def close(self) -> None:
        """Let go of the files, leaving the take for another worker."""
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None

    @property
    def _progress(self) -> Progress:
        return self._noted if self._pipeline is None else self._pipeline.progress

    def _read_record(self) -> TakeRecord:
        text = (self._take / RECORD_NAME).read_bytes()
        if text != self._record_text or self._record is None:
            self._record = parse_record(text)
            self._record_text = text
        if not self._record.closed and not phone_holds(self._take):
            # The phone may have closed the take between our two looks.
            record = parse_record((self._take / RECORD_NAME).read_bytes())
            self._record = record if record.closed else self._adopt(record)
        return self._record

    def _adopt(self, record: TakeRecord) -> TakeRecord:
        """The phone died: say its last word for it, dated by the last sound it wrote."""
        _log.warning("take %s: the phone died, recovering", self._take.name)
        stopped = max((path.stat().st_mtime for path in self._take.glob("*.wav")), default=None)
        if self._pipeline is not None:
            self._pipeline.mark_recovered()
        else:
            self._noted = replace(self._noted, recovered=True)
            self._noted.save(self._take)
        adopted = replace(
            record,
            closed=True,
            end_reason="crash",
            stopped_at=record.started_at if stopped is None else datetime.fromtimestamp(stopped, UTC),
        )
        write_json(self._take / RECORD_NAME, adopted.to_json())
        return adopted

    def _opened(self, record: TakeRecord) -> Pipeline | None:
        if self._pipeline is None:
            needs_storage = self._progress.released > 0 and self._progress.encoded_frames is None and record.kept
            if needs_storage and not self._storage.is_dir():
                return None
            self._pipeline = Pipeline(self._take, self._noted, self._pieces)
        return self._pipeline

    def _pieces(self, generation: int) -> Pieces:
        spool = spool_path(self._take, generation, self._progress.format)
        part = part_path(self._storage, self._take.name, self._progress.format, generation)
        length = spool.stat().st_size
        with storage_faults():
            in_storage = min(part.stat().st_size, length) if part.exists() else 0
            if first_hole(spool, in_storage) < length:
                raise FileNotFoundError(errno.ENOENT, "the beginning of a running recording is missing")
        return [(part, 0, in_storage), (spool, in_storage, length)] if in_storage else [(spool, 0, length)]

    def _move(self, record: TakeRecord, pipeline: Pipeline, now: float) -> bool:
        if self._part is None:
            path = part_path(self._storage, record.take_id, pipeline.progress.format, pipeline.generation)
            self._part = Part(path, pipeline.spool)
        if pipeline.encoded_frames is not None:
            self._digest = self._digest or self._part.finish()
            self._seal(record, pipeline, self._part.path)
            return False
        more = self._part.advance(now)
        if self._part.begun and not self._said_storing:
            self._said_storing = True
            self._report(Outcome(record.take_id, "storing", str(self._part.path), None))
        if pipeline.promoted and not self._former_dropped:
            self._part.catch_up()
            self._drop_former(pipeline)
        return more

    def _drop_former(self, pipeline: Pipeline) -> None:
        with storage_faults():
            found = unfinished_takes(self._storage.glob(f"{self._take.name}.*.part*")).get(self._take.name)
        former = [path for path, (_, number) in found.parts.items() if number < pipeline.generation] if found else []
        for path in former:
            with storage_faults():
                path.unlink(missing_ok=True)
        for path in self._take.glob("spool-*"):
            if path != pipeline.spool:
                path.unlink(missing_ok=True)
        self._former_dropped = True

    def _seal(self, record: TakeRecord, pipeline: Pipeline, part: Path | None) -> None:
        progress, frames = pipeline.progress, pipeline.encoded_frames or 0
        sha256, size = self._digest or (None, 0)
        sidecar = final_sidecar(record, progress.format, frames, sha256, size, recovered=progress.recovered)
        with storage_faults():
            seal(self._storage, part, sidecar)
        self._finish(record, None if frames else "no audio was captured")

    def _finish(self, record: TakeRecord, failure: str | None) -> None:
        """All is durable but, after a crash in the middle of sealing, the sidecar's name."""
        with storage_faults():
            finish_names(self._storage, record.take_id)
        state: TakeState = "failed" if failure else "stored"
        path = None if failure else str(audio_path(self._storage, record.take_id, self._progress.format))
        self._report(Outcome(record.take_id, state, path, failure))
        self._remove()

    def _discard(self) -> None:
        self._remove()
        self._report(Outcome(self._take.name, "discarded", None, None))

    def _remove(self) -> None:
        self.closed = True
        self.close()
        # Out of sight first: a half removed take must not look like one whose phone died.
        hidden = self._take.rename(self._take.with_name(f".done-{self._take.name}"))
        shutil.rmtree(hidden)


def remove_done(takes: Path) -> None:
    """Remove what a killed vault had begun to remove."""
    with contextlib.suppress(FileNotFoundError):
        for path in takes.glob(".done-*"):
            shutil.rmtree(path, ignore_errors=True)
