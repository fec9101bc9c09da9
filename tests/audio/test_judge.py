"""The judges themselves: each finds what is there and is shown to object to a planted fault."""

from pathlib import Path

import numpy as np
import pytest

from tests.audio import judge
from tests.audio.judge import Signal

RATE = 16_000


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Signal:
    """Ten seconds of speech at 16 kHz."""
    return judge.load(judge.speech(tmp_path_factory.mktemp("speech") / "spoken.wav", 10.0))[0]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Signal:
    """Ten seconds of somebody else."""
    return judge.load(judge.speech(tmp_path_factory.mktemp("speech") / "other.wav", 10.0, seed=2))[0]


def delayed(signal: Signal, samples: int) -> Signal:
    return np.concatenate([np.zeros(samples), signal])


class TestSources:
    def test_speech_is_long_as_asked_and_depends_on_its_seed_alone(self, tmp_path: Path) -> None:
        first, rate = judge.load(judge.speech(tmp_path / "a.wav", 2.5, seed=7))
        again, _ = judge.load(judge.speech(tmp_path / "b.wav", 2.5, seed=7))
        different, _ = judge.load(judge.speech(tmp_path / "c.wav", 2.5, seed=8))
        assert rate == RATE
        assert len(first) == 2.5 * RATE
        assert np.array_equal(first, again)
        assert abs(judge.align(first, different, rate).correlation) < 0.3

    def test_speech_never_repeats_itself(self, spoken: Signal) -> None:
        assert judge.leaks(spoken[: 5 * RATE], spoken[5 * RATE :], RATE) == []
        assert judge.silence_runs(spoken, RATE) == []

    def test_speech_of_a_voice(self, tmp_path: Path) -> None:
        read, rate = judge.load(judge.speech(tmp_path / "read.wav", 4.0, voice="sv"))
        assert len(read) == 4 * rate
        assert judge.level_dbm0(read) > -30

    def test_band_limited_speech_has_nothing_outside_its_band(self, tmp_path: Path) -> None:
        narrow, rate = judge.load(judge.speech(tmp_path / "n.wav", 3.0, band=(300.0, 3400.0)))
        wide, _ = judge.load(judge.speech(tmp_path / "w.wav", 3.0))

        def share_above(signal: Signal) -> float:
            power = np.abs(np.fft.rfft(signal)) ** 2
            return float(power[np.fft.rfftfreq(len(signal), 1 / rate) > 5000].sum() / power.sum())

        assert share_above(narrow) < 1e-3 < share_above(wide)

    def test_channels_of_a_file_are_told_apart(self, tmp_path: Path, spoken: Signal, other: Signal) -> None:
        import soundfile

        soundfile.write(tmp_path / "take.wav", np.stack([spoken, other], axis=1), RATE, subtype="FLOAT")
        assert np.allclose(judge.load(tmp_path / "take.wav", 0)[0], spoken, atol=1e-6)
        assert np.allclose(judge.load(tmp_path / "take.wav", 1)[0], other, atol=1e-6)

    def test_level_of_a_full_scale_sine_and_of_silence(self) -> None:
        assert judge.level_dbm0(judge.sine(1, 8000, 1000, 3.14)) == pytest.approx(3.14, abs=0.01)
        assert judge.level_dbm0(judge.sine(1, 8000, 1000, -10)) == pytest.approx(-10, abs=0.01)
        assert judge.level_dbm0(np.zeros(80)) == -np.inf


class TestAlign:
    def test_equal_sound(self, spoken: Signal) -> None:
        found = judge.align(spoken, spoken, RATE)
        assert found.offset_s == 0
        assert found.correlation == pytest.approx(1.0, abs=1e-6)

    @pytest.mark.parametrize("shift_ms", [-20, 20, 137])
    def test_shift_is_measured(self, spoken: Signal, shift_ms: int) -> None:
        shift = round(abs(shift_ms) * RATE / 1000)
        received = delayed(spoken, shift) if shift_ms > 0 else spoken[shift:]
        found = judge.align(spoken, 0.1 * received, RATE)
        assert found.offset_s == pytest.approx(shift_ms / 1000, abs=1e-4)
        assert found.correlation > 0.999

    @pytest.mark.parametrize("rate", [8000, 48_000])
    def test_other_sample_rates_are_the_same_sound(self, spoken: Signal, rate: int) -> None:
        received = judge.resample(delayed(spoken, 803), RATE, rate)
        found = judge.align(spoken, received, RATE, rate)
        assert found.offset_s == pytest.approx(803 / RATE, abs=1e-4)
        assert found.correlation > 0.995

    def test_a_fraction_of_a_sample_costs_no_correlation(self, spoken: Signal) -> None:
        at_48_khz = judge.resample(spoken, RATE, 48_000)
        received = judge.resample(at_48_khz[4:], 48_000, 8000)
        assert judge.align(spoken, received, RATE, 8000).correlation > 0.995

    def test_a_part_of_the_reference_is_judged_over_the_overlap(self, spoken: Signal) -> None:
        found = judge.align(spoken, spoken[3 * RATE : 6 * RATE], RATE)
        assert found.offset_s == pytest.approx(-3.0, abs=1e-4)
        assert found.correlation > 0.999

    def test_noise_lowers_the_correlation_as_it_must(self, spoken: Signal) -> None:
        noise = np.random.default_rng(3).standard_normal(len(spoken)) * np.sqrt(np.mean(spoken**2))
        clean_share = judge.align(spoken, spoken + noise, RATE, band=None).correlation
        assert clean_share == pytest.approx(np.sqrt(0.5), abs=0.02)

    def test_a_stranger_and_a_lost_frame_are_seen(self, spoken: Signal, other: Signal) -> None:
        assert judge.align(spoken, other, RATE).correlation < 0.2
        cut = np.concatenate([spoken[: 5 * RATE], spoken[5 * RATE + 320 :]])
        assert judge.align(spoken, cut, RATE).correlation < 0.8

    def test_silence_cannot_be_aligned(self, spoken: Signal) -> None:
        with pytest.raises(ValueError, match="silent"):
            judge.align(spoken, np.zeros(RATE), RATE)


