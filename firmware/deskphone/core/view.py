"""What the panel shows, as values: the pictures are drawn from it, in either language, outside the core."""

from dataclasses import dataclass
from enum import StrEnum


class Lamp(StrEnum):
    """The recording LED's pattern: blink-slow is 0.5 Hz, blink-fast 2 Hz (`recording.md`, "What is seen")."""

    OFF = "off"
    STEADY = "steady"
    BLINK_SLOW = "blink-slow"
    BLINK_FAST = "blink-fast"


class Mark(StrEnum):
    """The status mark in the corner, there for as long as the state lasts."""

    NONE = "none"
    RECORDING = "recording"
    PAUSED = "paused"


class BannerKind(StrEnum):
    """What a banner says."""

    RECORDING = "recording"
    PAUSED = "paused"
    SAVING = "saving"
    FAILED = "failed"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Banner:
    """A line over the screen. `seconds` are those recorded; `message` is a `Words` token (kind message)."""

    kind: BannerKind
    seconds: int = 0
    message: str | None = None


@dataclass(frozen=True, slots=True)
class SoftKey:
    """What a soft key does now; its label is the translation of the id."""

    id: str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """An entry under Mer on the page that is shown, and the soft key that picks it."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Idle:
    """No call. `registration` is none, registering, registered or failed; `reason` and `storage` are `Words` tokens."""

    registration: str
    reason: str | None = None
    storage: str | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Dialer:
    """Digits are being entered, for a call or for a transfer."""

    digits: str
    transfer: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call rings here; `waiting` when another call goes on."""

    label: str
    number: str
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Dialling:
    """We call; `ringing` once the far end rings."""

    label: str
    number: str
    ringing: bool = False


@dataclass(frozen=True, slots=True)
class InCall:
    """A call goes on. `other` is the party of a second, held call."""

    label: str
    number: str
    seconds: int
    held: bool = False
    remote_held: bool = False
    muted: bool = False
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Mer is open: one page of entries."""

    entries: tuple[MenuEntry, ...]
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over; `reason` is a `Words` token, None for an ordinary hang-up."""

    label: str
    seconds: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What an installer asks first: version and account."""


Screen = Idle | Dialer | Incoming | Dialling | InCall | Menu | Ended | About


@dataclass(frozen=True, slots=True)
class View:
    """One picture: the screen, the soft keys' labels, the status mark, the banner and the volume while it changes."""

    screen: Screen
    soft_keys: tuple[SoftKey | None, SoftKey | None, SoftKey | None, SoftKey | None] = (None, None, None, None)
    mark: Mark = Mark.NONE
    banner: Banner | None = None
    volume: int | None = None
