"""Everything that can happen to the phone: a closed union of frozen dataclasses, each with its time."""

from dataclasses import dataclass

from deskphone.core.call import Codec, EndReason, Party
from deskphone.core.instant import Instant
from deskphone.core.keypad import Key


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key went down. `source` is written beside a recording control: `key` or `api`."""

    at: Instant
    key: Key
    source: str = "key"


@dataclass(frozen=True, slots=True)
class KeyReleased:
    at: Instant
    key: Key


@dataclass(frozen=True, slots=True)
class HandsetLifted:
    """Off-hook."""

    at: Instant


@dataclass(frozen=True, slots=True)
class HandsetReplaced:
    """On-hook."""

    at: Instant


@dataclass(frozen=True, slots=True)
class DialRequested:
    """Someone outside the panel (the HTTP interface) wants a call; `to` is a number or a SIP URI."""

    at: Instant
    to: str


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    """`state` is none, registering, registered or failed; `reason` a `Words` token, None when all is well."""

    at: Instant
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CallIncoming:
    """An INVITE arrived; `engine_id` is how the SIP adapter knows the call."""

    at: Instant
    engine_id: str
    party: Party


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """Our INVITE is on its way; the dial plan has told what the number is."""

    at: Instant
    call_id: str
    party: Party


@dataclass(frozen=True, slots=True)
class CallRinging:
    """The far end rings (180 or 183). With `early_media` it plays its own ring-back."""

    at: Instant
    call_id: str
    early_media: bool = False


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """The dialog is confirmed and its audio flows."""

    at: Instant
    call_id: str
    codec: Codec


@dataclass(frozen=True, slots=True)
class LocalHoldChanged:
    """Our own hold or retrieve was accepted by the far end (`held`), or refused (`held` as before)."""

    at: Instant
    call_id: str
    held: bool


@dataclass(frozen=True, slots=True)
class RemoteHoldChanged:
    at: Instant
    call_id: str
    held: bool


@dataclass(frozen=True, slots=True)
class CallEnded:
    at: Instant
    call_id: str
    reason: EndReason


@dataclass(frozen=True, slots=True)
class TransferAnswered:
    """The far end's verdict on our REFER (RFC 3515)."""

    at: Instant
    call_id: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class RecorderStored:
    """The first sample since the take was opened or resumed is in its file."""

    at: Instant
    take_id: str


@dataclass(frozen=True, slots=True)
class RecorderProgressed:
    """`seconds` of the take are in its files now. Sent while it runs, and once more when it is cut or closed."""

    at: Instant
    take_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class RecorderFailed:
    """The recorder cannot open, or its file has not grown for a second."""

    at: Instant
    take_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class TakeOutcome:
    """The vault's word: `state` is storing, stored, discarded or failed."""

    at: Instant
    take_id: str
    state: str
    path: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StorageChanged:
    """The storage can (`ok`) or cannot take recordings; `reason` is a `Words` token."""

    at: Instant
    ok: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeEnded:
    """An announcement was played to its end, or could not be (`reason`)."""

    at: Instant
    call_id: str
    notice_id: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TimerFired:
    at: Instant
    timer_id: str


@dataclass(frozen=True, slots=True)
class AdapterChanged:
    """An adapter is lost (`reason`) or back (None)."""

    at: Instant
    adapter: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ShutdownRequested:
    at: Instant


Event = (
    KeyPressed
    | KeyReleased
    | HandsetLifted
    | HandsetReplaced
    | DialRequested
    | RegistrationChanged
    | CallIncoming
    | CallPlaced
    | CallRinging
    | CallAnswered
    | LocalHoldChanged
    | RemoteHoldChanged
    | CallEnded
    | TransferAnswered
    | RecorderStored
    | RecorderProgressed
    | RecorderFailed
    | TakeOutcome
    | StorageChanged
    | NoticeEnded
    | TimerFired
    | AdapterChanged
    | ShutdownRequested
)
