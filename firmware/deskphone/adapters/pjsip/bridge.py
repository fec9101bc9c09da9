"""The conference bridge: who hears whom. Only C ports carry audio; Python connects and disconnects."""

import logging
from pathlib import Path

import pjsua2 as pj

log = logging.getLogger("deskphone.sip")


class Bridge:
    """Microphone and ears of this phone, and connections that can be made and broken without knowing their state."""

    def __init__(self, endpoint: pj.Endpoint, microphone_file: Path | None, earpiece_file: Path | None) -> None:
        manager = endpoint.audDevManager()
        self._playback = manager.getPlaybackDevMedia()
        self._file_microphone: pj.AudioMediaPlayer | None = None
        self._file_earpiece: pj.AudioMediaRecorder | None = None
        self.silence = pj.ToneGenerator()
        self.silence.createToneGenerator(16_000, 1)
        if microphone_file is not None:
            self._file_microphone = pj.AudioMediaPlayer()
            self._file_microphone.createPlayer(str(microphone_file))
        if earpiece_file is not None:
            earpiece_file.parent.mkdir(parents=True, exist_ok=True)
            self._file_earpiece = pj.AudioMediaRecorder()
            self._file_earpiece.createRecorder(str(earpiece_file))
            connect(self.silence, self._file_earpiece)
        self.microphone: pj.AudioMedia = self._file_microphone or manager.getCaptureDevMedia()

    @property
    def ears(self) -> tuple[pj.AudioMedia, ...]:
        """Where sound for the local person goes: the handset and, in the simulated phone, a file."""
        return (self._playback, self._file_earpiece) if self._file_earpiece else (self._playback,)

    def set_volume(self, level: int) -> None:
        """Earpiece level 0 to 10; 7 is unchanged, each step 3 dB, 0 silent."""
        gain = 0.0 if level == 0 else 10.0 ** ((level - 7) * 3 / 20)
        for ear in self.ears:
            ear.adjustRxLevel(gain)

    def close(self) -> None:
        """Give the ports back, before the library goes."""
        self._file_microphone = None
        self._file_earpiece = None
        del self.microphone, self.silence, self._playback


def connect(source: pj.AudioMedia, sink: pj.AudioMedia, level: float = 1.0) -> None:
    """Let `sink` hear `source`; does nothing when one of them is gone."""
    try:
        if level == 1.0:
            source.startTransmit(sink)
        else:
            parameter = pj.AudioMediaTransmitParam()
            parameter.level = level
            source.startTransmit2(sink, parameter)
    except pj.Error as error:
        log.debug("not connected: %s", error.reason)


def disconnect(source: pj.AudioMedia, sink: pj.AudioMedia) -> None:
    """Undo `connect`; does nothing when there is no such connection."""
    try:
        source.stopTransmit(sink)
    except pj.Error as error:
        log.debug("not disconnected: %s", error.reason)
