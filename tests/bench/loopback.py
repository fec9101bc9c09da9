"""A process that calls itself through the phone's own SIP endpoint and records both ends of the path.

`python -m tests.bench.loopback CODEC SOURCE FOLDER SECONDS`; makes `reference.wav` (what went in) and `received.wav`
(what came out) and prints one JSON object: `heard_from_s`, the place in both at which the far end was connected.

Both recorders hang on one bridge, so they share one clock. Until the far end is connected both hear the source itself:
that part shows by how many ticks one of them began later.
"""

import json
import logging
import sys
import time
from pathlib import Path

import pjsua2 as pj

from deskphone.adapters.pjsip.account import Account
from deskphone.adapters.pjsip.bridge import connect, disconnect
from deskphone.adapters.pjsip.call import LineCall, operation
from deskphone.adapters.pjsip.endpoint import CLOCK_RATE, Endpoint
from deskphone.adapters.pjsip.settings import SipSettings, TlsSettings
from deskphone.core.call import Codec

_MARKED_S = 1.0


class Ends:
    """Both ends of the call, as their listener."""

    def __init__(self, settings: SipSettings) -> None:
        self._endpoint = Endpoint(settings)
        self._port = self._endpoint.open()
        self._account = Account(lambda _state, _reason: None, self._incoming)
        self._account.open(settings, None, self._port)
        self._caller: LineCall | None = None
        self._called: LineCall | None = None

    def measure(self, source: Path, folder: Path, seconds: float) -> float:
        """Make the call and both files; the place at which the far end was connected."""
        player = pj.AudioMediaPlayer()
        player.createPlayer(str(source))
        reference, received = pj.AudioMediaRecorder(), pj.AudioMediaRecorder()
        reference.createRecorder(str(folder / "reference.wav"))
        received.createRecorder(str(folder / "received.wav"))
        connect(player, reference)
        connect(player, received)
        self._pass(_MARKED_S)
        self._caller = LineCall(self._account, self, "caller")
        self._caller.makeCall(f"sip:deskphone@127.0.0.1:{self._port}", operation(0))
        while self._caller.audio is None or self._called is None or self._called.audio is None:
            self._endpoint.libHandleEvents(1)
        disconnect(player, received)
        connect(player, self._caller.audio)
        connect(self._called.audio, received)
        heard_from = (folder / "reference.wav").stat().st_size / 2 / CLOCK_RATE
        self._pass(seconds)
        disconnect(player, reference)
        disconnect(self._called.audio, received)
        for call in (self._caller, self._called):
            call.over = True
        self._caller.hangup(operation(0))
        del reference, received, player
        self._pass(0.2)
        self._account.shutdown()
        self._caller = self._called = None
        self._endpoint.about_to_end()
        self._endpoint.libDestroy()
        return heard_from

    def _pass(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._endpoint.libHandleEvents(10)

    def _incoming(self, account: Account, library_id: int) -> None:
        self._called = LineCall(account, self, "called", library_id)
        self._called.answer(operation(200))

    def call_ringing(self, call: LineCall, early_media: bool) -> None: ...
    def call_answered(self, call: LineCall, codec: Codec) -> None: ...
    def call_media(self, call: LineCall) -> None: ...
    def call_held(self, call: LineCall, held: bool) -> None: ...
    def call_remote_held(self, call: LineCall, held: bool) -> None: ...
    def call_transfer(self, call: LineCall, accepted: bool) -> None: ...
    def call_over(self, call: LineCall, code: int) -> None: ...
    def call_lost(self, call: LineCall) -> None: ...


def _settings(codec: str, memory: Path) -> SipSettings:
    return SipSettings(
        host="127.0.0.1",
        port=0,
        transport="udp",
        codecs=(codec,),
        accounts=(),
        registration_seconds=300,
        rtp_ports=None,
        tls=TlsSettings(),
        internal="",
        emergency=(),
        domain="",
        language="sv",
        country="SE",
        tone_level_dbm0=-10.0,
        local_level=0.2,
        prompts=None,
        sound_device="null",
        microphone_file=None,
        earpiece_file=None,
        memory=memory,
        device_id="",
        software_version="0",
        clock_trusted=lambda: True,
    )


def main() -> None:
    """The command."""
    logging.basicConfig(level=logging.WARNING)
    codec, source, folder, seconds = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4])
    heard_from = Ends(_settings(codec, folder)).measure(source, folder, seconds)
    print(json.dumps({"heard_from_s": heard_from}))


if __name__ == "__main__":
    main()
