"""Sound for tests and the plain operations on it; changes when tests need another kind of sound.

A signal is a one-dimensional float64 array, full scale 1.0. Levels in dBm0: a full-scale sine is +3.14 dBm0 (G.711).
"""

import shutil
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy import signal as dsp

Signal = npt.NDArray[np.float64]

FULL_SCALE_DBM0 = 3.14
TELEPHONE_BAND = (300.0, 3400.0)

_PITCH_HZ = (90.0, 220.0)
_SYLLABLE_S = (0.08, 0.22)


def load(path: Path, channel: int = 0) -> tuple[Signal, int]:
    """One channel of a sound file and its sample rate; in a take's file 0 is near and 1 is far."""
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return np.ascontiguousarray(samples[:, channel]), int(rate)


def save(path: Path, signal: Signal, rate: int) -> Path:
    """Write a mono 16-bit WAV file, clipped at full scale; returns `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.clip(signal, -1.0, 1.0 - 2**-15), rate, subtype="PCM_16")
    return path


def resample(signal: Signal, rate: int, to: int) -> Signal:
    """The same sound at another sample rate, without delay."""
    if rate == to:
        return signal
    ratio = Fraction(to, rate)
    return np.asarray(dsp.resample_poly(signal, ratio.numerator, ratio.denominator), dtype=np.float64)


def band_pass(signal: Signal, rate: int, band: tuple[float, float] = TELEPHONE_BAND) -> Signal:
    """Only what lies between two frequencies (Hz), without delay."""
    upper = min(band[1], 0.475 * rate)
    filtered = dsp.sosfiltfilt(dsp.butter(4, (band[0], upper), "bandpass", fs=rate, output="sos"), signal)
    return np.asarray(filtered, dtype=np.float64)


def sine(seconds: float, rate: int, frequency_hz: float, level_dbm0: float) -> Signal:
    """A sine at a level."""
    amplitude = 10 ** ((level_dbm0 - FULL_SCALE_DBM0) / 20)
    return amplitude * np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * rate)) / rate)


def level_dbm0(signal: Signal) -> float:
    """The level of a whole signal; -inf for digital silence."""
    power = float(np.mean(np.square(signal)))
    return 10 * float(np.log10(2 * power)) + FULL_SCALE_DBM0 if power > 0 else -np.inf


def speech(
    path: Path,
    seconds: float,
    seed: int = 1,
    voice: str | None = None,
    *,
    rate: int = 16_000,
    band: tuple[float, float] | None = None,
    peak: float = 0.5,
) -> Path:
    """Write `seconds` of speech that never repeats itself (mono WAV), the same for the same `seed`; returns `path`.

    Without a `voice`, voiced and unvoiced syllables of random pitch, colour and loudness, with no pause: every stretch
    of 0.2 s can be told from every other. With a voice of espeak-ng ("sv", "en"...) it reads random numbers;
    RuntimeError when espeak-ng is missing. `band` keeps only those frequencies.
    """
    random = np.random.default_rng(seed)
    signal = _syllables(seconds, rate, random) if voice is None else _read_aloud(seconds, rate, random, voice)
    if band is not None:
        signal = band_pass(signal, rate, band)
    return save(path, signal * (peak / np.max(np.abs(signal))), rate)


def _syllables(seconds: float, rate: int, random: np.random.Generator) -> Signal:
    wanted = round(seconds * rate)
    parts: list[Signal] = []
    made = 0
    while made < wanted:
        parts.append(_syllable(round(random.uniform(*_SYLLABLE_S) * rate), rate, random))
        made += len(parts[-1])
    return np.concatenate(parts)[:wanted]


def _syllable(length: int, rate: int, random: np.random.Generator) -> Signal:
    noise = random.standard_normal(length)
    pitch = np.linspace(random.uniform(*_PITCH_HZ), random.uniform(*_PITCH_HZ), length)
    phase = np.cumsum(pitch) / rate + random.uniform()
    buzz = np.sin(np.pi * phase) ** 1000
    sound = 6 * random.uniform(0.3, 1.0) * buzz + random.uniform(0.1, 0.5) * noise
    for low, high in ((300, 900), (900, 2400), (2300, 3600)):
        formant = random.uniform(low, high)
        sound = sound + 2 * dsp.lfilter(*dsp.iirpeak(formant, random.uniform(3, 8), fs=rate), sound)
    envelope = 0.25 + 0.75 * np.sin(np.pi * np.arange(length) / length)
    return np.asarray(random.uniform(0.4, 1.0) * envelope * sound / np.sqrt(np.mean(sound**2)), dtype=np.float64)


def _read_aloud(seconds: float, rate: int, random: np.random.Generator, voice: str) -> Signal:
    program = shutil.which("espeak-ng")
    if program is None:
        raise RuntimeError("espeak-ng is missing: apt-get install espeak-ng")
    spoken = np.zeros(0)
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "spoken.wav"
        while len(spoken) < seconds * rate:
            text = " ".join(str(number) for number in random.integers(100, 100_000, 20))
            subprocess.run([program, "-v", voice, "-w", str(wav), text], check=True)
            spoken = np.concatenate([spoken, resample(*load(wav), rate)])
    return spoken[: round(seconds * rate)]
