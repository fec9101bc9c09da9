"""Finding bursts of a sine in sound; changes when what counts as a tone does."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import signal as dsp

from tests.audio.sources import FULL_SCALE_DBM0, Signal

# A Hann window of 40 ms hears 25 Hz to each side and nothing from 50 Hz on: a tone's neighbours are silent 75 Hz away,
# while speech is as loud there as at the tone itself.
_WINDOW_S = 0.04
_NEIGHBOURS_HZ = (-150.0, -75.0, 75.0, 150.0)
_HOP_S = 0.001

# Measured: tones of -10 dBm0 under speech of -15 dBm0 are above 0.995, what speech itself leaves here below 0.97.
_STEADY = 0.98


@dataclass(frozen=True)
class Tone:
    """One burst: when it began, how long it lasted, its measured frequency and its level."""

    start_s: float
    duration_s: float
    frequency_hz: float
    level_dbm0: float


def tones(
    signal: Signal,
    rate: int,
    frequency_hz: float,
    *,
    tolerance_hz: float = 8.0,
    minimum_s: float = 0.1,
    minimum_dbm0: float = -40.0,
    purity_db: float = 6.0,
    bridged_s: float = 0.03,
) -> list[Tone]:
    """Every burst of a sine of this frequency, in order of time, also under speech.

    A burst lasts from half its amplitude to half its amplitude, `minimum_s` at least (0.06 finds shorter ones, in sound
    without speech: a vowel may hold a tone for so long); a hole shorter than `bridged_s` does
    not split it. It is `purity_db` above what sounds 75 and 150 Hz beside it. In clean sound its times are right to
    2 ms, under speech of the same loudness to 15 ms; its level to 0.2 and 2 dB.
    """
    hop = max(1, round(_HOP_S * rate))
    here = _demodulated(signal, rate, frequency_hz, hop)
    amplitude = np.abs(here)
    beside = np.max([np.abs(_demodulated(signal, rate, frequency_hz + off, hop)) for off in _NEIGHBOURS_HZ], axis=0)
    floor = 10 ** ((minimum_dbm0 - FULL_SCALE_DBM0) / 20)
    step = hop / rate
    found = []
    for first, last in _runs(amplitude > floor / 2, round(bridged_s / step)):
        half = float(np.quantile(amplitude[first:last], 0.8)) / 2
        for begin, end in _runs(amplitude[first:last] > half, round(bridged_s / step)):
            core = slice(first + begin, first + end)
            level = float(np.median(amplitude[core]))
            if (end - begin) * step < minimum_s or level < floor:
                continue
            measured = frequency_hz + _deviation_hz(here[core], step)
            pure = level > 10 ** (purity_db / 20) * float(np.median(beside[core]))
            steady = _steadiness(here[core], step) >= _STEADY
            if pure and steady and abs(measured - frequency_hz) <= tolerance_hz:
                dbm0 = 20 * float(np.log10(level)) + FULL_SCALE_DBM0
                found.append(Tone((first + begin) * step, (end - begin) * step, measured, dbm0))
    return found


def intervals(found: Sequence[Tone]) -> list[float]:
    """Seconds from the start of each burst to the start of the next."""
    return [later.start_s - earlier.start_s for earlier, later in pairwise(found)]


def _demodulated(signal: Signal, rate: int, frequency_hz: float, hop: int) -> npt.NDArray[np.complex128]:
    window = np.hanning(round(_WINDOW_S * rate) | 1)
    shifted = signal * np.exp(-2j * np.pi * frequency_hz * np.arange(len(signal)) / rate)
    return np.asarray(2 * dsp.oaconvolve(shifted, window / window.sum(), mode="same")[::hop], dtype=np.complex128)


def _deviation_hz(baseband: npt.NDArray[np.complex128], step: float) -> float:
    turn = np.sum(baseband[1:] * np.conj(baseband[:-1]))
    return float(np.angle(turn)) / (2 * np.pi * step)


def _steadiness(baseband: npt.NDArray[np.complex128], step: float) -> float:
    """1 for a sine; less for a harmonic of a voice, whose pitch glides. The median over pieces of 0.1 s."""
    pieces = np.array_split(baseband, max(1, round(len(baseband) * step / 0.1)))
    found = []
    for piece in pieces:
        back = np.exp(-2j * np.pi * _deviation_hz(piece, step) * step * np.arange(len(piece)))
        found.append(abs(np.mean(piece * back)) / np.mean(np.abs(piece)))
    return float(np.median(found))


def _runs(mask: npt.NDArray[np.bool_], bridged: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    joined: list[tuple[int, int]] = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if joined and first - joined[-1][1] < bridged:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
