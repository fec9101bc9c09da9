"""Make the announcements that the package ships, from the texts beside this script.

Usage: make.py [OUT_DIR]       (default: firmware/deskphone/assets/prompts)

espeak-ng speaks, sox brings the rate to 16 kHz, and this script sets level and silence. Needs the Debian packages
espeak-ng and sox, and numpy. The same texts and programs give the same bytes, so a file changes only with cause.
"""

import csv
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "firmware" / "deskphone" / "assets" / "prompts"

RATE_HZ = 16_000
SPEECH_DBFS = -20.0
"""RMS of the stretches that carry speech: 6 dB above ITU-T P.56's usual talker, over whom it has to be heard."""
PEAK_DBFS = -3.5
LEADING_MS = 10
TRAILING_MS = 100
FADE_MS = 5
LIMITER_MS = 5

_VOICES = {"sv": "sv", "en": "en-us"}
_WORDS_PER_MINUTE = 150
_FRAME = RATE_HZ // 100
_PAUSE_DB = 35.0
"""Frames this far below the loudest are no speech."""

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Text:
    """One row of the table; `spoken` is what espeak-ng is given."""

    language: str
    prompt: str
    spoken: str


def texts() -> list[Text]:
    """The table beside this script."""
    lines = (HERE / "texts.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Text(language, prompt, spoken[-1]) for language, prompt, *spoken in rows]


def speak(text: Text) -> Samples:
    """The announcement in -1..1 at 16 kHz, at whatever level and with whatever silence espeak-ng gave it."""
    command = ["espeak-ng", "-v", _VOICES[text.language], "-s", str(_WORDS_PER_MINUTE), "--stdout", text.spoken]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    # Half the level leaves room for the overshoot of the filters; rumble would only cost level.
    form = ["-t", "raw", "-e", "floating-point", "-b", "64", "-"]
    command = ["sox", "-t", "wav", "--ignore-length", "-", *form]
    command += ["gain", "-6", "rate", "-v", str(RATE_HZ), "highpass", "80"]
    raw = subprocess.run(command, check=True, capture_output=True, input=spoken).stdout
    return np.frombuffer(raw, dtype=np.float64)


def level(samples: Samples) -> Samples:
    """Speech at `SPEECH_DBFS` with no peak above `PEAK_DBFS`, its silence trimmed to what an announcement has."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.mean(frames**2, axis=1)
    active = np.flatnonzero(power > power.max() * 10 ** (-_PAUSE_DB / 10))
    first, last = max(0, active[0] - 1), min(len(frames), active[-1] + 2)
    speech = samples[first * _FRAME : last * _FRAME] * 10 ** (SPEECH_DBFS / 20) / np.sqrt(power[active].mean())
    speech = limit(speech, 10 ** (PEAK_DBFS / 20))
    fade = np.linspace(0, 1, FADE_MS * RATE_HZ // 1000)
    speech[: len(fade)] *= fade
    speech[-len(fade) :] *= fade[::-1]
    return np.concatenate([np.zeros(LEADING_MS * RATE_HZ // 1000), speech, np.zeros(TRAILING_MS * RATE_HZ // 1000)])


def limit(samples: Samples, ceiling: float) -> Samples:
    """No sample above the ceiling, by a gain that moves within some milliseconds and is heard as no distortion.

    The glottal pulses of espeak-ng stand 18 dB above its RMS; the highest are turned down by up to 4 dB, for 0.5-3 % of
    the time.
    """
    wanted = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    reach = LIMITER_MS * RATE_HZ // 1000
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, reach, mode="edge"), 2 * reach + 1).min(axis=1)
    bell = np.hanning(2 * reach + 3)[1:-1]
    return samples * np.convolve(np.pad(lowest, reach, mode="edge"), bell / bell.sum(), mode="valid")


def main(out: Path) -> None:
    for text in texts():
        path = out / text.language / f"{text.prompt}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = level(speak(text))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())
        print(f"{path}  {len(samples) / RATE_HZ:.2f} s  peak {20 * np.log10(np.abs(samples).max()):.1f} dBFS")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
