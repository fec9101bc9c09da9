"""Giving memory back from the front of a file that lives in tmpfs; changes with the kernel's interface."""

import ctypes
import errno
import os
from pathlib import Path

PAGE_BYTES = 4096
_KEEP_SIZE = 0x01
_PUNCH_HOLE = 0x02

_libc = ctypes.CDLL(None, use_errno=True)
_libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]


def free_range(path: Path, start: int, end: int) -> None:
    """Free the whole pages in bytes `start`..`end` of a file; its length stays, the range reads as zeros.

    A file system that cannot do so keeps the memory. Raises `OSError` otherwise.
    """
    first = -(-start // PAGE_BYTES) * PAGE_BYTES
    length = end // PAGE_BYTES * PAGE_BYTES - first
    if length <= 0:
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        if _libc.fallocate(descriptor, _KEEP_SIZE | _PUNCH_HOLE, first, length) != 0:
            code = ctypes.get_errno()
            if code != errno.EOPNOTSUPP:
                raise OSError(code, os.strerror(code), str(path))
    finally:
        os.close(descriptor)


def first_hole(path: Path, start: int) -> int:
    """The first byte at or after `start` whose page was freed; the file's length when there is none."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        length = os.fstat(descriptor).st_size
        return os.lseek(descriptor, start, os.SEEK_HOLE) if start < length else length
    finally:
        os.close(descriptor)
