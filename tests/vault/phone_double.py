"""A phone that plays takes into memory, and a vault process beside it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from deskphone.take.atomic import write_json
from deskphone.take.folder import TakeFolder, new_take_id
from deskphone.take.outcome import Outcome, StorageCondition, parse_report, socket_path
from deskphone.take.record import Segment
from tests.take.records import a_record

RATE = 16000
TICK = 320
Samples = npt.NDArray[np.int16]

_VAULT = (
    "import sys, logging; from pathlib import Path; from deskphone.vault.process import run_vault\n"
    "logging.basicConfig(level=logging.INFO)\n"
    "run_vault(Path(sys.argv[1]), Path(sys.argv[2]).as_uri(), sys.argv[3], low_water_bytes=int(sys.argv[4]))"
)


def environment() -> dict[str, str]:
    """For a child process with the same imports."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 15) -> None:
    """Return as soon as `condition` holds; fail the test after `seconds`."""
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        tick.wait(0.01)


def names(folder: Path) -> list[str]:
    """What lies in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


def noise(seconds: float, seed: int) -> Samples:
    """Two channels of smooth, never silent, never repeating sound."""
    steps = np.random.default_rng(seed).integers(-900, 900, (round(seconds * RATE), 2))
    return ((np.cumsum(steps, axis=0) % 20000) - 10000 | 1).astype(np.int16)


class PhoneDouble:
    """Writes one take as the recorder does: 20 ms at a time, header sizes 0, both files of a pair."""

    def __init__(self, root: Path, *, kept: bool = True, mode: str = "always-pause-resume") -> None:
        self.record = a_record(
            take_id=new_take_id(datetime.now(UTC)), kept=kept, mode=mode, segments=(), pauses=(), started_at=_now()
        )
        self.folder = TakeFolder.create(root, self.record)
        self._files: tuple[IO[bytes], IO[bytes]] | None = None

    def start(self) -> None:
        """Begin a stretch."""
        index = len(self.record.segments)
        near, far = (path.open("wb", buffering=0) for path in self.folder.segment_paths(index))
        self._files = (near, far)
        for file in self._files:
            file.write(b"RIFF\0\0\0\0WAVEfmt " + bytes(28))
        self._save(segments=(*self.record.segments, Segment(index, _now(), None)))

    def write(self, samples: Samples) -> None:
        """Let both files grow."""
        self.write_one(0, samples[:, 0])
        self.write_one(1, samples[:, 1])

    def write_one(self, side: int, samples: Samples) -> None:
        """Let one file grow, tick by tick."""
        assert self._files is not None
        for at in range(0, len(samples), TICK):
            self._files[side].write(samples[at : at + TICK].tobytes())

    def pause(self) -> None:
        """End the stretch: close the files, then say so."""
        assert self._files is not None
        for file in self._files:
            file.close()
        self._files = None
        *before, last = self.record.segments
        self._save(segments=(*before, replace(last, ended_at=_now())))

    def keep(self) -> None:
        """Start was pressed."""
        self._save(kept=True)

    def hang_up(self) -> None:
        """Close the take."""
        if self._files is not None:
            self.pause()
        self.folder.close(replace(self.record, end_reason="hangup-local", stopped_at=_now(), call_ended_at=_now()))

    def die(self) -> None:
        """Leave the take as a dead process does: files as they are, the lock free. With no vault running."""
        for file in self._files or ():
            file.close()
        with contextlib.suppress(FileNotFoundError):
            self.folder.close(self.record)
            write_json(self.folder.path / "take.json", self.record.to_json())

    def _save(self, **changes: object) -> None:
        self.record = replace(self.record, **changes)  # type: ignore[arg-type]
        self.folder.save(self.record)


class VaultProcess:
    """A real vault process, and the socket on which the phone hears it."""

    def __init__(self, root: Path, storage: Path, storage_format: str = "flac", low_water: int = 0) -> None:
        self._arguments = [str(root), str(storage), storage_format, str(low_water)]
        self._log = (root / "vault.log").open("ab")
        self._root = root
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(socket_path(root)))
        self.heard: list[Outcome | StorageCondition] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; returns at once."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", _VAULT, *self._arguments], env=environment(), stderr=self._log
        )

    def kill(self) -> None:
        """kill -9."""
        self._stop(signal.SIGKILL)

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        return self._stop(signal.SIGTERM)

    def wait(self) -> int:
        """The exit code of a vault that ends by itself."""
        assert self._process is not None
        code = self._process.wait(10)
        self._process = None
        return code

    def _stop(self, number: int) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(number)
        code = self._process.wait(10)
        self._process = None
        return code

    def wait_for(self, take_id: str, state: str, seconds: float = 15) -> Outcome:
        """The outcome, as soon as it is reported."""
        deadline = time.monotonic() + seconds
        while True:
            for report in self.heard:
                if isinstance(report, Outcome) and (report.take_id, report.state) == (take_id, state):
                    return report
            self._hear(deadline, state)

    def wait_for_storage(self, state: str, seconds: float = 15) -> StorageCondition:
        """The storage condition, as soon as the last one reported is this."""
        deadline = time.monotonic() + seconds
        while True:
            conditions = [report for report in self.heard if isinstance(report, StorageCondition)]
            if conditions and conditions[-1].storage == state:
                return conditions[-1]
            self._hear(deadline, f"storage {state}, but {conditions}")

    def log(self) -> str:
        """What the vault logged."""
        return (self._root / "vault.log").read_text()

    def close(self) -> None:
        """Kill and clean up."""
        self.kill()
        self._socket.close()
        self._log.close()

    def _hear(self, deadline: float, what: str) -> None:
        self._socket.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            self.heard.append(parse_report(self._socket.recv(65536)))
        except TimeoutError:
            raise AssertionError(f"never heard: {what}\nthe vault's log:\n{self.log()[-3000:]}") from None


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
