"""Reading stored recordings back; changes with what people ask about them."""

import json
import logging
import re
from pathlib import Path

from deskphone.take.codec import RecordError
from deskphone.take.record import TAKE_ID_PATTERN
from deskphone.take.sidecar import FinalSidecar
from deskphone.vault.part import hash_file

_SIDECAR = re.compile(TAKE_ID_PATTERN[1:-1] + r"\.json")
_log = logging.getLogger(__name__)


def list_recordings(storage: Path) -> list[FinalSidecar]:
    """Every stored recording, oldest first; failed takes are among them. Raises `OSError`.

    A sidecar that does not have the promised form is logged and left out.
    """
    found = []
    for path in sorted(storage.iterdir()):
        if _SIDECAR.fullmatch(path.name):
            try:
                found.append(read_sidecar(path))
            except RecordError as error:
                _log.warning("%s left out: %s", path.name, error)
    return found


def read_sidecar(path: Path) -> FinalSidecar:
    """One sidecar. Raises `RecordError` and `OSError`."""
    try:
        data = json.loads(path.read_bytes())
    except ValueError as error:
        raise RecordError(str(error)) from error
    return FinalSidecar.from_json(data)


def verify(storage: Path, sidecar: FinalSidecar) -> bool:
    """Whether the audio is there and is, byte for byte, what was stored. Raises `OSError` but for a missing file.

    A failed take has no audio and verifies when there is none.
    """
    if sidecar.file is None:
        return not any(storage.glob(f"{sidecar.take_id}.{sidecar.format}"))
    try:
        return hash_file(storage / sidecar.file).hexdigest() == sidecar.sha256
    except FileNotFoundError:
        return False
