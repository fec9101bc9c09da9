"""One take's way from segment files to encoded file; changes with how audio survives a restart of the vault.

Segments (memory) -> encoder -> spool (memory) -> part (storage, only if kept). Segment memory is freed
behind what the spool surely holds, spool memory behind what the part durably holds. A new vault process
finds a spool that no encoder can continue: it decodes that one up to where the segments begin to be there
(`released`), takes the rest from the segments, and writes the next generation of spool and part.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from deskphone.take.record import TakeRecord
from deskphone.vault.encode import Encoder, PrefixReader
from deskphone.vault.follow import Frames, Timeline
from deskphone.vault.progress import Progress, spool_path

MARGIN_SECONDS = 5
"""How far behind the encoder segment memory is freed: five times what libsndfile holds back."""

RELEASE_STEP_SECONDS = 2
_CHUNK_SECONDS = 1

_log = logging.getLogger(__name__)

Pieces = list[tuple[Path, int, int]]


class Pipeline:
    """Encodes one take as its segments grow, across restarts of the process. Raises `OSError` when memory is full."""

    def __init__(self, take: Path, progress: Progress, previous: Callable[[int], Pieces]) -> None:
        """`previous(generation)` gives the pieces that a former process's encoded bytes lie in."""
        self._take = take
        self._progress = progress
        self._timeline = Timeline(take, progress.final_lengths)
        self._fed = 0
        self._encoder: Encoder | None = None
        self._base: PrefixReader | None = None
        self._promote_at: int | None = None
        self.generation = progress.generation
        if progress.encoded_frames is None:
            self.generation = progress.begun + 1
            crashed = progress.begun > 0 and not progress.left
            self._save(begun=self.generation, left=False, recovered=progress.recovered or crashed)
            if progress.released:
                self._base = PrefixReader(previous(progress.generation), progress.format)
        else:
            self._fed = progress.encoded_frames

    @property
    def progress(self) -> Progress:
        """As last saved."""
        return self._progress

    @property
    def promoted(self) -> bool:
        """Whether this generation is the valid one: it holds at least what any former one held."""
        return self._progress.generation == self.generation

    @property
    def spool(self) -> Path:
        """The encoded file that grows."""
        return spool_path(self._take, self.generation, self._progress.format)

    @property
    def encoded_frames(self) -> int | None:
        """Frames of the whole take once all is encoded and the spool is closed."""
        return self._progress.encoded_frames

    def step(self, record: TakeRecord, *, finished: bool) -> bool:
        """Encode up to a second of new audio and free what is safe. True when more waits."""
        if self.encoded_frames is not None:
            return False
        self._timeline.refresh(record, finished=finished)
        available = self._timeline.available
        if self._encoder is None:
            self._encoder = Encoder(self.spool, self._progress.format, record.sample_rate)
            self._promote_at = available if self._progress.generation else 0
        count = min(available - self._fed, _CHUNK_SECONDS * record.sample_rate)
        if count > 0:
            self._encoder.write(self._read(count))
            self._fed += count
        if self._fed == available and finished:
            self._encoder.close()
            self._save(encoded_frames=self._fed, generation=self.generation)
            return False
        self._free_behind(record.sample_rate)
        return self._fed < available

    def mark_recovered(self) -> None:
        """The take did not end as it should; lasting."""
        self._save(recovered=True)

    def close(self) -> None:
        """Let go of the files; the take can be continued by a new object, and that is no recovery."""
        if self._encoder is not None:
            self._encoder.close()
        if self._base is not None:
            self._base.close()
        if self.encoded_frames is None:
            with contextlib.suppress(OSError):  # then the take counts as recovered, which is the careful error
                self._save(left=True)

    def _read(self, count: int) -> Frames:
        if self._base is None:
            return self._timeline.read(self._fed, count)
        decoded = min(count, self._progress.released - self._fed)
        frames = self._base.read(decoded)
        if len(frames) < decoded:
            _log.error("take %s: %d frames lost", self._take.name, decoded - len(frames))
            self.mark_recovered()
            frames = np.concatenate([frames, np.zeros((decoded - len(frames), 2), np.int16)])
        if self._fed + decoded == self._progress.released:
            self._base.close()
            self._base = None
        return np.concatenate([frames, self._timeline.read(self._fed + decoded, count - decoded)])

    def _free_behind(self, sample_rate: int) -> None:
        safe = self._fed - MARGIN_SECONDS * sample_rate
        if not self.promoted and self._promote_at is not None and safe >= self._promote_at:
            self._save(generation=self.generation)
        if self.promoted and safe >= self._progress.released + RELEASE_STEP_SECONDS * sample_rate:
            self._save(released=safe)
            self._timeline.release(safe)

    def _save(self, **changes: int | bool) -> None:
        changed = replace(self._progress, final_lengths=self._timeline.final_lengths, **changes)  # type: ignore[arg-type]
        changed.save(self._take)
        self._progress = changed
