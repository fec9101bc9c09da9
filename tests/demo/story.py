"""What is shown for each policy, as data: what is pressed when, and what must lie in the storage folder afterwards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Talk:
    """Both sides go on speaking for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Pick:
    """Mer, and this entry under it; then the recording is in `state`."""

    entry: str
    state: str


@dataclass(frozen=True)
class HangUp:
    """The handset goes on its cradle."""


Step = Talk | Pick | HangUp


@dataclass(frozen=True)
class Story:
    """One call. `answered_state` is the recording's once the call is answered; `stretches` of each take that is kept:
    from which step to which, as places in `steps` (-1 = the answer).
    """

    answered_state: str
    steps: tuple[Step, ...]
    stretches: tuple[tuple[tuple[int, int], ...], ...]


_START = Pick("start-recording", "recording")
_PAUSE = Pick("pause-recording", "paused")
_RESUME = Pick("resume-recording", "recording")
_STOP = Pick("stop-recording", "idle")

STORIES: dict[str, tuple[Story, ...]] = {
    "never": (Story("idle", (Talk(4), HangUp()), ()),),
    "always": (Story("recording", (Talk(6), HangUp()), (((-1, 1),),)),),
    "always-pause-resume": (
        Story("recording", (Talk(4), _PAUSE, Talk(3), _RESUME, Talk(4), HangUp()), (((-1, 1), (3, 5)),)),
    ),
    "on-demand": (
        Story("armed", (Talk(3), HangUp()), ()),
        Story("armed", (Talk(3), _START, Talk(4), _PAUSE, Talk(3), _RESUME, Talk(4), HangUp()), (((-1, 3), (5, 7)),)),
    ),
    "on-demand-user-start": (
        Story(
            "idle",
            (Talk(2), _START, Talk(4), _PAUSE, Talk(3), _RESUME, Talk(4), _STOP, Talk(2), _START, Talk(4), HangUp()),
            (((1, 3), (5, 7)), ((9, 11),)),
        ),
    ),
}
"""By mode. The default shows everything that a person can press."""