class TestLosses:
    def test_whole_sound_has_none_at_any_rate(self, spoken: Signal) -> None:
        assert judge.losses(spoken, delayed(spoken, 777), RATE) == []
        assert judge.losses(spoken, judge.resample(spoken, RATE, 8000), RATE, 8000) == []
        blocks = judge.correlation_by_blocks(spoken, spoken, RATE)
        assert len(blocks) == 50
        assert min(block.correlation for block in blocks) > 0.999

    @pytest.mark.parametrize("missing", [160, 320, 960, -320])
    def test_dropped_or_repeated_samples_are_counted_and_placed(self, spoken: Signal, missing: int) -> None:
        cut = 5 * RATE + 1000
        received = np.concatenate([spoken[:cut], spoken[cut + missing :]])
        (loss,) = judge.losses(spoken, delayed(received, 500), RATE)
        assert loss.missing_samples == missing
        assert loss.start_s == pytest.approx(cut / RATE, abs=0.25)

    def test_two_losses_are_two(self, spoken: Signal) -> None:
        received = np.concatenate([spoken[: 2 * RATE], spoken[2 * RATE + 320 : 7 * RATE], spoken[7 * RATE + 320 :]])
        assert [loss.missing_samples for loss in judge.losses(spoken, received, RATE)] == [320, 320]

    def test_a_frame_replaced_by_silence_is_seen_though_nothing_moved(self, spoken: Signal) -> None:
        received = spoken.copy()
        received[4 * RATE + 800 : 4 * RATE + 1120] = 0
        (loss,) = judge.losses(spoken, received, RATE)
        assert loss.missing_samples == 0
        assert loss.start_s == pytest.approx(4.0, abs=0.21)

    def test_a_clock_that_runs_differently_is_seen_in_the_offsets(self, spoken: Signal) -> None:
        skewed = np.interp(np.arange(0, len(spoken) - 1, 1.0005), np.arange(len(spoken)), spoken)
        blocks = judge.correlation_by_blocks(spoken, skewed, RATE)
        drift = blocks[-1].offset_s - blocks[0].offset_s
        assert drift == pytest.approx(-0.0005 * (blocks[-1].start_s - blocks[0].start_s), rel=0.1)


class TestContains:
    def test_an_announcement_under_speech_is_found(self, spoken: Signal, other: Signal) -> None:
        needle = other[RATE : 3 * RATE]
        haystack = 0.3 * spoken
        haystack[4 * RATE : 6 * RATE] += needle
        found = judge.contains(needle, judge.resample(haystack, RATE, 8000), RATE, 8000)
        assert found.offset_s == pytest.approx(4.0, abs=1e-3)
        assert found.correlation > 0.85

    def test_an_absent_one_is_not(self, spoken: Signal, other: Signal) -> None:
        assert judge.contains(other[RATE : 3 * RATE], spoken, RATE).correlation < 0.3

    def test_what_can_not_be_searched_is_an_error_and_no_proof(self, spoken: Signal) -> None:
        with pytest.raises(ValueError, match="longer"):
            judge.contains(spoken, spoken[:RATE], RATE)
        with pytest.raises(ValueError, match="silent"):
            judge.contains(np.zeros(RATE), spoken, RATE)

    def test_a_paused_stretch_that_was_cut_out_leaves_nothing(self, spoken: Signal) -> None:
        paused = spoken[4 * RATE : 6 * RATE]
        kept = np.concatenate([spoken[: 4 * RATE], spoken[6 * RATE :]])
        assert judge.leaks(paused, kept, RATE) == []

    def test_a_pause_that_began_late_leaks(self, spoken: Signal) -> None:
        paused = spoken[4 * RATE : 6 * RATE]
        kept = np.concatenate([spoken[: 4 * RATE + 6400], spoken[6 * RATE :]])
        found = judge.leaks(paused, judge.resample(kept, RATE, 8000), RATE, 8000)
        assert [round(leak.start_s, 3) for leak in found] == [0.0, 0.2]
        assert found[0].found_at_s == pytest.approx(4.0, abs=0.001)

    def test_a_stretch_too_short_to_judge_is_an_error(self, spoken: Signal) -> None:
        with pytest.raises(ValueError, match="shorter"):
            judge.leaks(spoken[:100], spoken, RATE)


