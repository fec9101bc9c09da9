"""The telephony port on pjsua2: carries out commands in the SIP thread and turns callbacks into events."""

import logging
import time
from collections.abc import Callable
from functools import partial

import pjsua2 as pj

from deskphone.adapters.pjsip import reasons
from deskphone.adapters.pjsip.account import Account
from deskphone.adapters.pjsip.bridge import Bridge
from deskphone.adapters.pjsip.call import LineCall, operation
from deskphone.adapters.pjsip.dialplan import DialError, DialPlan
from deskphone.adapters.pjsip.endpoint import CLOCK_RATE, Endpoint
from deskphone.adapters.pjsip.line import Line
from deskphone.adapters.pjsip.recorder import TakeRecorder
from deskphone.adapters.pjsip.records import take_record
from deskphone.adapters.pjsip.settings import SipSettings
from deskphone.adapters.pjsip.sounds import Announcement, LocalTones, prompt_files
from deskphone.adapters.pjsip.thread import SipThread
from deskphone.core import commands as do
from deskphone.core import events
from deskphone.core.call import Call, Codec, EndReason, Take
from deskphone.core.events import Event
from deskphone.core.instant import Instant
from deskphone.core.tones import warning_tone
from deskphone.ports.telephony import TelephonyCommand
from deskphone.take.record import TakeRecord

log = logging.getLogger("deskphone.sip")

_POLL_MS = 10
_CALL_POLL_SECONDS = 0.2
_STOP_SECONDS = 8.0


