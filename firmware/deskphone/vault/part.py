"""Moving the encoded bytes of a take from memory to storage; changes with how they are made durable."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskphone.take.atomic import sync_folder
from deskphone.vault.condition import StorageFault, storage_faults
from deskphone.vault.memory import PAGE_BYTES, first_hole, free_range

HEAD_BYTES = PAGE_BYTES
"""FLAC and WAV write their sizes into the first bytes at close; these stay in memory and are written again."""

SYNC_SECONDS = 0.5
_COPY_BYTES = 1 << 20


class Part:
    """One growing file in storage, a byte-for-byte copy of a spool whose durable front is freed.

    Each method raises `StorageFault` when storage refuses; calling again goes on where it stopped.
    """

    def __init__(self, path: Path, spool: Path) -> None:
        """What `path` already holds is taken for the front of this very spool, and continued.

        Raises `StorageFault` when memory no longer has what `path` lacks: another disk is mounted, or none.
        """
        self.path = path
        self._spool = spool
        self._hash = hashlib.sha256()
        self._head = b""
        self._moved = 0
        self._durable = 0
        self._next_sync = 0.0
        with storage_faults():
            if path.exists():
                self._adopt()
            if first_hole(spool, self._moved) < spool.stat().st_size:
                raise FileNotFoundError(errno.ENOENT, "the beginning of a running recording is missing")

    @property
    def begun(self) -> bool:
        """Whether there is a durable beginning in storage."""
        return self._durable > 0

    def advance(self, now: float) -> bool:
        """Copy what is new; at most every 0.5 s make it durable and free it in memory. True if more waits."""
        more = self._copy(_COPY_BYTES)
        if self._durable < self._moved and now >= self._next_sync:
            self._next_sync = now + SYNC_SECONDS
            self._sync()
        return more

    def catch_up(self) -> None:
        """Everything that is in the spool now is durable afterwards."""
        while self._copy(_COPY_BYTES):
            pass
        self._sync()

    def finish(self) -> tuple[str, int]:
        """The encoder has closed the spool: complete the copy. SHA-256 in hex and size in bytes."""
        while self._copy(_COPY_BYTES):
            pass
        head = self._read(0, HEAD_BYTES)
        if head != self._head[:HEAD_BYTES]:
            with storage_faults(), self._opened() as descriptor:
                os.pwrite(descriptor, head, 0)
            self._durable = 0
            self._head = head
            self._hash = hash_file(self.path)
        self._sync()
        return self._hash.hexdigest(), self._moved

    def _copy(self, limit: int) -> bool:
        size = self._spool.stat().st_size
        data = self._read(self._moved, min(limit, size - self._moved))
        if not data:
            return False
        with storage_faults(), self._opened() as descriptor:
            written = os.pwrite(descriptor, data, self._moved)
        self._hash.update(data[:written])
        if self._moved < HEAD_BYTES:
            self._head += data[: min(written, HEAD_BYTES - self._moved)]
        self._moved += written
        if written < len(data):
            raise StorageFault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        return self._moved < size

    def _sync(self) -> None:
        if self._durable == self._moved:
            return
        with storage_faults(), self._opened() as descriptor:
            os.fsync(descriptor)
            if not self._durable:
                sync_folder(self.path.parent)
        self._durable = self._moved
        free_range(self._spool, HEAD_BYTES, self._durable)

    def _adopt(self) -> None:
        with self.path.open("rb") as file:
            self._head = file.read(HEAD_BYTES)
        self._hash = hash_file(self.path)
        self._moved = self.path.stat().st_size

    def _read(self, start: int, count: int) -> bytes:
        with self._spool.open("rb", buffering=0) as file:
            file.seek(start)
            return file.read(count)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        create = 0 if self._moved else os.O_CREAT | os.O_TRUNC
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CLOEXEC | create, 0o600)
        try:
            yield descriptor
        finally:
            os.close(descriptor)


def hash_file(path: Path) -> "hashlib._Hash":
    """SHA-256 over a file. Raises `OSError`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256")
