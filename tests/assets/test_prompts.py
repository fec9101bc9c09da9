"""The shipped announcements are what the bridge plays and what both ends of a call can bear to hear."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from deskphone.core.commands import Prompt

ROOT = Path(__file__).parents[2]
PROMPTS = ROOT / "firmware" / "deskphone" / "assets" / "prompts"
LANGUAGES = ("sv", "en")
RATE_HZ = 16_000

Samples = npt.NDArray[np.float64]

every_prompt = pytest.mark.parametrize(
    "path",
    [PROMPTS / language / f"{prompt.value}.wav" for language in LANGUAGES for prompt in Prompt],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)


def read(path: Path) -> Samples:
    """The samples in -1..1 of a mono 16 bit file."""
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64) / 32768


def dbfs(value: float) -> float:
    return float(20 * np.log10(max(value, 1e-9)))


def speech_rms(samples: Samples) -> float:
    """RMS of the 20 ms frames that are no more than 30 dB below the loudest one."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    rms = np.sqrt(np.mean(frames**2, axis=1))
    return float(np.sqrt(np.mean(rms[rms > rms.max() * 10 ** (-30 / 20)] ** 2)))


def silence_ms(samples: Samples) -> float:
    """How long the samples begin with nothing above -60 dBFS."""
    loud = np.flatnonzero(np.abs(samples) > 10 ** (-60 / 20))
    return float(loud[0]) * 1000 / RATE_HZ


@every_prompt
def test_has_the_form_that_the_bridge_plays_without_conversion(path: Path) -> None:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        assert path.stat().st_size == 44 + 2 * file.getnframes()


@every_prompt
def test_is_as_long_as_a_sentence(path: Path) -> None:
    assert 0.8 <= len(read(path)) / RATE_HZ <= 4.0


@every_prompt
def test_has_the_level_of_speech_and_is_not_clipped(path: Path) -> None:
    samples = read(path)
    assert speech_rms(samples) == pytest.approx(10 ** (-20 / 20), rel=0.12)
    assert dbfs(np.abs(samples).max()) < -3.0
    top = np.abs(samples).max()
    run = np.abs(samples) >= top - 2 / 32768
    assert not (run[:-2] & run[1:-1] & run[2:]).any(), "flat tops: the file was clipped and turned down afterwards"


@every_prompt
def test_begins_at_once_and_ends_in_silence(path: Path) -> None:
    samples = read(path)
    assert silence_ms(samples) <= 30
    assert 100 <= silence_ms(samples[::-1]) <= 200
    assert not samples[-RATE_HZ // 10 :].any()


def test_there_is_nothing_but_the_prompts_that_the_phone_knows() -> None:
    found = {path.relative_to(PROMPTS) for path in PROMPTS.rglob("*") if path.is_file()}
    assert found == {Path(language) / f"{prompt.value}.wav" for language in LANGUAGES for prompt in Prompt}


def test_no_two_announcements_are_the_same() -> None:
    bodies = {path.read_bytes() for path in PROMPTS.rglob("*.wav")}
    assert len(bodies) == len(LANGUAGES) * len(Prompt)


def test_every_prompt_has_its_text() -> None:
    rows = (ROOT / "deploy" / "prompts" / "texts.tsv").read_text(encoding="utf-8").splitlines()
    named = [tuple(row.split("\t")[:2]) for row in rows if not row.startswith("#")]
    assert sorted(named) == sorted((language, prompt.value) for language in LANGUAGES for prompt in Prompt)
