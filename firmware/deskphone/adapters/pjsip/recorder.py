"""Two recorders in memory for each stretch of a take: near end and far end, straight from the bridge."""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pjsua2 as pj

from deskphone.adapters.pjsip.bridge import connect
from deskphone.adapters.pjsip.endpoint import CLOCK_RATE
from deskphone.take.folder import SegmentPaths, TakeFolder
from deskphone.take.record import Segment, TakeRecord

log = logging.getLogger("deskphone.recorder")

_HEADER = 44
_BYTES_PER_SECOND = CLOCK_RATE * 2
_STALL_SECONDS = 1.0
_CLOSING_SECONDS = 0.5
"""How long the library may take to complete a file: one 20 ms tick, unless the bridge's clock died."""
_PROGRESS_SECONDS = 0.5


class TakeRecorder:
    """One take, from its opening to the vault's door. All methods run in the SIP thread."""

    def __init__(self, root: Path, record: TakeRecord, silence: pj.AudioMedia) -> None:
        """Make the take's folder; `silence` keeps both files growing in step whatever else is connected."""
        self.take_id = record.take_id
        self._folder = TakeFolder.create(root, record)
        self._record = record
        self._silence = silence
        self._segments: list[Segment] = []
        self._paths: SegmentPaths | None = None
        self._past_seconds = 0.0
        self._grown_at = 0.0
        self._size = 0
        self._told_at = 0.0
        self._awaiting_first = False
        self._closing: list[tuple[int, SegmentPaths, float]] = []
        self._failed = False
        self.near: pj.AudioMediaRecorder | None = None
        self.far: pj.AudioMediaRecorder | None = None
        self.closed = False

    def open(self) -> None:
        """Begin a stretch. Raises `pj.Error` or `OSError` when its files cannot be made."""
        index = len(self._segments)
        self._paths = self._folder.segment_paths(index)
        near, far = pj.AudioMediaRecorder(), pj.AudioMediaRecorder()
        near.createRecorder(str(self._paths.near))
        far.createRecorder(str(self._paths.far))
        connect(self._silence, near)
        connect(self._silence, far)
        self.near, self.far = near, far
        self._segments.append(Segment(index, datetime.now(UTC), None))
        self._size, self._grown_at, self._awaiting_first = _HEADER, time.monotonic(), True
        self._save()

    def cut(self) -> None:
        """End the stretch: nothing that is said from now on is written anywhere."""
        if self._paths is None:
            return
        self.near = self.far = None  # the library closes the files at its next tick
        self._closing.append((len(self._segments) - 1, self._paths, time.monotonic()))
        self._paths = None

    def save(self, record: TakeRecord) -> None:
        """The phone's newest record of this take; `closed` hands the take to the vault once its files are complete."""
        self._record = record
        if record.closed:
            self.cut()
            self.closed = True
        self._save()

    def poll(self) -> tuple[bool, float | None, str | None]:
        """(first sample stored just now, seconds recorded if it is time to tell, failure if there is one)."""
        self._settle_closing()
        if self._paths is None:
            return False, None, None
        size = _size(self._paths)
        now = time.monotonic()
        first = False
        if size > self._size:
            self._size, self._grown_at = size, now
            first, self._awaiting_first = self._awaiting_first, False
        elif now - self._grown_at > _STALL_SECONDS and not self._failed:
            self._failed = True
            return False, None, "recorder-stalled"
        if first or now - self._told_at >= _PROGRESS_SECONDS:
            self._told_at = now
            return first, self.seconds(), None
        return first, None, None

    def seconds(self) -> float:
        """Seconds of audio in the take's files now."""
        growing = [paths for _, paths, _ in self._closing] + ([self._paths] if self._paths is not None else [])
        return round(self._past_seconds + sum(_seconds(paths) for paths in growing), 2)

    @property
    def done(self) -> bool:
        """Whether the vault has been given the take."""
        return self.closed and not self._closing

    def _settle_closing(self) -> None:
        """Note which stretches the library has completed, and hand a closed take over when all are."""
        if not self._closing:
            return
        now = time.monotonic()
        waiting = []
        for index, paths, since in self._closing:
            if now - since < _CLOSING_SECONDS and not (_complete(paths.near) and _complete(paths.far)):
                waiting.append((index, paths, since))
                continue
            self._past_seconds += _seconds(paths)
            self._segments[index] = replace(self._segments[index], ended_at=datetime.now(UTC))
        if len(waiting) < len(self._closing):
            self._closing = waiting
            self._save()

    def _save(self) -> None:
        record = replace(self._record, segments=tuple(self._segments), closed=False)
        try:
            if self.closed and not self._closing:
                self._folder.close(record)
            else:
                self._folder.save(record)
        except OSError as error:
            log.error("the record of take %s cannot be written: %s", self.take_id, error)


def _size(paths: SegmentPaths) -> int:
    try:
        return min(paths.near.stat().st_size, paths.far.stat().st_size)
    except OSError:
        return 0


def _seconds(paths: SegmentPaths) -> float:
    return max(0, _size(paths) - _HEADER) / _BYTES_PER_SECOND


def _complete(path: Path) -> bool:
    """Whether the recorder has written its sizes into the header, the last thing it does."""
    try:
        with path.open("rb") as file:
            return any(file.read(8)[4:])
    except OSError:
        return True
