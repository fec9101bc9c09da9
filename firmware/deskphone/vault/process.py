"""The vault's loop; changes with when the vault does what.

One thread, one loop ten times a second. Two vaults on one memory folder exclude each other.
"""

import contextlib
import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import soundfile

from deskphone.take.codec import RecordError
from deskphone.take.folder import list_takes, remove_unborn, takes_folder
from deskphone.take.sidecar import StorageFormat
from deskphone.vault.condition import StorageFault, StorageWatch, storage_faults
from deskphone.vault.names import storage_folder
from deskphone.vault.recover import recover_storage
from deskphone.vault.report import Reporter
from deskphone.vault.take import TakeWorker, remove_done

POLL_SECONDS = 0.1
RETRY_SECONDS = 1.0
GRACE_SECONDS = 2.0
LOW_WATER_BYTES = 50_000_000
NICENESS = 10

_log = logging.getLogger(__name__)


def run_vault(
    memory_root: Path,
    storage_url: str,
    storage_format: StorageFormat = "opus",
    *,
    low_water_bytes: int = LOW_WATER_BYTES,
    child: bool = False,
) -> None:
    """Follow, encode and store takes until SIGTERM or SIGINT. To be called in the main thread of its own process.

    On the signal it finishes closed takes for at most 2 s and leaves the rest for the next start. Raises
    `ValueError` for a storage URL or format that this version does not know and `BlockingIOError` when
    another vault already serves `memory_root`.

    A `child` of the phone outlives it only until the phone's takes are finished, and waits for such a survivor.
    """
    if storage_format not in get_args(StorageFormat):
        raise ValueError(f"storage format {storage_format!r} is none of {', '.join(get_args(StorageFormat))}")
    storage = storage_folder(storage_url)
    os.umask(0o077)
    os.nice(NICENESS)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    takes_folder(memory_root).mkdir(mode=0o700, parents=True, exist_ok=True)
    parent = os.getppid()
    while child and _is_served(memory_root) and not stop.wait(POLL_SECONDS):
        pass
    with _only_vault(memory_root):
        vault = Vault(memory_root, storage, storage_format, low_water_bytes)
        try:
            while not stop.is_set():
                if vault.tick(time.monotonic()):
                    continue
                if child and os.getppid() != parent and not list_takes(memory_root):
                    _log.info("the phone is gone and its takes are finished: so is this vault")
                    return
                stop.wait(POLL_SECONDS)
            deadline = time.monotonic() + GRACE_SECONDS
            while (vault.tick(time.monotonic()) or vault.has_closed_takes) and time.monotonic() < deadline:
                time.sleep(POLL_SECONDS / 10)
        finally:
            vault.close()


class Vault:
    """All takes of one memory folder. Each call does a bounded piece of work; errors are retried, never raised."""

    def __init__(self, memory_root: Path, storage: Path, storage_format: StorageFormat, low_water_bytes: int) -> None:
        self._root = memory_root
        self._storage = storage
        self._format = storage_format
        self._report = Reporter(memory_root)
        self._watch = StorageWatch(storage, low_water_bytes, self._report)
        self._workers: dict[Path, TakeWorker] = {}
        self._retry_at: dict[Path, float] = {}
        self.has_closed_takes = False
        """Whether the last tick left takes that the phone has closed."""
        remove_unborn(memory_root)
        remove_done(takes_folder(memory_root))

    def tick(self, now: float) -> bool:
        """Go once over all takes. True when more work waits at once. `now` in seconds, monotonic."""
        if self._watch.check(now):
            self._recover(now)
        takes = list_takes(self._root)
        for path in self._workers.keys() - set(takes):
            self._workers.pop(path).close()
        for path in self._retry_at.keys() - set(takes):
            del self._retry_at[path]
        more = False
        self.has_closed_takes = False
        for path in takes:
            if now >= self._retry_at.get(path, now):
                more = self._step(path, now) or more
        return more

    def close(self) -> None:
        """Let go of all files."""
        for worker in self._workers.values():
            worker.close()
        self._report.close()

    def _step(self, path: Path, now: float) -> bool:
        more = False
        try:
            worker = self._workers.get(path)
            if worker is None:
                worker = self._workers[path] = TakeWorker(path, self._storage, self._format, self._report)
            more = worker.step(now, self._watch.state)
            self.has_closed_takes |= worker.phone_is_done
            if worker.closed:
                del self._workers[path]
        except StorageFault as fault:
            self._watch.fault(fault, now)
        except (RecordError, OSError, soundfile.LibsndfileError) as error:
            _log.error("take %s: %s, trying again", path.name, error)
            self._retry_at[path] = now + RETRY_SECONDS
            with contextlib.suppress(OSError, soundfile.LibsndfileError):
                if worker := self._workers.pop(path, None):
                    worker.close()
        return more

    def _recover(self, now: float) -> None:
        try:
            with storage_faults():
                recover_storage(self._storage, self._root, self._report)
        except StorageFault as fault:
            self._watch.fault(fault, now)


@contextlib.contextmanager
def _only_vault(root: Path) -> Iterator[None]:
    lock = os.open(root / "vault.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(lock)


def _is_served(root: Path) -> bool:
    try:
        with _only_vault(root):
            return False
    except BlockingIOError:
        return True
