"""The state of the whole phone as one value."""

from dataclasses import dataclass, field

from deskphone.core.call import Call, Phase, Take
from deskphone.core.commands import LocalTone
from deskphone.core.instant import Instant
from deskphone.core.settings import Settings
from deskphone.core.view import BannerKind, Lamp, View

VOLUME_MAX = 10


@dataclass(frozen=True, slots=True)
class Panel:
    """What the person is doing at the panel; `dialer` is None or what the digits are for: `call` or `transfer`."""

    dialer: str | None = None
    digits: str = ""
    menu_open: bool = False
    menu_page: int = 0
    about: bool = False
    ended_call: str | None = None
    volume_shown: bool = False
    last_dialled: str | None = None


@dataclass(frozen=True, slots=True)
class BannerState:
    """The banner that shows now; its seconds are derived from the take."""

    kind: BannerKind
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the adapters were last told, so that only differences are sent."""

    lamp: Lamp | None = None
    view: View | None = None
    tone: LocalTone | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The phone. `focus` is the id of the call that keys and screen are about; `storage` is None when all is well."""

    settings: Settings = field(default_factory=Settings)
    now: Instant = field(default_factory=lambda: Instant(0.0, 0.0))
    registration: str = "none"
    registration_reason: str | None = None
    calls: tuple[Call, ...] = ()
    takes: tuple[Take, ...] = ()
    focus: str | None = None
    calls_made: int = 0
    takes_made: int = 0
    notices_made: int = 0
    off_hook: bool = False
    muted: bool = False
    volume: int = 7
    panel: Panel = field(default_factory=Panel)
    banner: BannerState | None = None
    storage: str | None = None
    missed: int = 0
    stopping: bool = False
    shown: Shown = field(default_factory=Shown)

    def call(self, call_id: str | None) -> Call | None:
        """The call with this id, ended ones included while they are remembered."""
        return next((call for call in self.calls if call.id == call_id), None)

    def take(self, take_id: str | None) -> Take | None:
        """The take with this id."""
        return next((take for take in self.takes if take.id == take_id), None)

    @property
    def live_calls(self) -> tuple[Call, ...]:
        """Calls that have not ended."""
        return tuple(call for call in self.calls if call.live)

    @property
    def focused(self) -> Call | None:
        """The call in focus, if it still lives."""
        call = self.call(self.focus)
        return call if call is not None and call.live else None

    @property
    def ringing(self) -> Call | None:
        """The incoming call that waits for an answer."""
        return next((c for c in self.live_calls if c.phase is Phase.RINGING and c.direction.value == "in"), None)
