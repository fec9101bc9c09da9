"""One call of the library: its dialog and media, told to the engine in plain words."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

import pjsua2 as pj

from deskphone.core.call import Codec

log = logging.getLogger("deskphone.sip")

_PROBE_AFTER_SECONDS = 5.0
_PROBE_ANSWER_SECONDS = 5.0


class Listener(Protocol):
    """What a call tells; all in the SIP thread."""

    def call_ringing(self, call: "LineCall", early_media: bool) -> None: ...
    def call_answered(self, call: "LineCall", codec: Codec) -> None: ...
    def call_media(self, call: "LineCall") -> None: ...
    def call_held(self, call: "LineCall", held: bool) -> None: ...
    def call_remote_held(self, call: "LineCall", held: bool) -> None: ...
    def call_transfer(self, call: "LineCall", accepted: bool) -> None: ...
    def call_over(self, call: "LineCall", code: int) -> None: ...
    def call_lost(self, call: "LineCall") -> None: ...


def operation(code: int = 200) -> pj.CallOpParam:
    """The parameters of an operation on an audio-only call."""
    prm = pj.CallOpParam(True)
    prm.statusCode = code
    prm.opt.audioCount = 1
    prm.opt.videoCount = 0
    if hasattr(prm.opt, "textCount"):  # 2.17 offers m=text by default
        prm.opt.textCount = 0
    return prm


class LineCall(pj.Call):
    """Kept by the engine until the library's last callback about it is through."""

    def __init__(self, account: pj.Account, listener: Listener, core_id: str, library_id: int = -1) -> None:
        super().__init__(account, library_id)
        self._listener = listener
        self.core_id = core_id
        self.engine_id = str(library_id)
        self.incoming = library_id != -1
        self.rang = False
        self.confirmed = False
        self.told_answered = False
        self.over = False
        """The core knows that it ended; what the library still has to say is of no interest."""
        self.joining: LineCall | None = None
        """The other call of an attended transfer that is under way: its end, too, is the transfer's."""
        self.audio: pj.AudioMedia | None = None
        self.sendable = False
        """Whether the far end hears what goes into the call's port now (not while it is held here)."""
        self.held = False
        self.wanted_hold = False
        self._hold_deadline = 0.0
        self._remote_held = False
        self._packets = -1
        self._packets_at = time.monotonic()
        self._probe_sent = 0.0

    # --- orders, in the SIP thread

    def want_hold(self, held: bool) -> None:
        """Hold or retrieve as soon as no other offer is under way; tried for 5 s."""
        self.wanted_hold = held
        self._hold_deadline = time.monotonic() + 5.0
        self._try_hold()

    def poll(self) -> None:
        """Some 5 times a second while the call lives: pending holds, and whether the far end is still there."""
        if self.over or not self.told_answered:
            return
        if self.wanted_hold != self.held:
            if time.monotonic() > self._hold_deadline:
                self.wanted_hold = self.held
                self._listener.call_held(self, self.held)
            else:
                self._try_hold()
        self._watch_far_end()

    def _try_hold(self) -> None:
        try:
            if self.wanted_hold:
                self.setHold(operation())
            else:
                prm = operation()
                prm.opt.flag = pj.PJSUA_CALL_UNHOLD
                self.reinvite(prm)
        except pj.Error as error:
            log.debug("offer postponed: %s", error.reason)

    def _watch_far_end(self) -> None:
        """No packets for 5 s: ask with an in-dialog OPTIONS (RFC 3261 §11); no answer in 5 s more: it is gone."""
        now = time.monotonic()
        if self.audio is None or self.held or self._remote_held:
            self._packets_at, self._probe_sent = now, 0.0
            return
        try:
            statistics = self.getStreamStat(0)  # kept: its parts are freed with it
            packets = statistics.rtcp.rxStat.pkt
        except pj.Error:
            return
        if packets != self._packets:
            self._packets, self._packets_at, self._probe_sent = packets, now, 0.0
        elif self._probe_sent == 0.0 and now - self._packets_at > _PROBE_AFTER_SECONDS:
            self._probe_sent = now
            prm = pj.CallSendRequestParam()
            prm.method = "OPTIONS"
            try:
                self.sendRequest(prm)
            except pj.Error as error:
                log.debug("probe not sent: %s", error.reason)
        elif self._probe_sent and now - self._probe_sent > _PROBE_ANSWER_SECONDS:
            self._probe_sent = 0.0
            self._listener.call_lost(self)

    # --- callbacks of the library, in the SIP thread because only it polls

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        self._guard(self._call_state)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self._guard(self._media_state)

    def onCallTsxState(self, prm: pj.OnCallTsxStateParam) -> None:
        transaction = prm.e.body.tsxState.tsx
        if transaction.method == "OPTIONS" and transaction.role == pj.PJSIP_ROLE_UAC and transaction.statusCode >= 200:
            code = transaction.statusCode
            if code in (408, 481, 502, 503):
                self._guard(lambda: self._listener.call_lost(self))
            else:
                self._packets_at, self._probe_sent = time.monotonic(), 0.0

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        if prm.statusCode >= 200 and not self.over:
            accepted = prm.statusCode < 300
            prm.cont = False
            self._guard(lambda: self._listener.call_transfer(self, accepted))

    def _guard(self, job: Callable[[], None]) -> None:
        """The library swallows exceptions of callbacks; they must be seen."""
        try:
            job()
        except Exception:
            log.exception("fault in a callback of the SIP library")

    def _call_state(self) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and not self.incoming:
            self.rang = True
            self._listener.call_ringing(self, self.audio is not None)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.confirmed = True
            self._answered_if_ready()
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.audio = None
            self._listener.call_over(self, info.lastStatusCode)

    def _media_state(self) -> None:
        info = self.getInfo()
        self.audio, self.sendable = None, False
        for media in info.media:
            if media.type != pj.PJMEDIA_TYPE_AUDIO:
                continue
            status = media.status
            if status in (
                pj.PJSUA_CALL_MEDIA_ACTIVE,
                pj.PJSUA_CALL_MEDIA_REMOTE_HOLD,
                pj.PJSUA_CALL_MEDIA_LOCAL_HOLD,
            ):
                self.audio = self.getAudioMedia(media.index)
                self.sendable = status != pj.PJSUA_CALL_MEDIA_LOCAL_HOLD
            held = status == pj.PJSUA_CALL_MEDIA_LOCAL_HOLD
            remote_held = status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
            self._listener.call_media(self)
            if held != self.held:
                self.held = held
                if held == self.wanted_hold:
                    self._listener.call_held(self, held)
            if remote_held != self._remote_held:
                self._remote_held = remote_held
                self._listener.call_remote_held(self, remote_held)
            break
        self._packets_at = time.monotonic()
        self._answered_if_ready()
        if self.rang and not self.confirmed and self.audio is not None:
            self._listener.call_ringing(self, True)

    def _answered_if_ready(self) -> None:
        if self.confirmed and self.audio is not None and not self.told_answered:
            self.told_answered = True
            stream = self.getStreamInfo(0)
            self._listener.call_answered(self, Codec(stream.codecName, stream.codecClockRate))
