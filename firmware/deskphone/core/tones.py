"""Tones by country: the recording warning tone and the call-progress tones.

Warning tones: `recording.md` ("What is heard"); progress tones: ITU-T E.180 supplement 2 (tones of national networks).
Frequencies in hertz, times in milliseconds; a cadence is a sequence of on, off.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WarningTone:
    """The recording tone; `customary_seconds` is the interval that the country is used to."""

    frequency_hz: int
    on_ms: int
    customary_seconds: int


@dataclass(frozen=True, slots=True)
class ProgressTone:
    """One or two frequencies with a cadence of on and off; an empty cadence is continuous."""

    frequencies_hz: tuple[int, ...]
    cadence_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgressTones:
    """Dial, ring-back, busy and congestion tone of a country."""

    dial: ProgressTone
    ringback: ProgressTone
    busy: ProgressTone
    congestion: ProgressTone


_CUSTOMARY = WarningTone(1400, 500, 15)

_WARNING = {
    "GB": WarningTone(1400, 500, 60),
    "DE": WarningTone(1400, 80, 15),
    "CH": WarningTone(1400, 80, 15),
    "DK": WarningTone(1400, 80, 15),
    "CN": WarningTone(950, 400, 10),
}

_EUROPE = ProgressTones(
    dial=ProgressTone((425,)),
    ringback=ProgressTone((425,), (1000, 4000)),
    busy=ProgressTone((425,), (500, 500)),
    congestion=ProgressTone((425,), (250, 250)),
)

_PROGRESS = {
    "SE": ProgressTones(
        dial=ProgressTone((425,)),
        ringback=ProgressTone((425,), (1000, 5000)),
        busy=ProgressTone((425,), (250, 250)),
        congestion=ProgressTone((425,), (250, 750)),
    ),
    "US": ProgressTones(
        dial=ProgressTone((350, 440)),
        ringback=ProgressTone((440, 480), (2000, 4000)),
        busy=ProgressTone((480, 620), (500, 500)),
        congestion=ProgressTone((480, 620), (250, 250)),
    ),
    "GB": ProgressTones(
        dial=ProgressTone((350, 440)),
        ringback=ProgressTone((400, 450), (400, 200, 400, 2000)),
        busy=ProgressTone((400,), (375, 375)),
        congestion=ProgressTone((400,), (400, 350)),
    ),
}


def warning_tone(country: str) -> WarningTone:
    """The recording tone of an ISO 3166 country; 1400 Hz for 500 ms where no other is known."""
    return _WARNING.get(country.upper(), _CUSTOMARY)


def progress_tones(country: str) -> ProgressTones:
    """The call-progress tones of an ISO 3166 country; the common European ones where no other are known."""
    return _PROGRESS.get(country.upper(), _EUROPE)
