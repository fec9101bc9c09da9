"""The pjsua2 endpoint: library, transport, codecs and sound device, set as a handset phone needs them."""

import contextlib
import logging
import os
from collections.abc import Iterator

import pjsua2 as pj

from deskphone.adapters.pjsip.settings import SipSettings

log = logging.getLogger("deskphone.sip")

CLOCK_RATE = 16_000
"""Hertz of the bridge: G.722's rate, so wideband calls pass without resampling."""

_CODEC_IDS = {"opus": "opus/48000/2", "g722": "G722/16000/1", "pcma": "PCMA/8000/1", "pcmu": "PCMU/8000/1"}
_JITTER_MS = 40
"""The jitter buffer's first and least depth. Without a first one PCMA's delay is 103 ms in a call's first second. With
20 ms a busy machine ran it empty now and then, which put 20 to 40 ms of made-up sound into a recording."""
_JITTER_GROWN_MS = 120
_JITTER_MAX_MS = 200
"""As deep as a bad network makes it, and the most that it holds. It does not shrink by leaving out sound: the library's
own choice (progressive discard) put a fault of 10 ms into every G.722 call at its first second, and up to four more
later; its static discard left out 10 ms in 4 of 24 calls of the tests. Without either: in none of 24."""
_JITTER_SHRUNK_MS = 20
"""A depth that the library's own discard does not shrink: one packet. For builds that can only discard."""
_DISCARD_NONE = 0
"""PJMEDIA_JB_DISCARD_NONE; PyPI's build knows neither the name nor how to take the number."""
_AUDIO_PRIORITY = 10
_SIP_PRIORITY = 5
"""Of 1 to 99: above all that is not real-time, below the kernel's own threads (50)."""
_PLAY_LATENCY_MS = 60
_RECORD_LATENCY_MS = 40
_RETRY_SECONDS = 15


class _Log(pj.LogWriter):
    """Hands the library's lines to logging. They name parties: shown in full only if allowed."""

    def __init__(self, show: bool) -> None:
        super().__init__()
        self._show = show
        self.ending = False

    def write(self, entry: pj.LogEntry) -> None:
        if self.ending:  # a goodbye that has no answer to wait for is no fault
            log.debug("pjsip: %s", _without_parties(entry.msg))
            return
        level = logging.ERROR if entry.level <= 1 else logging.WARNING if entry.level == 2 else logging.DEBUG
        if self._show:
            log.log(level, "%s", entry.msg.rstrip())
        else:
            log.log(level, "pjsip: %s", _without_parties(entry.msg))


def _without_parties(text: str) -> str:
    words = text.split()
    return " ".join("<party>" if "sip:" in word or "sips:" in word else word for word in words[1:])


class Endpoint(pj.Endpoint):
    """Lives as long as the adapter; created and destroyed in the SIP thread."""

    def __init__(self, settings: SipSettings) -> None:
        super().__init__()
        self._settings = settings
        self._log = _Log(settings.log_numbers)
        self.sound_problem: str | None = None

    def about_to_end(self) -> None:
        """What fails from now on is logged for developers only: everyone has been said goodbye to."""
        self._log.ending = True

    def open(self) -> int:
        """Bring everything up; returns the port that SIP listens on. Raises `pj.Error`."""
        self.libCreate()
        with _real_time():
            return self._open()

    def _open(self) -> int:
        config = pj.EpConfig()
        config.logConfig.level = 3
        config.logConfig.consoleLevel = 3
        config.logConfig.msgLogging = False
        config.logConfig.writer = self._log
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.userAgent = f"Deskphone/{self._settings.software_version}"
        config.uaConfig.maxCalls = 8
        media = config.medConfig
        media.clockRate = CLOCK_RATE
        media.sndClockRate = CLOCK_RATE
        media.audioFramePtime = 20
        media.noVad = True
        media.ecTailLen = 0
        media.jbInit = _JITTER_MS
        media.jbMinPre = _JITTER_MS
        media.jbMaxPre = _JITTER_GROWN_MS
        media.jbMax = _JITTER_MAX_MS
        try:
            media.jbDiscardAlgo = _DISCARD_NONE
        except TypeError:
            media.jbInit = media.jbMinPre = _JITTER_SHRUNK_MS
            log.warning("this pjsua2 cannot be told to leave out no sound: recordings may lack 10 ms now and then")
        media.sndPlayLatency = _PLAY_LATENCY_MS
        media.sndRecLatency = _RECORD_LATENCY_MS
        media.sndAutoCloseTime = -1
        media.threadCnt = 1
        self.libInit(config)
        port = self._transport()
        self.libStart()
        self._codecs()
        self._sound()
        return port

    def _transport(self) -> int:
        config = pj.TransportConfig()
        config.port = self._settings.port
        if self._settings.host not in ("0.0.0.0", "::"):
            config.boundAddress = self._settings.host
        kind = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
        if self._settings.transport == "tls":
            tls = self._settings.tls
            config.tlsConfig.CaListFile = tls.ca_file or "/etc/ssl/certs/ca-certificates.crt"
            config.tlsConfig.certFile = tls.cert_file
            config.tlsConfig.privKeyFile = tls.key_file
            config.tlsConfig.verifyServer = tls.verify
        transport = self.transportCreate(kind[self._settings.transport], config)
        info = self.transportGetInfo(transport)
        return int(info.localName.rpartition(":")[2])

    def _codecs(self) -> None:
        known = {codec.codecId for codec in self.codecEnum2()}
        for codec_id in known:
            self.codecSetPriority(codec_id, 0)
        priority = 250
        for name in self._settings.codecs:
            codec_id = _CODEC_IDS[name]
            if codec_id in known:
                self.codecSetPriority(codec_id, priority)
                priority -= 10
            else:
                log.warning("this pjsua2 has no %s codec; it is left out", name)

    def _sound(self) -> None:
        manager = self.audDevManager()
        device = self._settings.sound_device
        if device == "null":
            manager.setNullDev()
            return
        try:
            index = manager.lookupDev("ALSA", device)
            manager.setCaptureDev(index)
            manager.setPlaybackDev(index)
        except pj.Error as error:
            self.sound_problem = error.reason
            log.error("sound device %r cannot be opened (%s); calls go on without it", device, error.reason)
            manager.setNullDev()


def media_transport(config: pj.AccountConfig, settings: SipSettings) -> None:
    """RTP from the address that SIP listens on, and from the configured ports."""
    transport = config.mediaConfig.transportConfig
    if settings.host not in ("0.0.0.0", "::"):
        transport.boundAddress = settings.host
    if settings.rtp_ports is not None:
        low, high = settings.rtp_ports
        transport.port = low
        transport.portRange = high - low


@contextlib.contextmanager
def _real_time() -> Iterator[None]:
    """Threads that the library starts within inherit the priority of audio; this one goes on a little below it.

    This one too, because it holds the library's locks now and then, and audio would wait for it. Where real-time
    priority is not allowed (no CAP_SYS_NICE, no LimitRTPRIO) the phone runs all the same, and a busy machine may be
    heard: with three busy loops a core one call in two had a fault of 10 to 120 ms without it, none with it.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_AUDIO_PRIORITY))
    except PermissionError:
        log.info("no real-time priority for audio: sound may suffer while the machine is busy")
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(_SIP_PRIORITY))


def retry_seconds() -> int:
    """How long the stack waits before it tries an unreachable registrar again."""
    return _RETRY_SECONDS
