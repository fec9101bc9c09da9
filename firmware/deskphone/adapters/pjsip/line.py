"""One call with its audio: wires call, handset, recorder and notices together, whichever of them exist just now."""

from pathlib import Path

from deskphone.adapters.pjsip.bridge import Bridge, connect, disconnect
from deskphone.adapters.pjsip.call import LineCall
from deskphone.adapters.pjsip.recorder import TakeRecorder
from deskphone.adapters.pjsip.sounds import Announcement, Notice, generator, warning_tones
from deskphone.core.commands import Audience
from deskphone.core.tones import WarningTone


class Line:
    """All in the SIP thread. `wire` may be called at any time: it makes what should be connected, connected."""

    def __init__(self, call: LineCall, bridge: Bridge) -> None:
        self.call = call
        self._bridge = bridge
        self.recorder: TakeRecorder | None = None
        self._notices: dict[str, Notice] = {}

    def wire(self, muted: bool) -> None:
        """Connect by the state of call, hold, mute, recorder and notices."""
        port = self.call.audio
        near = self.recorder.near if self.recorder is not None else None
        far = self.recorder.far if self.recorder is not None else None
        sending = self.call.sendable and not muted
        microphone = self._bridge.microphone
        if port is not None:
            (connect if sending else disconnect)(microphone, port)
            for ear in self._bridge.ears:
                (connect if self.call.sendable else disconnect)(port, ear)
            if far is not None:
                connect(port, far)
        if near is not None:
            (connect if sending else disconnect)(microphone, near)
        for notice in self._notices.values():
            notice.wire(self._bridge, port if self.call.sendable else None, near)

    def start_beep(
        self, tone: WarningTone, level_dbm0: float, local: float, audience: Audience, every_seconds: int
    ) -> None:
        """The repeating recording tone, timed by the bridge."""
        source = generator(warning_tones(tone, level_dbm0, every_seconds), loop=True)
        self._notices["repeating"] = Notice(source, audience, local, taped=True)

    def stop_beep(self) -> None:
        """End the repeating tone; one that sounds is cut off."""
        self._notices.pop("repeating", None)

    def beep(self, tone: WarningTone, level_dbm0: float, local: float, audience: Audience) -> None:
        """One recording tone."""
        source = generator(warning_tones(tone, level_dbm0, None), loop=False)
        self._notices["single"] = Notice(source, audience, local, taped=True)

    def announce(self, player: Announcement, path: Path, audience: Audience) -> None:
        """Play a file once, in place of an announcement that plays. Raises `pj.Error` when it cannot be read."""
        self._notices.pop("spoken", None)
        player.createPlayer(str(path), _PLAY_ONCE)
        self._notices["spoken"] = Notice(player, audience, 1.0, taped=False)

    def announcement_over(self, player: Announcement) -> None:
        """Forget an announcement that has ended, unless another has taken its place."""
        spoken = self._notices.get("spoken")
        if spoken is not None and spoken.source is player:
            del self._notices["spoken"]

    def close(self) -> None:
        """The call is over: its notices end with it."""
        if self.recorder is not None:
            self.recorder.cut()
        self._notices.clear()
        self.call.audio = None


_PLAY_ONCE = 1
"""PJMEDIA_FILE_NO_LOOP."""
