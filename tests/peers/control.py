"""baresip's control connection (JSON in netstrings over TCP); changes when that protocol does."""

import json
import socket
import threading
import time
from collections.abc import Iterator

from tests.peers.program import PeerError


class Control:
    """A connection that sends commands one at a time and keeps every event in the order it came."""

    def __init__(self, port: int) -> None:
        """Connect to 127.0.0.1; OSError when nothing listens there."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=5)
        self._socket.settimeout(None)
        self._changed = threading.Condition()
        self._events: list[dict[str, object]] = []
        self._answers: dict[str, dict[str, object]] = {}
        self._closed = False
        self._sent = 0
        self._reader = threading.Thread(target=self._read, name="baresip control", daemon=True)
        self._reader.start()

    @property
    def events(self) -> list[dict[str, object]]:
        """Every event so far; its length is a place for `wait_event(since=...)`."""
        with self._changed:
            return list(self._events)

    def command(self, name: str, parameters: str = "", timeout: float = 5.0) -> str:
        """Give one command and return what baresip says to it; PeerError when it refuses or does not answer in time."""
        self._sent += 1
        token = str(self._sent)
        message = json.dumps({"command": name, "params": parameters, "token": token}).encode()
        self._socket.sendall(b"%d:%s," % (len(message), message))
        with self._changed:
            if not self._changed.wait_for(lambda: token in self._answers or self._closed, timeout):
                raise PeerError(f"baresip has not answered {name!r} within {timeout} s")
            answer = self._answers.pop(token, None)
        if answer is None or answer.get("ok") is not True:
            raise PeerError(f"baresip refused {name!r} {parameters!r}: {answer}")
        return str(answer.get("data", ""))

    def wait_event(self, kind: str, timeout: float = 5.0, since: int = 0) -> dict[str, object]:
        """The first event of type `kind` from place `since` on; PeerError after `timeout` seconds or baresip's end."""
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                for event in self._events[since:]:
                    if event.get("type") == kind:
                        return event
                left = deadline - time.monotonic()
                if self._closed or left <= 0:
                    why = "the connection is closed" if self._closed else f"waited {timeout} s"
                    raise PeerError(f"baresip: no event {kind} ({why}); events: {self._events}")
                self._changed.wait(left)

    def close(self) -> None:
        """Close the connection; baresip runs on."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()

    def _read(self) -> None:
        for message in _netstrings(self._socket):
            with self._changed:
                if message.get("response"):
                    self._answers[str(message.get("token"))] = message
                else:
                    self._events.append(message)
                self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _netstrings(connection: socket.socket) -> Iterator[dict[str, object]]:
    waiting = b""
    while True:
        try:
            data = connection.recv(65536)
        except OSError:
            return
        if not data:
            return
        waiting += data
        while True:
            length, colon, rest = waiting.partition(b":")
            if not colon or len(rest) <= int(length):
                break
            size = int(length)
            message, waiting = rest[:size], rest[size + 1 :]
            yield json.loads(message)
