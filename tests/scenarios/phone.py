"""The whole phone as its users have it: a process moved over HTTP; changes when its start or interface does."""

import http.client
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image

from deskphone.core.view import Mark, Screen, SoftKey, View
from deskphone.ui.screens import Surroundings, render
from deskphone.ui.texts import Texts
from tests.peers.ports import free_port
from tests.peers.program import PeerError, Program

State = dict[str, Any]


class Phone:
    """A simulated phone with a configuration, storage and memory of its own under `folder`."""

    def __init__(
        self, folder: Path, microphone: Path | None = None, *, mode: str = "never", **sections: Mapping[str, Any]
    ) -> None:
        """`sections` are merged into the configuration: `notice={"pause_resume": "beep"}`. Nothing is started yet."""
        self.folder = folder
        self.storage = folder / "storage"
        self.memory = folder / "memory"
        self.earpiece = folder / "earpiece.wav"
        self.config = folder / "deskphone.toml"
        self.sip_port = free_port()
        self.http_port = free_port()
        self._sections = _merged(self._defaults(mode, microphone), sections)
        self._program: Program | None = None
        self._killed: list[Program] = []
        self._states: list[State] = []
        self._changed = threading.Condition()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def program(self) -> Program:
        """The running process."""
        if self._program is None:
            raise PeerError("the phone is not running")
        return self._program

    @property
    def running(self) -> bool:
        """Whether the test has started it and not ended it."""
        return self._program is not None and self._program.alive

    @property
    def uri(self) -> str:
        """Where the phone is called without a registrar."""
        return f"sip:deskphone@127.0.0.1:{self.sip_port}"

    def start(self, timeout: float = 10.0) -> None:
        """Write the configuration unless the test wrote one, start, and wait until SIP listens."""
        self.prepare()
        self.launch()
        self.program.wait_line(r"SIP listens on|cannot be used", timeout)

    def prepare(self) -> None:
        """Make the folders, and the configuration unless there is one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.storage.mkdir(exist_ok=True)
        if not self.config.exists():
            self.config.write_text(_toml(self._sections))

    def launch(self) -> None:
        """Start the process and follow its states; waits for HTTP only."""
        self._program = Program(self._command())
        self._program.wait_line(r"HTTP on ", 10.0)
        self.follow()

    def follow(self) -> None:
        """Listen to the states from now on."""
        self._states.clear()
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    def stop(self) -> int:
        """End it with SIGTERM; its exit status."""
        if self._program is None:
            return 0
        status = self._program.stop(15.0)
        for program in self._killed:  # their output ends when their vaults do
            program.stop()
        if self._reader is not None:
            self._reader.join(5.0)
        return status

    def kill(self) -> None:
        """`kill -9`: the phone alone, as a crash takes it; its vault goes on until it finds no phone."""
        os.kill(self.program.pid, signal.SIGKILL)
        self.program.wait()
        self._killed.append(self.program)

    def vault_pid(self) -> int:
        """The process of the phone's vault."""
        children = Path(f"/proc/{self.program.pid}/task/{self.program.pid}/children").read_text().split()
        return next(int(pid) for pid in children if b"vault" in Path(f"/proc/{pid}/cmdline").read_bytes())

    def resources(self) -> dict[str, int]:
        """What the process holds now: threads, file descriptors, resident memory in kB."""
        status = Path(f"/proc/{self.program.pid}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return {
            "threads": int(fields["Threads"]),
            "descriptors": len(list(Path(f"/proc/{self.program.pid}/fd").iterdir())),
            "resident_kb": int(fields["VmRSS"].split()[0]),
        }

    def run_once(self, timeout: float = 10.0) -> "subprocess.CompletedProcess[str]":
        """Start it where it is expected to end by itself; what it said."""
        return subprocess.run(self._command(), capture_output=True, text=True, timeout=timeout)

    def state(self) -> State:
        """`GET /api/state`."""
        found: State = json.loads(self.get("/api/state"))
        return found

    def get(self, path: str) -> bytes:
        """The body of a GET."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}{path}", timeout=5.0) as answer:
            body: bytes = answer.read()
        return body

    def post(self, path: str, body: object) -> tuple[int, Any]:
        """Status and JSON answer of a POST."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http_port}{path}", data, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=5.0) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            status, answer = self.post(f"/api/keys/{key}", {"action": "press"})
            assert status == 200, answer

    def hook(self, *, down: bool) -> None:
        """Replace (`down`) or lift the handset."""
        status, answer = self.post("/api/keys/hook", {"action": "down" if down else "up"})
        assert status == 200, answer

    def dial(self, to: str) -> None:
        """Call someone."""
        status, answer = self.post("/api/calls", {"to": to})
        assert status in (200, 201, 202), answer

    def pick(self, entry: str) -> None:
        """Open Mer, turn pages until `entry` is there, and press its soft key."""
        self.press("mer")
        for _ in range(4):
            entries = {e["id"]: e["key"] for e in self.state()["menu"]["entries"]}
            if entry in entries:
                self.press(entries[entry])
                return
            self.press("soft4")
        raise AssertionError(f"{entry} is not under Mer: {self.state()['menu']}")

    def soft(self, label: str) -> None:
        """Press the soft key that carries this id."""
        keys = [key["id"] if key else None for key in self.state()["soft_keys"]]
        assert label in keys, f"no soft key is {label}: {keys}"
        self.press(f"soft{keys.index(label) + 1}")

    def wait(self, what: Callable[[State], object], timeout: float = 5.0, since: int = 0) -> State:
        """The first state from place `since` of those streamed that `what` is true of."""
        deadline = time.monotonic() + timeout
        place = since
        with self._changed:
            while True:
                for state in self._states[place:]:
                    if what(state):
                        return state
                place = max(place, len(self._states))
                left = deadline - time.monotonic()
                if left <= 0:
                    last = json.dumps(self._states[-1] if self._states else None, ensure_ascii=False)
                    raise AssertionError(
                        f"waited {timeout} s in vain; last state: {last}\n{self.program.output[-6000:]}"
                    )
                self._changed.wait(left)

    def mark(self) -> int:
        """The place of the newest state: `wait(..., since=mark)` looks at it and what follows."""
        with self._changed:
            return max(0, len(self._states) - 1)

    def wait_call(self, state: str, timeout: float = 5.0) -> State:
        """Wait until the active call is in this state; the call."""
        found = self.wait(lambda s: _active(s).get("state") == state, timeout, self.mark())
        return _active(found)

    def wait_recording(self, state: str, timeout: float = 5.0) -> State:
        """Wait until the active call's recording is in this state; the recording."""
        found = self.wait(lambda s: _active(s).get("recording", {}).get("state") == state, timeout, self.mark())
        recording: State = _active(found)["recording"]
        return recording

    def wait_takes(self, count: int, state: str = "stored", timeout: float = 8.0) -> list[State]:
        """Wait until so many takes are in this state; they."""
        found = self.wait(lambda s: sum(t["state"] == state for t in s["takes"]) >= count, timeout, self.mark())
        return [take for take in found["takes"] if take["state"] == state]

    def wait_call_over(self, timeout: float = 5.0) -> State:
        """Wait until no call lives; the state."""
        return self.wait(lambda s: s["active_call"] is None, timeout, self.mark())

    def wait_settled(self, timeout: float = 10.0) -> State:
        """Wait until every take is stored, discarded or failed; the state."""
        over = ("stored", "discarded", "failed")
        return self.wait(lambda s: all(t["state"] in over for t in s["takes"]), timeout, self.mark())

    def wait_registered(self, timeout: float = 5.0) -> State:
        """Wait until the registrar has it; the registration."""
        found = self.wait(lambda s: s["registration"]["state"] == "registered", timeout, self.mark())
        registration: State = found["registration"]
        return registration

    def wait_party(self, number: str, state: str, timeout: float = 5.0) -> State:
        """Wait until the newest call with this number is in this state; the call."""
        found = self.wait(lambda s: _with(s, number).get("state") == state, timeout, self.mark())
        return _with(found, number)

    def wait_ended(self, timeout: float = 5.0) -> State:
        """Wait until no call lives and one is remembered; the newest of those remembered."""
        found = self.wait(lambda s: s["active_call"] is None and s["calls"], timeout, self.mark())
        call: State = found["calls"][-1]
        return call

    def wait_recorded(self, seconds: float, patience: float = 5.0) -> None:
        """Wait until the active call's recording has so many seconds more than now."""
        goal = seconds + _active(self.state())["recording"]["recorded_seconds"]
        self.wait(
            lambda s: _active(s).get("recording", {}).get("recorded_seconds", 0) >= goal,
            seconds + patience,
            self.mark(),
        )

    def wait_screen(self, screen: Screen, timeout: float = 5.0) -> None:
        """Wait until the OLED shows this screen, with the soft keys and the status mark of now and without a banner."""
        deadline = time.monotonic() + timeout
        pause = threading.Event()
        # The display tells nobody when it has been drawn, so it is looked at, once a frame.
        while True:
            wanted = {self._drawn(screen, time.localtime()).tobytes()}
            shown = Image.open(io.BytesIO(self.get("/api/screen.png"))).convert("1")
            wanted.add(self._drawn(screen, time.localtime()).tobytes())  # the clock may have moved meanwhile
            if shown.tobytes() in wanted:
                return
            assert time.monotonic() < deadline, f"the OLED does not show {screen}: {self.state()}"
            pause.wait(0.02)

    def wait_change(self, timeout: float) -> None:
        """Wait for the next change of the state, at most so long."""
        with self._changed:
            self._changed.wait(timeout)

    def stored(self) -> list[State]:
        """The sidecars of the storage folder, oldest first."""
        return [json.loads(path.read_text()) for path in sorted(self.storage.glob("*.json"))]

    def _command(self) -> list[str | Path]:
        program: list[str | Path] = [sys.executable, "-m", "deskphone.cli", "run", "--config", self.config]
        return [*program, "--simulate", "--listen", f"127.0.0.1:{self.http_port}"]

    def _follow(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=60)
        try:
            connection.request("GET", "/api/events")
            answer = connection.getresponse()
            while line := answer.readline():
                if line.startswith(b"data: "):
                    with self._changed:
                        self._states.append(json.loads(line[6:]))
                        self._changed.notify_all()
        except (OSError, http.client.HTTPException):
            pass  # the phone has ended
        finally:
            connection.close()

    def _drawn(self, screen: Screen, now: time.struct_time) -> Image.Image:
        state = self.state()
        one, two, three, four = (SoftKey(key["id"]) if key else None for key in state["soft_keys"])
        view = View(screen, (one, two, three, four), Mark(state["status_mark"]))
        phone = self._sections["phone"]
        around = Surroundings(phone.get("name", "Deskphone"), now, "", "", "")
        return render(view, Texts(phone["language"]), around)

    def _defaults(self, mode: str, microphone: Path | None) -> dict[str, Any]:
        audio = {"earpiece_file": str(self.earpiece)}
        if microphone is not None:
            audio["microphone_file"] = str(microphone)
        return {
            "phone": {"language": "sv"},
            "sip": {"listen": f"127.0.0.1:{self.sip_port}", "transport": "udp"},
            "recording": {"mode": mode},
            "audio": audio,
            "storage": {"url": f"file://{self.storage}", "memory": str(self.memory)},
            "log": {"level": "info"},
        }


def _active(state: State) -> State:
    return next((call for call in state["calls"] if call["id"] == state["active_call"]), {})


def _with(state: State, number: str) -> State:
    return next((call for call in reversed(state["calls"]) if call["party"]["number"] == number), {})


def account(registrar: str, user: str, password: str) -> dict[str, str]:
    """An entry of `sip.accounts`: `make_phone(sip={"accounts": [account(...)]})`; `registrar` is HOST:PORT."""
    return {"uri": f"sip:{user}@{registrar}", "username": user, "password": password}


def _merged(base: dict[str, Any], extra: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {**base, **{name: {**base.get(name, {}), **values} for name, values in extra.items()}}


def _toml(sections: Mapping[str, Any]) -> str:
    """The little TOML that configurations need: tables, one level of tables in them as inline ones."""
    return (
        "\n".join(
            f"[{name}]\n" + "\n".join(f"{k} = {_value(v)}" for k, v in values.items())
            for name, values in sections.items()
        )
        + "\n"
    )


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list() | tuple():
            return "[" + ", ".join(_value(v) for v in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{k} = {_value(v)}" for k, v in value.items()) + " }"
        case _:
            return str(value)
