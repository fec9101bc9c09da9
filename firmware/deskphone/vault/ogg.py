"""Where the whole pages of a cut-off Ogg file end; changes with RFC 3533."""

import os
from pathlib import Path

_HEADER_BYTES = 27
_CRC_OFFSET = 22
_POLYNOMIAL = 0x04C11DB7
_CHECKED_PAGES = 16
"""Pages whose checksum is verified: more than lies between two fsyncs, the only ones a power cut can damage."""


def whole_pages_length(path: Path) -> int:
    """Bytes from the start up to the end of the last page that is complete and undamaged."""
    size = path.stat().st_size
    pages: list[tuple[int, int]] = []
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        at = 0
        while length := _page_length(os.pread(descriptor, _HEADER_BYTES + 255, at)):
            if at + length > size:
                break
            pages.append((at, length))
            at += length
        good = max(0, len(pages) - _CHECKED_PAGES)
        while good < len(pages) and _is_undamaged(os.pread(descriptor, pages[good][1], pages[good][0])):
            good += 1
    finally:
        os.close(descriptor)
    return sum(pages[good - 1]) if good else 0


def _page_length(start: bytes) -> int:
    if len(start) < _HEADER_BYTES or not start.startswith(b"OggS"):
        return 0
    lacing = start[_HEADER_BYTES : _HEADER_BYTES + start[26]]
    if len(lacing) < start[26]:
        return 0
    return _HEADER_BYTES + len(lacing) + sum(lacing)


def _is_undamaged(page: bytes) -> bool:
    bare = page[:_CRC_OFFSET] + bytes(4) + page[_CRC_OFFSET + 4 :]
    return _crc(bare) == int.from_bytes(page[_CRC_OFFSET : _CRC_OFFSET + 4], "little")


def _table_entry(index: int) -> int:
    value = index << 24
    for _ in range(8):
        value = (value << 1) ^ (_POLYNOMIAL if value & 0x80000000 else 0)
    return value & 0xFFFFFFFF


_TABLE = [_table_entry(index) for index in range(256)]


def _crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value
