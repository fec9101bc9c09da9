"""What a recorded call must do, written down from the product's recording contract and from nothing else.

Changes only when that contract does. It knows no code of the phone: modes, states and events are the contract's own
words, so that a fault in the phone's table cannot hide in this one.
"""

from dataclasses import dataclass, replace

MODES = ("never", "always", "always-pause-resume", "on-demand", "on-demand-user-start")
ACTIONS = ("start", "pause", "resume", "stop")

# "Entries under Mer, by mode and state"; nothing else is ever shown, and a failed recording offers nothing.
OFFERED: dict[tuple[str, str], tuple[str, ...]] = {
    ("always-pause-resume", "recording"): ("pause",),
    ("always-pause-resume", "paused"): ("resume",),
    ("on-demand", "armed"): ("start",),
    ("on-demand", "recording"): ("pause",),
    ("on-demand", "paused"): ("resume",),
    ("on-demand-user-start", "idle"): ("start",),
    ("on-demand-user-start", "recording"): ("pause", "stop"),
    ("on-demand-user-start", "paused"): ("resume", "stop"),
}

# The public state right after the answer, once the first sample is stored, and what the recorder does for it.
AT_ANSWER: dict[str, tuple[str, tuple[str, ...]]] = {
    "never": ("idle", ()),
    "always": ("recording", ("open",)),
    "always-pause-resume": ("recording", ("open",)),
    "on-demand": ("armed", ("open",)),
    "on-demand-user-start": ("idle", ()),
}

# "What is seen".
LAMP = {"idle": "off", "armed": "off", "recording": "steady", "paused": "blink-slow", "failed": "blink-fast"}
MARK = {"idle": "none", "armed": "none", "recording": "recording", "paused": "paused", "failed": "none"}
BANNER = {"idle": None, "armed": None, "recording": "recording", "paused": "paused", "failed": "failed"}


@dataclass(frozen=True)
class Situation:
    """How a call's recording stands. `held`: the call is on hold here; `by_hold`: only the hold has paused it."""

    state: str
    held: bool = False
    by_hold: bool = False


@dataclass(frozen=True)
class Outcome:
    """`recorder` in order: open, cut, continue, close, discard. `banner` is what shows afterwards, None for none."""

    after: Situation
    recorder: tuple[str, ...] = ()
    banner: str | None = None


EVENTS = (
    *ACTIONS,
    "answered",
    "hold",
    "retrieve",
    "far-hold",
    "far-retrieve",
    "recorder-failure",
    "call-end",
    "transfer",
)

ENDING = ("call-end", "transfer")
KEYS = (*ACTIONS, "hold", "retrieve")


def situations(mode: str, on_hold: str) -> tuple[Situation, ...]:
    """Every situation that a connected call of this mode can be in."""
    if mode == "never":
        return (Situation("idle"), Situation("idle", held=True))
    found = [Situation("recording"), Situation("failed"), Situation("failed", held=True)]
    by_hand = mode not in ("always",)
    if mode == "on-demand":
        found += [Situation("armed"), Situation("armed", held=True)]
    if mode == "on-demand-user-start":
        found += [Situation("idle"), Situation("idle", held=True)]
    if by_hand:
        found += [Situation("paused"), Situation("paused", held=True)]
    if on_hold == "pause":
        found.append(Situation("paused", held=True, by_hold=True))
    if on_hold == "continue" or by_hand:
        found.append(Situation("recording", held=True))
    return tuple(found)


def offered(mode: str, state: str) -> tuple[str, ...]:
    """The recording entries under Mer."""
    return OFFERED.get((mode, state), ())


def outcome(mode: str, on_hold: str, now: Situation, event: str) -> Outcome:
    """What follows an event, once the recorder has stored what it was told to store."""
    if event in ACTIONS:
        found = _pressed(on_hold, now, event) if event in offered(mode, now.state) else Outcome(now)
    elif event in ("hold", "retrieve"):
        found = _held(on_hold, now, event)
    elif event == "recorder-failure":
        found = _failed(now)
    elif event in ENDING:
        found = _ended(now)
    else:
        found = Outcome(now)  # a second answer, and whatever the far end does with its own hold: recording goes on
    return replace(found, banner=_banner(now, found, event))


