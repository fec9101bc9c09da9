"""A peer's operating-system process with the lines it prints; changes when starting or ending a peer does."""

import functools
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_URGENT = ["chrt", "--rr", "5"]


@functools.cache
def _urgency_is_allowed() -> bool:
    return subprocess.run([*_URGENT, "true"], capture_output=True).returncode == 0


class PeerError(RuntimeError):
    """A real peer did not start, did not answer in time or ended by itself."""


class Program:
    """A running program whose output is kept as lines that can be waited for. Ended by `stop` or by the end of `with`.

    The program dies with the *thread* that started it (`setpriv --pdeathsig`), so that no peer outlives a killed test
    run: start it from the main thread.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        environment: Mapping[str, str] | None = None,
        *,
        real_time: bool = False,
    ) -> None:
        """`real_time` for who sends sound, where that is allowed: how a busy machine delays a peer is not judged."""
        urgent = _URGENT if real_time and _urgency_is_allowed() else []
        self._name = Path(arguments[0]).name
        self._lines: list[str] = []
        self._changed = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *urgent, *map(str, arguments)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name=f"{self._name} output", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def output(self) -> str:
        """All that was printed so far, stdout and stderr together."""
        with self._changed:
            return "\n".join(self._lines)

    def mark(self) -> int:
        """A place in the output: `wait_line(..., since=mark)` sees only what is printed after it."""
        with self._changed:
            return len(self._lines)

    def wait_line(self, pattern: str, timeout: float = 5.0, since: int = 0) -> re.Match[str]:
        """The first line from place `since` on that `pattern` (a regular expression) is found in.

        PeerError, with the whole output, after `timeout` seconds or when the program ends without such a line.
        """
        wanted = re.compile(pattern)
        deadline = time.monotonic() + timeout
        with self._changed:
            place = since
            while True:
                for line in self._lines[place:]:
                    if found := wanted.search(line):
                        return found
                place = max(place, len(self._lines))
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    why = "ended" if self._ended else f"waited {timeout} s"
                    raise PeerError(f"{self._name}: no line matches {pattern!r} ({why}):\n" + "\n".join(self._lines))
                self._changed.wait(left)

    def wait(self) -> int:
        """Wait for its own end; the exit status."""
        return self._process.wait()

    def stop(self, timeout: float = 5.0) -> int:
        """End it with SIGTERM, SIGKILL after `timeout` seconds; returns its exit status. May be called twice."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self._lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
