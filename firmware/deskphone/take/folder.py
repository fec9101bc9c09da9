"""The folder of one take in memory; changes when the layout that phone and vault share does.

`<root>/takes/<take_id>/` holds `take.json`, `lock` (locked by the phone for the life of the take), a pair
`near-NNN.wav`, `far-NNN.wav` for each stretch between pauses, and the vault's own working files.
"""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from deskphone.take.atomic import write_json
from deskphone.take.codec import RecordError
from deskphone.take.record import TakeRecord, is_take_id

RECORD_NAME = "take.json"
LOCK_NAME = "lock"


class SegmentPaths(NamedTuple):
    """The two files of one stretch: what this phone sent and what it received."""

    near: Path
    far: Path


class TakeFolder:
    """The phone's side of a take's folder. One object per take; `close` ends its use."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock: int | None = lock

    @classmethod
    def create(cls, root: Path, record: TakeRecord) -> Self:
        """Make the folder of a new take, complete with lock and record before the vault can see it.

        `root` is the memory folder and is made when missing. Raises `OSError`, also when the take exists.
        """
        takes = takes_folder(root)
        takes.mkdir(mode=0o700, parents=True, exist_ok=True)
        hidden = takes / f".new-{record.take_id}"
        hidden.mkdir(mode=0o700)
        lock = os.open(hidden / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            write_json(hidden / RECORD_NAME, record.to_json())
            path = hidden.rename(takes / record.take_id)
        except OSError:
            os.close(lock)
            shutil.rmtree(hidden, ignore_errors=True)
            raise
        return cls(path, lock)

    @property
    def path(self) -> Path:
        """Where the take lies."""
        return self._path

    def segment_paths(self, index: int) -> SegmentPaths:
        """Where the recorders of stretch `index` (0-999) write; the indexes of a take rise."""
        return segment_paths(self._path, index)

    def save(self, record: TakeRecord) -> None:
        """Replace the record. Raises `OSError` when memory is full, `ValueError` after `close`."""
        if self._lock is None:
            raise ValueError("the take is closed")
        write_json(self._path / RECORD_NAME, record.to_json())

    def close(self, record: TakeRecord) -> None:
        """Say the last word: the record with `closed` set, then the lock goes. The folder is then the vault's.

        MUST be called after the recorders have closed their files. Raises `OSError` when memory is full: the
        lock goes all the same and the vault treats the take as that of a phone that died.
        """
        try:
            self.save(replace(record, closed=True))
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None


def new_take_id(utc: datetime, random: Callable[[int], int] = secrets.randbits) -> str:
    """A new id such as `20261124T085501Z-1a2b3c4d`: sorts by time, tells nothing of people.

    `random(bits)` gives a number of so many bits.
    """
    return f"{utc.astimezone(UTC):%Y%m%dT%H%M%SZ}-{random(32):08x}"


def takes_folder(root: Path) -> Path:
    """Where the takes of memory folder `root` lie."""
    return root / "takes"


def segment_paths(take: Path, index: int) -> SegmentPaths:
    """The pair of files of stretch `index` in the take's folder."""
    return SegmentPaths(take / f"near-{index:03d}.wav", take / f"far-{index:03d}.wav")


def list_takes(root: Path) -> list[Path]:
    """The folders of all takes in memory, oldest first; empty when there is no root."""
    takes = takes_folder(root)
    with contextlib.suppress(FileNotFoundError):
        return sorted(path for path in takes.iterdir() if is_take_id(path.name))
    return []


def read_record(take: Path) -> TakeRecord:
    """The phone's record in a take's folder. Raises `RecordError` (also for broken JSON) and `OSError`."""
    return parse_record((take / RECORD_NAME).read_bytes())


def parse_record(text: bytes) -> TakeRecord:
    """A record from the bytes of its file. Raises `RecordError`."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise RecordError(f"{RECORD_NAME}: {error}") from error
    return TakeRecord.from_json(data)


def phone_holds(take: Path) -> bool:
    """Whether a living phone process owns the take. The lock of a process that died is free."""
    try:
        lock = os.open(take / LOCK_NAME, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def remove_unborn(root: Path) -> None:
    """Remove folders of takes whose phone died while it made them; they hold no audio.

    One younger than 10 s may be in the making and stays.
    """
    with contextlib.suppress(FileNotFoundError):
        for path in takes_folder(root).iterdir():
            if path.name.startswith(".new-") and path.stat().st_mtime < time.time() - 10 and not phone_holds(path):
                shutil.rmtree(path, ignore_errors=True)
