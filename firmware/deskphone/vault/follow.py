"""One take's segment files as a single timeline; changes when what the recorders write does.

A WAV header of a growing file tells nothing (its sizes are 0 until it is closed, and for ever after a kill),
so lengths come from the file system. Both files of a pair MAY differ by a tick: while the pair grows the
shorter one counts; once closed the longer one does, and silence fills the other, so that the skew of one
segment never moves the next.
"""

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deskphone.take.folder import segment_paths
from deskphone.take.record import TakeRecord
from deskphone.vault.memory import free_range

WAV_HEADER_BYTES = 44
SAMPLE_BYTES = 2
TICKS_PER_SECOND = 50

Frames = npt.NDArray[np.int16]
"""Samples of shape (n, 2): left near, right far."""

_SEGMENT_NAME = re.compile(r"(?:near|far)-(\d{3})\.wav")


@dataclass
class _Stretch:
    length: int = 0
    final: bool = False


class Timeline:
    """The frames of one take, gap-free over its pauses. Positions count frames since the take's start."""

    def __init__(self, take: Path, final_lengths: dict[int, int]) -> None:
        """`final_lengths` are those of segments known to be closed, also of ones whose files are gone."""
        self._take = take
        self._stretches = {index: _Stretch(length, True) for index, length in final_lengths.items()}

    def refresh(self, record: TakeRecord, *, finished: bool) -> None:
        """Look again. `finished`: nobody writes any more. Raises `OSError`."""
        ended = {segment.index for segment in record.segments if segment.ended_at is not None}
        for name in os.listdir(self._take):  # noqa: PTH208 - names only, ten times a second
            match = _SEGMENT_NAME.fullmatch(name)
            if match:
                self._stretches.setdefault(int(match[1]), _Stretch())
        tick = record.sample_rate // TICKS_PER_SECOND
        for index, stretch in self._stretches.items():
            if not stretch.final:
                near, far = (_frames_in(path) for path in segment_paths(self._take, index))
                if index in ended:
                    stretch.length, stretch.final = max(near, far), True
                elif finished:
                    stretch.length, stretch.final = max(near, far) // tick * tick, True
                else:
                    stretch.length = min(near, far) // tick * tick

    @property
    def available(self) -> int:
        """Frames that can be read: up to the end of the first segment that still grows."""
        total = 0
        for index in sorted(self._stretches):
            total += self._stretches[index].length
            if not self._stretches[index].final:
                break
        return total

    @property
    def final_lengths(self) -> dict[int, int]:
        """Length in frames of each closed segment."""
        return {index: stretch.length for index, stretch in self._stretches.items() if stretch.final}

    def read(self, position: int, count: int) -> Frames:
        """`count` frames from `position`, which MUST be available and not released. Raises `OSError`."""
        frames: Frames = np.zeros((count, 2), np.int16)
        for index, start, length in self._spans():
            low, high = max(position, start), min(position + count, start + length)
            if low < high:
                for channel, path in enumerate(segment_paths(self._take, index)):
                    samples = _read_samples(path, low - start, high - low)
                    frames[low - position : low - position + len(samples), channel] = samples
        return frames

    def release(self, position: int) -> None:
        """Give back the memory of all frames before `position`: they are safe elsewhere."""
        for index, start, length in self._spans():
            if start >= position:
                break
            stretch = self._stretches[index]
            for path in segment_paths(self._take, index):
                if stretch.final and position >= start + length:
                    path.unlink(missing_ok=True)
                else:
                    with contextlib.suppress(FileNotFoundError):
                        free_range(path, 0, WAV_HEADER_BYTES + (position - start) * SAMPLE_BYTES)

    def _spans(self) -> list[tuple[int, int, int]]:
        spans, start = [], 0
        for index in sorted(self._stretches):
            spans.append((index, start, self._stretches[index].length))
            start += self._stretches[index].length
        return spans


def _frames_in(path: Path) -> int:
    try:
        return max(0, path.stat().st_size - WAV_HEADER_BYTES) // SAMPLE_BYTES
    except FileNotFoundError:
        return 0


def _read_samples(path: Path, first: int, count: int) -> npt.NDArray[np.int16]:
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(WAV_HEADER_BYTES + first * SAMPLE_BYTES)
            data = file.read(count * SAMPLE_BYTES)
    except FileNotFoundError:
        data = b""
    return np.frombuffer(data[: len(data) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2").astype(np.int16, copy=False)
