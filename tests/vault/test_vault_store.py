"""Takes that go as they should: what was played is what is stored."""

import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from deskphone.take.folder import list_takes
from deskphone.take.outcome import outcomes_folder
from deskphone.vault.process import run_vault
from deskphone.vault.reading import list_recordings, verify
from tests.vault.phone_double import RATE, TICK, PhoneDouble, Samples, VaultProcess, names, noise, wait_until

MakeVault = Callable[..., VaultProcess]


def stored(storage: Path, name: str) -> Samples:
    frames, rate = soundfile.read(storage / name, dtype="int16")
    assert rate == RATE
    samples: Samples = frames
    return samples


@pytest.mark.parametrize("storage_format", ["flac", "wav", "opus"])
def test_a_call_with_pauses_is_stored_without_them(
    root: Path, storage: Path, make_vault: MakeVault, storage_format: str
) -> None:
    sound = noise(9, 1)
    vault = make_vault(storage_format)
    vault.start()
    phone = PhoneDouble(root)
    for first, last in ((0, 2), (2, 3), (3, 9)):
        phone.start()
        phone.write(sound[first * RATE : last * RATE])
        phone.pause()
    vault.wait_for(phone.record.take_id, "storing")
    assert {path.suffix for path in storage.iterdir()} == {".part"}
    phone.hang_up()
    outcome = vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    assert outcome.path == str(storage / f"{phone.record.take_id}.{storage_format}")
    assert names(storage) == sorted([f"{phone.record.take_id}.{storage_format}", f"{sidecar.take_id}.json"])
    assert sidecar.duration_seconds == 9
    assert (sidecar.result, sidecar.recovered, sidecar.end_reason) == ("successful", False, "hangup-local")
    assert len(sidecar.segments) == 3
    assert verify(storage, sidecar)
    frames = stored(storage, f"{phone.record.take_id}.{storage_format}")
    assert len(frames) == len(sound)
    if storage_format != "opus":
        assert np.array_equal(frames, sound)
    assert {stat.S_IMODE(path.stat().st_mode) for path in storage.iterdir()} == {0o600}
    wait_until(lambda: list_takes(root) == [], "the take's folder is gone")
    assert (outcomes_folder(root) / f"{phone.record.take_id}.json").exists()
    assert "0701234567" not in vault.log()
    assert vault.terminate() == 0


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng makes the speech")
def test_opus_keeps_the_waveform_of_speech(root: Path, storage: Path, make_vault: MakeVault) -> None:
    sides = []
    for side, text in (("near", "Hej, det här är Anna på kontoret, jag ringer om fakturan."), ("far", "Good morning.")):
        subprocess.run(["espeak-ng", "-v", "sv", "-w", str(root / f"{side}.wav"), text * 3], check=True)
        sound, rate = soundfile.read(root / f"{side}.wav")
        at = np.arange(0, len(sound) - 1, rate / RATE)
        sides.append((np.interp(at, np.arange(len(sound)), sound) * 20000).astype(np.int16))
    length = min(map(len, sides)) // TICK * TICK
    speech = np.stack([side[:length] for side in sides], axis=1)
    vault = make_vault("opus")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(speech)
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    frames = stored(storage, f"{phone.record.take_id}.opus")
    assert len(frames) == length
    for channel in (0, 1):
        assert np.corrcoef(frames[:, channel], speech[:, channel])[0, 1] >= 0.999
    bytes_per_hour = (storage / f"{phone.record.take_id}.opus").stat().st_size / (length / RATE) * 3600
    assert bytes_per_hour < 80e6


def test_a_tick_of_skew_is_filled_and_does_not_add_up(root: Path, storage: Path, make_vault: MakeVault) -> None:
    sound = noise(2, 2)
    vault = make_vault()
    vault.start()
    phone = PhoneDouble(root)
    for first in (0, RATE):
        phone.start()
        phone.write_one(0, sound[first : first + RATE, 0])
        phone.write_one(1, sound[first : first + RATE - TICK, 1])
        phone.pause()
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    sound[RATE - TICK : RATE, 1] = 0
    sound[2 * RATE - TICK :, 1] = 0
    assert np.array_equal(stored(storage, f"{phone.record.take_id}.flac"), sound)