def _pressed(on_hold: str, now: Situation, action: str) -> Outcome:
    """A press wins over the pause that a hold made."""
    match action:
        case "start" if now.state == "idle":
            return Outcome(replace(now, state="recording"), ("open",))
        case "start":  # keep what has been captured since the answer; a hold had cut it
            return Outcome(replace(now, state="recording"), ("continue",) if now.held and on_hold == "pause" else ())
        case "pause":
            return Outcome(replace(now, state="paused"), ("cut",))
        case "resume":
            return Outcome(replace(now, state="recording", by_hold=False), ("continue",))
        case _:
            return Outcome(Situation("idle", now.held), ("close",))


def _held(on_hold: str, now: Situation, event: str) -> Outcome:
    if event == "hold":
        held = replace(now, held=True)
        if now.held or on_hold == "continue":
            return Outcome(held)
        if now.state == "recording":
            return Outcome(Situation("paused", held=True, by_hold=True), ("cut",))
        return Outcome(held, ("cut",) if now.state == "armed" else ())
    if not now.held:
        return Outcome(now)
    if now.by_hold:
        return Outcome(Situation("recording"), ("continue",))
    if now.state == "armed" and on_hold == "pause":
        return Outcome(Situation("armed"), ("continue",))
    return Outcome(replace(now, held=False))


def _failed(now: Situation) -> Outcome:
    if now.state in ("idle", "failed"):
        return Outcome(now)
    return Outcome(Situation("failed", now.held), ("discard",) if now.state == "armed" else ("close",))


def _ended(now: Situation) -> Outcome:
    recorder = {"armed": ("discard",), "recording": ("close",), "paused": ("close",)}.get(now.state, ())
    return Outcome(Situation("idle"), recorder)


def _banner(now: Situation, found: Outcome, event: str) -> str | None:
    """At every change; and any key brings that of the state back."""
    if now.state in ("recording", "paused") and found.after.state == "idle":
        return "saving"
    if found.after.state != now.state or event in KEYS:
        return BANNER[found.after.state]
    return None


@dataclass(frozen=True)
class Hearing:
    """The notice settings and whom the call is with: `internal`, `pstn` or `emergency`."""

    party: str = "internal"
    on_demand: bool = True
    internal_calls: bool = False
    pstn_calls: bool = False
    compliance: bool = False
    pause_resume: str = "none"


def heard(mode: str, hearing: Hearing, event: str) -> str | None:
    """The notice of a change of a call that is not held: a prompt's name, `beep`, or None.

    Events: `begun` (the first sample of a recording is stored, or an armed one is kept), and the presses.
    A stop, and a start by hand, are announced each time; emergency calls never hear anything.
    """
    if hearing.party == "emergency":
        return None
    match event:
        case "begun" if mode.startswith("on-demand"):
            return "start" if hearing.on_demand else None
        case "begun" if hearing.party == "internal":
            return "start" if hearing.internal_calls else None
        case "begun" if hearing.compliance:
            return "compliance"
        case "begun":
            return "start" if hearing.pstn_calls else None
        case "stop":
            return "stop" if hearing.on_demand else None
        case "pause" | "resume":
            return {"none": None, "beep": "beep", "announcement": event}[hearing.pause_resume]
        case _:
            return None


def after_failure(mode: str, on_failure: str, applies_to_on_demand: bool, party: str) -> tuple[bool, bool]:
    """(whether the failure is announced, whether the call ends after that)."""
    if party == "emergency" or (mode.startswith("on-demand") and not applies_to_on_demand):
        return False, False
    return on_failure != "proceed", on_failure == "end-call-with-announcement"


# "Tone: 1400 Hz, 500 ms for sv/en-US (a per-country table: UK every 60 s; DE/CH/DK 80 ms; CN 950 Hz 400 ms every
# 10 s)"; 15 s is the customary interval. (hertz, milliseconds, seconds)
WARNING_TONES = {
    "SE": (1400, 500, 15),
    "US": (1400, 500, 15),
    "GB": (1400, 500, 60),
    "DE": (1400, 80, 15),
    "CH": (1400, 80, 15),
    "DK": (1400, 80, 15),
    "CN": (950, 400, 10),
}
