"""Tones and announcements into a call and into the local ear."""

import logging
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from deskphone.adapters.pjsip.bridge import Bridge, connect, disconnect
from deskphone.core.commands import Audience, LocalTone, Prompt
from deskphone.core.tones import ProgressTone, WarningTone, progress_tones

log = logging.getLogger("deskphone.sip")

SHIPPED_PROMPTS = Path(__file__).parents[2] / "assets" / "prompts"

_FULL_SCALE_DBM0 = 3.14
"""Level of a full-scale sine (ITU-T G.711, A-law)."""
_LOCAL_TONE_AMPLITUDE = 2500
_LONGEST_MS = 32_000
"""A part of a tone in pjmedia_tone_desc is a signed 16 bit number of milliseconds."""
_MAX_TONES = 32


def amplitude(level_dbm0: float) -> int:
    """Peak sample value (1-32767) of a sine with this level."""
    return max(1, min(32767, round(32767 * 10 ** ((level_dbm0 - _FULL_SCALE_DBM0) / 20))))


def warning_tones(tone: WarningTone, level_dbm0: float, every_seconds: float | None) -> pj.ToneDescVector:
    """The recording tone as the generator plays it: once, or with silence up to the interval for looping.

    Lengths are exact to the sample whatever the interval: silence longer than 32 s is made of several parts.
    """
    tones = pj.ToneDescVector()
    rest = 0 if every_seconds is None else round(every_seconds * 1000) - tone.on_ms
    if rest < 0:
        raise ValueError(f"an interval of {every_seconds} s is shorter than the tone")
    first = min(rest, _LONGEST_MS)
    tones.append(_tone((tone.frequency_hz,), tone.on_ms, first, amplitude(level_dbm0)))
    rest -= first
    while rest > 0:
        silent_on = min(rest, _LONGEST_MS)
        silent_off = min(rest - silent_on, _LONGEST_MS)
        tones.append(_tone((0,), silent_on, silent_off, 1))
        rest -= silent_on + silent_off
    if len(tones) > _MAX_TONES:
        raise ValueError(f"an interval of {every_seconds} s is too long")
    return tones


def _tone(frequencies: tuple[int, ...], on_ms: int, off_ms: int, volume: int) -> pj.ToneDesc:
    tone = pj.ToneDesc()
    tone.freq1 = frequencies[0]
    tone.freq2 = frequencies[1] if len(frequencies) > 1 else 0
    tone.on_msec, tone.off_msec, tone.volume = on_ms, off_ms, volume
    return tone


def generator(tones: pj.ToneDescVector, loop: bool) -> pj.ToneGenerator:
    """A generator that plays from the moment it is connected."""
    made = pj.ToneGenerator()
    made.createToneGenerator(16_000, 1)
    made.play(tones, loop)
    return made


class Notice:
    """One sound in a call: to whom it goes, and at which level to the local ear. `taped` = always in the recording."""

    def __init__(self, source: pj.AudioMedia, audience: Audience, local_level: float, taped: bool) -> None:
        self.source = source
        self._audience = audience
        self._local_level = local_level
        self._taped = taped

    def wire(self, bridge: Bridge, call_port: pj.AudioMedia | None, near: pj.AudioMedia | None) -> None:
        """Connect to everyone who is to hear it; again after each change of the call's ports."""
        remote = self._audience is not Audience.LOCAL
        if remote and call_port is not None:
            connect(self.source, call_port)
        if near is not None and (remote or self._taped):
            connect(self.source, near)
        if self._audience is not Audience.REMOTE:
            for ear in bridge.ears:
                connect(self.source, ear, self._local_level)


class Announcement(pj.AudioMediaPlayer):
    """A spoken announcement; `ended` is called from one of the library's own threads."""

    def __init__(self, ended: Callable[[], None]) -> None:
        super().__init__()
        self._ended = ended

    def onEof2(self) -> None:
        """Called by the library on a native thread at the end of the file."""
        self._ended()


def prompt_files(prompt: Prompt, language: str, folder: Path | None) -> list[Path]:
    """Where an announcement may lie, the administrator's own first: `<dir>/<language>/`, `<dir>/`, shipped."""
    name = f"{prompt.value}.wav"
    own = [folder / language / name, folder / name] if folder is not None else []
    return [path for path in own if path.exists()] + [SHIPPED_PROMPTS / language / name]


class LocalTones:
    """Call-progress tones and the like in the local ear: one at a time."""

    def __init__(self, bridge: Bridge, country: str) -> None:
        self._bridge = bridge
        self._tones = progress_tones(country)
        self._playing: pj.ToneGenerator | None = None
        self._once: pj.ToneGenerator | None = None

    def play(self, tone: LocalTone | None) -> None:
        """Replace what plays; a reminder is played once, over whatever plays."""
        if tone is LocalTone.REMINDER:
            self._once = self._make(ProgressTone((800,), (150, 100)), 2)
            return
        self._stop()
        made = self._progress(tone)
        if made is not None:
            self._playing = self._make(made, None)

    def key(self, digit: str) -> None:
        """The tone of a key that was pressed in a call, for the ear that pressed it."""
        tones = pj.ToneDigitVector()
        made = pj.ToneDigit()
        made.digit, made.on_msec, made.off_msec, made.volume = digit, 120, 20, _LOCAL_TONE_AMPLITUDE
        tones.append(made)
        self._once = pj.ToneGenerator()
        self._once.createToneGenerator(16_000, 1)
        self._once.playDigits(tones, False)
        for ear in self._bridge.ears:
            connect(self._once, ear)

    def close(self) -> None:
        """Silence, and the ports given back."""
        self._stop()
        self._once = None

    def _progress(self, tone: LocalTone | None) -> ProgressTone | None:
        match tone:
            case LocalTone.DIAL:
                return self._tones.dial
            case LocalTone.RINGBACK:
                return self._tones.ringback
            case LocalTone.BUSY:
                return self._tones.busy
            case LocalTone.CONGESTION:
                return self._tones.congestion
            case LocalTone.RING:
                return ProgressTone((950, 1150), (1000, 3000))
            case LocalTone.CALL_WAITING:
                return ProgressTone((425,), (200, 500, 200, 5000))
            case _:
                return None

    def _make(self, tone: ProgressTone, repeats: int | None) -> pj.ToneGenerator:
        cadence = tone.cadence_ms or (10_000, 0)
        tones = pj.ToneDescVector()
        for _ in range(repeats or 1):
            for on_ms, off_ms in zip(cadence[::2], cadence[1::2], strict=True):
                tones.append(_tone(tone.frequencies_hz, on_ms, off_ms, _LOCAL_TONE_AMPLITUDE))
        made = generator(tones, repeats is None)
        for ear in self._bridge.ears:
            connect(made, ear)
        return made

    def _stop(self) -> None:
        if self._playing is not None:
            for ear in self._bridge.ears:
                disconnect(self._playing, ear)
            self._playing.stop()
            self._playing = None