class PjsipEngine:
    """Created anywhere, touches nothing until `start`. `post` MUST be callable from any thread."""

    def __init__(self, settings: SipSettings, post: Callable[[Event], None], now: Callable[[], Instant]) -> None:
        self._settings = settings
        self._post = post
        self._now = now
        self._plan = DialPlan.of(settings)
        self._thread = SipThread(self._poll, self._fault)
        self._endpoint: Endpoint | None = None
        self._accounts: list[Account] = []
        self._lines: dict[str, Line] = {}
        self._pending: dict[str, LineCall] = {}
        self._fading: list[LineCall] = []
        self._recorders: dict[str, TakeRecorder] = {}
        self._muted = False
        self._polled_calls = 0.0
        self._tone = warning_tone(settings.country)
        self.port = 0
        """The port that SIP listens on, once started."""

    # --- the port, from any thread

    def start(self) -> None:
        """Bring the stack up in its thread; what comes of it is told as events."""
        self._thread.start(self._open, self._close)

    def execute(self, command: TelephonyCommand) -> None:
        """Queue one command."""
        self._thread.submit(partial(self._execute, command))

    def stop(self) -> None:
        """Say goodbye to whoever is still there, and end the thread. Blocks for up to some seconds."""
        if not self._thread.stop(_STOP_SECONDS):
            log.error("the SIP thread did not end in time")

    # --- life of the stack, in the SIP thread

    def _open(self) -> None:
        endpoint = Endpoint(self._settings)
        self._endpoint = endpoint
        try:
            self.port = endpoint.open()
        except pj.Error as error:
            log.error("SIP cannot start on %s:%d: %s", self._settings.host, self._settings.port, error.reason)
            self._tell(events.RegistrationChanged(self._now(), "failed", "sip-cannot-start"))
            self._tell(events.AdapterChanged(self._now(), "sip", "sip-cannot-start"))
            raise
        self._bridge = Bridge(endpoint, self._settings.microphone_file, self._settings.earpiece_file)
        self._local = LocalTones(self._bridge, self._settings.country)
        log.info("SIP listens on %s:%d (%s)", self._settings.host, self.port, self._settings.transport)
        if endpoint.sound_problem is not None:
            self._tell(events.AdapterChanged(self._now(), "sound", "audio-lost"))
        for account_settings in self._settings.accounts or (None,):
            account = Account(self._registration, self._incoming)
            account.open(self._settings, account_settings, self.port)
            self._accounts.append(account)

    def _close(self) -> None:
        endpoint = self._endpoint
        if endpoint is None:
            return
        for line in list(self._lines.values()):
            self._hang_up(line.call)
        deadline = time.monotonic() + 1.0
        while any(call.isActive() for call in self._all_calls()) and time.monotonic() < deadline:
            endpoint.libHandleEvents(_POLL_MS)
        for account in self._accounts:
            info = account.getInfo()
            if info.regIsConfigured and info.regStatus // 100 == 2:
                account.setRegistration(False)
        for recorder in self._recorders.values():
            recorder.cut()
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline and not all(r.done for r in self._recorders.values()):
            endpoint.libHandleEvents(_POLL_MS)
            self._poll_recorders()
        if hasattr(self, "_bridge"):
            self._local.close()
            for line in self._lines.values():
                line.close()
            self._bridge.close()
            del self._local, self._bridge
        self._recorders.clear()
        self._lines.clear()
        self._pending.clear()
        self._fading.clear()
        endpoint.about_to_end()
        for account in self._accounts:
            account.shutdown()
        self._accounts.clear()
        endpoint.libDestroy()
        self._endpoint = None

    def _all_calls(self) -> list[LineCall]:
        return [line.call for line in self._lines.values()] + list(self._pending.values()) + self._fading

    def _poll(self) -> None:
        if self._endpoint is None:
            time.sleep(_POLL_MS / 1000)
            return
        self._endpoint.libHandleEvents(_POLL_MS)
        if self._recorders:
            self._poll_recorders()
        now = time.monotonic()
        if now - self._polled_calls >= _CALL_POLL_SECONDS:
            self._polled_calls = now
            for line in list(self._lines.values()):
                line.call.poll()
            self._fading = [call for call in self._fading if call.isActive()]

    def _poll_recorders(self) -> None:
        for take_id, recorder in list(self._recorders.items()):
            first, seconds, failure = recorder.poll()
            if seconds is not None:
                self._tell(events.RecorderProgressed(self._now(), take_id, seconds))
            if first:
                self._tell(events.RecorderStored(self._now(), take_id))
            if failure is not None:
                self._tell(events.RecorderFailed(self._now(), take_id, failure))
            if recorder.done:
                self._tell(events.RecorderProgressed(self._now(), take_id, recorder.seconds()))
                del self._recorders[take_id]

    def _fault(self, error: BaseException) -> None:
        self._tell(events.AdapterChanged(self._now(), "sip", "internal-fault"))

    def _tell(self, event: Event) -> None:
        self._post(event)

    # --- commands, in the SIP thread

    def _execute(self, command: TelephonyCommand) -> None:
        match command:
            case do.Dial():
                self._dial(command.call_id, command.to)
            case do.Adopt():
                self._adopt(command.engine_id, command.call_id)
            case do.Refuse():
                if (call := self._pending.pop(command.engine_id, None)) is not None:
                    call.over = True
                    self._fading.append(call)
                    call.hangup(operation(486))
            case do.OpenTake():
                self._open_take(command.take, command.call)
            case do.CutTake():
                if (recorder := self._recorders.get(command.take_id)) is not None:
                    recorder.cut()
                    self._tell(events.RecorderProgressed(self._now(), command.take_id, recorder.seconds()))
            case do.ContinueTake():
                self._continue_take(command.take_id)
            case do.CloseTake():
                if (recorder := self._recorders.get(command.take_id)) is not None:
                    recorder.cut()
                    self._tell(events.RecorderProgressed(self._now(), command.take_id, recorder.seconds()))
            case do.SaveTake():
                if (recorder := self._recorders.get(command.take.id)) is not None:
                    recorder.save(self._record(command.take, command.call))
            case do.SetMute():
                self._muted = command.on
                for line in self._lines.values():
                    line.wire(self._muted)
            case do.PlayLocalTone():
                self._local.play(command.tone)
            case do.SetVolume():
                self._bridge.set_volume(command.level)
            case _:
                if (target := self._lines.get(command.call_id)) is not None:
                    self._execute_on_line(command, target)
                elif isinstance(command, do.PlayAnnouncement):
                    self._tell(events.NoticeEnded(self._now(), command.call_id, command.notice_id))

    def _execute_on_line(self, command: TelephonyCommand, line: Line) -> None:
        call, settings = line.call, self._settings
        match command:
            case do.Answer():
                call.answer(operation(200))
            case do.HangUp():
                self._hang_up(call)
            case do.Hold():
                call.want_hold(True)
            case do.Retrieve():
                call.want_hold(False)
            case do.Transfer():
                self._transfer(call, command.to)
            case do.AttendedTransfer():
                other = self._lines.get(command.consultation_id)
                if other is not None:
                    self._join(call, other.call)
            case do.SendDtmf():
                call.dialDtmf(command.digit)
                self._local.key(command.digit)
            case do.PlayAnnouncement():
                self._announce(line, command)
            case do.PlayBeep():
                line.beep(self._tone, settings.tone_level_dbm0, settings.local_level, command.audience)
                line.wire(self._muted)
            case do.StartBeep():
                line.start_beep(
                    self._tone, settings.tone_level_dbm0, settings.local_level, command.audience, command.every_seconds
                )
                line.wire(self._muted)
            case do.StopBeep():
                line.stop_beep()
            case _:
                raise TypeError(f"not a command for a line: {command!r}")

    def _dial(self, call_id: str, to: str) -> None:
        try:
            uri = self._plan.uri(to)
        except DialError:
            self._tell(events.CallEnded(self._now(), call_id, EndReason.BAD_NUMBER))
            return
        self._tell(events.CallPlaced(self._now(), call_id, self._plan.party(uri)))
        call = LineCall(self._accounts[0], self, call_id)
        self._lines[call_id] = Line(call, self._bridge)
        try:
            call.makeCall(uri, operation(0))
        except pj.Error as error:
            log.warning("call %s cannot be placed: %s", call_id, error.reason)
            self._end(call, EndReason.BAD_NUMBER if error.status == 171039 else EndReason.UNREACHABLE)

    def _adopt(self, engine_id: str, call_id: str) -> None:
        call = self._pending.pop(engine_id, None)
        if call is None:  # cancelled before the core had heard of it
            self._tell(events.CallEnded(self._now(), call_id, EndReason.MISSED))
            return
        call.core_id = call_id
        self._lines[call_id] = Line(call, self._bridge)
        call.answer(operation(180))

    def _hang_up(self, call: LineCall) -> None:
        """Our own goodbye takes effect at once; the library finishes the dialog in its own time."""
        refused = call.incoming and not call.confirmed
        self._leave(call, EndReason.DECLINED if refused else EndReason.HANGUP_LOCAL, 603 if refused else 0)

    def _leave(self, call: LineCall, reason: EndReason, code: int = 0) -> None:
        """End a call for a reason of our own. It is told first: the library may report the end within `hangup`."""
        self._end(call, reason)
        try:
            call.hangup(operation(code))
        except pj.Error as error:
            log.debug("hang-up: %s", error.reason)

    def _end(self, call: LineCall, reason: EndReason) -> None:
        if call.over:
            return
        call.over = True
        if (line := self._lines.pop(call.core_id, None)) is not None:
            line.close()
        self._fading.append(call)
        self._tell(events.CallEnded(self._now(), call.core_id, reason))

    def _transfer(self, call: LineCall, to: str) -> None:
        try:
            call.xfer(self._plan.uri(to), operation())
        except (DialError, pj.Error):
            self._tell(events.TransferAnswered(self._now(), call.core_id, False))

    def _join(self, call: LineCall, other: LineCall) -> None:
        call.joining, other.joining = other, call
        try:
            call.xferReplaces(other, operation())
        except pj.Error:
            call.joining = other.joining = None
            self._tell(events.TransferAnswered(self._now(), call.core_id, False))

    def _announce(self, line: Line, command: do.PlayAnnouncement) -> None:
        """Play the first of the prompt's files that can be read; the shipped one is the last."""
        problem: str | None = None
        for path in prompt_files(command.prompt, self._settings.language, self._settings.prompts):
            player = self._player(line, command, problem)
            try:
                line.announce(player, path, command.audience)
            except pj.Error as error:
                problem = f"{path}: {error.reason}"
                log.error("prompt %s cannot be read: %s; it must be a 16 bit mono PCM WAV file", path, error.reason)
                continue
            line.wire(self._muted)
            return
        self._tell(events.NoticeEnded(self._now(), command.call_id, command.notice_id, problem or "missing"))

    def _player(self, line: Line, command: do.PlayAnnouncement, problem: str | None) -> Announcement:
        """A player that tells its end, and with it that another file could not be read."""

        def ended() -> None:
            self._announced(line, player, command, problem)

        player = Announcement(ended)
        return player

    def _announced(self, line: Line, player: Announcement, command: do.PlayAnnouncement, problem: str | None) -> None:
        """Called on a native thread of the library."""
        self._thread.submit(partial(line.announcement_over, player))
        self._tell(events.NoticeEnded(self._now(), command.call_id, command.notice_id, problem))

    # --- recorders, in the SIP thread

    def _open_take(self, take: Take, call: Call) -> None:
        line = self._lines.get(call.id)
        if line is None:
            return
        try:
            recorder = TakeRecorder(self._settings.memory, self._record(take, call), self._bridge.silence)
            self._recorders[take.id] = recorder
            recorder.open()
        except (OSError, pj.Error) as error:
            text = error.reason if isinstance(error, pj.Error) else str(error)
            log.error("take %s cannot be opened: %s", take.id, text)
            self._tell(events.RecorderFailed(self._now(), take.id, text))
            return
        line.recorder = recorder
        line.wire(self._muted)

    def _continue_take(self, take_id: str) -> None:
        recorder = self._recorders.get(take_id)
        if recorder is None:
            return
        try:
            recorder.open()
        except (OSError, pj.Error) as error:
            log.error("take %s cannot go on: %s", take_id, error)
            self._tell(events.RecorderFailed(self._now(), take_id, "recorder-stalled"))
            return
        for line in self._lines.values():
            if line.recorder is recorder:
                line.wire(self._muted)

    def _record(self, take: Take, call: Call) -> TakeRecord:
        own = self._settings.accounts[0].username if self._settings.accounts else ""
        return take_record(take, call, self._settings, own, CLOCK_RATE)

    # --- what accounts and calls tell, in the SIP thread

    def _registration(self, state: str, reason: str | None) -> None:
        self._tell(events.RegistrationChanged(self._now(), state, reason))

    def _incoming(self, account: Account, library_id: int) -> None:
        call = LineCall(account, self, "", library_id)
        self._pending[call.engine_id] = call
        info = call.getInfo()
        self._tell(events.CallIncoming(self._now(), call.engine_id, self._plan.party(info.remoteUri)))

    def call_ringing(self, call: LineCall, early_media: bool) -> None:
        """The far end rings."""
        self._tell(events.CallRinging(self._now(), call.core_id, early_media))

    def call_answered(self, call: LineCall, codec: Codec) -> None:
        """Confirmed, and its audio flows."""
        self._tell(events.CallAnswered(self._now(), call.core_id, codec))

    def call_media(self, call: LineCall) -> None:
        """The call's port is new: connect it anew."""
        if (line := self._lines.get(call.core_id)) is not None:
            line.wire(self._muted)

    def call_held(self, call: LineCall, held: bool) -> None:
        """Our hold or retrieve is through, or was given up."""
        self._tell(events.LocalHoldChanged(self._now(), call.core_id, held))

    def call_remote_held(self, call: LineCall, held: bool) -> None:
        """The far end holds or retrieves."""
        self._tell(events.RemoteHoldChanged(self._now(), call.core_id, held))

    def call_transfer(self, call: LineCall, accepted: bool) -> None:
        """The verdict on our REFER; an accepted one ends the call here."""
        self._tell(events.TransferAnswered(self._now(), call.core_id, accepted))
        if not accepted and call.joining is not None:
            call.joining.joining = None
            call.joining = None
        if accepted:
            self._leave(call, EndReason.TRANSFERRED)

    def call_lost(self, call: LineCall) -> None:
        """No packets and no answer: the far end is gone."""
        self._leave(call, EndReason.PEER_GONE)

    def call_over(self, call: LineCall, code: int) -> None:
        """The library is done with the dialog."""
        self._pending.pop(call.engine_id, None)
        if call.core_id:
            reason = reasons.call_ended(code, incoming=call.incoming, answered=call.confirmed, rang=call.rang)
            if call.joining is not None and reason is EndReason.HANGUP_REMOTE:
                reason = EndReason.TRANSFERRED
            self._end(call, reason)
