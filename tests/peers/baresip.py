"""baresip as a real SIP phone on loopback; changes when tests need another of its abilities or baresip its options."""

import shutil
import struct
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.audio.sources import load, resample, save
from tests.peers.control import Control
from tests.peers.ports import free_port
from tests.peers.program import PeerError, Program

Codec = Literal["G722/16000/1", "PCMA/8000/1", "PCMU/8000/1"]
G722: Codec = "G722/16000/1"
PCMA: Codec = "PCMA/8000/1"
PCMU: Codec = "PCMU/8000/1"
Direction = Literal["enc", "dec"]

_WAV_HEADER_BYTES = 44


class Baresip:
    """A running baresip with one account, which speaks a WAV file and keeps what it sent and what it heard.

    A call ends when its WAV file does: make it longer than the test. A command that baresip refuses raises PeerError.
    """

    def __init__(
        self,
        folder: Path,
        source: Path,
        *,
        user: str = "peer",
        registrar: str | None = None,
        password: str = "",
        codecs: Sequence[Codec] = (G722, PCMA, PCMU),
        transport: Literal["udp", "tcp"] = "udp",
        answer: Literal["manual", "auto", "early"] = "manual",
        port: int | None = None,
    ) -> None:
        """`folder` is empty or absent; `source` is mono 16-bit WAV. It is spoken at the rate of the first codec.

        `registrar` is "host:port" of where `user` registers with `password`; without it nothing is registered and the
        peer is called at `uri`. `codecs` are offered and accepted in this order. Nothing is started yet.
        """
        self.port = port if port is not None else free_port()
        self.user = user
        self._folder = folder
        self._source = source
        self._registrar = registrar
        self._password = password
        self._codecs = tuple(codecs)
        self._transport = transport
        self._answer = answer
        self._program: Program | None = None
        self._control: Control | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def uri(self) -> str:
        """Where a phone without a registrar reaches this peer."""
        return f"sip:{self.user}@127.0.0.1:{self.port};transport={self._transport}"

    @property
    def program(self) -> Program:
        """The process, its output to wait for; PeerError when it is not running."""
        if self._program is None:
            raise PeerError("baresip is not running")
        return self._program

    @property
    def control(self) -> Control:
        """The control connection with every event since the start; PeerError when it is not running."""
        if self._control is None:
            raise PeerError("baresip is not running")
        return self._control

    def start(self, timeout: float = 5.0) -> None:
        """Write the configuration, start, connect, and create the account; does not wait for its registration."""
        binary = shutil.which("baresip")
        if binary is None:
            raise PeerError("baresip is missing: apt-get install baresip-core")
        control_port = free_port()
        self._write(control_port)
        # Line buffered, or the line that says "ready" stays in a pipe's buffer.
        self._program = Program(["stdbuf", "-oL", binary, "-f", self._folder], real_time=True)
        try:
            self._program.wait_line(r"baresip is ready", timeout)
            self._control = Control(control_port)
            # After the control connection, so that no registration event is missed.
            self._control.command("uanew", self._account())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, its call too; the WAV files are complete afterwards. Does nothing when it is not running."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._program is not None:
            self._program.stop()
            self._program = None

    def dial(self, uri: str) -> None:
        """Call a SIP URI."""
        self.control.command("dial", uri)

    def answer(self) -> None:
        """Answer the call that rings."""
        self.control.command("accept")

    def hangup(self) -> None:
        """End, refuse or cancel the current call."""
        self.control.command("hangup")

    def hold(self) -> None:
        """Put the other side on hold."""
        self.control.command("hold")

    def resume(self) -> None:
        """Take the call back from hold."""
        self.control.command("resume")

    def mute(self) -> None:
        """Send silence; called again, speak again."""
        self.control.command("mute")

    def dtmf(self, digits: str) -> None:
        """Send each of `digits` (0-9, *, #) as RFC 4733 events."""
        for digit in digits:
            self.control.command("sndcode", digit)

    def wait_event(self, kind: str, timeout: float = 5.0, since: int = 0) -> dict[str, object]:
        """The first event of this type from place `since` of `control.events` on; PeerError after `timeout` seconds.

        Types: REGISTER_OK, REGISTER_FAIL, CALL_INCOMING, CALL_RINGING, CALL_PROGRESS, CALL_ESTABLISHED, CALL_CLOSED
        (why stands in "param"), CALL_RTPESTAB (first packet), CALL_DTMF_START, ...
        """
        return self.control.wait_event(kind, timeout, since)

    def dumps(self) -> frozenset[Path]:
        """The WAV files of all calls so far: `-enc.wav` said, `-dec.wav` heard, at the codec's rate, mono, 16 bit.

        baresip names them by the second in which a call began: let calls begin in different seconds.
        """
        return frozenset((self._folder / "audio").glob("*.wav"))

    def audio_seconds(self, direction: Direction = "dec", since: frozenset[Path] = frozenset()) -> float:
        """How much the current call has heard ("dec") or said ("enc"); `since` are the files of calls before it."""
        found = self._newest(direction, since)
        return 0.0 if found is None else _wav_seconds(found)

    def wait_audio(
        self, seconds: float, direction: Direction = "dec", since: frozenset[Path] = frozenset(), patience: float = 5.0
    ) -> None:
        """Wait until the current call has heard or said so much; PeerError when it takes `patience` seconds longer."""
        deadline = time.monotonic() + seconds + patience
        self._until(lambda: self.audio_seconds(direction, since) >= seconds, deadline, f"{seconds} s of audio")

    @property
    def received(self) -> Path:
        """What the last call heard; PeerError when there was no call or it is not over.

        Nothing is written while the other side sends nothing. baresip 1.0.0 writes no more of it after any re-INVITE:
        let Asterisk stand between when the other side holds, or judge by Asterisk's recording.
        """
        return self._complete("dec")

    @property
    def sent(self) -> Path:
        """What the last call said, before the encoder; PeerError when there was no call or it is not over."""
        return self._complete("enc")

    def _newest(self, direction: Direction, since: frozenset[Path] = frozenset()) -> Path | None:
        found = [path for path in self.dumps() - since if path.name.endswith(f"-{direction}.wav")]
        return max(found, key=lambda path: path.name, default=None)

    def _complete(self, direction: Direction) -> Path:
        found = self._newest(direction)
        if found is None:
            raise PeerError(f"baresip has written no *-{direction}.wav: was there a call?")
        # The lengths in the header are written when the file is closed, a moment after the event that ends the call.
        path = found
        self._until(lambda: _wav_is_closed(path), time.monotonic() + 2.0, f"the end of {path.name}")
        return path

    def _until(self, condition: Callable[[], bool], deadline: float, what: str) -> None:
        # baresip tells of no growth of its files, so they are looked at, once a frame.
        pause = threading.Event()
        while not condition():
            if time.monotonic() > deadline:
                output = self._program.output if self._program else "it is not running"
                raise PeerError(f"baresip: {what} did not come:\n{output}")
            pause.wait(0.02)

    def _account(self) -> str:
        where = self._registrar or f"127.0.0.1:{self.port}"
        return (
            f"<sip:{self.user}@{where};transport={self._transport}>"
            f";auth_user={self.user};auth_pass={self._password};regint={60 if self._registrar else 0}"
            f";answermode={self._answer};audio_codecs={','.join(self._codecs)};ptime=20"
        )

    def _write(self, control_port: int) -> None:
        modules = next((path for path in Path("/usr/lib").glob("**/baresip/modules") if path.is_dir()), None)
        if modules is None:
            raise PeerError("baresip has no modules: apt-get install baresip-core")
        rate = int(self._codecs[0].split("/")[1])
        rtp_port = free_port(20)
        audio = self._folder / "audio"
        audio.mkdir(parents=True)
        # baresip's own resampler leaves little of what lies above 1.3 kHz on the way from 16 to 8 kHz.
        spoken = save(self._folder / "source.wav", resample(*load(self._source), rate), rate)
        (self._folder / "accounts").touch()
        (self._folder / "contacts").touch()
        loaded = ["g722", "g711", "aufile", "aubridge", "sndfile"]
        lines = [
            "poll_method epoll",
            f"sip_listen 127.0.0.1:{self.port}",
            "net_interface 127.0.0.1",
            "call_max_calls 4",
            "statmode_default off",
            f"audio_source aufile,{spoken}",
            "audio_player aubridge,nowhere",
            f"ausrc_srate {rate}",
            f"auplay_srate {rate}",
            "ausrc_channels 1",
            "auplay_channels 1",
            f"rtp_ports {rtp_port}-{rtp_port + 19}",
            "jitter_buffer_delay 2-10",
            f"module_path {modules}",
            *(f"module {name}.so" for name in loaded),
            f"snd_path {audio}",
            "module_app menu.so",
            "module_app ctrl_tcp.so",
            f"ctrl_tcp_listen 127.0.0.1:{control_port}",
        ]
        (self._folder / "config").write_text("\n".join(lines) + "\n")


def _wav_seconds(path: Path) -> float:
    with path.open("rb") as file:
        header = file.read(_WAV_HEADER_BYTES)
    if len(header) < _WAV_HEADER_BYTES:
        return 0.0
    (bytes_per_second,) = struct.unpack_from("<I", header, 28)
    return float((path.stat().st_size - _WAV_HEADER_BYTES) / bytes_per_second)


def _wav_is_closed(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(8)
    return len(header) == 8 and struct.unpack_from("<I", header, 4)[0] == path.stat().st_size - 8
