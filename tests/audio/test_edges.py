"""Cuts of known places are found there, and what was never said is not let through."""

from pathlib import Path

import numpy as np
import pytest

from tests.audio.edges import stretches
from tests.audio.judge import load, resample, speech


def test_finds_each_cut(tmp_path: Path) -> None:
    """Two pieces with a pause between them."""
    source, rate = load(speech(tmp_path / "source.wav", 12.0, seed=3))
    cut = np.concatenate([source[16_000:48_000], source[80_123:131_000]])

    first, second = stretches(cut, source, rate, rate)

    assert (first.begin_s, second.end_s) == pytest.approx((1.0, 131_000 / rate), abs=0.001)
    assert (first.end_s, second.begin_s) == pytest.approx((3.0, 80_123 / rate), abs=0.001)
    assert min(first.correlation, second.correlation) > 0.99


def test_one_piece_at_another_rate(tmp_path: Path) -> None:
    """No cut, and half the rate."""
    source, rate = load(speech(tmp_path / "source.wav", 8.0, seed=4))

    (only,) = stretches(resample(source[8_000:72_000], rate, 8_000), source, 8_000, rate)

    assert (only.begin_s, only.end_s) == pytest.approx((0.5, 4.5), abs=0.001)


def test_what_was_not_said_is_a_fault(tmp_path: Path) -> None:
    """Half a second of another voice in the middle."""
    source, rate = load(speech(tmp_path / "source.wav", 8.0, seed=5))
    other, _ = load(speech(tmp_path / "other.wav", 8.0, seed=6))
    mixed = np.concatenate([source[:32_000], other[:12_000], source[32_000:64_000]])

    with pytest.raises(AssertionError, match="was not said"):
        stretches(mixed, source, rate, rate)
