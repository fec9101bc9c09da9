"""A phone on a bench: the real `step`, driven by public events only; changes when the events do.

The recorder answers as the real one does: the first stored sample is told some ticks after each opening or resuming.
"""

from collections.abc import Sequence
from typing import TypeVar

from deskphone.core.call import Call, Codec, EndReason, Party, Take
from deskphone.core.commands import Adopt, CloseTake, Command, ContinueTake, CutTake, Dial, Hold, OpenTake, Retrieve
from deskphone.core.events import (
    CallAnswered,
    CallEnded,
    CallIncoming,
    CallPlaced,
    CallRinging,
    Event,
    KeyPressed,
    LocalHoldChanged,
    NoticeEnded,
    RecorderFailed,
    RecorderStored,
    TimerFired,
)
from deskphone.core.instant import Instant
from deskphone.core.keypad import Key
from deskphone.core.menu import open_page, soft_keys
from deskphone.core.phone import step
from deskphone.core.settings import Settings
from deskphone.core.state import State

CODEC = Codec("G722", 16000)
INTERNAL = Party("1002", "Åsa Öberg", internal=True)
PSTN = Party("0701234567", None, internal=False)
EMERGENCY = Party("112", None, internal=False, emergency=True)

_CommandT = TypeVar("_CommandT")


def of(kind: type[_CommandT], commands: Sequence[Command]) -> list[_CommandT]:
    """The commands of one kind, in order."""
    return [command for command in commands if isinstance(command, kind)]


