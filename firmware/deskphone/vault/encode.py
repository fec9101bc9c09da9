"""Encoded audio, written live and read back from a cut-off prefix; changes with the storage formats."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import soundfile

from deskphone.take.sidecar import StorageFormat
from deskphone.vault.follow import Frames

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

OPUS_COMPRESSION = 0.7
"""libsndfile's 0-1 scale: 164 kbit/s for both channels at 16 kHz, 74 MB an hour.

So that a far end that came through G.722 (itself 0.993 of what was said) is still within 0.99 of it. Channel
correlation, synthetic speech (hard) and espeak: at 0.7 0.9993 and 0.9997; at 0.75 (139 kbit/s) 0.998 and 0.9994; at
0.84 (93 kbit/s) 0.989 and 0.997.
"""

READ_BLOCK_FRAMES = 4096
"""libFLAC's block: a prefix is read in these, since libsndfile drops the whole request that meets the cut."""

WAV_HEADER_BYTES = 44
FRAME_BYTES = 4


@dataclass(frozen=True)
class _Container:
    format: str
    subtype: str
    compression: float | None


_CONTAINERS: dict[StorageFormat, _Container] = {
    "opus": _Container("OGG", "OPUS", OPUS_COMPRESSION),
    "flac": _Container("FLAC", "PCM_16", None),
    "wav": _Container("WAV", "PCM_16", None),
}


class Encoder:
    """A stereo file that grows while it is written; libsndfile holds back about 1 s of Opus (1.03 s measured)."""

    def __init__(self, path: Path, storage_format: StorageFormat, sample_rate: int) -> None:
        container = _CONTAINERS[storage_format]
        self._file = soundfile.SoundFile(
            path,
            "w",
            sample_rate,
            2,
            container.subtype,
            format=container.format,
            compression_level=container.compression,
        )

    def write(self, frames: Frames) -> None:
        """Encode frames. Raises `soundfile.LibsndfileError` when the file cannot grow."""
        self._file.write(frames)

    def close(self) -> None:
        """Write what was held back and the final header."""
        self._file.close()


class Joined(io.RawIOBase):
    """A read-only file made of byte ranges of others: `parts` are (path, from, to) in order."""

    def __init__(self, parts: Sequence[tuple[Path, int, int]], head: bytes = b"") -> None:
        """`head` replaces the first bytes."""
        self._parts = [(path.open("rb", buffering=0), start, end) for path, start, end in parts]
        self._length = sum(end - start for _, start, end in parts)
        self._head = head
        self._at = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As any file."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        return self._at

    def tell(self) -> int:
        """As any file."""
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """As any file; short only at the end."""
        target = memoryview(buffer).cast("B")
        data = self._bytes(min(self._length, self._at + len(target)))
        target[: len(data)] = data
        return len(data)

    def _bytes(self, end: int) -> bytes:
        pieces = []
        if self._at < min(end, len(self._head)):
            pieces.append(self._head[self._at : end])
            self._at += len(pieces[0])
        base = 0
        for file, start, stop in self._parts:
            low, high = max(self._at, base), min(end, base + stop - start)
            if low < high:
                file.seek(start + low - base)
                pieces.append(file.read(high - low))
                self._at = high
            base += stop - start
        return b"".join(pieces)

    def close(self) -> None:
        """Close the files below."""
        for file, _, _ in self._parts:
            file.close()
        super().close()


class PrefixReader:
    """The decodable frames of a recording that was cut off anywhere, in order."""

    def __init__(self, parts: Sequence[tuple[Path, int, int]], storage_format: StorageFormat) -> None:
        """`parts` as of `Joined`. Raises `soundfile.LibsndfileError` when not even a header is there."""
        head = b""
        if storage_format == "wav":
            head = wav_head(parts)
        self._source = Joined(parts, head)
        try:
            self._file = soundfile.SoundFile(self._source)
        except BaseException:
            self._source.close()
            raise
        self._rest: Frames = np.zeros((0, 2), np.int16)

    @property
    def sample_rate(self) -> int:
        """Of the recording, in Hz."""
        return int(self._file.samplerate)

    def read(self, count: int) -> Frames:
        """The next `count` frames; fewer only where the prefix ends."""
        blocks, have = [self._rest], len(self._rest)
        while have < count:
            try:
                block = cast(Frames, self._file.read(READ_BLOCK_FRAMES, dtype="int16", always_2d=True))
            except soundfile.LibsndfileError:
                break
            if not len(block):
                break
            blocks.append(block)
            have += len(block)
        frames = np.concatenate(blocks)
        self._rest = frames[count:]
        return frames[:count]

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()
        self._source.close()


def wav_head(parts: Sequence[tuple[Path, int, int]]) -> bytes:
    """The WAV header of cut-off parts with the sizes that are really there; empty when there is no header."""
    source = Joined(parts)
    try:
        head = source.read(WAV_HEADER_BYTES)
        length = source.seek(0, io.SEEK_END)
    finally:
        source.close()
    if len(head) < WAV_HEADER_BYTES:
        return b""
    data = (length - WAV_HEADER_BYTES) // FRAME_BYTES * FRAME_BYTES
    return head[:4] + struct.pack("<I", data + 36) + head[8:40] + struct.pack("<I", data)


def count_frames(path: Path, storage_format: StorageFormat) -> int:
    """Decodable frames in a file that MAY be cut off; 0 when there are none."""
    try:
        reader = PrefixReader([(path, 0, path.stat().st_size)], storage_format)
    except soundfile.LibsndfileError:
        return 0
    total = 0
    try:
        while block := len(reader.read(16 * READ_BLOCK_FRAMES)):
            total += block
    finally:
        reader.close()
    return total
