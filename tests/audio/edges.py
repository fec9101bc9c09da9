"""Where a cut recording begins, ends and goes on, in the time of what was said; changes with how cuts are judged."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tests.audio.judge import TELEPHONE_BAND, contains
from tests.audio.sources import Signal, band_pass, resample

_BLOCK_S = 0.25
_SAME_S = 0.004
"""Two blocks belong to one stretch when they fit at the same offset, within this."""
_FITS = 0.9
_SEARCHED_S = 0.75
_QUIET = 0.05
_EDGE_S = 0.04
"""What an edge may be off; the fit is judged between the edges, where nothing is to be off."""


@dataclass(frozen=True)
class Stretch:
    """A piece of a recording without a cut: from where to where in the source, and how well the whole of it fits."""

    begin_s: float
    end_s: float
    correlation: float


def stretches(recording: Signal, source: Signal, rate: int, source_rate: int) -> list[Stretch]:
    """The pieces of the source that the recording is made of, in order; seams are right to a few samples.

    AssertionError when some block of the recording is not of the source, which is a fault of its own.
    """
    common = min(rate, source_rate)
    taken = band_pass(resample(recording, rate, common), common, TELEPHONE_BAND)
    said = band_pass(resample(source, source_rate, common), common, TELEPHONE_BAND)
    offsets = _offsets(taken, said, common)
    bounds = [0, *(_seam(taken, said, a, b) for a, b in pairwise(offsets)), len(taken)]
    margin = round(_EDGE_S * common)
    found = []
    for offset, start, end in zip(offsets, bounds, bounds[1:], strict=False):
        inner = slice(start + margin, end - margin)
        fit = contains(taken[inner], _at(said, start + offset, end - start), common, band=None)
        found.append(Stretch((start + offset) / common, (end + offset) / common, fit.correlation))
    return found


def _offsets(taken: Signal, said: Signal, rate: int) -> list[int]:
    """The offset of each stretch. A block over a seam fits nowhere and is left out, but no two in a row may."""
    block, around = round(_BLOCK_S * rate), round(_SAME_S * rate)
    level = float(np.sqrt(np.mean(taken**2)))
    offsets: list[int] = []
    strangers = 0
    for start in range(0, len(taken) - block + 1, block):
        piece = taken[start : start + block]
        if np.sqrt(np.mean(piece**2)) < _QUIET * level:
            continue
        if offsets:
            here = _at(said, start + offsets[-1] - around, block + 2 * around)
            if np.any(here) and contains(piece, here, rate, band=None).correlation >= _FITS:
                strangers = 0
                continue
        # A voice says the same word twice: only a longer piece can be found in the whole of what was said.
        longer = contains(taken[start : start + round(_SEARCHED_S * rate)], said, rate, band=None)
        if longer.correlation >= _FITS:
            strangers = 0
            offsets.append(round(longer.offset_s * rate) - start)
            continue
        strangers += 1
        assert strangers < 2, f"at {start / rate:.2f} s the recording holds what was not said"
    return offsets


def _seam(taken: Signal, said: Signal, before: int, after: int) -> int:
    """The place up to which the source at one offset explains the recording, and from which it does at the other."""
    first = np.concatenate([[0.0], np.cumsum((taken - _at(said, before, len(taken))) ** 2)])
    second = np.concatenate([[0.0], np.cumsum((taken - _at(said, after, len(taken))) ** 2)])
    return int(np.argmin(first + (second[-1] - second)))


def _at(said: Signal, start: int, length: int) -> Signal:
    """That much of the source from there, with silence where there is none."""
    padded = np.concatenate([np.zeros(max(0, -start)), said[max(0, start) :][: length + min(0, start)]])
    return np.concatenate([padded, np.zeros(length - len(padded))])