def test_what_nobody_keeps_never_touches_storage(root: Path, storage: Path, make_vault: MakeVault) -> None:
    vault = make_vault("opus")
    vault.start()
    vault.wait_for_storage("ok")
    before = storage.stat().st_mtime_ns
    phone = PhoneDouble(root, kept=False, mode="on-demand")
    phone.start()
    phone.write(noise(20, 3))
    wait_until(lambda: _released(phone) > 0, "the vault encodes ahead")
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "discarded")
    assert list_takes(root) == []
    assert not any((root / "takes").iterdir())
    assert storage.stat().st_mtime_ns == before
    assert names(storage) == []


def test_keeping_midway_keeps_all_since_the_answer(root: Path, storage: Path, make_vault: MakeVault) -> None:
    sound = noise(30, 4)
    vault = make_vault()
    vault.start()
    phone = PhoneDouble(root, kept=False, mode="on-demand")
    phone.start()
    phone.write(sound[: 20 * RATE])
    wait_until(lambda: _released(phone) > 0, "the vault encodes ahead")
    assert names(storage) == []
    phone.keep()
    vault.wait_for(phone.record.take_id, "storing")
    phone.write(sound[20 * RATE :])
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    assert np.array_equal(stored(storage, f"{phone.record.take_id}.flac"), sound)


def test_two_calls_at_once(root: Path, storage: Path, make_vault: MakeVault) -> None:
    vault = make_vault()
    vault.start()
    phones = [PhoneDouble(root) for _ in range(2)]
    for seed, phone in enumerate(phones):
        phone.start()
        phone.write(noise(3, seed))
    for phone in phones:
        phone.hang_up()
    for seed, phone in enumerate(phones):
        vault.wait_for(phone.record.take_id, "stored")
        assert np.array_equal(stored(storage, f"{phone.record.take_id}.flac"), noise(3, seed))


@pytest.mark.parametrize("storage_format", ["opus", "flac", "wav"])
def test_a_kept_take_without_sound_is_a_failed_one(
    root: Path, storage: Path, make_vault: MakeVault, storage_format: str
) -> None:
    vault = make_vault(storage_format)
    vault.start()
    phone = PhoneDouble(root)
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "failed")
    assert names(storage) == [f"{phone.record.take_id}.json"]
    (sidecar,) = list_recordings(storage)
    assert (sidecar.result, sidecar.file, sidecar.duration_seconds) == ("failed", None, 0)
    assert verify(storage, sidecar)


def test_a_take_closed_just_before_sigterm_is_stored(root: Path, storage: Path, make_vault: MakeVault) -> None:
    vault = make_vault("opus")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(noise(3, 5))
    vault.wait_for(phone.record.take_id, "storing")
    phone.hang_up()
    assert vault.terminate() == 0
    vault.wait_for(phone.record.take_id, "stored")
    assert len(list_recordings(storage)) == 1


def test_a_changed_byte_does_not_verify(root: Path, storage: Path, make_vault: MakeVault) -> None:
    vault = make_vault("wav")
    vault.start()
    phone = PhoneDouble(root)
    phone.start()
    phone.write(noise(1, 6))
    phone.hang_up()
    vault.wait_for(phone.record.take_id, "stored")
    (sidecar,) = list_recordings(storage)
    audio = storage / f"{sidecar.file}"
    data = bytearray(audio.read_bytes())
    data[5000] ^= 1
    audio.write_bytes(data)
    assert not verify(storage, sidecar)
    audio.unlink()
    assert not verify(storage, sidecar)
    (storage / f"{sidecar.take_id}.json").write_text("{")
    assert list_recordings(storage) == []


@pytest.mark.parametrize("url", ["s3://bucket/x", "https://host/x", "file://host/x", "/plain/path"])
def test_other_storage_is_refused_in_words(root: Path, url: str) -> None:
    with pytest.raises(ValueError, match="only file:/// is supported by this version"):
        run_vault(root, url)


def _released(phone: PhoneDouble) -> int:
    try:
        return int((phone.folder.path / "progress.json").read_text().split('"released": ')[1].split(",")[0])
    except FileNotFoundError:
        return 0
