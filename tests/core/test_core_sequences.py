"""Random sequences of everything that can happen, sensible or silly, under the witness's eyes."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deskphone.core.call import EndReason, Party
from deskphone.core.commands import Adopt, CloseTake, Command, CutTake, OpenTake, SaveTake, SetLamp, StartBeep, StopBeep
from deskphone.core.events import (
    AdapterChanged,
    CallAnswered,
    CallEnded,
    CallIncoming,
    CallPlaced,
    CallRinging,
    DialRequested,
    Event,
    HandsetLifted,
    HandsetReplaced,
    KeyPressed,
    KeyReleased,
    LocalHoldChanged,
    NoticeEnded,
    RecorderFailed,
    RecorderProgressed,
    RecorderStored,
    RegistrationChanged,
    RemoteHoldChanged,
    ShutdownRequested,
    StorageChanged,
    TakeOutcome,
    TimerFired,
    TransferAnswered,
)
from deskphone.core.keypad import SOFT_KEYS, Key
from deskphone.core.menu import entries, open_page, pages, soft_keys
from deskphone.core.phone import step
from deskphone.core.recording import Mode
from deskphone.core.settings import NoticeSettings, OnFailure, OnHold, PauseResume, Settings
from deskphone.core.state import State
from tests.core.rig import CODEC, EMERGENCY, INTERNAL, PSTN, Rig
from tests.core.witness import BrokenPromise, Witness, idle_pick

PARTIES = (INTERNAL, PSTN, EMERGENCY, Party("sip:x@[::1]", ""))
KEYS = tuple(Key)

# What happens often is written often: a random story is then mostly a possible one.
KINDS = (
    *("incoming", "answer", "answered", "connect", "connect") * 2,
    *("entry",) * 12,
    *("stored",) * 6,
    *("hold", "hold-changed", "soft", "soft", "key", "mer", "notice-ended", "notice-ended", "timer", "timer"),
    *("dial", "placed", "ringing", "ended", "recorder-failed", "progressed", "outcome", "remote-hold", "lifted"),
    *("replaced", "registration", "transfer", "storage", "adapter", "stale-timer", "released", "shutdown"),
)

stories = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 23)), min_size=20, max_size=80)

notice_settings = st.builds(
    NoticeSettings,
    on_demand=st.booleans(),
    internal_calls=st.booleans(),
    pstn_calls=st.booleans(),
    pause_resume=st.sampled_from(PauseResume),
    repeat_beep_seconds=st.sampled_from((0, 15)),
    compliance=st.booleans(),
    compliance_delay=st.sampled_from((0.0, 5.0)),
)
some_settings = st.builds(
    Settings,
    on_hold=st.sampled_from(OnHold),
    on_failure=st.sampled_from(OnFailure),
    failure_applies_to_on_demand=st.booleans(),
    pause_reminder_seconds=st.sampled_from((0, 60)),
    banner_seconds=st.sampled_from((0.0, 3.0)),
    notices=notice_settings,
)

MODERATE = settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=(Phase.generate, Phase.shrink),
)


class Teller:
    """Turns the words of a story into events that fit, or on purpose do not fit, the phone as it is."""

    def __init__(self, core: Settings) -> None:
        self.rig = Rig(core)
        self.witness = Witness()
        self.fired: list[str] = []

    def tell(self, kind: str, number: int) -> None:
        """One word of the story: one event, or the few that belong together."""
        rig = self.rig
        if kind == "connect":
            for word in ("incoming", "answer", "answered", "stored"):
                self.tell(word, number)
        elif kind == "answer":
            self.send(HandsetLifted(rig.now()))
        elif kind == "hold":
            self._soft_key(("hold", "retrieve", "swap", "transfer")[number % 4])
        elif kind == "entry":
            self._entry(number)
        else:
            self.send(self._event(kind, number))

    def send(self, event: Event) -> None:
        """Step, and let the witness see it."""
        before = self.rig.state
        commands = self.rig.send(event)
        self.witness.see(before, event, self.rig.state, commands)

    def _soft_key(self, label: str) -> None:
        for key, shown in zip(SOFT_KEYS, soft_keys(self.rig.state), strict=True):
            if shown is not None and shown.id == label:
                self.send(KeyPressed(self.rig.now(), key))
                return

    def _entry(self, number: int) -> None:
        """Open Mer and pick a recording entry where there is one, else any."""
        state = self.rig.state
        names = [name for name in entries(state) if name.endswith("-recording")] or list(entries(state))
        name = names[number % len(names)]
        if not state.panel.menu_open:
            self.send(KeyPressed(self.rig.now(), Key.MER))
        for _ in pages(self.rig.state):
            key = next((entry.key for entry in open_page(self.rig.state) if entry.id == name), None)
            self.send(KeyPressed(self.rig.now(), Key(key or "soft4"), "api"))
            if key is not None:
                return

    def _event(self, kind: str, number: int) -> Event:
        rig, state = self.rig, self.rig.state
        now = rig.now()
        call_id = _one([call.id for call in state.calls], number)
        take_id = _one([take.id for take in state.takes], number)
        match kind:
            case "incoming":
                return CallIncoming(now, f"line{number}", PARTIES[number % len(PARTIES)])
            case "answered":
                waiting = [call.id for call in state.live_calls if not call.connected]
                return CallAnswered(now, _one(waiting or [call_id], 0), CODEC)
            case "stored":
                late = number % 6 == 5  # the word of a recorder that was closed meanwhile
                return RecorderStored(now, _one([take_id] if late or not rig.awaited else rig.awaited, number))
            case "hold-changed":
                return LocalHoldChanged(now, call_id, number % 2 == 0)
            case "soft":
                return KeyPressed(now, SOFT_KEYS[number % 4])
            case "key":
                return KeyPressed(now, KEYS[number % len(KEYS)])
            case "mer":
                return KeyPressed(now, Key.MER)
            case "notice-ended":
                running = [call.announcing for call in state.calls if call.announcing is not None]
                return NoticeEnded(now, call_id, _one(running or ["n0"], number), "missing" if number == 5 else None)
            case "timer":
                return TimerFired(now, _one(sorted(self.witness.timers), number))
            case "stale-timer":
                stale = ("tick", "banner", "", "volume", "ended", "reminder:c0", "forget:", f"forget:{call_id}", "x:y")
                return TimerFired(now, stale[number % len(stale)])
            case "dial":
                return DialRequested(now, ("1002", "112", "", "  ", "sip:a@b")[number % 5])
            case "placed":
                return CallPlaced(now, call_id, PARTIES[number % len(PARTIES)])
            case "ringing":
                return CallRinging(now, call_id, number % 2 == 0)
            case "ended":
                return CallEnded(now, call_id, list(EndReason)[number % len(EndReason)])
            case "recorder-failed":
                return RecorderFailed(now, take_id, "recorder-stalled")
            case "progressed":
                return RecorderProgressed(now, take_id, number / 2)
            case "outcome":
                words = ("storing", "stored", "discarded", "failed", "nonsense")
                return TakeOutcome(now, take_id, words[number % 5], "/x", None)
            case "remote-hold":
                return RemoteHoldChanged(now, call_id, number % 2 == 0)
            case "lifted":
                return HandsetLifted(now)
            case "replaced":
                return HandsetReplaced(now)
            case "registration":
                return RegistrationChanged(now, ("registered", "failed")[number % 2], "wrong-password")
            case "transfer":
                return TransferAnswered(now, call_id, number % 2 == 0)
            case "storage":
                return StorageChanged(now, number % 3 != 0, "storage-full")
            case "adapter":
                return AdapterChanged(now, "sound", "audio-lost" if number % 2 else None)
            case "released":
                return KeyReleased(now, KEYS[number % len(KEYS)])
            case _:
                return ShutdownRequested(now) if number > 20 else AdapterChanged(now, "oled", None)


def _one(known: list[str], number: int) -> str:
    """One of those that exist; now and then one that does not."""
    return "gone" if number == 23 or not known else known[-1 - number % len(known)]


@pytest.mark.parametrize("mode", list(Mode))
@MODERATE
@given(core=some_settings, story=stories)
def test_no_story_breaks_a_promise(mode: Mode, core: Settings, story: list[tuple[str, int]]) -> None:
    teller = Teller(replace(core, mode=mode))
    for kind, number in story:
        teller.tell(kind, number)
    for call in teller.rig.state.live_calls:
        teller.send(CallEnded(teller.rig.now(), call.id, EndReason.HANGUP_REMOTE))
    assert all(tape.closed and tape.saved_closed for tape in teller.witness.tapes.values())
    assert teller.witness.beeping == set()
    assert teller.witness.lamp == "off"


@pytest.mark.parametrize("mode", list(Mode))
@MODERATE
@given(core=some_settings, story=stories)
def test_nothing_is_offered_that_would_do_nothing(mode: Mode, core: Settings, story: list[tuple[str, int]]) -> None:
    teller = Teller(replace(core, mode=mode))
    for kind, number in story:
        teller.tell(kind, number)
    rig = teller.rig
    if rig.state.stopping:
        return  # a phone that is going off makes no more calls
    for key, label in zip(SOFT_KEYS, soft_keys(rig.state), strict=True):
        if label is not None:
            assert not idle_pick(rig.state, KeyPressed(rig.now(), key)), f"soft key {label.id} does nothing"
    state = rig.state if rig.state.panel.menu_open else step(rig.state, KeyPressed(rig.now(), Key.MER))[0]
    closed, _ = step(state, KeyPressed(rig.now(), Key.MER))
    for _ in pages(state):
        for entry in open_page(state):
            picked, commands = step(state, KeyPressed(rig.now(), Key(entry.key)))
            assert _does_something(closed, picked, commands), f"{entry.id} does nothing"
        state, _ = step(state, KeyPressed(rig.now(), Key.SOFT4))


def _does_something(closed: State, picked: State, commands: tuple[Command, ...]) -> bool:
    """Beyond closing the menu: a call, a take, the panel or the mute changes, or an adapter is told something."""
    told = any(hasattr(command, "call_id") or hasattr(command, "take_id") for command in commands)
    changed = (picked.calls, picked.takes, picked.muted, picked.panel) != (
        closed.calls,
        closed.takes,
        closed.muted,
        closed.panel,
    )
    return told or changed


@MODERATE
@given(
    start=st.builds(State, settings=some_settings, muted=st.booleans(), off_hook=st.booleans()),
    number=st.integers(0, 23),
)
def test_no_event_of_the_unknown_raises(start: State, number: int) -> None:
    teller = Teller(start.settings)
    teller.rig.state = start
    for kind in dict.fromkeys(KINDS):
        teller.tell(kind, 23)
        teller.tell(kind, number)


# --- the witness is not blind: each of these faults is planted into a right step, and seen


def a_step(core: Settings) -> tuple[Witness, Rig, State, Event]:
    """A witness that has seen a call come in, and the answer that it is to see next."""
    teller = Teller(core)
    teller.send(CallIncoming(teller.rig.now(), "line1", INTERNAL))
    call_id = next(c.call_id for c in teller.rig.log if isinstance(c, Adopt))
    teller.send(HandsetLifted(teller.rig.now()))
    return teller.witness, teller.rig, teller.rig.state, CallAnswered(teller.rig.now(), call_id, CODEC)


def recorded(mode: Mode = Mode.ALWAYS) -> Teller:
    """A call that is recorded, as the witness has seen it."""
    teller = Teller(Settings(mode=mode, notices=NoticeSettings(repeat_beep_seconds=15)))
    teller.tell("connect", 0)
    return teller


def test_the_witness_sees_a_step_that_is_not_a_function() -> None:
    witness, _, before, event = a_step(Settings(mode=Mode.ALWAYS))
    after, commands = step(before, event)
    with pytest.raises(BrokenPromise, match="same result"):
        witness.see(before, event, replace(after, missed=7), commands)


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (lambda teller: teller.witness._command(*_still(teller), CutTake("nothing"), ()), "only an open take"),
        (lambda teller: teller.witness._command(*_still(teller), _close(teller), ()), "a record follows"),
        (lambda teller: teller.witness._command(*_still(teller), _open_again(teller), ()), "used once"),
        (lambda teller: teller.witness._command(*_still(teller), StopBeep("gone"), ()), "only a tone that sounds"),
        (lambda teller: teller.witness._command(*_still(teller), _beep_again(teller), ()), "started once"),
        (lambda teller: teller.witness._command(*_still(teller), _unkept(teller), ()), "keep every take"),
        (lambda teller: teller.witness._command(*_still(teller), _same_lamp(teller), ()), "changes only"),
        (lambda teller: _forget_store(teller), "only once a sample is stored"),
        (lambda teller: _dark(teller), "the lamp is steady"),
        (lambda teller: _silent(teller), "sounds exactly while"),
        (lambda teller: _no_tick(teller), "time goes on"),
    ],
)
def test_the_witness_sees_a_planted_fault(lie: "object", words: str) -> None:
    teller = recorded()
    assert callable(lie)
    with pytest.raises(BrokenPromise, match=words):
        lie(teller)


def _still(teller: Teller) -> tuple[State, State]:
    return teller.rig.state, teller.rig.state


def _tape_id(teller: Teller) -> str:
    return next(iter(teller.witness.tapes))


def _close(teller: Teller) -> Command:
    return CloseTake(_tape_id(teller))


def _open_again(teller: Teller) -> Command:
    return next(command for command in teller.rig.log if isinstance(command, OpenTake))


def _beep_again(teller: Teller) -> Command:
    return next(command for command in teller.rig.log if isinstance(command, StartBeep))


def _unkept(teller: Teller) -> Command:
    save = next(command for command in teller.rig.log if isinstance(command, SaveTake))
    return replace(save, take=replace(save.take, kept=False, closed=False))


def _same_lamp(teller: Teller) -> Command:
    return next(command for command in reversed(teller.rig.log) if isinstance(command, SetLamp))


def _forget_store(teller: Teller) -> None:
    teller.witness.tapes[_tape_id(teller)].stored = False
    teller.witness._tapes_and_states(teller.rig.state)


def _dark(teller: Teller) -> None:
    teller.witness.lamp = "off"
    teller.witness._sights(teller.rig.state)


def _silent(teller: Teller) -> None:
    teller.witness.beeping.clear()
    teller.witness._sounds(teller.rig.state)


def _no_tick(teller: Teller) -> None:
    teller.witness.timers.discard("tick")
    teller.witness._timers(teller.rig.state)
