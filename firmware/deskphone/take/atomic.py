"""Replacing a file whole; changes when the way a small file reaches its medium does."""

import json
import os
from pathlib import Path
from typing import Any


def write_json(path: Path, data: Any, *, durable: bool = False) -> None:
    """Replace `path` by `data` as JSON: a reader sees the old or the new text, never a part.

    With `durable` it is on the medium when the call returns. File mode 0600. Raises `OSError`; the old file
    is then unharmed.
    """
    text = json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    temporary = path.with_name(path.name + ".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in `folder` on the medium."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