class Rig:
    """`commands` are those of the last event, `log` all since the start. Events come 0.1 s apart."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.state = State(settings=settings or Settings())
        self.commands: tuple[Command, ...] = ()
        self.log: list[Command] = []
        self.awaited: list[str] = []
        """Takes whose recorder has been opened or resumed and has not stored anything since."""
        self._seconds = 0.0
        self._lines = 0

    # --- time and events

    def now(self, later: float = 0.1) -> Instant:
        """The next moment; wall-clock stamps follow the seconds."""
        self._seconds = round(self._seconds + later, 3)
        whole = int(self._seconds)
        stamp = f"20260102T{whole // 3600:02d}{whole // 60 % 60:02d}{whole % 60:02d}Z"
        return Instant(self._seconds, 1_767_312_000.0 + self._seconds, stamp)

    def send(self, event: Event) -> tuple[Command, ...]:
        """One event; returns its commands."""
        self.state, self.commands = step(self.state, event)
        self.log.extend(self.commands)
        if isinstance(event, RecorderStored) and event.take_id in self.awaited:
            self.awaited.remove(event.take_id)
        for command in self.commands:
            self._follow(command)
        return self.commands

    def of(self, kind: type[_CommandT], commands: Sequence[Command] | None = None) -> list[_CommandT]:
        """The commands of one kind, of the last event unless others are given."""
        return of(kind, self.commands if commands is None else commands)

    def every(self, kind: type[_CommandT]) -> list[_CommandT]:
        """All commands of one kind since the start."""
        return self.of(kind, self.log)

    # --- calls

    def incoming(self, party: Party = INTERNAL) -> str:
        """A call rings here; returns its id."""
        self._lines += 1
        return self.of(Adopt, self.send(CallIncoming(self.now(), f"line{self._lines}", party)))[0].call_id

    def outgoing(self, party: Party = INTERNAL) -> str:
        """Dial by hand; the call rings at the far end. Returns its id."""
        self._open_dialer()
        for digit in party.number:
            self.press(Key(digit))
        call_id = self.of(Dial, self.soft("dial"))[0].call_id
        self.send(CallPlaced(self.now(), call_id, party))
        self.send(CallRinging(self.now(), call_id))
        return call_id

    def answered(self, call_id: str) -> tuple[Command, ...]:
        """The dialog is confirmed; the recorder has not stored anything yet."""
        return self.send(CallAnswered(self.now(), call_id, CODEC))

    def connected(self, party: Party = INTERNAL) -> str:
        """An incoming call that was answered, its first sample stored where there is a recorder."""
        call_id = self.incoming(party)
        self.soft("answer")
        self.answered(call_id)
        self.store()
        return call_id

    def hold(self) -> tuple[Command, ...]:
        """Hold the call in focus; the far end agrees. Returns the commands of both."""
        return self._held("hold", True)

    def retrieve(self) -> tuple[Command, ...]:
        """Retrieve the call in focus; the far end agrees. Returns the commands of both."""
        return self._held("retrieve", False)

    def end(self, call_id: str, reason: EndReason = EndReason.HANGUP_REMOTE) -> tuple[Command, ...]:
        """The dialog is over."""
        return self.send(CallEnded(self.now(), call_id, reason))

    # --- the recorder

    def store(self) -> tuple[Command, ...]:
        """The first sample of whatever was opened or resumed is stored; nothing when none is awaited."""
        commands: tuple[Command, ...] = ()
        for take_id in tuple(self.awaited):
            commands = (*commands, *self.send(RecorderStored(self.now(), take_id)))
        return commands

    def fail_recorder(self, call_id: str, reason: str = "recorder-stalled") -> tuple[Command, ...]:
        """The recorder of this call's take fails."""
        take_id = self.call(call_id).recording.take_id
        return self.send(RecorderFailed(self.now(), take_id or "none", reason))

    # --- the panel

    def press(self, key: Key, source: str = "key") -> tuple[Command, ...]:
        """One key goes down."""
        return self.send(KeyPressed(self.now(), key, source))

    def soft(self, label: str, source: str = "key") -> tuple[Command, ...]:
        """Press the soft key that is labelled so; it must be there."""
        labels = [key.id if key else None for key in soft_keys(self.state)]
        assert label in labels, f"no soft key {label}: {labels}"
        return self.press(Key(f"soft{labels.index(label) + 1}"), source)

    def entries(self) -> tuple[str, ...]:
        """What Mer shows, page after page, read off the panel itself; Mer is closed again."""
        found: list[str] = []
        self.press(Key.MER)
        while not found or open_page(self.state)[0].id not in found:
            found += [entry.id for entry in open_page(self.state)]
            if soft_keys(self.state)[3] is None:
                break
            self.press(Key.SOFT4)
        self.press(Key.MER)
        return tuple(found)

    def pick(self, entry: str, source: str = "key") -> tuple[Command, ...] | None:
        """Open Mer, turn to the entry and press its key. None, with Mer closed again, when it is not there."""
        if entry not in self.entries():
            return None
        self.press(Key.MER)
        while (key := next((e.key for e in open_page(self.state) if e.id == entry), None)) is None:
            self.press(Key.SOFT4)
        return self.press(Key(key), source)

    def record(self, action: str) -> tuple[Command, ...]:
        """Pick a recording entry that must be offered, and let the recorder store what follows; commands of both."""
        commands = self.pick(f"{action}-recording")
        assert commands is not None, f"{action} is not offered: {self.entries()}"
        return (*commands, *self.store())

    def fire(self, timer_id: str) -> tuple[Command, ...]:
        """A timer's event."""
        return self.send(TimerFired(self.now(), timer_id))

    def hush(self) -> None:
        """Let running announcements come to their end and the banner leave."""
        for call in self.state.calls:
            if call.announcing is not None:
                self.send(NoticeEnded(self.now(), call.id, call.announcing))
        self.fire("banner")

    # --- looking

    def call(self, call_id: str) -> Call:
        """The call as it is now."""
        call = self.state.call(call_id)
        assert call is not None
        return call

    def take(self, call_id: str) -> Take:
        """The call's newest take as it is now."""
        take = self.state.take(self.call(call_id).recording.take_id)
        assert take is not None
        return take

    def public(self, call_id: str) -> str:
        """The call's public recording state."""
        return self.call(call_id).recording.condition.state.value

    def banner(self) -> str | None:
        """The kind of the banner that shows now."""
        return self.state.banner.kind.value if self.state.banner is not None else None

    def lamp(self) -> str:
        """What the lamp was last told; dark before it was told anything."""
        shown = self.state.shown.lamp
        return shown.value if shown is not None else "off"

    def mark(self) -> str:
        """The status mark on the picture that was last shown."""
        view = self.state.shown.view
        return view.mark.value if view is not None else "none"

    # --- private

    def _open_dialer(self) -> None:
        if self.state.focused is not None:
            self.soft("new-call")

    def _held(self, label: str, held: bool) -> tuple[Command, ...]:
        commands = self.soft(label)
        orders: list[Hold] | list[Retrieve] = of(Hold, commands) if held else of(Retrieve, commands)
        for order in orders:
            commands = (*commands, *self.send(LocalHoldChanged(self.now(), order.call_id, held)))
        return (*commands, *self.store())

    def _follow(self, command: Command) -> None:
        match command:
            case OpenTake():
                self.awaited.append(command.take.id)
            case ContinueTake():
                self.awaited.append(command.take_id)
            case CutTake() | CloseTake():
                self.awaited = [take_id for take_id in self.awaited if take_id != command.take_id]
            case _:
                pass
