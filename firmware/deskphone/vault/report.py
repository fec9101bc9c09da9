"""Telling the phone what became of its takes; changes with how the word gets there."""

import contextlib
import json
import logging
import socket
from pathlib import Path

from deskphone.take.atomic import write_json
from deskphone.take.outcome import (
    Outcome,
    Report,
    outcomes_folder,
    report_to_json,
    socket_path,
    storage_path,
)

KEPT_OUTCOMES = 100
_log = logging.getLogger(__name__)


class Reporter:
    """Never blocks and never fails: nobody may be listening, and memory may be full."""

    def __init__(self, root: Path) -> None:
        """`root` is the memory folder."""
        self._root = root
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def __call__(self, report: Report) -> None:
        """Leave the report on file, then send it."""
        data = report_to_json(report)
        try:
            if isinstance(report, Outcome):
                _log.info("take %s: %s %s", report.take_id, report.state, report.reason or "")
                folder = outcomes_folder(self._root)
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_json(folder / f"{report.take_id}.json", data)
                _prune(folder)
            else:
                write_json(storage_path(self._root), data)
        except OSError as error:
            _log.error("outcome not written: %s", error.strerror)
        with contextlib.suppress(OSError):
            self._socket.sendto(json.dumps(data).encode(), str(socket_path(self._root)))

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()


def _prune(folder: Path) -> None:
    outcomes = sorted(folder.glob("*.json"))
    for path in outcomes[:-KEPT_OUTCOMES]:
        path.unlink(missing_ok=True)
