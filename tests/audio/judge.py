"""What was heard, compared with what was said: pure functions; changes when the way of comparing sound does.

Offsets are positive when the received sound comes later than the reference. Signals may have different sample rates;
they are compared at the lower of the two, in the telephone band unless told otherwise, so that codecs, filters and
resampling do not count as faults, while a millisecond of lost sound does.
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft

from tests.audio.sources import TELEPHONE_BAND, Signal, band_pass, level_dbm0, load, resample, save, sine, speech
from tests.audio.tone import Tone, intervals, tones

__all__ = [
    "TELEPHONE_BAND",
    "Alignment",
    "Block",
    "Leak",
    "Loss",
    "Signal",
    "Silence",
    "Tone",
    "align",
    "contains",
    "correlation_by_blocks",
    "intervals",
    "leaks",
    "level_dbm0",
    "load",
    "losses",
    "resample",
    "save",
    "silence_runs",
    "sine",
    "speech",
    "tones",
]

Band = tuple[float, float] | None

# Between two samples the peak is searched at an eighth of a sample: a codec's own delay is no whole number of samples.
_OVERSAMPLED = 8

# The packet of every codec here. A frame far below its block is weighed as if it had this share of the block's energy.
_FRAME_S = 0.02
_QUIET_SHARE = 0.02


@dataclass(frozen=True)
class Alignment:
    """Where the second sound fits the first best, and how well: 1.0 is equal but for loudness, 0 is unrelated."""

    offset_s: float
    correlation: float


@dataclass(frozen=True)
class Block:
    """A stretch of the reference and how it was found again.

    `residual` is the worst 20 ms in it: the share of its energy that the received sound does not explain (0 equal, 1
    gone).
    """

    start_s: float
    offset_s: float
    correlation: float
    residual: float


@dataclass(frozen=True)
class Loss:
    """A fault at a time of the reference: samples (at the compared rate) gone, added when negative, replaced when 0."""

    start_s: float
    missing_samples: int
    correlation: float


@dataclass(frozen=True)
class Leak:
    """A piece of forbidden sound, where it stands in that sound, and where it was found."""

    start_s: float
    found_at_s: float
    correlation: float


@dataclass(frozen=True)
class Silence:
    """A stretch in which no sample exceeds the threshold."""

    start_s: float
    duration_s: float


def align(
    reference: Signal, received: Signal, rate: int, received_rate: int | None = None, *, band: Band = TELEPHONE_BAND
) -> Alignment:
    """The offset at which two sounds fit best, and their normalised correlation over the whole overlap there.

    ValueError when either is silent.
    """
    first, second, common = _comparable(reference, received, rate, received_rate, band)
    size = fft.next_fast_len(len(first) + len(second))
    spectrum = np.conj(fft.rfft(first, size)) * fft.rfft(second, size)
    product = fft.irfft(spectrum, size)
    lag = int(np.argmax(product))
    if lag >= len(second):
        lag -= size
    begin, end = max(0, -lag), min(len(first), len(second) - lag)
    fine, correlation = _fine(first[begin:end], second[begin + lag : end + lag])
    return Alignment((lag + fine) / common, correlation)


def correlation_by_blocks(
    reference: Signal,
    received: Signal,
    rate: int,
    received_rate: int | None = None,
    *,
    block_s: float = 0.2,
    search_s: float = 0.15,
    band: Band = TELEPHONE_BAND,
) -> list[Block]:
    """Each block of the reference that the received sound covers, found again within `search_s` of the block before it.

    Blocks 30 dB below the reference's level are left out: silence fits anywhere.
    """
    first, second, common = _comparable(reference, received, rate, received_rate, band)
    length, search = round(block_s * common), round(search_s * common)
    quiet = float(np.mean(first**2)) * 1e-3
    expected = round(align(first, second, common, band=None).offset_s * common)
    blocks = []
    for start in range(0, len(first) - length + 1, length):
        block = first[start : start + length]
        low, high = max(0, start + expected - search), min(len(second), start + expected + length + search)
        covered = start + expected >= 0 and start + expected + length <= len(second)
        if not covered or float(np.mean(block**2)) < quiet:
            continue
        lag, fine, correlation = _best(block, second[low:high])
        offset = low + lag - start
        residual = _residual(block, second[low + lag : low + lag + length], fine, round(_FRAME_S * common))
        blocks.append(Block(start / common, (offset + fine) / common, correlation, residual))
        # A block that fits nowhere says nothing about where the next one is.
        if correlation > 0.9:
            expected = offset
    return blocks


def losses(
    reference: Signal,
    received: Signal,
    rate: int,
    received_rate: int | None = None,
    *,
    minimum_correlation: float = 0.97,
    maximum_residual: float = 0.5,
    tolerance_s: float = 0.0005,
    block_s: float = 0.2,
    band: Band = TELEPHONE_BAND,
) -> list[Loss]:
    """Every place where the received sound skips, repeats or replaces something, right to one block.

    `missing_samples` counts at the lower of the two rates. A change of offset below `tolerance_s` is no loss. A
    received sound that begins later or ends earlier than the reference is no loss either: judge that by its length.
    """
    common = min(rate, received_rate or rate)
    blocks = correlation_by_blocks(reference, received, rate, received_rate, block_s=block_s, band=band)
    found: list[Loss] = []
    good: Block | None = None
    weak: list[Block] = []
    for block in blocks:
        if block.correlation < minimum_correlation or block.residual > maximum_residual:
            weak.append(block)
            continue
        jump = 0.0 if good is None else good.offset_s - block.offset_s
        if abs(jump) > tolerance_s or weak:
            worst = min([*weak, block], key=lambda one: one.correlation)
            missing = round(jump * common) if abs(jump) > tolerance_s else 0
            found.append(Loss((weak or [block])[0].start_s, missing, worst.correlation))
        good, weak = block, []
    if weak:
        found.append(Loss(weak[0].start_s, 0, min(one.correlation for one in weak)))
    return found


def contains(
    needle: Signal, haystack: Signal, rate: int, haystack_rate: int | None = None, *, band: Band = TELEPHONE_BAND
) -> Alignment:
    """Where in `haystack` the whole of `needle` fits best. Other sound on top of it lowers the correlation.

    ValueError when the needle is silent or longer than the haystack: neither could be found, and no absence is proven.
    """
    first, second, common = _comparable(needle, haystack, rate, haystack_rate, band)
    lag, fine, correlation = _best(first, second)
    return Alignment((lag + fine) / common, correlation)


def leaks(
    forbidden: Signal,
    recording: Signal,
    rate: int,
    recording_rate: int | None = None,
    *,
    piece_s: float = 0.2,
    limit: float = 0.9,
    band: Band = TELEPHONE_BAND,
) -> list[Leak]:
    """Every piece of a forbidden sound (a paused stretch) found anywhere in a recording; an empty list proves absence.

    Stronger than `contains` for a proof of absence: a leak of `2 * piece_s` holds at least one whole piece. ValueError
    when the forbidden sound is shorter than a piece or silent.
    """
    first, second, common = _comparable(forbidden, recording, rate, recording_rate, band)
    length = round(piece_s * common)
    if len(first) < length:
        raise ValueError(f"the forbidden sound is shorter than a piece of {piece_s} s")
    quiet = float(np.mean(first**2)) * 1e-3
    found = []
    for start in range(0, len(first) - length + 1, length):
        piece = first[start : start + length]
        if float(np.mean(piece**2)) < quiet:
            continue
        lag, _, correlation = _best(piece, second)
        if correlation >= limit:
            found.append(Leak(start / common, lag / common, correlation))
    return found


def silence_runs(signal: Signal, rate: int, *, threshold_dbm0: float = -60.0, minimum_s: float = 0.02) -> list[Silence]:
    """Every stretch of at least `minimum_s` in which no sample exceeds the peak of a sine of `threshold_dbm0`."""
    peak = float(np.max(np.abs(sine(1.0, 1000, 250.0, threshold_dbm0))))
    quiet = np.concatenate([[False], np.abs(signal) <= peak, [False]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet))
    pairs = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    return [Silence(a / rate, (b - a) / rate) for a, b in pairs if (b - a) / rate >= minimum_s]


def _comparable(
    first: Signal, second: Signal, rate: int, second_rate: int | None, band: Band
) -> tuple[Signal, Signal, int]:
    other = second_rate or rate
    common = min(rate, other)
    first, second = resample(first, rate, common), resample(second, other, common)
    for name, one in (("first", first), ("second", second)):
        if not np.any(one):
            raise ValueError(f"the {name} sound is empty or silent: nothing to compare")
    if band is not None:
        first, second = band_pass(first, common, band), band_pass(second, common, band)
    return first, second, common


def _best(needle: Signal, haystack: Signal) -> tuple[int, float, float]:
    length = len(needle)
    if length > len(haystack):
        raise ValueError("the sound to find is longer than the sound to search")
    size = fft.next_fast_len(length + len(haystack))
    product = fft.irfft(np.conj(fft.rfft(needle, size)) * fft.rfft(haystack, size), size)
    product = product[: len(haystack) - length + 1]
    sums = np.concatenate([[0.0], np.cumsum(haystack**2)])
    energy = sums[length:] - sums[:-length]
    # Where there is next to nothing, rounding would be divided by rounding.
    energy = np.maximum(energy, 1e-9 * float(sums[-1]) + 1e-18)
    lag = int(np.argmax(product / np.sqrt(energy)))
    fine, correlation = _fine(needle, haystack[lag : lag + length])
    return lag, fine, correlation


def _residual(block: Signal, found: Signal, fine: float, frame: int) -> float:
    spectrum = fft.rfft(found)
    moved = fft.irfft(spectrum * np.exp(2j * np.pi * np.arange(len(spectrum)) * fine / len(found)), len(found))
    gain = float(np.sum(moved * block)) / max(float(np.sum(moved**2)), 1e-18)
    whole = len(block) // frame * frame
    wrong = np.sum((block - gain * moved)[:whole].reshape(-1, frame) ** 2, axis=1)
    there = np.sum(block[:whole].reshape(-1, frame) ** 2, axis=1)
    return float(np.max(wrong / (there + _QUIET_SHARE * np.mean(there))))


def _fine(first: Signal, second: Signal) -> tuple[float, float]:
    """What is left of the offset, in samples (within one), and the normalised correlation, of equally long sounds."""
    size = fft.next_fast_len(len(first))
    spectrum = np.conj(fft.rfft(first, size)) * fft.rfft(second, size)
    steps = np.arange(-_OVERSAMPLED, _OVERSAMPLED + 1) / _OVERSAMPLED
    turns = 2j * np.pi * np.arange(len(spectrum)) / size
    values = np.array([float(np.real(np.sum(spectrum * np.exp(turns * step)))) for step in steps])
    best = int(np.argmax(values))
    # Both halves of a real spectrum, less the constant part that is counted once.
    total = (2 * values[best] - float(np.real(spectrum[0]))) / size
    norm = float(np.sqrt(np.sum(first**2) * np.sum(second**2)))
    return float(steps[best]), (float(total / norm) if norm > 0 else 0.0)