def beeps(rate: int, *, frequency: float = 1400, level: float = -10, every: float = 3.0) -> Signal:
    signal = np.zeros(10 * rate)
    for start in np.arange(1.0, 9.5, every):
        at = round(start * rate)
        signal[at : at + rate // 2] += judge.sine(0.5, rate, frequency, level)[: len(signal) - at]
    return signal


class TestTones:
    @pytest.mark.parametrize("rate", [8000, 16_000, 48_000])
    def test_clean_bursts_are_measured(self, rate: int) -> None:
        found = judge.tones(beeps(rate), rate, 1400)
        assert [tone.start_s for tone in found] == pytest.approx([1, 4, 7], abs=0.002)
        assert [tone.duration_s for tone in found] == pytest.approx([0.5] * 3, abs=0.003)
        assert [tone.frequency_hz for tone in found] == pytest.approx([1400] * 3, abs=0.5)
        assert [tone.level_dbm0 for tone in found] == pytest.approx([-10] * 3, abs=0.2)
        assert judge.intervals(found) == pytest.approx([3, 3], abs=0.002)

    @pytest.mark.parametrize("seed", range(1, 7))
    def test_bursts_under_speech_are_found(self, tmp_path: Path, seed: int) -> None:
        speech, rate = judge.load(judge.speech(tmp_path / "s.wav", 10, seed=seed))
        speech *= 10 ** ((-15 - judge.level_dbm0(speech)) / 20)
        found = judge.tones(beeps(rate) + speech, rate, 1400)
        assert [tone.start_s for tone in found] == pytest.approx([1, 4, 7], abs=0.015)
        assert [tone.duration_s for tone in found] == pytest.approx([0.5] * 3, abs=0.03)
        assert [tone.level_dbm0 for tone in found] == pytest.approx([-10] * 3, abs=2)

    @pytest.mark.parametrize("voice", [None, "sv"])
    def test_speech_alone_holds_no_tone(self, tmp_path: Path, voice: str | None) -> None:
        speech, rate = judge.load(judge.speech(tmp_path / "s.wav", 20, voice=voice))
        assert judge.tones(speech, rate, 1400, minimum_s=0.1) == []

    @pytest.mark.parametrize("frequency", [1380, 1420, 950])
    def test_a_wrong_frequency_is_no_such_tone(self, frequency: float) -> None:
        assert judge.tones(beeps(8000, frequency=frequency), 8000, 1400) == []

    def test_a_wrong_level_and_a_wrong_interval_are_seen(self) -> None:
        found = judge.tones(beeps(8000, level=-24, every=3.05), 8000, 1400)
        assert [tone.level_dbm0 for tone in found] == pytest.approx([-24] * 3, abs=0.2)
        assert judge.intervals(found) == pytest.approx([3.05, 3.05], abs=0.002)
        assert judge.tones(beeps(8000, level=-50), 8000, 1400) == []

    def test_a_lost_frame_inside_a_burst_does_not_hide_it_but_a_short_burst_is_none(self) -> None:
        signal = beeps(8000)
        signal[round(1.2 * 8000) : round(1.22 * 8000)] = 0
        assert len(judge.tones(signal, 8000, 1400)) == 3
        assert judge.tones(judge.sine(0.03, 8000, 1400, -10), 8000, 1400) == []


class TestSilence:
    def test_runs_are_placed(self, spoken: Signal) -> None:
        signal = spoken.copy()
        signal[3 * RATE : 4 * RATE] *= 1e-4
        (run,) = judge.silence_runs(signal, RATE)
        assert run.start_s == pytest.approx(3.0, abs=0.01)
        assert run.duration_s == pytest.approx(1.0, abs=0.02)

    def test_short_or_loud_stretches_are_none(self, spoken: Signal) -> None:
        signal = spoken.copy()
        signal[1000:1100] = 0
        assert judge.silence_runs(signal, RATE) == []
        assert judge.silence_runs(judge.sine(1, RATE, 440, -40), RATE) == []
