"""Asterisk as a real SIP peer on loopback; changes when tests need another of its abilities."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import soundfile

from tests.peers import asterisk_files
from tests.peers.ports import free_port
from tests.peers.program import PeerError, Program

PASSWORDS: Mapping[str, str] = {"1001": "larkspur-1001", "1002": "larkspur-1002"}
"""The users every Asterisk peer has unless told otherwise, and their passwords."""


class Asterisk:
    """A running Asterisk with users 1001 and 1002 (digest) on UDP and TCP, and these extensions:

    600 echo; 601 plays `played` again and again; 602 a 1004 Hz tone; 603 busy; 604 rings and never answers; 605 answers
    and hangs up after 2 s; 606 records what it hears; 607 rings for 1 s and gives up (480: nobody answers); 1001 and
    1002 ring the user (with `Record: on|off` in an INFO a server-side recording is started and stopped); 71001 and
    71002 too, with a recording of each direction.
    """

    def __init__(
        self,
        tree: Path,
        folder: Path,
        *,
        users: Mapping[str, str] = PASSWORDS,
        codecs: Sequence[str] = ("g722", "alaw", "ulaw"),
        played: Path | None = None,
        port: int | None = None,
    ) -> None:
        """`tree` is what deploy/dev/asterisk-tree.sh made, `folder` an absent folder for configuration and files.

        `played` is a mono 16-bit WAV file at 8 or 16 kHz; without it there is no 601. Nothing is started yet.
        """
        self.users = dict(users)
        self.port = port if port is not None else free_port()
        self._tree = tree
        self._folder = folder
        self._codecs = tuple(codecs)
        self._played = played
        self._program: Program | None = None
        self._run: Path | None = None
        self._calls = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def registrar(self) -> str:
        """Host and port as they stand in a SIP URI."""
        return f"127.0.0.1:{self.port}"

    def uri(self, extension: str) -> str:
        """The SIP URI of a user or an extension."""
        return f"sip:{extension}@{self.registrar}"

    @property
    def program(self) -> Program:
        """The process, its output to wait for; PeerError when it is not running."""
        if self._program is None:
            raise PeerError("Asterisk is not running")
        return self._program

    def start(self, timeout: float = 10.0) -> None:
        """Write the configuration, start, and wait until Asterisk itself reports that it is ready (`sd_notify`)."""
        command = self._command
        # A socket's path holds at most 107 bytes, and a test's folder may be deeper than that.
        self._run = Path(tempfile.mkdtemp(prefix="asterisk-"))
        try:
            self._configuration = asterisk_files.write(
                self._folder,
                self._run,
                self._tree,
                port=self.port,
                rtp_port=free_port(100),
                users=self.users,
                codecs=self._codecs,
                played=self._sound(),
            )
            self._launch(command, self._run / "notify", timeout)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it and close its files; does nothing when it is not running."""
        if self._program is not None:
            self._program.stop()
            self._program = None
        if self._run is not None:
            shutil.rmtree(self._run)
            self._run = None

    def cli(self, command: str) -> str:
        """What Asterisk's console answers to one command."""
        answer = subprocess.run(
            [*map(str, self._command), "-C", str(self._configuration), "-n", "-rx", command],
            capture_output=True,
            text=True,
            timeout=10,
        )
        if answer.returncode != 0:
            raise PeerError(f"asterisk -rx {command!r}: {answer.stdout}{answer.stderr}")
        return answer.stdout

    def registered(self, user: str) -> bool:
        """Whether the user has a contact now."""
        return re.search(rf"Contact:\s+{re.escape(user)}/sip", self.cli(f"pjsip show aor {user}")) is not None

    def wait_registered(self, user: str, timeout: float = 5.0) -> None:
        """Wait until the user has registered since Asterisk started."""
        self.program.wait_line(rf"Added contact '.*' to AOR '{re.escape(user)}'", timeout)

    def originate(self, user: str, extension: str, *, number: str = "0701234567", name: str = "Anna Ek") -> None:
        """Ring a registered user, with this caller's number and name; when it answers it hears `extension`."""
        self._calls += 1
        order = self._folder / f"call-{self._calls}"
        order.write_text(
            f'Channel: PJSIP/{user}\nCallerID: "{name}" <{number}>\nMaxRetries: 0\nWaitTime: 60\n'
            f"Context: phones\nExtension: {extension}\nPriority: 1\n"
        )
        order.rename(self._folder / "spool" / "outgoing" / order.name)

    def hang_up_all(self) -> None:
        """Hang up every call from Asterisk's side."""
        self.cli("channel request hangup all")

    def requests(self, method: str) -> int:
        """How many requests of this method it has received since `pjsip set logger on`."""
        return len(re.findall(rf"<--- Received SIP request[^\n]*\n{re.escape(method)} ", self.program.output))

    def notify_check_sync(self, user: str, *, reboot: bool = True) -> None:
        """Send the unsolicited NOTIFY `check-sync` that asks a phone to fetch its configuration again."""
        self.cli(f"pjsip send notify check-sync{'' if reboot else '-soft'} endpoint {user}")

    def heard(self, extension: str, part: str = "") -> list[Path]:
        """The recordings of 606 (`part` "") or 7XXXX (`part` "mixed", "received" or "transmitted"), oldest first.

        Received is what the caller said, transmitted what the caller heard, at 8 kHz; those of 606 are at 16 kHz. A
        file is complete when the console has said "End MixMonitor Recording" or "Spawn extension (phones, 606".
        """
        end = f"-{part}.wav" if part else ".wav16"
        return sorted((self._folder / "heard").glob(f"{extension}-*{end}"), key=lambda path: path.stat().st_mtime)

    def _launch(self, command: Sequence[str | Path], notify_path: Path, timeout: float) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.bind(str(notify_path))
            notify.settimeout(timeout)
            environment = {**os.environ, "NOTIFY_SOCKET": str(notify_path)}
            self._program = Program([*command, "-f", "-n", "-C", self._configuration], environment, real_time=True)
            try:
                said = notify.recv(256)
            except TimeoutError:
                said = b""
        # A module that cannot be loaded is only a warning to Asterisk; half a peer is no peer.
        output = self._program.output
        if b"READY=1" not in said or re.search(r"Error loading module|declined to load", output):
            raise PeerError(f"Asterisk is not ready:\n{output}")

    @property
    def _command(self) -> list[str | Path]:
        loader = next(iter(sorted(self._tree.glob("usr/lib*/ld-linux-*.so.*"))), None)
        if loader is None:
            raise PeerError(f"no loader in {self._tree}: make it with deploy/dev/asterisk-tree.sh")
        libraries = next(self._tree.glob("usr/lib/*/asterisk")).parent
        return [loader, "--library-path", libraries, self._tree / "usr/sbin/asterisk"]

    def _sound(self) -> str | None:
        if self._played is None:
            return None
        rate = soundfile.info(self._played).samplerate
        extensions = {8000: ".wav", 16000: ".wav16"}
        if rate not in extensions:
            raise ValueError(f"{self._played}: Asterisk plays 8 or 16 kHz, not {rate} Hz")
        target = self._folder / f"played{extensions[rate]}"
        self._folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._played, target)
        return str(target.with_suffix(""))
