"""Whether the storage folder can take recordings; changes with what makes a storage fit or unfit."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deskphone.take.outcome import StorageCondition, StorageState

CHECK_SECONDS = 1.0
_PROBE_BYTES = 65536
_MEANING: dict[int, StorageState] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ENODEV: "missing",
    errno.ENXIO: "missing",
}

_log = logging.getLogger(__name__)


class StorageFault(Exception):
    """A write to storage failed; nothing is lost, it is tried again."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause.strerror or str(cause))
        self.state: StorageState = _MEANING.get(cause.errno or 0, "unwritable")


@contextmanager
def storage_faults() -> Iterator[None]:
    """Turn an `OSError` of the storage into a `StorageFault`."""
    try:
        yield
    except OSError as error:
        raise StorageFault(error) from error


class StorageWatch:
    """Looks at the storage folder once a second. It never makes the folder: an unmounted disk has none."""

    def __init__(self, folder: Path, low_water_bytes: int, report: Callable[[StorageCondition], None]) -> None:
        """Below `low_water_bytes` free the storage counts as full. `report` hears each change and the first."""
        self._folder = folder
        self._low_water = low_water_bytes
        self._report = report
        self._condition: StorageCondition | None = None
        self._next_check = 0.0

    @property
    def state(self) -> StorageState:
        """As last seen; writing makes sense only when it is `ok`."""
        return "missing" if self._condition is None else self._condition.storage

    @property
    def ready(self) -> bool:
        """Whether writing makes sense now."""
        return self.state == "ok"

    def check(self, now: float) -> bool:
        """Look, if it is time (`now` in seconds, monotonic). True when storage has just become ready."""
        if now < self._next_check:
            return False
        self._next_check = now + CHECK_SECONDS
        was_ready = self.ready
        self._set(self._look())
        return self.ready and not was_ready

    def fault(self, fault: StorageFault, now: float) -> None:
        """A write failed: storage is not ready until a later check has proved it by writing."""
        self._next_check = now + CHECK_SECONDS
        self._set(StorageCondition(fault.state, str(fault)))

    def _look(self) -> StorageCondition:
        try:
            if not self._folder.is_dir():
                return StorageCondition("missing", "the storage folder does not exist")
            state = os.statvfs(self._folder)
            free = state.f_bavail * state.f_frsize
            if free < self._low_water:
                return StorageCondition("full", f"{free // 1_000_000} MB free, {self._low_water // 1_000_000} needed")
            if not self.ready:
                self._probe()
        except OSError as error:
            return StorageCondition(StorageFault(error).state, error.strerror or str(error))
        return StorageCondition("ok", "")

    def _probe(self) -> None:
        probe = self._folder / ".deskphone-probe"
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            if os.write(descriptor, bytes(_PROBE_BYTES)) < _PROBE_BYTES:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            probe.unlink(missing_ok=True)

    def _set(self, condition: StorageCondition) -> None:
        known = self._condition
        self._condition = condition
        if known is None or known.storage != condition.storage:
            level = logging.INFO if condition.storage == "ok" else logging.ERROR
            _log.log(level, "storage: %s %s", condition.storage, condition.reason)
            self._report(condition)
